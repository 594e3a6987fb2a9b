"""How content was received: what its sendings earned, beside what was usual on the channel; two queries at most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncWeek

from guards.base import Reception, Result, Sending
from guards.usual import Reading, Usual
from guards.wear import FEWEST
from scheduler.models import Measurement
from scheduler.states import State

YOUNGEST, OLDEST = 48, 72  # hours after publication: one age for all, or they could not be compared
REACH = timedelta(days=400)
MOST_A_WEEK = 20  # of a channel: enough to tell its level, and a busy one costs no more
REACTIONS = ("likes", "reposts", "replies")


class _Measured(NamedTuple):
    """One publication's numbers, as the database gives them."""

    publication: int
    channel: int
    post: int
    number: int
    published_at: datetime
    measured_at: datetime
    likes: int | None
    reposts: int | None
    replies: int | None
    views: int | None

    @property
    def earned(self) -> int:
        return sum(part or 0 for part in (self.likes, self.reposts, self.replies))


class Receptions:
    """The results of some contents on these channels, whose clocks are `zones`."""

    def __init__(
        self, zones: Mapping[int, tzinfo], posts: Collection[int], prints: Iterable[str], now: datetime
    ) -> None:
        self._zones = zones
        since = now - REACH
        self._measured = {one.publication: one for one in _of_content(zones, posts, prints, since)} if zones else {}
        results = Counter(one.channel for one in self._measured.values())
        telling = [channel for channel, count in results.items() if count >= FEWEST]
        readings: defaultdict[int, list[Reading]] = defaultdict(list)
        for one in _of_channels(telling, since) if telling else ():
            readings[one.channel].append(self._reading(one))
        self._usual = {channel: Usual(some) for channel, some in readings.items()}
        self._luck = {channel: usual.luck() for channel, usual in self._usual.items()}
        self._levels: dict[int, float | None] = {}

    def of(self, channel: int, history: Sequence[Sending]) -> Reception:
        usual = self._usual.get(channel)
        if usual is None:
            return Reception()
        found = (self._result(usual, number, sending) for number, sending in enumerate(history))
        return Reception(tuple(one for one in found if one), self._luck[channel])

    def _result(self, usual: Usual, number: int, sending: Sending) -> Result | None:
        one = self._measured.get(sending.publication or 0)
        if one is None:
            return None
        if one.publication not in self._levels:
            self._levels[one.publication] = usual.of(self._reading(one))
        level = self._levels[one.publication]
        return None if level is None else Result(number, one.measured_at, one.earned, level)

    def _reading(self, one: _Measured) -> Reading:
        weekday = one.published_at.astimezone(self._zones[one.channel]).weekday()
        return Reading(one.published_at, weekday, one.earned, one.views, one.post, one.number == 0)


def _of_content(
    channels: Collection[int], posts: Collection[int], prints: Iterable[str], since: datetime
) -> list[_Measured]:
    """The measured sendings that may be of these contents; the history says which are."""
    rows = _measured(channels, since).filter(
        Q(publication__fingerprint__in=set(prints)) | Q(publication__post__in=posts)
    )
    return [_Measured(*row) for row in rows.values_list(*_NAMES)]


def _of_channels(channels: Collection[int], since: datetime) -> list[_Measured]:
    """All that was measured on these channels in the last year, or a share of each week where that is much."""
    week = TruncWeek("publication__published_at", tzinfo=UTC)
    newest = F("publication__published_at").desc()
    rank = Window(RowNumber(), partition_by=[F("publication__channel"), week], order_by=newest)
    rows = _measured(channels, since).annotate(rank=rank).filter(rank__lte=MOST_A_WEEK)
    return [_Measured(*row) for row in rows.values_list(*_NAMES)]


def _measured(channels: Collection[int], since: datetime) -> QuerySet[Measurement]:
    return Measurement.objects.filter(
        publication__channel__in=channels,
        publication__state=State.PUBLISHED,
        publication__published_at__gte=since,
        age_hours__range=(YOUNGEST, OLDEST),
    ).order_by("publication__published_at", "age_hours")


_NAMES = (
    "publication",
    "publication__channel",
    "publication__post",
    "publication__number",
    "publication__published_at",
    "at",
    *REACTIONS,
    "views",
)
