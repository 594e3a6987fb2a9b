"""The repeat rule is one that nobody should run: without an end, far too many repeats, or too close together.

It looks at the rule itself, while it is written and when it is scheduled, and offers the nearest rule that
makes sense.

Why: "every 14 days, 99 times" runs for almost four years, longer than the product it praises, and nobody
remembers having asked for it. The numbers here are our judgement. The floor of 2 days is what at least one
other scheduler (SocialOomph, 48 hours) enforces; 12 repeats are a year of monthly ones; 52, which no setting
can raise, are a year of weekly ones.

When to turn it off: never on a public channel. For a daily reminder to a team, lower the floor to one day;
the rule still needs an end, and can be renewed when it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from guards.base import Action, Candidate, Finding, Fix, Moment, Repeat, option
from notices.sentences import Sentence, days, say, say_count, times

title = say("Absurd rule")
default = Action.BLOCK
overridable = False


@dataclass(frozen=True)
class Options:
    floor_days: int = option(
        2, say("Shortest interval of a repeat rule"), unit=say("days"), low=1, high=28, stricter="more"
    )
    sensible: int = option(
        12, say("Warn above this number of repeats"), unit=say("repeats"), low=1, high=52, stricter="less"
    )
    ceiling: int = option(52, say("Most repeats a rule may have"), unit=say("repeats"), low=1, high=52, stricter="less")


def problems(options: Options) -> Iterator[Sentence]:
    if options.sensible > options.ceiling:
        yield say(
            "A warning above {sensible} can never come where at most {ceiling} are allowed.",
            sensible=_repeats(options.sensible),
            ceiling=_repeats(options.ceiling),
        )


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    rule = candidate.repeat
    if rule is None or candidate.moment not in (Moment.WRITING, Moment.SCHEDULING):
        return
    absurd = [*_endless(candidate, rule, options), *_hasty(rule, options)]
    reasons = absurd or list(_many(candidate, rule, options))
    if reasons:
        message = say("{rule}. {reason}", rule=_described(rule), reason=_joined(reasons))
        yield Finding(message, (_fix(_nearest(candidate, rule, options)),), soft=not absurd)


def saw(candidate: Candidate, options: Options) -> Sentence:
    if candidate.repeat is None:
        return say("Not repeated.")
    if candidate.moment not in (Moment.WRITING, Moment.SCHEDULING):
        return say("The rule was looked at when it was scheduled.")
    return say(
        "{rule}: not more than {most}, and not closer than {floor}.",
        rule=_described(candidate.repeat),
        most=_repeats(min(options.sensible, options.ceiling)),
        floor=days(_floor(options)),
    )


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    rule = Repeat(14, "day", max_repeats=options.ceiling + 47)
    return replace(ordinary, moment=Moment.WRITING, repeat=rule), options


def _endless(candidate: Candidate, rule: Repeat, options: Options) -> Iterator[Sentence]:
    by_date = _by_date(candidate, rule)
    most = _repeats(options.ceiling)
    if rule.max_repeats is not None:
        if rule.max_repeats > options.ceiling:
            yield say(
                "{repeats} make {publications} of the same content; at most {most} are allowed.",
                repeats=_repeats(rule.max_repeats),
                publications=_publications(rule.max_repeats + 1),
                most=most,
            )
    elif by_date is None:
        yield say(
            "It would never stop: a rule needs an end date, or a number of repeats, at most {most}.",
            most=options.ceiling,
        )
    elif by_date > options.ceiling:
        yield say(
            "Until then that makes up to {repeats}, or {publications} of the same content; at most {most} are allowed.",
            repeats=_repeats(by_date),
            publications=_publications(by_date + 1),
            most=most,
        )


def _hasty(rule: Repeat, options: Options) -> Iterator[Sentence]:
    if rule.days < _floor(options):
        yield say("At least {floor} are needed between two publications.", floor=days(_floor(options)))


def _floor(options: Options) -> int:
    """A day is the shortest interval there is, whatever was stored."""
    return max(1, options.floor_days)


def _many(candidate: Candidate, rule: Repeat, options: Options) -> Iterator[Sentence]:
    limits = [limit for limit in (rule.max_repeats, _by_date(candidate, rule)) if limit is not None]
    if min(limits) > options.sensible:
        yield say(
            "{repeats} make {publications} of the same content; we advise at most {sensible}.",
            repeats=_repeats(min(limits)),
            publications=_publications(min(limits) + 1),
            sensible=_repeats(options.sensible),
        )


def _by_date(candidate: Candidate, rule: Repeat) -> int | None:
    """How many repeats the end date leaves room for, at most."""
    if rule.end_date is None:
        return None
    first = candidate.day(candidate.first_at or candidate.at)
    return max(0, (rule.end_date - first).days // max(1, rule.days))


def _nearest(candidate: Candidate, rule: Repeat, options: Options) -> Repeat:
    """The rule with as little changed as makes it sensible."""
    spaced = replace(rule, interval=_interval(candidate, rule, options))
    by_date = _by_date(candidate, spaced)
    most = min(options.sensible, options.ceiling)
    if rule.max_repeats is not None:
        count: int | None = max(0, min(rule.max_repeats, most))
    else:
        count = None if by_date is not None and by_date <= most else most
    far = by_date is not None and by_date > options.ceiling
    return replace(spaced, max_repeats=count, end_date=None if far else rule.end_date)


def _interval(candidate: Candidate, rule: Repeat, options: Options) -> int:
    """The rule's own interval, or the first in its unit that the floor and the network's own gap allow."""
    if not list(_hasty(rule, options)):
        return rule.interval
    floor = max(_floor(options), candidate.channel.min_gap_days)
    return -(-floor // Repeat(1, rule.unit).days)


def _fix(rule: Repeat) -> Fix:
    values = {
        "interval": rule.interval,
        "unit": rule.unit,
        "max_repeats": rule.max_repeats,
        "end_date": rule.end_date and rule.end_date.isoformat(),
    }
    return Fix("set_rule", _promised(rule), values)


def _promised(rule: Repeat) -> Sentence:
    every = _every(rule)
    if rule.max_repeats is None:
        return say("{every}, until {end}", every=every, end=rule.end_date)
    if rule.end_date is None:
        return say("{every}, at most {times}", every=every, times=times(rule.max_repeats))
    return say("{every}, at most {times}, until {end}", every=every, times=times(rule.max_repeats), end=rule.end_date)


def _described(rule: Repeat) -> Sentence:
    every = _every(rule)
    match (rule.max_repeats, rule.end_date):
        case (None, None):
            return say("{every}, no end", every=every)
        case (None, end):
            return say("{every}, until {end}", every=every, end=end)
        case (int(count), None):
            return say("{every}, {times}, no end date", every=every, times=times(count))
        case (count, end):
            return say("{every}, {times}, until {end}", every=every, times=times(count or 0), end=end)


def _every(rule: Repeat) -> Sentence:
    match rule.unit:
        case "day":
            return say_count("Every day", "Every {count} days", rule.interval)
        case "week":
            return say_count("Every week", "Every {count} weeks", rule.interval)
    return say_count("Every month", "Every {count} months", rule.interval)


def _joined(reasons: list[Sentence]) -> Sentence:
    first, *others = reasons
    return say("{first} {second}", first=first, second=others[0]) if others else first


def _repeats(count: int) -> Sentence:
    return say_count("{count} repeat", "{count} repeats", count)


def _publications(count: int) -> Sentence:
    return say_count("{count} publication", "{count} publications", count)
