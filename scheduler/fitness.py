"""Whether this worker may work at this moment, and whether there is work: one question, one query."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import DatabaseError, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import BigIntegerField, Exists, F, Func, QuerySet, Subquery
from django.db.models.functions import Now

from notices.sentences import Sentence, say
from notices.speak import speak
from scheduler import clocks, instance, schema
from scheduler.models import Instance, Publication, Pulse
from scheduler.models_instance import THE_ONE
from scheduler.states import State

log = logging.getLogger(__name__)

OUTAGE = timedelta(minutes=10)
RECOVERING = timedelta(minutes=2)
PULSES = ("beat", "tick", "upkeep")


@dataclass(frozen=True)
class Look:
    """`refusal`: nothing at all may be done. `waiting`: what was interrupted is settled, nothing new is claimed."""

    refusal: Sentence | None = None
    waiting: Sentence | None = None
    due: bool = False
    interrupted: bool = False  # something is to be rescued, lifted or asked after
    pulses: dict[str, datetime | None] = field(default_factory=dict)


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
        row: Any = _everything(now).first()
        if row is None:
            instance.current(now)
            return self.look(now)
        reading = clocks.Reading(now, row.clock, monotonic() - began, monotonic())
        if why := self._why_not(row, reading, now):
            return self._refuse(why, now)
        self._said = ""
        earlier, self._reading = self._reading, reading
        if _away(row.pulse_tick, now) or (earlier and clocks.jumped(earlier, reading)):
            row.recovering_until = recover(now)
        return Look(
            waiting=recovering(row.recovering_until, now),
            due=row.due,
            interrupted=row.leased or row.lifts or row.asks,
            pulses={name: getattr(row, f"pulse_{name}") for name in PULSES},
        )

    def _why_not(self, row: Any, reading: clocks.Reading, now: datetime) -> Sentence | None:
        if row.migrations != self._compared and (why := self._compare()):
            return why
        if instance.why_frozen(row):
            return instance.check(now)
        return clocks.why_not(reading)

    def _compare(self) -> Sentence | None:
        """Remembered only while they are the same: a database that is not migrated yet is looked at each time."""
        known = _migrations().get()
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


_process = Fitness()


def look(now: datetime) -> Look:
    return _process.look(now)


def may_claim(now: datetime) -> Sentence | None:
    """Why this process takes nothing new at this moment, or None."""
    found = look(now)
    return found.refusal or found.waiting


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


def _everything(now: datetime) -> QuerySet[Instance]:
    rows = Publication.objects.order_by()
    pulses = {
        f"pulse_{name}": Subquery(Pulse.objects.filter(name=name).values("at")[:1]) for name in PULSES
    }  # fmt: skip
    return Instance.objects.filter(pk=THE_ONE).annotate(
        clock=Now(),
        migrations=Subquery(_migrations()),
        due=Exists(rows.filter(state=State.SCHEDULED, next_attempt_at__lte=now)),
        leased=Exists(rows.filter(lease_until__lte=now)),
        lifts=Exists(rows.filter(state=State.HELD, next_attempt_at__lte=now)),
        asks=Exists(rows.filter(state=State.UNCONFIRMED, next_attempt_at__lte=now)),
        **pulses,
    )


def _away(last_tick: datetime | None, now: datetime) -> bool:
    return last_tick is not None and now - last_tick > OUTAGE


def _migrations() -> QuerySet[Any, int]:
    """The sum of their numbers: another one whenever any was applied or taken back."""
    summed = Func(F("id"), function="SUM", output_field=BigIntegerField())
    found: QuerySet[Any, int] = MigrationRecorder.Migration.objects.values_list(summed, flat=True)
    return found
