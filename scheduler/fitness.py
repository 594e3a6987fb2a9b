"""Whether this worker may work at this moment, and whether there is work: one question, one query."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import DatabaseError, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Sum

from notices.sentences import Sentence, say
from notices.speak import speak
from scheduler import clocks, instance, schema
from scheduler.models import Instance
from scheduler.models_instance import THE_ONE
from scheduler.question import ask

log = logging.getLogger(__name__)

RECOVERING = timedelta(minutes=2)


@dataclass(frozen=True)
class Look:
    """`refusal`: nothing at all may be done. `waiting`: what was interrupted is settled, nothing new is claimed."""

    refusal: Sentence | None = None
    waiting: Sentence | None = None
    due: bool = False
    interrupted: bool = False  # something is to be rescued, lifted or asked after
    stale: frozenset[str] = frozenset()  # the pulses whose time has come again


class Fitness:
    """What one process remembers between its looks: the clocks, and which migrations it has compared."""

    def __init__(self, reading: clocks.Reading | None = None) -> None:
        self._reading = reading
        self._compared: int | None = None
        self._said = ""

    def look(self, now: datetime) -> Look:
        """`now` is this machine's clock."""
        if self._compared is None and (why := self._compare()):
            return self._refuse(why, now)
        began = monotonic()
        row = ask(now)
        if row is None:
            instance.current(now)
            return self.look(now)
        reading = clocks.Reading(now, row.clock, monotonic() - began, monotonic())
        if why := self._why_not(row, reading, now):
            return self._refuse(why, now)
        self._said = ""
        earlier, self._reading = self._reading, reading
        if row.away or (earlier and clocks.jumped(earlier, reading)):
            row.recovering_until = recover(now)
        return Look(
            waiting=recovering(row.recovering_until, now),
            due=bool(row.due),
            interrupted=bool(row.leased or row.lifts or row.asks),
            stale=frozenset(name for name, fresh in _PULSES.items() if not getattr(row, fresh)),
        )

    def _why_not(self, row: Any, reading: clocks.Reading, now: datetime) -> Sentence | None:
        if row.migrations != self._compared and (why := self._compare()):
            return why
        if instance.why_frozen(row):
            return instance.check(now)
        return clocks.why_not(reading)

    def _compare(self) -> Sentence | None:
        """Remembered only while they are the same: a database that is not migrated yet is looked at each time."""
        known = _migrations()
        why = schema.why_not(schema.written(), schema.applied())
        self._compared = None if why else known
        return why

    def _refuse(self, why: Sentence, now: datetime) -> Look:
        """Say it in the log once, and where the pages find it as long as it lasts."""
        if why.text != self._said:
            log.warning("%s", speak(why))
        self._said = why.text
        if why not in (instance.FOREIGN, instance.OLDER):
            with suppress(DatabaseError), transaction.atomic():  # an old database may lack even this table
                Instance.objects.filter(pk=THE_ONE).update(refusal=why.as_json(), refused_at=now)
        return Look(refusal=why)


_PULSES = {"tick": "ticked", "beat": "rung", "worker": "worked", "upkeep": "kept_up"}
_process = Fitness()


def look(now: datetime) -> Look:
    return _process.look(now)


def recover(now: datetime) -> datetime:
    """After an outage what was interrupted is settled first; returns from when on anything new goes out."""
    until = now + RECOVERING
    Instance.objects.filter(pk=THE_ONE).update(recovering_until=until)
    return until


def recovering(until: datetime | None, now: datetime) -> Sentence | None:
    """A time farther away than that is from before a clock was set back."""
    if until is None or not now < until <= now + RECOVERING:
        return None
    return say("Refrain was away and settles what was interrupted first. Publishing goes on at {when}.", when=until)


def _migrations() -> int:
    """The sum of their numbers: another one whenever any was applied or taken back."""
    return int(MigrationRecorder.Migration.objects.aggregate(sum=Sum("id"))["sum"] or 0)
