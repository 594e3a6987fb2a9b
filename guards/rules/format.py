"""The post does not fit its network: nothing in it, too long, no picture where one is needed, or too many.

Why: the network would refuse it, or cut it in the middle of the sentence that matters, at a time when nobody
is there to mend it. Pictures are made smaller and given another format by themselves; what cannot be mended so,
and a thread where the network has none, is for a person. A picture without a description is said and sent. The
limits are the network's own, and each network counts in its own way: a link may count as 23 characters, an emoji
as two.

When to turn it off: never, since the network will not take the post in any case.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from guards.base import Action, Candidate, Finding, Fix, Span
from notices.sentences import Sentence, say, say_count
from posts.networks.base import shorter
from posts.networks.fit import changes, misfits, without_words

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
    if candidate.length > _most(candidate):
        yield _too_long(candidate)
    if channel.needs_media and not candidate.has_media:
        message = say(
            "{channel} takes only posts with a picture or a video, and this one has none.", channel=channel.name
        )
        yield Finding(message, (_add_media(), _drop_channel(candidate)))
    yield from _thread(candidate)
    yield from _files(candidate)


def saw(candidate: Candidate, options: Options) -> Sentence:
    return say(
        "{length} of at most {most} {unit} on {channel}.",
        length=candidate.length,
        most=_most(candidate),
        unit=say(candidate.channel.counted_in),
        channel=candidate.channel.name,
    )


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    return replace(ordinary, length=ordinary.channel.max_length + 12), options


def _too_long(candidate: Candidate) -> Finding:
    channel, most = candidate.channel, _most(candidate)
    message = say(
        "{over} too many for {channel}: {length} {unit}, and at most {most} are allowed.",
        over=candidate.length - most,
        unit=say(channel.counted_in),
        channel=channel.name,
        length=candidate.length,
        most=most,
    )
    trim = Fix("trim", say("Trim to {most} here", most=most), {"to": most})
    return Finding(message, (trim, _drop_channel(candidate)), tuple(_excess(candidate)))


def _most(candidate: Candidate) -> int:
    """Of the first post: beside files, some networks take fewer words."""
    channel = candidate.channel
    return shorter(channel.max_length, channel.max_length_with_media if candidate.has_media else None)


def _thread(candidate: Candidate) -> Iterator[Finding]:
    channel, parts = candidate.channel, 1 + len(candidate.rest)
    if parts > 1 and channel.parts == 1:
        message = say("{channel} has no threads, and this post has {count} parts.", channel=channel.name, count=parts)
        join = Fix("join_parts", say("Join the parts into one post there"))
        yield Finding(message, (join, _drop_channel(candidate)))
    elif parts > channel.parts:
        message = say(
            "A thread on {channel} has at most {most} parts; this one has {count}.",
            channel=channel.name, most=channel.parts, count=parts,
        )  # fmt: skip
        yield Finding(message, (_edit(), _drop_channel(candidate)))
    for number, length in enumerate(candidate.rest, 2):
        if length > channel.max_length:
            message = say(
                "Part {number} is {over} too long for {channel}: {length} {unit}, and at most {most} are allowed.",
                number=number, over=length - channel.max_length, channel=channel.name, length=length,
                unit=say(channel.counted_in), most=channel.max_length,
            )  # fmt: skip
            yield Finding(message, (_edit(), _drop_channel(candidate)))


def _files(candidate: Candidate) -> Iterator[Finding]:
    channel, pieces = candidate.channel, candidate.media
    for why in misfits(pieces, channel.media, channel.name):
        yield Finding(why, (_edit(), _drop_channel(candidate)))
    for said in changes(pieces, channel.media, channel.name):
        yield Finding(said, soft=True)
    if missing := without_words(pieces, channel.media):
        message = say_count(
            "{count} file has no description: who cannot see it learns nothing of it.",
            "{count} files have no description: who cannot see them learns nothing of them.",
            len(missing),
        )
        yield Finding(message, (Fix("describe", say("Describe it")),), soft=True)


def _excess(candidate: Candidate) -> Iterator[Span]:
    """What is too much, where the network counts as we do; otherwise there is no telling which part it is."""
    if candidate.length == len(candidate.text):
        yield Span(_most(candidate), len(candidate.text))


def _blank(text: str) -> bool:
    return all(character.isspace() or unicodedata.category(character) in INVISIBLE for character in text)


def _edit() -> Fix:
    return Fix("edit", say("Edit the post"))


def _add_media() -> Fix:
    return Fix("add_media", say("Add a picture or a video"))


def _drop_channel(candidate: Candidate) -> Fix:
    return Fix("drop_channel", say("Do not publish on {channel}", channel=candidate.channel.name))
