"""django-celery-beat, one PeriodicTask with the crontab of its time for each scheduled post.

`python -m benchmarks.peers.beat WORK START FILE` writes them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from benchmarks.peers.app import app  # sets Django up, so it comes first

from benchmarks.peers import rows  # isort: skip
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask, PeriodicTasks

from benchmarks.peers.notes.models import Note
from benchmarks.system import Work


def schedule(notes: Sequence[Note]) -> None:
    times: dict[tuple[int, int], CrontabSchedule] = {}
    for at in {(note.due.hour, note.due.minute) for note in notes}:
        times[at] = CrontabSchedule.objects.create(hour=str(at[0]), minute=str(at[1]), timezone="UTC")
    now = timezone.now()
    tasks = [
        PeriodicTask(
            name=f"note {note.pk}",
            task="send",
            args=json.dumps([note.pk]),
            crontab=times[note.due.hour, note.due.minute],
            last_run_at=now,
            date_changed=now,
        )
        for note in notes
    ]
    PeriodicTask.objects.bulk_create(tasks, batch_size=5000)
    PeriodicTasks.update_changed()


if __name__ == "__main__":
    app.set_default()
    work = Work(**json.loads(sys.argv[1]))
    written = rows.write(work, float(sys.argv[2]))
    schedule(written)
    rows.tell(written[: work.due], sys.argv[3])
