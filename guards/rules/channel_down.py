"""The channel cannot be published to: its key was revoked, its account refused, or it was disconnected.

Why: a network that says no to a channel says it to every post. Sending on would fail them one by one, and
some networks lock an account that keeps knocking. The posts wait instead, and go on when it is reconnected.

When to turn it off: never. Without it, posts to a dead channel end as failed and have to be scheduled again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from guards.base import Action, Candidate, Finding, Fix
from notices.sentences import Sentence, say

title = say("Channel down")
default = Action.HOLD
overridable = False
of_the_moment = True


@dataclass(frozen=True)
class Options:
    pass


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    if candidate.channel.trouble is not None:
        yield Finding(
            say(
                "{channel} cannot be reached. {trouble}",
                channel=candidate.channel.name,
                trouble=candidate.channel.trouble,
            ),
            (
                Fix("reconnect", say("Reconnect {channel}", channel=candidate.channel.name)),
                Fix("skip", say("Skip this one")),
            ),
        )


def saw(candidate: Candidate, options: Options) -> Sentence:
    return say("{channel} is connected.", channel=candidate.channel.name)


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    channel = replace(ordinary.channel, trouble=say("It was disconnected."))
    return replace(ordinary, channel=channel), options
