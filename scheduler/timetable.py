"""When anything goes out on each channel, for the guard against too much at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from guards.base import Moment, Other
from scheduler.models import Publication
from scheduler.states import SAID, State

DAY = timedelta(days=1)
LATE = 2 * DAY  # what was planned earlier than so long before a day went out before it

Key = tuple[int | None, int]  # a post, and which publication of its series
Span = tuple[datetime, datetime]  # of the times that are asked about


class Timetable:
    """What went out, is on its way, or waits for a certain time on these channels; one query.

    Before sending only that counts. While a post is written or foreseen, what is planned beside it counts too:
    of the posts that are asked about, whoever asks tells then what becomes of them.
    """

    def __init__(self, channels: Collection[int], posts: Collection[int], span: Span, moment: Moment, now: datetime):
        self._channels: defaultdict[int, _Line] = defaultdict(_Line)
        if channels:
            rows = Publication.objects.filter(_wanted(posts, span, moment, now), channel__in=channels)
            for channel, at, key in sorted(_facts(rows, now)):
                self._channels[channel].put(at, key)

    def note(self, channel: int, at: datetime, key: Key) -> None:
        """This one goes out then; not any more at the time that was noted before."""
        self.forget(channel, key)
        line = self._channels[channel]
        line.noted[key] = line.put(at, key)

    def forget(self, channel: int, key: Key) -> None:
        """It does not go out at the time that was noted for it, nor at any other that is known."""
        self._channels[channel].take(key)

    def others(self, channel: int, at: datetime, key: Key) -> tuple[Other, ...]:
        return self._channels[channel].since(at - DAY, key)


class _Line:
    """One channel's, in the order of time."""

    def __init__(self) -> None:
        self.ats: list[datetime] = []
        self.others: list[Other] = []
        self.keys: list[Key] = []
        self.noted: dict[Key, datetime] = {}

    def put(self, at: datetime, key: Key) -> datetime:
        """By the minute: what is planned for 10:00 leaves some moments later, and 10:05 is five minutes after."""
        at = at.replace(second=0, microsecond=0)
        place = bisect_right(self.ats, at)
        self.ats.insert(place, at)
        self.others.insert(place, Other(at, repeat=key[1] > 0))
        self.keys.insert(place, key)
        return at

    def take(self, key: Key) -> None:
        if key in self.noted:
            place = self.keys.index(key, bisect_left(self.ats, self.noted.pop(key)))
            del self.ats[place], self.others[place], self.keys[place]

    def since(self, first: datetime, own: Key) -> tuple[Other, ...]:
        start = bisect_right(self.ats, first)
        if own not in self.noted:
            return tuple(self.others[start:])
        pairs = zip(self.others[start:], self.keys[start:], strict=True)
        return tuple(other for other, key in pairs if key != own)


def _wanted(posts: Collection[int], span: Span, moment: Moment, now: datetime) -> Q:
    first, last = span[0] - LATE, span[1] + LATE
    waiting = Q(state=State.HELD, next_attempt_at__range=(now, last))
    if moment is not Moment.SENDING:
        waiting |= Q(state__in=[State.SCHEDULED, State.CLAIMED], planned_for__range=(first, last))
        waiting &= ~Q(post__in=posts)
    return Q(state__in=SAID, planned_for__gte=first) | waiting


def _facts(rows: QuerySet[Publication], now: datetime) -> Iterator[tuple[int, datetime, Key]]:
    facts = rows.values_list("channel", "post", "number", "state", "planned_for", "published_at", "next_attempt_at")
    for channel, post, number, state, planned_for, published_at, again in facts:
        at = published_at or planned_for
        if state not in SAID:
            at = again if again and state == State.HELD else max(planned_for, now)
        yield channel, at, (post, number)
