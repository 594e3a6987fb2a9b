"""The first time at which the guards would let a publication go out, for whoever moves it."""

from __future__ import annotations

from datetime import datetime

from guards.base import Moment
from guards.judge import Verdict
from scheduler.candidates import Docket, Occurrence, moved_to
from scheduler.models import Publication

STEPS = 8  # holds that end in other holds: quiet hours after a gap, a quiet day after those


def verdict_at(row: Publication, at: datetime, now: datetime) -> Verdict:
    """What the guards would say if it went out then."""
    one = Occurrence.of(row, at)
    return Docket([one], now, Moment.FORECAST).judge(one)


def first_allowed(row: Publication, at: datetime, now: datetime) -> datetime | None:
    """The first time from `at` on; None: waiting does not help, or no guard says until when."""
    one = Occurrence.of(row, at)
    docket = Docket([one], now, Moment.FORECAST)
    for _ in range(STEPS):
        verdict = docket.judge(one)
        if verdict.allows:
            return one.at
        if verdict.until is None or verdict.until <= one.at:
            return None
        one = moved_to(one, verdict.until)
    return None
