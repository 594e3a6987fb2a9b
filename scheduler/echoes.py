"""The same words on several channels of one network, where the network minds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from guards.base import Echo
from posts.models import Channel
from scheduler.models import Publication

REACH = timedelta(days=7)  # no guard may look further back

Place = tuple[int, str, str]  # workspace, network, fingerprint of the words


class Echoes:
    """Where these words were said lately; one query, and none where no network minds."""

    def __init__(self, channels: Iterable[Channel], prints: Collection[str], first: datetime) -> None:
        self._said: defaultdict[Place, list[tuple[int, Echo]]] = defaultdict(list)
        minding = [channel for channel in channels if _minds(channel)]
        if minding:
            rows = Publication.objects.said().filter(
                workspace__in={channel.workspace_id for channel in minding},
                channel__network__in={channel.network for channel in minding},
                fingerprint__in=prints,
                planned_for__gte=first - REACH,
            )
            facts = rows.values_list(
                "workspace", "channel__network", "fingerprint", "channel", "channel__name", "planned_for"
            )
            for workspace, network, print_, channel, name, at in facts.order_by("planned_for"):
                self._said[workspace, network, print_].append((channel, Echo(name, at)))

    def said(self, channel: Channel, print_: str, at: datetime) -> None:
        if _minds(channel):
            self._said[channel.workspace_id, channel.network, print_].append((channel.pk, Echo(channel.name, at)))

    def of(self, channel: Channel, print_: str) -> tuple[Echo, ...]:
        """On the network's other channels."""
        if not _minds(channel):
            return ()
        said = self._said[channel.workspace_id, channel.network, print_]
        return tuple(echo for where, echo in said if where != channel.pk)


def _minds(channel: Channel) -> bool:
    return channel.limits.same_words_after != 0
