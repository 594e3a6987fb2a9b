"""A file in the data folder that stops the workers there, whatever the database says and whether it answers or not."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

NAME = "paused"


@dataclass(frozen=True)
class Stop:
    """Who stopped the workers and why. `until` None: until the file is gone."""

    by: str
    since: datetime | None = None
    until: datetime | None = None
    reason: str = ""


def place() -> Path:
    return Path(settings.DATA) / NAME


def there() -> bool:
    """For whoever is about to send. A folder that cannot be looked into counts as a stop."""
    try:
        place().stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def in_force(now: datetime) -> Stop | None:
    """The stop that is in force; one that has reached its end is taken away."""
    if not there():
        return None
    stop = _read()
    if stop.until is None or stop.until > now:
        return stop
    take_away()
    return None


def put(stop: Stop) -> None:
    kept = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(stop).items()}
    part = place().with_suffix(".part")
    part.write_text(json.dumps(kept))
    part.replace(place())


def take_away() -> bool:
    """Whether there was one."""
    found = there()
    place().unlink(missing_ok=True)
    return found


def _read() -> Stop:
    """An empty file, or one written by hand, stops as well."""
    try:
        kept = json.loads(place().read_text())
        return Stop(str(kept["by"]), _time(kept["since"]), _time(kept["until"]), str(kept["reason"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Stop("")


def _time(text: str | None) -> datetime | None:
    when = datetime.fromisoformat(text) if text else None
    if when and when.tzinfo is None:
        raise ValueError(text)
    return when
