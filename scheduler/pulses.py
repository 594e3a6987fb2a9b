"""When each duty last did its work: alive means work done, not process up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from scheduler.models import Pulse

HEARTBEAT = timedelta(seconds=5)
SILENT = timedelta(seconds=90)  # the slowest duty comes every 30 s; an alarm is due within two minutes


def beat(name: str, now: datetime, every: timedelta) -> bool:
    """Write down that a duty did its work, at most once in `every`; True for whoever wrote it.

    A time to come, from before a clock was set back, does not count.
    """
    other = Q(at__lte=now - every) | Q(at__gt=now + every)
    if Pulse.objects.filter(other, name=name).update(at=now):
        return True
    return Pulse.objects.get_or_create(name=name, defaults={"at": now})[1]


def is_silent(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last > SILENT
