"""What other posts have lately said on each channel, for the guard against saying it again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from threading import Lock

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from guards.neighbours import Neighbours, Saying, Sayings
from scheduler.models import Publication

REACH = timedelta(days=40)  # no guard may look further
MOST = 500  # newest on each channel
REMEMBERED = 60_000  # sayings of one process, some 800 bytes each

Kept = dict[int, tuple[int, Saying]]  # by publication; its revision first: with another one it may say other words


class Neighbourhood:
    """The sayings on these channels, in the order of time; two queries, the second for what is not remembered."""

    def __init__(self, channels: Collection[int], first: datetime) -> None:
        lately = _lately(channels, first) if channels else {}
        known = _memory.recall(lately)
        fresh = _read([pk for channel, pk, revision in _each(lately) if known[channel].get(pk, (None,))[0] != revision])
        self._sayings: defaultdict[int, Sayings] = defaultdict(Sayings)
        for channel, rows in lately.items():
            kept = {pk: fresh.get(pk) or known[channel][pk] for pk, _ in rows if pk in fresh or pk in known[channel]}
            self._sayings[channel] = Sayings(sorted((saying for _, saying in kept.values()), key=attrgetter("at")))
            _memory.keep(channel, kept)

    def said(self, channel: int, text: str, at: datetime, post: int | None, print_: str) -> None:
        self._sayings[channel].say(Saying(text, at, post, print_))

    def of(self, channel: int, at: datetime, post: int | None, own: Collection[str]) -> Neighbours:
        """Other posts' sayings within reach of a time: exact copies are not among them."""
        sayings = self._sayings[channel]
        end = bisect_right(sayings.ats, at + REACH)
        start = max(bisect_left(sayings.ats, at - REACH, hi=end), end - MOST)
        return Neighbours(sayings, start, end, sayings.of(start, end, post, own))


class _Memory:
    """What this process has read before, by channel and key; those channels longest not asked about go first."""

    def __init__(self) -> None:
        self._channels: OrderedDict[tuple[str, int], Kept] = OrderedDict()
        self._count = 0
        self._lock = Lock()

    def recall(self, channels: Iterable[int]) -> dict[int, Kept]:
        with self._lock:
            return {channel: self._channels.get(_here(channel), {}) for channel in channels}

    def keep(self, channel: int, kept: Kept) -> None:
        with self._lock:
            self._count += len(kept) - len(self._channels.pop(_here(channel), ()))
            self._channels[_here(channel)] = kept
            while self._count > REMEMBERED:
                self._count -= len(self._channels.popitem(last=False)[1])


_memory = _Memory()


def _here(channel: int) -> tuple[str, int]:
    """One process may see several databases, as tests do."""
    return str(connection.settings_dict["NAME"]), channel


def _lately(channels: Collection[int], first: datetime) -> dict[int, list[tuple[int, int]]]:
    """The newest on each channel: publication and revision."""
    newest = Window(RowNumber(), partition_by=F("channel"), order_by=F("planned_for").desc())
    rows = Publication.objects.said().filter(channel__in=channels, planned_for__gte=first - REACH)
    ranked = rows.annotate(rank=newest).filter(rank__lte=MOST).order_by()
    lately: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for channel, pk, revision in ranked.values_list("channel", "pk", "revision"):
        lately[channel].append((pk, revision))
    return lately


def _each(lately: Mapping[int, Iterable[tuple[int, int]]]) -> Iterator[tuple[int, int, int]]:
    return ((channel, pk, revision) for channel, rows in lately.items() for pk, revision in rows)


def _read(pks: Collection[int]) -> Kept:
    columns = ("pk", "revision", "text", "planned_for", "post", "fingerprint")
    rows = Publication.objects.filter(pk__in=pks).values_list(*columns) if pks else ()
    return {pk: (revision, Saying(*said)) for pk, revision, *said in rows}
