"""A network that refuses a channel: it is down, once, until a person has seen to it, and its posts wait."""

from __future__ import annotations

from datetime import datetime

from notices.sentences import Sentence, say
from posts.models import Channel
from scheduler import tell
from scheduler.record import record


def mark_down(channel: Channel, why: Sentence, now: datetime) -> bool:
    """Down, unless it was before, or has got other credentials since those that were refused: then False."""
    refused = Channel.objects.filter(pk=channel.pk, state=Channel.State.CONNECTED, sealed=channel.sealed)
    if not refused.update(state=Channel.State.DOWN, trouble=why.as_json()):
        return False
    tell.channel_down(channel, why)
    said = say("{channel} was refused by its network: {why}", channel=channel.name, why=why)
    record(None, now, [("channel_down", channel, said)])
    return True


def was_mended(channel: Channel) -> bool:
    """Whether somebody connected it again since it was refused."""
    return Channel.objects.filter(pk=channel.pk, state=Channel.State.CONNECTED).exists()
