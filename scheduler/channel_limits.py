"""The limits of channels: asked of the networks once a day, and typed by people who know better."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from notices.sentences import say
from posts.limits import as_told
from posts.models import Channel
from posts.networks import NETWORKS
from posts.networks.base import Connector, SendError
from scheduler.plan import touch
from scheduler.record import record
from scheduler.refreshing import with_good_keys
from scheduler.traces import where
from teams.models import User

log = logging.getLogger(__name__)

AFTER = timedelta(days=1)
AT_ONCE = 50


def set_limits(channel: Channel, given: Mapping[str, int | None], user: User, now: datetime) -> None:
    """What a person knows better than the network's documents; None takes it back."""
    with transaction.atomic():
        kept = dict(Channel.objects.select_for_update(no_key=True).get(pk=channel.pk).own_limits)
        for name, value in given.items():
            if value is None:
                kept.pop(name, None)
            elif kept.get(name, {}).get("value") != value:
                kept[name] = {"value": value, "by": str(user), "at": now.isoformat()}
        channel.own_limits = kept
        channel.save(update_fields=["own_limits"])
        record(user, now, [("limits", channel, say("changed the limits of {channel}", channel=channel.name))])
        touch([channel.workspace_id], now)


def ask(channel: Channel, now: datetime) -> None:
    """Keep what the network says of its limits for this account. Raises a SendError; not inside a transaction."""
    channel.told = as_told(with_good_keys(channel, now, lambda: channel.connector.told(channel.account)), now)
    channel.save(update_fields=["told"])


def learn(channels: Iterable[Channel], now: datetime) -> None:
    """Ask for each, as far as their networks say anything; what was known stays where one does not answer."""
    for channel in channels:
        if not _tells(channel.connector):
            continue
        try:
            ask(channel, now)
        except SendError as error:
            log.info("no limits from %s: %s", channel.network, type(error).__name__)
        except Exception as error:
            log.error("the connector of %s failed to tell limits: %s", channel.network, where(error))


def learn_due(now: datetime) -> None:
    """Those that were not asked for a day."""
    slugs = [slug for slug, one in NETWORKS.items() if _tells(one)]
    rows = Channel.objects.filter(network__in=slugs, state=Channel.State.CONNECTED).order_by("pk")
    due = [one for one in rows.iterator(500) if not one.told or datetime.fromisoformat(one.told["at"]) < now - AFTER]
    learn(due[:AT_ONCE], now)


def _tells(connector: Connector) -> bool:
    return type(connector).told is not Connector.told
