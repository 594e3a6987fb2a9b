"""What stands outside the database: which instance this machine is, and how far its databases had come.

A database that was restored or copied cannot know that it was; these two can tell.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from django.conf import settings


def identity() -> str:
    """REFRAIN_INSTANCE, or a name made once and kept in the data folder.

    The number that the file has on its disk is part of the name: in a copied folder it is another instance.
    """
    if settings.INSTANCE:
        return str(settings.INSTANCE)
    place = settings.DATA / "instance"
    if not place.exists():
        _make(place)
    return str(uuid5(UUID(place.read_text().strip()), str(place.stat().st_ino)))


def seen(database: UUID) -> int:
    """How far this database had come when this machine last worked with it; 0 where it never did."""
    try:
        return int(_mark(database).read_text() or 0)
    except FileNotFoundError:
        return 0


def note(database: UUID, mark: int) -> None:
    """Keep the mark, if it is higher. Not forced onto the disk: a power cut may cost the last few seconds."""
    place = _mark(database)
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if mark > int(file.read() or 0):
            os.pwrite(file.fileno(), f"{mark:020d}".encode(), 0)


def _mark(database: UUID) -> Path:
    return Path(settings.DATA, f"mark-{database}")


def _make(place: Path) -> None:
    """Whole or not at all, and by one process: web, worker and beat may start together."""
    draft = place.with_name(f"instance.{uuid4()}")
    draft.write_text(str(uuid4()))
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
