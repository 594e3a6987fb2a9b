"""The peers' rows, the same number at the same times as Refrain's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.management import call_command

from benchmarks.peers.notes.models import Note
from benchmarks.system import Work

TEXT = "A post of an ordinary length with some words, a tag #example and https://example.org/articles/{number}. " * 2


def write(work: Work, start: float) -> list[Note]:
    """All that is scheduled; the first `work.due` of them fall due in the run."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    rows = [
        Note(channel=f"place-{number % work.channels}", text=TEXT.format(number=number), due=due)
        for number, due in enumerate(_times(work, datetime.fromtimestamp(start, UTC)))
    ]
    written: list[Note] = Note._default_manager.bulk_create(rows, batch_size=5000)
    return written


def tell(due: Sequence[Note], file: str) -> None:
    Path(file).write_text(json.dumps({str(note.pk): note.due.timestamp() for note in due}))


def _times(work: Work, start: datetime) -> Iterator[datetime]:
    for number in range(work.due):
        yield start + timedelta(seconds=number / work.rate if work.rate else 0)
    for number in range(work.scheduled - work.due):
        yield start + timedelta(hours=1, minutes=number % 1200)
