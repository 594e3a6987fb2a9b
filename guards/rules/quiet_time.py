"""The time lies in the workspace's quiet hours, or on a day on which nothing may go out.

Quiet hours may run past midnight, as from 22:00 to 07:00; at 22:00 it is quiet, at 07:00 no longer. Days are
written as 2026-12-25, or as 2026-12-24/2026-12-26 from the first to the last. Both are counted by the clock of
the workspace, also in the nights in which it changes.

Why: a post at three in the morning is read by few, and one on a day of mourning by too many. No hours and no
days are set at first, because only you know yours.

When to turn it off: when your readers live in many time zones, so that it is always night for somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from guards.base import Action, Candidate, Finding, Fix, option
from notices.sentences import Sentence, say

title = say("Quiet time")
default = Action.HOLD
overridable = True

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_SEARCH = timedelta(days=400)


@dataclass(frozen=True)
class Options:
    start: str = option("", say("Quiet hours begin at"))
    end: str = option("", say("Quiet hours end at"))
    blackout: tuple[str, ...] = option((), say("Days on which nothing goes out"), stricter="more")


def problems(options: Options) -> Iterator[Sentence]:
    for clock in (options.start, options.end):
        if clock and _clock(clock) is None:
            yield say("“{written}” is not a time of day such as 22:00.", written=clock)
    if bool(options.start) != bool(options.end):
        yield say("Quiet hours need both a beginning and an end.")
    elif options.start and options.start == options.end:
        yield say("Quiet hours that begin and end at {clock} would never end or never begin.", clock=options.start)
    for text in options.blackout:
        if _first_and_last(text) is None:
            yield say(
                "“{written}” is not a day such as 2026-12-25, nor two such as 2026-12-24/2026-12-26.", written=text
            )


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    """What cannot be read is left out, and said: a setting that does nothing must not look like one that does."""
    for problem in problems(options):
        yield Finding(problem, soft=True)
    if _quiet_until(candidate, options, candidate.at) is not None:
        free = _first_free(candidate, options)
        yield Finding(_message(candidate, options), tuple(_fixes(free)), until=free)


def saw(candidate: Candidate, options: Options) -> Sentence:
    when = candidate.local(candidate.at)
    hours = _hours(options)
    if hours is not None:
        return say("{when} is outside the quiet hours ({start} to {end}).", when=when, start=hours[0], end=hours[1])
    if options.blackout:
        return say("{when} is on none of the days on which nothing goes out.", when=when)
    return say("No quiet hours and no quiet days are set.")


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    if _hours(options) is None:
        options = replace(options, start="22:00", end="07:00")
    start, _end = _hours(options) or (time(), time())
    return replace(ordinary, at=_instant(ordinary, ordinary.day(ordinary.at), start)), options


def _message(candidate: Candidate, options: Options) -> Sentence:
    when = candidate.local(candidate.at)
    hours = _hours(options)
    if hours is None or _blacked_out(options, when.date()):
        return say("Nothing goes out on {day}, by your list of quiet days.", day=when.date())
    return say("{when} is in your quiet hours ({start} to {end}).", when=when, start=hours[0], end=hours[1])


def _fixes(free: datetime | None) -> Iterator[Fix]:
    if free is not None:
        yield Fix("move", say("Move to {when}", when=free), {"to": free.isoformat()})
    yield Fix("override", say("Publish all the same"))


def _first_free(candidate: Candidate, options: Options) -> datetime | None:
    """The first time that is not quiet, or None when the quiet lasts longer than anyone would wait."""
    moment = candidate.at
    while moment <= candidate.at + LONGEST_SEARCH:
        end = _quiet_until(candidate, options, moment)
        if end is None:
            return candidate.local(moment)
        moment = end
    return None


def _quiet_until(candidate: Candidate, options: Options, moment: datetime) -> datetime | None:
    """The end of the quiet day or night that `moment` lies in, always later than `moment`; None outside."""
    day = candidate.day(moment)
    if _blacked_out(options, day):
        return _next_midnight(candidate, moment)
    hours = _hours(options)
    if hours is None:
        return None
    for evening in (day - timedelta(days=1), day):
        start, end = hours
        morning = evening if start < end else evening + timedelta(days=1)
        begins, ends = _instant(candidate, evening, start), _instant(candidate, morning, end)
        if begins <= moment < ends:
            return ends
    return None


def _instant(candidate: Candidate, day: date, clock: time, fold: int = 0) -> datetime:
    """A local time that does not exist moves forward by the gap; one that exists twice is the first."""
    return datetime.combine(day, clock.replace(fold=fold), tzinfo=candidate.zone).astimezone(UTC)


def _next_midnight(candidate: Candidate, moment: datetime) -> datetime:
    """Some zones have set their clocks back across midnight, so that a day begins twice."""
    tomorrow = candidate.day(moment) + timedelta(days=1)
    first = _instant(candidate, tomorrow, time())
    return first if first > moment else _instant(candidate, tomorrow, time(), fold=1)


def _blacked_out(options: Options, day: date) -> bool:
    ranges = (_first_and_last(text) for text in options.blackout)
    return any(found is not None and found[0] <= day <= found[1] for found in ranges)


def _hours(options: Options) -> tuple[time, time] | None:
    start, end = _clock(options.start), _clock(options.end)
    return None if start is None or end is None or start == end else (start, end)


def _clock(text: str) -> time | None:
    return time.fromisoformat(text) if CLOCK.fullmatch(text) else None


def _first_and_last(text: str) -> tuple[date, date] | None:
    first, _, last = text.partition("/")
    begins, ends = _day(first), _day(last if "/" in text else first)
    return None if begins is None or ends is None or begins > ends else (begins, ends)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None
