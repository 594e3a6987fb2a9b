"""Connecting and disconnecting channels, with what that does to the publications that wait for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Min, Q, QuerySet

from notices.sentences import Sentence, say
from posts.models import Channel, Post
from posts.networks import NETWORKS
from posts.networks.access import Grant
from scheduler import breakers, tell
from scheduler.models import Publication
from scheduler.plan import touch
from scheduler.record import record
from scheduler.refreshing import granted, lock
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


def connect(
    workspace: Workspace,
    network: str,
    grant: Grant,
    user: User,
    now: datetime,
    *,
    channel: Channel | None = None,
    family: str = "",
) -> tuple[Channel, int]:
    """Make the granted account a channel, or give `channel`, or the one that it is already, its new credentials.

    Returns how many publications were missed and wait for a word. `family`: of those that share its tokens.
    """
    server = _server(network, grant)
    with transaction.atomic():
        known = channel or _of_account(workspace, network, server, grant)
        if known is None:
            return _new(workspace, network, server, grant, family, user, now), 0
        lock(known)
        known.refresh_from_db()
        known.server, known.remote_id, known.handle = server, grant.remote_id, grant.handle[:120]
        known.family = family
        known.save(update_fields=["server", "remote_id", "handle", "family"])
        granted(known, grant, now)
        return known, reconnect(known, user, now)


def is_of(channel: Channel, grant: Grant) -> bool:
    """Whether this is the channel's own account. Where it moved to another server, its name has to be the same."""
    if channel.remote_id and channel.remote_id != grant.remote_id:
        return False
    return channel.handle == grant.handle or (
        bool(channel.remote_id) and channel.server == _server(channel.network, grant)
    )


def disconnect(channel: Channel, user: User, now: datetime) -> None:
    """Nothing goes out there from the next intent on; what is planned stays, and will be held when it is due.

    What it signed in with is forgotten.
    """
    with transaction.atomic():
        lock(channel).delete()
        channel.state, channel.trouble = Channel.State.DISCONNECTED, None
        channel.sealed, channel.family, channel.expires_at, channel.told = "", "", None, None
        channel.save(update_fields=["state", "trouble", "sealed", "family", "expires_at", "told"])
        said = say("disconnected the channel {channel}. {waiting}", channel=channel.name, waiting=tell.waits(channel))
        record(user, now, [("disconnected", channel, said)])
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


def _new(
    workspace: Workspace, network: str, server: str, grant: Grant, family: str, user: User, now: datetime
) -> Channel:
    names = {"handle": grant.handle[:120], "name": (grant.name or grant.handle)[:120]}
    try:
        with transaction.atomic():
            channel = Channel.objects.create(
                workspace=workspace, network=network, server=server, remote_id=grant.remote_id, family=family, **names
            )
    except IntegrityError:
        raise NotNow(say("The account “{handle}” of this network is here already.", handle=grant.handle)) from None
    granted(channel, grant, now)
    record(user, now, [("connected", channel, say("connected the channel {channel}", channel=channel.name))])
    return channel


def _of_account(workspace: Workspace, network: str, server: str, grant: Grant) -> Channel | None:
    mine = workspace.channels.filter(network=network, server=server)
    same = mine.filter(remote_id=grant.remote_id) if grant.remote_id else mine.filter(remote_id="", handle=grant.handle)
    return same.first()


def _server(network: str, grant: Grant) -> str:
    """Empty for the network's own, wherever the settings say that it is now."""
    usual = (settings.NETWORK_URLS.get(network, ""), NETWORKS[network].address)
    return "" if grant.server in usual else grant.server


def _missed(row: Publication) -> Sentence:
    return say("Was due on {when}, while the channel was down.", when=row.planned_for)
