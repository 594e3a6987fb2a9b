"""The post does not fit its network: nothing in it, too long, or without the picture or video that is needed.

Why: the network would refuse it, or cut it in the middle of the sentence that matters, at a time when nobody
is there to mend it. The limits are the network's own, and each network counts in its own way: a link may
count as 23 characters, an emoji as two.

When to turn it off: never, since the network will not take the post in any case.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from guards.base import Action, Candidate, Finding, Fix, Span
from notices.sentences import Sentence, say

title = say("Format")
default = Action.BLOCK
overridable = False

INVISIBLE = {"Cc", "Cf"}  # control and format characters, such as the zero-width space


@dataclass(frozen=True)
class Options:
    pass


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    channel = candidate.channel
    if _blank(candidate.text) and not candidate.has_media:
        message = say(
            "There is nothing to publish on {channel}: no text, and no picture or video.", channel=channel.name
        )
        yield Finding(message, (Fix("edit", say("Write a text")), _add_media(), _drop_channel(candidate)))
    if candidate.length > channel.max_length:
        yield _too_long(candidate)
    if channel.needs_media and not candidate.has_media:
        message = say(
            "{channel} takes only posts with a picture or a video, and this one has none.", channel=channel.name
        )
        yield Finding(message, (_add_media(), _drop_channel(candidate)))


def saw(candidate: Candidate, options: Options) -> Sentence:
    return say(
        "{length} of at most {most} {unit} on {channel}.",
        length=candidate.length,
        most=candidate.channel.max_length,
        unit=say(candidate.channel.counted_in),
        channel=candidate.channel.name,
    )


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    return replace(ordinary, length=ordinary.channel.max_length + 12), options


def _too_long(candidate: Candidate) -> Finding:
    channel = candidate.channel
    message = say(
        "{over} too many for {channel}: {length} {unit}, and at most {most} are allowed.",
        over=candidate.length - channel.max_length,
        unit=say(channel.counted_in),
        channel=channel.name,
        length=candidate.length,
        most=channel.max_length,
    )
    trim = Fix("trim", say("Trim to {most} here", most=channel.max_length), {"to": channel.max_length})
    return Finding(message, (trim, _drop_channel(candidate)), tuple(_excess(candidate)))


def _excess(candidate: Candidate) -> Iterator[Span]:
    """What is too much, where the network counts as we do; otherwise there is no telling which part it is."""
    if candidate.length == len(candidate.text):
        yield Span(candidate.channel.max_length, len(candidate.text))


def _blank(text: str) -> bool:
    return all(character.isspace() or unicodedata.category(character) in INVISIBLE for character in text)


def _add_media() -> Fix:
    return Fix("add_media", say("Add a picture or a video"))


def _drop_channel(candidate: Candidate) -> Fix:
    return Fix("drop_channel", say("Do not publish on {channel}", channel=candidate.channel.name))
