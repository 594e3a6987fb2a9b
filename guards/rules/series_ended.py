"""The series is over: its end date has passed, or it has had all the repeats that its rule gives it.

Why: a rule that says "5 times" must mean five, also after a crash, an import or a change of the rule. What
went out unconfirmed counts as sent, because readers may have seen it. A series that ends is also a good
moment to write something new.

When to turn it off: never. A series that deserves to go on can be given more repeats, by name and in one click.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from guards.base import Action, Candidate, Finding, Fix, Repeat
from notices.sentences import Sentence, say, say_count

title = say("Series ended")
default = Action.BLOCK
overridable = False


@dataclass(frozen=True)
class Options:
    pass


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    rule = candidate.repeat
    if rule is None:
        return
    if rule.end_date is not None and candidate.day(candidate.at) > rule.end_date:
        message = say(
            "Your rule ends on {end}, and this would go out on {when}.",
            end=rule.end_date,
            when=candidate.day(candidate.at),
        )
        yield Finding(message, (_end(), _rewrite()))
    if rule.max_repeats is not None and _missing(candidate, rule.max_repeats) > 0:
        yield Finding(_used_up(candidate, rule.max_repeats), tuple(_fixes(candidate, rule.max_repeats)))


def saw(candidate: Candidate, options: Options) -> Sentence:
    rule = candidate.repeat
    if rule is None:
        return say("Not repeated: there is no series to end.")
    this = candidate.number + 1
    match rule:
        case Repeat(max_repeats=None, end_date=None):
            return say("Publication {this} of a series without an end.", this=this)
        case Repeat(max_repeats=None, end_date=end):
            return say("Publication {this}; the series ends on {end}.", this=this, end=end)
        case Repeat(max_repeats=int(repeats), end_date=None):
            return say("Publication {this} of {all}.", this=this, all=repeats + 1)
        case Repeat(max_repeats=int(repeats), end_date=end):
            return say("Publication {this} of {all}; the series ends on {end}.", this=this, all=repeats + 1, end=end)
    raise AssertionError(rule)


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    return replace(ordinary, repeat=Repeat(30, "day", max_repeats=5), number=6), options


def _missing(candidate: Candidate, max_repeats: int) -> int:
    """How many repeats the rule would have to give more for this publication."""
    return max(candidate.number, candidate.sent) - max_repeats


def _used_up(candidate: Candidate, max_repeats: int) -> Sentence:
    repeats = say_count("{count} repeat", "{count} repeats", max_repeats)
    if candidate.sent > max_repeats:
        return say(
            "{sent} of this series went out on {channel}, unconfirmed ones included. "
            "Your rule allows {allowed}: the first and {repeats}.",
            sent=_publications(candidate.sent),
            channel=candidate.channel.name,
            allowed=max_repeats + 1,
            repeats=repeats,
        )
    return say(
        "This would be repeat number {number} on {channel}. Your rule allows {repeats}, which makes {publications}.",
        number=candidate.number,
        channel=candidate.channel.name,
        repeats=repeats,
        publications=_publications(max_repeats + 1),
    )


def _publications(count: int) -> Sentence:
    return say_count("{count} publication", "{count} publications", count)


def _fixes(candidate: Candidate, max_repeats: int) -> Iterator[Fix]:
    more = _missing(candidate, max_repeats)
    yield _end()
    yield Fix("add_more", say_count("Add {count} more repeat", "Add {count} more repeats", more), {"count": more})
    yield _rewrite()


def _end() -> Fix:
    return Fix("end_series", say("End the series"))


def _rewrite() -> Fix:
    return Fix("edit", say("Rewrite"))
