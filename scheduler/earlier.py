"""Which posts on a channel are ours already, for networks that have to compare: it is read for no other."""

from __future__ import annotations

from datetime import timedelta

from posts.networks.thread import parts_of
from scheduler.models import Publication

REMEMBERED = timedelta(days=14)  # no network calls words a duplicate that are older than this


def remote_ids(row: Publication) -> frozenset[str]:
    """The remote ids of the channel's other publications of late."""
    if not row.channel.connector.compares:
        return frozenset()
    late = Publication.objects.filter(channel=row.channel_id, planned_for__gte=row.planned_for - REMEMBERED)
    kept = late.exclude(pk=row.pk).exclude(remote_id="").values_list("remote_id", flat=True)
    return frozenset(part for remote_id in kept for part in parts_of(remote_id))
