"""What other posts have lately said on each channel, for the guard against saying it again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from guards.base import Neighbour
from scheduler.models import Publication

REACH = timedelta(days=40)  # no guard may look further
MOST = 500  # newest on each channel

_at = attrgetter("neighbour.at")


class Saying(NamedTuple):
    """One text that went out on a channel, or may have, or will before the rest of the batch."""

    neighbour: Neighbour
    fingerprint: str


class Neighbourhood:
    """The sayings on these channels, in the order of time; one query."""

    def __init__(self, channels: Collection[int], first: datetime) -> None:
        self._sayings: defaultdict[int, list[Saying]] = defaultdict(list)
        for channel, text, at, post, print_ in _lately(channels, first) if channels else ():
            self._sayings[channel].append(Saying(Neighbour(text, at, post), print_))

    def said(self, channel: int, saying: Saying) -> None:
        insort(self._sayings[channel], saying, key=_at)

    def of(self, channel: int, at: datetime, post: int | None, own: Collection[str]) -> tuple[Neighbour, ...]:
        """Other posts' sayings within reach of a time: exact copies are not among them."""
        sayings = self._sayings[channel]
        end = bisect_right(sayings, at + REACH, key=_at)
        start = max(bisect_left(sayings, at - REACH, hi=end, key=_at), end - MOST)
        return tuple(
            near for near, print_ in sayings[start:end] if print_ not in own and (post is None or near.post != post)
        )


def _lately(channels: Collection[int], first: datetime) -> list[tuple[int, str, datetime, int, str]]:
    newest = Window(RowNumber(), partition_by=F("channel"), order_by=F("planned_for").desc())
    rows = Publication.objects.said().filter(channel__in=channels, planned_for__gte=first - REACH)
    ranked = rows.annotate(rank=newest).filter(rank__lte=MOST).order_by("planned_for", "pk")
    return list(ranked.values_list("channel", "text", "planned_for", "post", "fingerprint"))
