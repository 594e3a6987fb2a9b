"""Somebody has paused everything, this channel, this category or this post.

Why: when the news turns bad, a cheerful post that was planned weeks ago does harm. One click must stop all of
it, and nothing may slip through while people talk. A pause with an end counts until that end: what is planned
for later is not affected.

When to turn it off: never. Resume the pause instead, which takes one click as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from guards.base import Action, Candidate, Finding, Fix, Moment, PauseFacts
from notices.sentences import Sentence, say

title = say("Paused")
default = Action.HOLD
overridable = False
of_the_moment = True


@dataclass(frozen=True)
class Options:
    pass


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    for pause in candidate.pauses:
        if pause.until is None or pause.until > _asked_of(candidate):
            yield Finding(_message(candidate, pause), tuple(_fixes(pause)), until=pause.until)


def saw(candidate: Candidate, options: Options) -> Sentence:
    return say("No pause is in force then.") if candidate.pauses else say("No pause is in force.")


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    pause = PauseFacts(say("everything"), "Marie", ordinary.now - timedelta(hours=2))
    return replace(ordinary, pauses=(pause,)), options


def _asked_of(candidate: Candidate) -> datetime:
    """The time that matters: the present just before sending, and the planned time in a plan."""
    return candidate.now if candidate.moment is Moment.SENDING else max(candidate.at, candidate.now)


def _message(candidate: Candidate, pause: PauseFacts) -> Sentence:
    paused = _paused(candidate, pause)
    return say("{paused}: {reason}", paused=paused, reason=pause.reason) if pause.reason else paused


def _paused(candidate: Candidate, pause: PauseFacts) -> Sentence:
    since = candidate.local(pause.since).replace(second=0, microsecond=0)
    if since.date() == candidate.day(candidate.now):
        return say("Paused by {who} at {when}", who=pause.by, when=since.time())
    return say("Paused by {who} on {when}", who=pause.by, when=since)


def _fixes(pause: PauseFacts) -> Iterator[Fix]:
    yield Fix("resume", say("Resume {scope}", scope=pause.scope), {"pause": pause.id})
    yield Fix("leave", say("Leave it paused"))
