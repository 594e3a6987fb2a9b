"""Refreshing what channels sign in with: one at a time for a channel, and stored before anybody uses it.

A refresh token is often good for one use, and a second use ends the whole session. So whoever refreshes holds a row
of the channel's own, reads again what the channel has, and makes one call; the others find it done.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from notices.sentences import Sentence, say
from posts.models import Channel, NetworkApp, Refresh
from posts.networks.access import App, Grant, SignsIn, TakesKeys
from posts.networks.base import ChannelRefused, KeyExpired, NotSent, SendError
from posts.sealing import Unopened
from scheduler.plan import touch
from scheduler.refusals import mark_down
from scheduler.traces import where

SOON = timedelta(seconds=60)  # as long as a request may take
SLACK = timedelta(days=7)  # so long before the end of what lives for months
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
AT_ONCE = 20

T = TypeVar("T")
log = logging.getLogger(__name__)


def with_good_keys(channel: Channel, now: datetime, ask: Callable[[], T]) -> T:
    """What `ask` says, whose channel has been refreshed before if need be, and once more if the network says so.

    Costs no query where nothing runs out. The channel itself is changed: ask through `channel.account`. Raises a
    SendError. Not to be called inside a transaction: it would keep the locks while a network takes its time.
    """
    if runs_out(channel, now):
        _ahead(channel, now)
    try:
        return ask()
    except KeyExpired:
        tried = channel.sealed
        if not _can_refresh(channel) or not _refresh(channel, now, lambda row, known: known.sealed == tried):
            raise
    return ask()


def runs_out(channel: Channel, now: datetime) -> bool:
    return channel.expires_at is not None and channel.expires_at - now < SOON and _can_refresh(channel)


def waiting(now: datetime) -> bool:
    return _due(now).exists()


def refresh_due(now: datetime) -> int:
    """Refresh ahead of its time what runs out in the next hours or days; returns how many were tried."""
    some = list(_due(now).select_related("channel__workspace").order_by("due_at")[:AT_ONCE])
    for one in some:
        try:
            _refresh(one.channel, now, lambda row, known: row.due_at is not None and row.due_at <= now)
        except SendError:
            continue  # it is kept with the row, and tried again later
    return len(some)


def granted(channel: Channel, grant: Grant, now: datetime) -> None:
    """Take what a network granted as the channel's own; what came back empty keeps what it was. Saves.

    Called with the channel's refresh locked, or for a channel that nobody else knows yet.
    """
    row, _made = Refresh.objects.get_or_create(channel=channel)
    life = channel.expires_at - row.refreshed_at if channel.expires_at and row.refreshed_at else None
    given = {name: value for name, value in grant.credentials.items() if value}
    channel.seal({**_before(channel), **given})
    channel.expires_at = grant.expires_at or (now + life if life else None)
    channel.save(update_fields=["sealed", "expires_at"])
    row.refreshed_at, row.failures, row.sentence = now, 0, None
    row.due_at = _when_due(channel.expires_at, now)
    row.save()


def lock(channel: Channel) -> Refresh:
    """Until the end of the transaction nobody else changes the channel's credentials, nor those of its family."""
    Refresh.objects.bulk_create([Refresh(channel=channel)], ignore_conflicts=True)
    ours = Q(channel=channel) | Q(channel__family=channel.family) if channel.family else Q(channel=channel)
    rows = Refresh.objects.select_for_update(of=["self"]).filter(ours).order_by("pk")
    return next(row for row in rows if row.pk == channel.pk)


def _due(now: datetime) -> QuerySet[Refresh]:
    return Refresh.objects.filter(due_at__lte=now, channel__state=Channel.State.CONNECTED)


def _ahead(channel: Channel, now: datetime) -> None:
    """A refresh that fails for now is no harm while the old credentials last."""
    try:
        _refresh(channel, now, lambda row, known: runs_out(known, now))
    except NotSent:
        if channel.expires_at is None or channel.expires_at <= now:
            raise


def _refresh(channel: Channel, now: datetime, wanted: Callable[[Refresh, Channel], bool]) -> bool:
    """Whether the channel has other credentials now than it came with. Raises a SendError."""
    before = channel.sealed
    try:
        with transaction.atomic():
            row = lock(channel)
            _read_again(channel)
            error = _not_here(channel) or (_one_call(row, channel, now) if wanted(row, channel) else None)
    except OperationalError:  # a lock that was not to be had in time
        sentence = say("Another worker is refreshing the key of this channel.")
        raise NotSent(sentence, retry_after=15, counts=False) from None
    if error is not None:
        raise error
    return channel.sealed != before


def _read_again(channel: Channel) -> None:
    """Under the lock, into the object that the caller goes on with."""
    known = Channel.objects.values("sealed", "expires_at", "state", "trouble", "family").get(pk=channel.pk)
    for name, value in known.items():
        setattr(channel, name, value)


def _not_here(channel: Channel) -> ChannelRefused | None:
    """What was refused or disconnected while the post was on its way has nothing to refresh."""
    if channel.state == Channel.State.CONNECTED:
        return None
    return ChannelRefused(
        Sentence.from_json(channel.trouble) if channel.trouble else say("The channel was disconnected.")
    )


def _one_call(row: Refresh, channel: Channel, now: datetime) -> SendError | None:
    if row.failures and row.due_at and row.due_at > now:
        wait = (row.due_at - now).total_seconds()
        why = Sentence.from_json(row.sentence) if row.sentence else say("Its key could not be refreshed.")
        return NotSent(why, retry_after=wait, counts=False)
    try:
        before = channel.credentials()
        grant = _ask(channel)
        if dict(grant.credentials) == before and grant.expires_at == channel.expires_at:
            _nothing_new(row)
            return None
        granted(channel, grant, now)
        _share(channel, before, now)
        return None
    except ChannelRefused as error:
        row.due_at = None
        row.save(update_fields=["due_at"])
        if mark_down(channel, error.sentence, now):
            touch([channel.workspace_id], now)
        return ChannelRefused(error.sentence)
    except SendError as error:
        return _failed(row, error, now)
    except Exception as error:
        log.error("the connector of %s failed to refresh: %s", channel.network, where(error))
        return _failed(row, NotSent(say("Refrain stumbled over the key of this channel.")), now)


def _nothing_new(row: Refresh) -> None:
    """A key that no refresh can mend, or need."""
    row.due_at = None
    row.save(update_fields=["due_at"])


def _share(channel: Channel, before: Mapping[str, str], now: datetime) -> None:
    """Accounts of one sign-in may hold the same token: what was spent for one is new for all that had it."""
    if not channel.family:
        return
    after = channel.credentials()
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    for other in Channel.objects.filter(family=channel.family, network=channel.network).exclude(pk=channel.pk):
        held = _before(other)
        new = {name: value for name, value in changed.items() if held and held.get(name) == before.get(name)}
        if new:
            ends = channel.expires_at
            granted(other, Grant(other.remote_id, other.handle, other.name, new, other.server, ends), now)


def _ask(channel: Channel) -> Grant:
    connector = channel.connector
    assert isinstance(connector, (SignsIn, TakesKeys))
    grant = Grant(
        channel.remote_id, channel.handle, channel.name, channel.credentials(), channel.server, channel.expires_at
    )
    return connector.refresh(_app(channel), grant)


def _app(channel: Channel) -> App:
    """The one that is registered where the channel is called, else the network's."""
    found = {
        one.server: one for one in NetworkApp.objects.filter(network=channel.network, server__in=["", channel.server])
    }
    app = found.get(channel.server) or found.get("")
    try:
        return replace(app.app, server=channel.server or app.app.server) if app else App("", server=channel.server)
    except Unopened as error:
        raise NotSent(error.sentence) from None


def _failed(row: Refresh, error: SendError, now: datetime) -> NotSent:
    """Anything but a final word may pass: a healthy channel is not taken down because a token server has a bad day."""
    asked = getattr(error, "retry_after", None)
    wait: timedelta = min(FIRST_WAIT * 2 ** min(row.failures, 10), LONGEST_WAIT) * random.uniform(0.5, 1)  # noqa: S311
    wait = timedelta(seconds=asked) if asked else wait
    row.failures, row.sentence, row.due_at = row.failures + 1, error.sentence.as_json(), now + wait
    row.save(update_fields=["failures", "sentence", "due_at"])
    return NotSent(error.sentence, retry_after=max(wait.total_seconds(), 1), counts=False)


def _before(channel: Channel) -> dict[str, str]:
    try:
        return channel.credentials()
    except NotSent:  # what nobody can open any more is replaced
        return {}


def _when_due(expires_at: datetime | None, now: datetime) -> datetime | None:
    """Half-way through a short life; a week before the end of a long one."""
    return max(now + (expires_at - now) / 2, expires_at - SLACK) if expires_at else None


def _can_refresh(channel: Channel) -> bool:
    return isinstance(channel.connector, (SignsIn, TakesKeys))
