"""The network does not take the same words again, on this channel or beside it on another of your channels.

It looks at the words as readers see them: capitals, signs and campaign tags make no new text, and neither does
a typo that was mended. Only networks that say so are concerned; on all others this says nothing.

Why: X forbids posts that are "duplicative or substantially similar", on one account or on several, scheduled or
not, and locks accounts for it. A repeat there needs other words each time. Two channels of one brand that say the
same within 24 hours look like one machine behind both.

When to turn it off: never on such a network, since it is the network that minds. Write a few wordings for the post
instead: repeats then take them in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from guards.base import Action, Candidate, Echo, Finding, Fix, Sending, option
from notices.sentences import Sentence, days, say, say_count

title = say("Repeated wording")
default = Action.HOLD
overridable = True


@dataclass(frozen=True)
class Options:
    hours_apart: int = option(
        24,
        say("Least time between the same words on two channels of such a network"),
        unit=say("hours"),
        low=1,
        high=168,
        stricter="more",
    )


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    if candidate.channel.same_words_after == 0:
        return
    last = _last(candidate.history)
    if last and not _over(candidate, last):
        until = _again(candidate, last)
        yield Finding(_said_here(candidate, last), tuple(_fixes(candidate, options, until)), until=until)
    near = [echo for echo in candidate.echoes.get(candidate.text, ()) if _beside(candidate, echo, options)]
    if near:
        echo = max(near, key=lambda echo: echo.at)
        until = candidate.local(echo.at + timedelta(hours=options.hours_apart))
        yield Finding(_said_beside(candidate, echo, options), tuple(_fixes(candidate, options, until)), until=until)


def saw(candidate: Candidate, options: Options) -> Sentence:
    channel = candidate.channel
    if channel.same_words_after == 0:
        return say("{network} takes the same words again.", network=channel.network)
    if last := _last(candidate.history):
        return say("These words were last sent on {when}, long enough before.", when=candidate.day(last.at))
    return say("These words are new on {channel}.", channel=channel.name)


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    channel = replace(ordinary.channel, name="X", network="x", same_words_after=None)
    return replace(ordinary, channel=channel, history=(Sending(ordinary.at - timedelta(days=40)),)), options


def _said_here(candidate: Candidate, last: Sending) -> Sentence:
    channel, when = candidate.channel, candidate.day(last.at)
    if channel.same_words_after is None:
        return say(
            "{network} never takes the same words twice, and these went out on {channel} on {when}.",
            network=channel.network,
            channel=channel.name,
            when=when,
        )
    return say(
        "{network} takes the same words again only after {gap}, and these went out on {channel} on {when}.",
        network=channel.network,
        channel=channel.name,
        when=when,
        gap=days(channel.same_words_after),
    )


def _said_beside(candidate: Candidate, echo: Echo, options: Options) -> Sentence:
    return say(
        "The same words go out on {other} within {gap}, and {network} takes both for one machine.",
        other=echo.channel,
        gap=say_count("{count} hour", "{count} hours", options.hours_apart),
        network=candidate.channel.network,
    )


def _fixes(candidate: Candidate, options: Options, until: datetime | None) -> Iterator[Fix]:
    wording = _unused(candidate, options)
    if wording is not None:
        yield Fix("use_variation", say("Use another wording"), {"variation": wording})
    else:
        yield Fix("edit", say("Write another wording"))
    if until is not None:
        yield Fix("move", say("Move to {when}", when=until), {"to": until.isoformat()})
    yield Fix("skip", say("Skip this one"))


def _unused(candidate: Candidate, options: Options) -> int | None:
    """The next wording that this network would take now."""
    for turn, text in candidate.wordings.items():
        last = _last(candidate.variations.get(turn, ()))
        beside = any(_beside(candidate, echo, options) for echo in candidate.echoes.get(text, ()))
        if not beside and (last is None or _over(candidate, last)):
            return turn
    return None


def _last(history: tuple[Sending, ...]) -> Sending | None:
    return max(history, key=lambda sending: sending.at, default=None)


def _over(candidate: Candidate, last: Sending) -> bool:
    again = _again(candidate, last)
    return again is not None and candidate.at >= again


def _again(candidate: Candidate, last: Sending) -> datetime | None:
    gap = candidate.channel.same_words_after
    return None if gap is None else candidate.local(last.at) + timedelta(days=gap)


def _beside(candidate: Candidate, echo: Echo, options: Options) -> bool:
    return abs(candidate.at - echo.at) < timedelta(hours=options.hours_apart)
