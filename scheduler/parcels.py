"""What goes out besides the words: pinned with the intent, and packed for its network when it leaves."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from guards.base import LinkFacts
from notices.sentences import say
from posts.along import Along
from posts.fitting import fitted
from posts.models import Media
from posts.networks.base import Message, NotSent, SendError
from posts.networks.parcel import Card
from scheduler.models import Publication

log = logging.getLogger(__name__)

SHARES = "repost_of"  # the earlier post that goes out again instead of the words
FETCHED_WITHIN = timedelta(days=2)  # a network that fetches finds the files so long


def pin(row: Publication, along: Along, links: Sequence[LinkFacts]) -> None:
    """Put on the row (not saved here) what goes with these words on its channel; None: nothing does.

    Of a thread that has begun, and of what is shared again, nothing is pinned anew. Uploads of an earlier attempt are
    for the files that it had.
    """
    if bound(row):
        return
    network, before = row.channel.network, row.along or {}
    rest, files = along.rest_on(network), along.media_on(network)
    card = None if files else card_of(links)
    told: dict[str, Any] = {
        "rest": list(rest),
        "media": [[one.pk, one.alt] for one in files],
        "card": card and {"url": card.url, "title": card.title, "description": card.description},
    }
    row.along = {name: value for name, value in told.items() if value} or None
    if row.steps and before.get("media", []) != told["media"]:
        row.steps = {name: value for name, value in row.steps.items() if not name.startswith("file ")}
    row.__dict__["files"] = list(files)


def begun(row: Publication) -> bool:
    """Whether its readers see the beginning of its thread: then it goes on with the words that it began with."""
    return any(name.startswith("part ") for name in row.steps)


def bound(row: Publication) -> bool:
    """Whether an attempt that may be under way says what this one has to say: the same, or it may be out twice."""
    return begun(row) or (row.intended_at is not None and SHARES in (row.along or {}))


def card_of(links: Sequence[LinkFacts]) -> Card | None:
    """Of the first link, as the link check saw it; None: there is no link, or nothing is known of it yet."""
    first = next(iter(links), None)
    return Card(first.url, first.title, first.description) if first and first.title else None


def plain(row: Publication, message: Message) -> Message:
    """With the thread and the card; its files are packed when it leaves."""
    if not row.along:
        return message
    if SHARES in row.along:
        return replace(message, repost_of=row.along[SHARES])
    card = row.along.get("card")
    return replace(message, rest=tuple(row.along.get("rest", ())), card=Card(**card) if card else None)


def packed(row: Publication, message: Message) -> Message:
    """With its files, fitted. Raises Refused for what the network would not take, NotSent when they cannot be read."""
    if not (row.along and row.along.get("media")):
        return message
    try:
        files = files_of(row)
        return replace(message, media=fitted(files, row.channel, message.since + FETCHED_WITHIN))
    except SendError:
        raise
    except Exception as error:  # nothing has left: whatever is wrong with the storage may be right in a minute
        log.exception("the files of %s could not be packed", row)
        raise NotSent(say("Its pictures could not be read, so nothing was sent.")) from error


def asked_about(row: Publication, message: Message) -> Message:
    """For finding out what became of it: with its files as far as they are still there."""
    try:
        return packed(row, message)
    except SendError:
        return message


def files_of(row: Publication) -> list[Media]:
    """With the descriptions of the moment when they were pinned."""
    pinned = dict((row.along or {}).get("media", ()))
    known = row.__dict__.get("files")
    if known is None:
        by_pk = Media.objects.in_bulk(list(pinned))
        known = [by_pk[pk] for pk in pinned]
    for one in known:
        one.alt = pinned[one.pk]
    return list(known)
