"""What other posts have lately said on each channel, for the guard against saying it again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from guards.neighbours import Neighbours, Sayings
from scheduler.models import Publication

REACH = timedelta(days=40)  # no guard may look further
MOST = 500  # newest on each channel


class Neighbourhood:
    """The sayings on these channels, in the order of time; one query."""

    def __init__(self, channels: Collection[int], first: datetime) -> None:
        self._sayings: defaultdict[int, Sayings] = defaultdict(Sayings)
        for channel, text, at, post, print_ in _lately(channels, first) if channels else ():
            self._sayings[channel].append(text, at, post, print_)

    def said(self, channel: int, text: str, at: datetime, post: int | None, print_: str) -> None:
        self._sayings[channel].say(text, at, post, print_)

    def of(self, channel: int, at: datetime, post: int | None, own: Collection[str]) -> Neighbours:
        """Other posts' sayings within reach of a time: exact copies are not among them."""
        sayings = self._sayings[channel]
        end = bisect_right(sayings.ats, at + REACH)
        start = max(bisect_left(sayings.ats, at - REACH, hi=end), end - MOST)
        return Neighbours(sayings, start, end, sayings.of(start, end, post, own))


def _lately(channels: Collection[int], first: datetime) -> list[tuple[int, str, datetime, int, str]]:
    newest = Window(RowNumber(), partition_by=F("channel"), order_by=F("planned_for").desc())
    rows = Publication.objects.said().filter(channel__in=channels, planned_for__gte=first - REACH)
    ranked = rows.annotate(rank=newest).filter(rank__lte=MOST).order_by("planned_for", "pk")
    return list(ranked.values_list("channel", "text", "planned_for", "post", "fingerprint"))
