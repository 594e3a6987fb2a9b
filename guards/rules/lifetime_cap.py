"""This content, copies included, has gone out more often, or over a longer time, than the workspace allows.

Why: a series that is renewed each time it ends has no end, and neither has a post that is copied. At some
point everyone who will ever react has done so. The limits, 24 times and two years, are our judgement: once a
month for as long as a text is likely to stay true.

When to turn it off: for content that is a service rather than a message, such as opening hours. A single
post is better allowed a few more sendings by name than the whole workspace a higher limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from guards.base import Action, Candidate, Finding, Fix, Sending, option
from notices.sentences import Sentence, days, say, times

title = say("Lifetime cap")
default = Action.HOLD
overridable = True


@dataclass(frozen=True)
class Options:
    times: int = option(
        24, say("Most publications of the same content on a channel"), low=1, high=1000, stricter="less"
    )
    span_days: int = option(
        730, say("Longest time from the first to the last of them"), unit=say("days"), low=1, high=3650, stricter="less"
    )


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    fixes = tuple(_fixes(candidate, options))
    if _beyond_times(candidate, options) > 0:
        yield Finding(
            say(
                "Sent {often} on {channel} so far, copies included. The limit is {limit}.",
                often=times(len(candidate.history)),
                channel=candidate.channel.name,
                limit=times(options.times + candidate.allowed_more),
            ),
            fixes,
        )
    if _beyond_span(candidate, options) > 0:
        first = candidate.history[0].at
        yield Finding(
            say(
                "First sent {ago} before, on {when}. The limit is {limit} from the first to the last.",
                ago=days((candidate.day(candidate.at) - candidate.day(first)).days),
                when=candidate.day(first),
                limit=days(options.span_days),
            ),
            fixes,
        )


def saw(candidate: Candidate, options: Options) -> Sentence:
    limit = times(options.times + candidate.allowed_more)
    if not candidate.history:
        return say("Never sent on {channel} before; {limit} are allowed.", channel=candidate.channel.name, limit=limit)
    return say(
        "Sent {often} since {when}; {limit} within {span} are allowed.",
        often=times(len(candidate.history)),
        when=candidate.day(candidate.history[0].at),
        limit=limit,
        span=days(options.span_days),
    )


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    sendings = (Sending(ordinary.at - timedelta(days=20 * before)) for before in range(options.times, 0, -1))
    return replace(ordinary, history=tuple(sendings)), options


def _beyond_times(candidate: Candidate, options: Options) -> int:
    """How many sendings more a person would have to allow, as to their number."""
    return len(candidate.history) + 1 - options.times - candidate.allowed_more


def _beyond_span(candidate: Candidate, options: Options) -> int:
    """The same as to time: what went out late already has used up some of what was allowed."""
    if not candidate.history:
        return 0
    last = _last_moment(candidate, options)
    if candidate.at <= last:
        return 0
    late = sum(1 for sending in candidate.history if sending.at > last)
    return late + 1 - candidate.allowed_more


def _last_moment(candidate: Candidate, options: Options) -> datetime:
    """The wall clock of the first sending, `span_days` later."""
    return candidate.local(candidate.history[0].at) + timedelta(days=options.span_days)


def _fixes(candidate: Candidate, options: Options) -> Iterator[Fix]:
    missing = max(_beyond_times(candidate, options), _beyond_span(candidate, options))
    yield Fix("retire", say("Retire this content"))
    yield Fix("edit", say("Rewrite"))
    yield Fix("allow_more", say("Allow this one more"), {"count": missing})
