"""Reactions read back from the networks at fixed ages, so that one sending can be compared with another."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from posts.models import Channel
from posts.networks.base import Reactions, SendError
from scheduler.models import Measurement, Publication
from scheduler.refreshing import with_good_keys
from scheduler.states import State

log = logging.getLogger(__name__)

AGES = (1, 24, 72, 168)  # hours
PATIENCE = timedelta(hours=12)  # an age is missed, not measured late, after this
MOST = 200


def measure_due(now: datetime) -> int:
    """Read the reactions of publications that have just come of an age; returns how many were read."""
    return sum(_measure_age(age, now) for age in AGES)


def _measure_age(age: int, now: datetime) -> int:
    of_age = now - timedelta(hours=age)
    rows = (
        Publication.objects.filter(state=State.PUBLISHED, published_at__lte=of_age, published_at__gt=of_age - PATIENCE)
        .exclude(measurements__age_hours=age)
        .exclude(remote_id="")
        .filter(taken_down_at=None)
        .select_related("channel")[:MOST]
    )
    by_channel = defaultdict(list)
    for row in rows:
        by_channel[row.channel].append(row)
    for channel, some in by_channel.items():
        try:
            found = with_good_keys(channel, now, partial(_ask, channel, [row.remote_id for row in some]))
        except SendError as error:
            log.info("no reactions from %s: %s", channel.network, error)
            continue
        Measurement.objects.bulk_create(
            (
                Measurement(publication=row, at=now, age_hours=age, **vars(found[row.remote_id]))
                for row in some
                if row.remote_id in found
            ),
            ignore_conflicts=True,
        )
    return sum(len(some) for some in by_channel.values())


def _ask(channel: Channel, remote_ids: Sequence[str]) -> dict[str, Reactions]:
    return channel.connector.measure(channel.account, remote_ids)
