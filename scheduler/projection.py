"""How the queue goes on after what is written down, as things stand: its turns, its gaps, and where its posts end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from notices.sentences import Sentence, say, say_count
from posts.models import Post
from scheduler import queue
from scheduler.filling import Lane, is_over
from scheduler.models import Outlook, Slot
from teams.models import Workspace

FARTHEST = 13  # weeks
MOST = 800  # slots' dates: with many slots it reaches less far
OLD = timedelta(days=1)
# A queue of so many posts and slots is looked at while the reader waits; a larger one by the next tick.
AT_ONCE, SLOTS_AT_ONCE = 50, 20


@dataclass(frozen=True)
class Stretch:
    """Later slots of a channel, all of one category or of none, that nothing will fill as the queue stands."""

    channel: int
    channel_name: str
    category: int | None
    category_name: str
    times: Sequence[datetime]

    @property
    def sentence(self) -> Sentence:
        where = say("{channel}, {category}", channel=self.channel_name, category=self.category_name)
        return say_count(
            "{where}: {count} more with nothing to send, on {when}.",
            "{where}: {count} more with nothing to send, the first on {when}.",
            len(self.times), where=where if self.category_name else self.channel_name, when=self.times[0],
        )  # fmt: skip


@dataclass(frozen=True)
class End:
    """A queued post has its last turn: by `cause` count, date or expiry. `last` None: it has none any more."""

    post: int
    channels: Sequence[int]
    last: datetime | None
    number: int
    cause: str


@dataclass(frozen=True)
class Projection:
    """What comes from `since` to `until`; before that, what is written down says it.

    `turns` are (channel, time).
    """

    since: datetime | None = None
    until: datetime | None = None
    turns: Sequence[tuple[int, datetime]] = ()
    gaps: Sequence[Stretch] = ()
    ends: Sequence[End] = field(default_factory=tuple)


def projected(outlook: Outlook) -> Projection:
    """As it was last seen."""
    kept = outlook.projection
    if not kept:
        return Projection()
    return Projection(
        since=_time(kept["since"]),
        until=_time(kept["until"]),
        turns=[(channel, _time(at)) for channel, at in kept["turns"]],
        gaps=[_stretch(*one) for one in kept["gaps"]],
        ends=[End(post, places, last and _time(last), number, why) for post, places, last, number, why in kept["ends"]],
    )


def stretches(projection: Projection, until: datetime) -> list[Stretch]:
    """The gaps up to then, the first to begin first."""
    found = [replace(one, times=[at for at in one.times if at <= until]) for one in projection.gaps]
    return sorted((one for one in found if one.times), key=lambda one: one.times[0])


def ready(workspace: Workspace, outlook: Outlook, now: datetime) -> Projection:
    """As it stands, looked at first when that is quick."""
    if _is_stale(outlook, now) and _is_small(workspace):
        project(workspace, outlook, now)
    return projected(outlook)


def project_stale(now: datetime, most: int = 2) -> int:
    """The tick's duty: of the queues that have been filled, those that have changed since, or a day ago."""
    stale = Q(projected_at=None) | Q(projected_at__lt=now - OLD)
    outlooks = Outlook.objects.filter(stale, queue_filled_at__isnull=False, workspace__slots__isnull=False)
    some = list(outlooks.distinct().select_related("workspace").order_by("queue_filled_at")[:most])
    for outlook in some:
        project(outlook.workspace, outlook, now)
    return len(some)


def project(workspace: Workspace, outlook: Outlook, now: datetime) -> None:
    until, since = now + _reach(workspace), now + queue.HORIZON
    filling, lanes = queue.foresee(workspace, now, until)
    outlook.projected_at = now
    outlook.projection = {
        "since": _kept(since),
        "until": _kept(until),
        "turns": [[one.lane.channel.pk, _kept(one.opening.at)] for one in filling.fills if one.opening.at > since],
        "gaps": list(_missing((gap.opening.slot, gap.opening.at) for gap in filling.gaps if gap.opening.at > since)),
        "ends": list(_ends(lanes, until)),
    }
    outlook.save(update_fields=["projected_at", "projection"])


def _stretch(channel: int, name: str, category: int | None, category_name: str, times: Sequence[int]) -> Stretch:
    return Stretch(channel, name, category, category_name, [_time(at) for at in times])


def _reach(workspace: Workspace) -> timedelta:
    slots = Slot.objects.filter(workspace=workspace, active=True).count()
    return timedelta(weeks=max(2, min(FARTHEST, MOST // max(slots, 1))))


def _missing(gaps: Iterable[tuple[Slot, datetime]]) -> Iterator[list[Any]]:
    by_place: defaultdict[tuple[int, str, int | None, str], list[int]] = defaultdict(list)
    for slot, at in gaps:
        category = slot.category.name if slot.category else ""
        by_place[slot.channel_id, slot.channel.name, slot.category_id, category].append(_kept(at))
    return ([*place, times] for place, times in by_place.items())


def _ends(lanes: Sequence[Lane], until: datetime) -> Iterator[list[Any]]:
    """The evergreen posts all of whose lanes come to their end within reach."""
    by_post: defaultdict[int, list[Lane]] = defaultdict(list)
    for lane in lanes:
        if lane.post.queue == Post.Queue.EVERGREEN:
            by_post[lane.post.pk].append(lane)
    for post, mine in by_post.items():
        causes = [_cause(lane, until) for lane in mine]
        if all(causes):
            at = max((lane.last for lane in mine if lane.last), default=None)
            number = max(max(lane.numbers, default=0) for lane in mine)
            yield [post, [lane.channel.pk for lane in mine], at and _kept(at), number, causes[0]]


def _cause(lane: Lane, until: datetime) -> str:
    """What ends it, "" when nothing does by then."""
    if lane.used_up:
        return "count"
    if not is_over(lane, until):
        return ""
    expires = lane.series.expires_at
    return "expiry" if expires and expires < until else "date"


def _is_stale(outlook: Outlook, now: datetime) -> bool:
    return outlook.projected_at is None or outlook.projected_at < now - OLD


def _is_small(workspace: Workspace) -> bool:
    slots = Slot.objects.filter(workspace=workspace)[: SLOTS_AT_ONCE + 1].count()
    return 0 < slots <= SLOTS_AT_ONCE and queue.in_queue(workspace)[: AT_ONCE + 1].count() <= AT_ONCE


def _kept(at: datetime) -> int:
    return int(at.timestamp())


def _time(kept: int) -> datetime:
    return datetime.fromtimestamp(kept, UTC)
