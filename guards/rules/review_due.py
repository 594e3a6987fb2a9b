"""Nobody has looked at this content for longer than the workspace wants.

Why: no machine sees everything that can go wrong with a text: a price that rose, a partner who left, a joke
that stopped being one. A look every 90 days takes seconds and catches what the other guards cannot. The 90
days are our judgement, about four looks a year.

When to turn it off: when every publication is approved by a person anyway. Content that nobody was ever asked
to review says nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from guards.base import Action, Candidate, Finding, Fix, option
from notices.sentences import Sentence, days, say

title = say("Review due")
default = Action.HOLD
overridable = True
of_the_moment = True


@dataclass(frozen=True)
class Options:
    days: int = option(
        90, say("A person looks at the content at least every"), unit=say("days"), low=1, high=730, stricter="less"
    )


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    reviewed_at = candidate.reviewed_at
    if reviewed_at is not None and candidate.at > candidate.local(reviewed_at) + timedelta(days=options.days):
        yield Finding(
            say(
                "Last looked at {ago} before, on {when}. Your rule asks for a look every {limit}.",
                ago=days((candidate.day(candidate.at) - candidate.day(reviewed_at)).days),
                when=candidate.day(reviewed_at),
                limit=days(options.days),
            ),
            tuple(_fixes(options)),
        )


def saw(candidate: Candidate, options: Options) -> Sentence:
    if candidate.reviewed_at is None:
        return say("No review was asked for.")
    return say(
        "Last looked at on {when}; a look every {limit} is needed.",
        when=candidate.day(candidate.reviewed_at),
        limit=days(options.days),
    )


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    return replace(ordinary, reviewed_at=ordinary.at - timedelta(days=options.days + 10)), options


def _fixes(options: Options) -> Iterator[Fix]:
    yield Fix("keep", say("Keep for {days}", days=days(options.days)), {"days": options.days})
    yield Fix("edit", say("Edit the content"))
    yield Fix("retire", say("Retire this content"))
