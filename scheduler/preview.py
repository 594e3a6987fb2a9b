"""A post as it will leave, for each channel: made by the very functions that pin and send, and shown to its writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from notices.sentences import Sentence
from posts.models import Channel, Media, Post
from posts.networks.fit import Fit, changes, fit, misfits
from posts.networks.marks import marks
from posts.networks.parcel import Card, Kind
from posts.writing import Content
from scheduler import parcels
from scheduler.link_facts import KnownLinks
from scheduler.models import Publication
from scheduler.publish import message
from teams.models import Workspace


@dataclass(frozen=True)
class Part:
    """One post of a thread, or the only one: its text to the letter, and how much of the network's room it takes."""

    text: str
    marked: SafeString
    length: int
    most: int

    @property
    def over(self) -> bool:
        return self.length > self.most


@dataclass(frozen=True)
class File:
    """A file as it will arrive; `why` it would not."""

    media: Media
    fit: Fit
    why: Sentence | None
    described: bool  # the network takes a description

    @property
    def is_video(self) -> bool:
        return self.fit.kind is Kind.VIDEO


@dataclass(frozen=True)
class Preview:
    channel: Channel
    parts: list[Part]
    files: list[File]
    notes: list[Sentence]  # why files do not go there, and what is otherwise there
    card: Card | None
    unit: str  # what the network counts, a gettext id


def previews(content: Content, channels: Sequence[Channel], workspace: Workspace, now: datetime) -> list[Preview]:
    """Of the first wording. One query for all links that may have a card."""
    texts = {channel.pk: _text(content, channel) for channel in channels}
    known = KnownLinks({(workspace.pk, text) for text in texts.values()})
    return [_preview(content, channel, texts[channel.pk], known, workspace, now) for channel in channels]


def _text(content: Content, channel: Channel) -> str:
    return content.versions.get(channel.network) or content.text


def _preview(
    content: Content, channel: Channel, text: str, known: KnownLinks, workspace: Workspace, now: datetime
) -> Preview:
    row = Publication(post=Post(language=content.language), channel=channel, due_at=now, planned_for=now, text=text)
    parcels.pin(row, content.along, known.of(workspace.pk, text))
    leaving, limits = message(row, now), channel.limits.media
    pieces = [one.piece for one in parcels.files_of(row)]
    return Preview(
        channel,
        [_part(part, channel, bool(pieces) and not place) for place, part in enumerate((leaving.text, *leaving.rest))],
        [_file(one, channel) for one in parcels.files_of(row)],
        [*misfits(pieces, limits, channel.name), *changes(pieces, limits, channel.name)],
        leaving.card,
        channel.limits.counted_in,
    )


def _part(text: str, channel: Channel, with_media: bool) -> Part:
    return Part(text, marked(text), channel.connector.length(text), channel.limits.longest(with_media=with_media))


def _file(media: Media, channel: Channel) -> File:
    limits = channel.limits.media
    why = next(misfits([media.piece], limits, channel.name), None)
    return File(media, fit(media.piece, limits), why, limits.alt_length > 0)


def marked(text: str) -> SafeString:
    """Every character of the text, with what a reader can press in spans."""
    pieces: list[tuple[SafeString | str]] = []
    end = 0
    for mark in marks(text):
        pieces += [
            (text[end : mark.start],),
            (format_html('<b class="{}">{}</b>', mark.kind, text[mark.start : mark.end]),),
        ]
        end = mark.end
    return format_html_join("", "{}", [*pieces, (text[end:],)])
