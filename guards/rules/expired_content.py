"""The content would go out after the moment at which it expires.

Why: an offer, a job or an event has a last moment, and whoever wrote it knew that moment best. A repeat
rule does not know it: it brings January's event back in March, and readers conclude that nobody is at home.

When to turn it off: hardly ever, since it speaks only where somebody set an expiry. If an expiry turns out
to be wrong, extend it instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from guards.base import Action, Candidate, Finding, Fix
from notices.sentences import Sentence, days, say

title = say("Expired content")
default = Action.BLOCK
overridable = True

A_YEAR = 366  # days; what expired longer ago needs another look at its words, not another date


@dataclass(frozen=True)
class Options:
    pass


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    expires_at = candidate.expires_at
    if expires_at is not None and candidate.at > expires_at:
        yield Finding(
            say(
                "This content expires on {expires}, and would go out on {when}.",
                expires=candidate.local(expires_at),
                when=candidate.local(candidate.at),
            ),
            tuple(_fixes(candidate, expires_at)),
        )


def saw(candidate: Candidate, options: Options) -> Sentence:
    if candidate.expires_at is None:
        return say("No expiry is set.")
    return say("Expires on {expires}, after this publication.", expires=candidate.local(candidate.expires_at))


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    return replace(ordinary, expires_at=ordinary.at - timedelta(days=9)), options


def _fixes(candidate: Candidate, expires_at: datetime) -> Iterator[Fix]:
    more = _missing_days(candidate, expires_at)
    yield Fix("end_series", say("End the series"))
    if more <= A_YEAR:
        yield Fix("extend", say("Extend the expiry by {days}", days=days(more)), {"by_days": more})
    yield Fix("edit", say("Edit the content"))


def _missing_days(candidate: Candidate, expires_at: datetime) -> int:
    """Days to add, at the same wall clock, until the content lasts to this publication."""
    between = (candidate.day(candidate.at) - candidate.day(expires_at)).days
    lasts = candidate.local(expires_at) + timedelta(days=between) >= candidate.at
    return between if lasts else between + 1
