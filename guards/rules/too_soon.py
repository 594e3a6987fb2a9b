"""The same content was on the same channel too short a time ago, in this post or in a copy of it.

Why: a queue of 25 posts at 5 a day brings each back every 5 days, whatever anyone wanted. Networks call
that duplicate content, and followers call it spam. The gap is counted from what really went out, or may
have: the length of the queue does not matter, nor does importing a post twice help it through.

When to turn it off: never for a public channel. On an internal one (a daily reminder to a team), lower
the gap to one day instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from guards.base import Action, Candidate, Finding, Fix, Sending, option
from notices.sentences import Sentence, days, say

title = say("Too soon")
default = Action.HOLD
overridable = True


@dataclass(frozen=True)
class Options:
    days: int = option(
        14,
        say("Least time between two publications of the same content on a channel"),
        unit=say("days"),
        low=1,
        high=365,
        stricter="more",
    )


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    last = _last(candidate)
    if last is None:
        return
    gap = _gap(candidate, options)
    first_allowed = _after(candidate, last, gap)
    if candidate.at < first_allowed:
        yield Finding(
            say(
                "Sent {ago} before, on {when}. Your rule keeps {gap} between two publications of the same content.",
                ago=days(_days_between(candidate, last)),
                when=candidate.day(last.at),
                gap=days(gap),
            ),
            tuple(_fixes(candidate, first_allowed, gap)),
            until=first_allowed,
        )


def saw(candidate: Candidate, options: Options) -> Sentence:
    gap = days(_gap(candidate, options))
    last = _last(candidate)
    if last is None:
        return say("Never sent on {channel} before; {gap} are needed.", channel=candidate.channel.name, gap=gap)
    ago = days(_days_between(candidate, last))
    return say("Last sent {ago} before, on {when}; {gap} are needed.", ago=ago, when=candidate.day(last.at), gap=gap)


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    last = ordinary.local(ordinary.at) - timedelta(days=options.days * 2 // 3)
    return replace(ordinary, history=(Sending(last),)), options


def _last(candidate: Candidate) -> Sending | None:
    """The latest sending, even one planned after this publication's own time (a move can bring that about)."""
    return _latest(candidate.history)


def _latest(history: tuple[Sending, ...]) -> Sending | None:
    return max(history, key=lambda sending: sending.at, default=None)


def _gap(candidate: Candidate, options: Options) -> int:
    return max(options.days, candidate.channel.min_gap_days)


def _days_between(candidate: Candidate, last: Sending) -> int:
    return abs((candidate.day(candidate.at) - candidate.day(last.at)).days)


def _after(candidate: Candidate, last: Sending, gap: int) -> datetime:
    """The same wall clock `gap` days later: a change of the clocks in between neither helps nor hinders."""
    return candidate.local(last.at) + timedelta(days=gap)


def _fixes(candidate: Candidate, first_allowed: datetime, gap: int) -> Iterator[Fix]:
    yield Fix("move", say("Move to {when}", when=first_allowed), {"to": first_allowed.isoformat()})
    if (wording := _free_wording(candidate, gap)) is not None:
        yield Fix("use_variation", say("Use another wording"), {"variation": wording})
    yield Fix("skip", say("Skip this one"))


def _free_wording(candidate: Candidate, gap: int) -> int | None:
    for number, history in candidate.variations.items():
        last = _latest(history)
        if last is None or candidate.at >= _after(candidate, last, gap):
            return number
    return None
