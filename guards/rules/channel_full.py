"""The channel has had enough for a day: too many posts, one right after the other, or mostly repeats.

It counts what went out on the channel in the 24 hours before, whatever post it belongs to, and what is promised
or being sent there now. What is too much waits for the next time at which there is room, and goes out then by
itself; of several that wait each gets a time of its own. Where the network itself takes only so many posts in
24 hours, its limit holds as well.

Why: an import or a long pause can put a month of posts on one afternoon. Readers leave a channel that shouts, and
networks slow down or lock accounts that post in bursts. The numbers here are our judgement. 100 posts a day are
more than anybody plans, so that the limit catches accidents first; set it to what your readers like. A least time
between two posts is not set at first. At most 30 % of a day's posts are repeats once there are ten of them: with
fewer, a share says nothing.

When to turn it off: for a channel that reports as things happen, such as a live ticker. Elsewhere raise the limit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from guards.base import Action, Candidate, Finding, Fix, Other, option
from notices.sentences import Sentence, minutes, say, say_count

title = say("Channel full")
default = Action.HOLD
overridable = True

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Options:
    per_day: int = option(
        100, say("Most posts on a channel in 24 hours"), unit=say("posts"), low=1, high=1000, stricter="less"
    )
    spacing: int = option(
        0, say("Least time between any two posts on a channel"), unit=say("minutes"), low=0, high=720, stricter="more"
    )
    repeats: int = option(
        30,
        say("Largest share of repeats among a channel's posts of 24 hours"),
        unit=say("percent"),
        low=0,
        high=100,
        stricter="less",
    )
    repeats_from: int = option(
        10,
        say("Look at the share of repeats from this many posts on"),
        unit=say("posts"),
        low=2,
        high=1000,
        stricter="less",
    )


@dataclass(frozen=True)
class _Excess:
    """What is too much, and what would have to be allowed for it: an option's name and value; None: nobody can."""

    message: Sentence
    allow: Fix | None


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    excess = list(_excess(candidate, options, candidate.at))
    if not excess:
        return
    free = candidate.local(_next_free(candidate, options))
    move = Fix("move", say("Move to {when}", when=free), {"to": free.isoformat()})
    for one in excess:
        fixes = (move, one.allow, Fix("skip", say("Skip this one")))
        yield Finding(one.message, tuple(fix for fix in fixes if fix), until=free)


def saw(candidate: Candidate, options: Options) -> Sentence:
    limit = min(options.per_day, candidate.channel.per_24h or options.per_day)
    others = _posts(len(_before(candidate, candidate.at)))
    return say(
        "{others} on {channel} in the 24 hours before; {limit} are allowed.",
        others=others,
        channel=candidate.channel.name,
        limit=limit,
    )


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    step = DAY / (options.per_day + 1)
    others = tuple(Other(ordinary.at - before * step) for before in range(options.per_day, 0, -1))
    return replace(ordinary, others=others), options


def _excess(candidate: Candidate, options: Options, at: datetime) -> Iterator[_Excess]:
    if not candidate.others:
        return
    before = _before(candidate, at)
    yield from _too_many(candidate, options, len(before))
    if options.spacing:
        yield from _too_close(candidate, options, at)
    if candidate.number and len(before) + 1 >= options.repeats_from:
        repeats = 1 + sum(candidate.others[place].repeat for place in before)
        yield from _too_many_repeats(candidate, options, repeats, len(before) + 1)


def _too_many(candidate: Candidate, options: Options, before: int) -> Iterator[_Excess]:
    channel, limit = candidate.channel, options.per_day
    if before >= limit:
        message = say(
            "{others} on {channel} in the 24 hours before. Your limit is {limit}.",
            others=_posts(before),
            channel=channel.name,
            limit=limit,
        )
        yield _Excess(message, _raised("per_day", before + 1, say("Allow {count} in 24 hours", count=before + 1)))
    if channel.per_24h is not None and before >= channel.per_24h:
        message = say(
            "{others} on {channel} in the 24 hours before. {network} takes {limit} of one account.",
            others=_posts(before),
            channel=channel.name,
            network=channel.network,
            limit=channel.per_24h,
        )
        yield _Excess(message, None)


def _too_close(candidate: Candidate, options: Options, at: datetime) -> Iterator[_Excess]:
    nearest = min((other.at for other in candidate.others), key=lambda other: abs(other - at))
    apart = abs(nearest - at)
    if apart < options.spacing * MINUTE:
        message = say(
            "Another post goes out on {channel} at {when}, {apart} apart. Your rule keeps {gap} between two.",
            channel=candidate.channel.name,
            when=candidate.local(nearest).time().replace(second=0, microsecond=0),
            apart=minutes(apart // MINUTE),
            gap=minutes(options.spacing),
        )
        less = apart // MINUTE
        yield _Excess(message, _raised("spacing", less, say("Ask for only {gap} between two", gap=minutes(less))))


def _too_many_repeats(candidate: Candidate, options: Options, repeats: int, posts: int) -> Iterator[_Excess]:
    if repeats * 100 > options.repeats * posts:
        share = -(-repeats * 100 // posts)
        message = say(
            "With this one, {repeats} of {posts} on {channel} in 24 hours would be repeats: {share} %. "
            "Your limit is {limit} %.",
            repeats=repeats,
            posts=_posts(posts),
            channel=candidate.channel.name,
            share=share,
            limit=options.repeats,
        )
        yield _Excess(message, _raised("repeats", share, say("Allow {share} % repeats", share=share)))


def _raised(name: str, to: int, label: Sentence) -> Fix:
    return Fix("raise_limit", label, {"guard": __name__.rpartition(".")[2], "option": name, "to": to})


def _next_free(candidate: Candidate, options: Options) -> datetime:
    """The first time after this at which there is room. A day after the last of the others there certainly is."""
    day, at = _Day(candidate), candidate.at
    while (later := _not_before(day, candidate, options, at)) is not None:
        at = later
    return at


class _Day:
    """The 24 hours before a time that moves on: which of the others are in them, and how many repeat."""

    def __init__(self, candidate: Candidate) -> None:
        self.ats = [other.at for other in candidate.others]
        self._repeat = [other.repeat for other in candidate.others]
        self.start = self.end = self.repeats = 0

    def __len__(self) -> int:
        return self.end - self.start

    def end_at(self, at: datetime) -> None:
        ats, since = self.ats, at - DAY
        while self.end < len(ats) and ats[self.end] <= at:
            self.repeats += self._repeat[self.end]
            self.end += 1
        while self.start < self.end and ats[self.start] <= since:
            self.repeats -= self._repeat[self.start]
            self.start += 1


def _not_before(day: _Day, candidate: Candidate, options: Options, at: datetime) -> datetime | None:
    """The earliest time that what stands in the way at this one leaves free; None: nothing does."""
    day.end_at(at)
    limit = min(options.per_day, candidate.channel.per_24h or options.per_day)
    free: list[datetime] = []
    if len(day) >= max(limit, 1):
        free.append(day.ats[day.end - max(limit, 1)] + DAY)
    if options.spacing:
        apart = options.spacing * MINUTE
        near = bisect_left(day.ats, at + apart) - 1
        if near >= 0 and day.ats[near] > at - apart:
            free.append(day.ats[near] + apart)
    posts = len(day) + 1
    counted = candidate.number and posts > 1 and posts >= options.repeats_from
    if counted and (day.repeats + 1) * 100 > options.repeats * posts:
        free.append(day.ats[day.start] + DAY)
    return max(free, default=None)


def _before(candidate: Candidate, at: datetime) -> range:
    """The places of those in the 24 hours before."""
    others = candidate.others
    start = bisect_right(others, at - DAY, key=lambda other: other.at)
    return range(start, bisect_right(others, at, lo=start, key=lambda other: other.at))


def _posts(count: int) -> Sentence:
    return say_count("{count} post", "{count} posts", count)
