"""Celery ETA tasks on Redis, one message for each scheduled post: `python -m benchmarks.peers.eta WORK START FILE`."""

from __future__ import annotations

import json
import sys

from benchmarks.peers.app import app, send  # sets Django up, so it comes first

from benchmarks.peers import rows  # isort: skip
from benchmarks.system import Work

work = Work(**json.loads(sys.argv[1]))
notes = rows.write(work, float(sys.argv[2]))
with app.producer_pool.acquire(block=True) as producer:
    for note in notes:
        send.apply_async((note.pk,), eta=note.due, producer=producer)
rows.tell(notes[: work.due], sys.argv[3])
