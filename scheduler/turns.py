"""When a queued post would go out if it alone were in the queue: for whoever is still writing it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from guards.judge import Verdict
from scheduler.candidates import Docket, Occurrence, moved_to
from scheduler.recurrence import due_at
from scheduler.slots import Timetable

STEPS = 12  # slots that a guard keeps it from, one after the other
JUST_BEFORE = timedelta(microseconds=1)


def turns(
    one: Occurrence, again: bool, most: int, docket: Docket, timetable: Timetable
) -> Iterator[tuple[Occurrence, Verdict]]:
    """At most so many turns from `one.at` on, each with its verdict. Without a slot: the one, as if it went out then.

    What is held until a known time waits for the first slot after it, as in the queue itself.
    """
    since, repeat, zone = one.at - JUST_BEFORE, one.series.repeat, one.series.workspace.zone
    for number in range(min(most, (repeat.max_repeats if repeat and repeat.max_repeats is not None else most) + 1)):
        at, verdict = _turn(_numbered(one, number), since, docket, timetable)
        if number and repeat and repeat.end_date and at.at.astimezone(zone).date() > repeat.end_date:
            return
        yield at, verdict
        if not again or repeat is None:
            return
        if verdict.allows:
            docket.said(at)
        since = due_at(at.at, zone, repeat, 1) - JUST_BEFORE


def _turn(one: Occurrence, since: datetime, docket: Docket, timetable: Timetable) -> tuple[Occurrence, Verdict]:
    for _ in range(STEPS):
        one = moved_to(one, _slot(one, since, timetable) or max(one.at, since))
        verdict = docket.judge(one)
        if verdict.allows or verdict.until is None or verdict.until <= one.at or _slot(one, since, timetable) is None:
            break
        since = verdict.until - JUST_BEFORE
    return one, verdict


def _slot(one: Occurrence, since: datetime, timetable: Timetable) -> datetime | None:
    return timetable.first(one.channel.pk, one.series.category_id, since, one.series.workspace.zone)


def _numbered(one: Occurrence, number: int) -> Occurrence:
    return Occurrence(one.series, one.channel, one.at, number, one.texts, number % len(one.texts))
