"""Connecting and disconnecting channels, with what that does to the publications that wait for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Min, Q, QuerySet

from notices.sentences import Sentence, say
from posts.models import Channel, Post
from scheduler import breakers
from scheduler.models import Publication
from scheduler.plan import touch
from scheduler.record import record
from scheduler.states import PLANNED, State
from scheduler.verbs import NotNow, let_go_on
from teams.models import User, Workspace

_COMING = Q(publications__state=State.SCHEDULED)
_WAITING = Q(publications__state__in=[State.HELD, State.UNCONFIRMED])


def with_counts(workspace: Workspace, now: datetime) -> QuerySet[Channel]:
    """The workspace's channels with what is planned for the coming week, what waits, and when the next goes out."""
    soon = _COMING & Q(publications__planned_for__lte=now + timedelta(days=7))
    return workspace.channels.annotate(
        planned=Count("publications", filter=soon),
        waiting=Count("publications", filter=_WAITING),
        next_at=Min("publications__planned_for", filter=_COMING),
    ).order_by("name", "pk")


def affected(channel: Channel) -> QuerySet[Post]:
    """The posts that have something coming on this channel, those that are due first at the top."""
    coming = Q(publications__channel=channel, publications__state__in=PLANNED)
    posts = Post.objects.filter(coming).annotate(coming=Count("publications"), next_at=Min("publications__planned_for"))
    return posts.order_by("next_at", "pk")


def add(workspace: Workspace, network: str, handle: str, name: str, user: User, now: datetime) -> Channel:
    try:
        with transaction.atomic():
            channel = Channel.objects.create(workspace=workspace, network=network, handle=handle, name=name)
            record(user, now, [("connected", channel, say("connected the channel {channel}", channel=name))])
    except IntegrityError:
        raise NotNow(say("The account “{handle}” of this network is here already.", handle=handle)) from None
    return channel


def rename(channel: Channel, name: str, user: User, now: datetime) -> None:
    said = say("renamed the channel {before} to {after}", before=channel.name, after=name)
    with transaction.atomic():
        channel.name = name
        channel.save(update_fields=["name"])
        record(user, now, [("renamed", channel, said)])


def disconnect(channel: Channel, user: User, now: datetime) -> None:
    """Nothing goes out there from the next intent on; what is planned stays, and will be held when it is due."""
    with transaction.atomic():
        channel.state, channel.trouble = Channel.State.DISCONNECTED, None
        channel.save(update_fields=["state", "trouble"])
        record(user, now, [("disconnected", channel, say("disconnected the channel {channel}", channel=channel.name))])
        touch([channel.workspace_id], now)


def reconnect(channel: Channel, user: User, now: datetime) -> int:
    """What waited for the channel and is still on time goes on; the rest waits for a word. Returns how many wait."""
    with transaction.atomic():
        channel.state, channel.trouble = Channel.State.CONNECTED, None
        channel.save(update_fields=["state", "trouble"])
        breakers.forget(channel)
        held = Publication.objects.filter(channel=channel, state=State.HELD, reason="channel_down")
        late = let_go_on(held.select_related("workspace"), _missed, now)
        record(user, now, [("reconnected", channel, say("reconnected the channel {channel}", channel=channel.name))])
        touch([channel.workspace_id], now)
    return late


def _missed(row: Publication) -> Sentence:
    return say("Was due on {when}, while the channel was down.", when=row.planned_for)
