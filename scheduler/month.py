"""What the calendar shows: three publications a day and how many more there are, or a list by time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate

from scheduler.models import Publication
from scheduler.recurrence import at_wall_clock
from scheduler.states import State
from teams.models import Workspace

SHOWN = 3  # a day
PAGE = 50

TROUBLE = Q(state=State.SCHEDULED, outlook__in=["hold", "block"])
# What the legend names, in its order; each is a filter, too.
KINDS: dict[str, Q] = {
    "scheduled": Q(state=State.SCHEDULED),
    "trouble": TROUBLE,
    "held": Q(state=State.HELD),
    "published": Q(state=State.PUBLISHED),
    "publishing": Q(state__in=[State.CLAIMED, State.SENDING]),
    "failed": Q(state=State.FAILED),
    "unconfirmed": Q(state=State.UNCONFIRMED),
    "blocked": Q(state=State.BLOCKED),
    "skipped": Q(state=State.SKIPPED),
    "cancelled": Q(state=State.CANCELLED),
}
CARE = ("trouble", "held", "failed", "unconfirmed", "blocked")


@dataclass(frozen=True)
class Filters:
    """Which publications are asked for; empty: all."""

    channel: int | None = None
    kind: str = ""
    words: str = ""

    def over(self, workspace: Workspace) -> QuerySet[Publication]:
        return self.without_kind(workspace).filter(KINDS.get(self.kind, ~KINDS["cancelled"]))

    def without_kind(self, workspace: Workspace) -> QuerySet[Publication]:
        rows = Publication.objects.filter(workspace=workspace)
        if self.channel:
            rows = rows.filter(channel=self.channel)
        return rows.filter(post__text__icontains=self.words) if self.words else rows


@dataclass(frozen=True)
class Day:
    """One day: its first publications, and how many there are in all, and how many not shown want care."""

    date: date
    shown: Sequence[Publication] = ()
    count: int = 0
    care: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def more(self) -> int:
        return self.count - len(self.shown)

    @property
    def care_hidden(self) -> int:
        return self.care - sum(1 for row in self.shown if wants_care(row))


def wants_care(row: Publication) -> bool:
    troubled = row.state == State.SCHEDULED and row.outlook in ("hold", "block")
    return troubled or row.state in (State.HELD, State.FAILED, State.UNCONFIRMED, State.BLOCKED)


def weeks(of: date, first_weekday: int) -> list[list[date]]:
    """The weeks that hold a month, whole. `first_weekday`: 0 is Monday."""
    start = of.replace(day=1)
    first = start - timedelta(days=(start.weekday() - first_weekday) % 7)
    count = -(-((start + timedelta(days=31)).replace(day=1) - first).days // 7)
    return [days_from(first + timedelta(days=7 * row), 7) for row in range(count)]


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=offset) for offset in range(count)]


def days(workspace: Workspace, dates: Sequence[date], filters: Filters) -> dict[date, Day]:
    """The days from the first of these to the last, in two queries that load no more than is shown."""
    counted = _counted(workspace, dates, filters)
    placed = between(filters.over(workspace), workspace.zone, dates[0], dates[-1]).annotate(
        place=Window(RowNumber(), partition_by=[_day(workspace)], order_by=["planned_for", "pk"])
    )
    first = Publication.objects.filter(pk__in=placed.filter(place__lte=SHOWN).values("pk"))
    shown = dict(by_day(list(with_looks(first).order_by("planned_for", "pk")), workspace.zone))
    return {on: _filled(on, shown.get(on, []), counted.get(on, {}), filters) for on in dates}


def kinds(days: Iterable[Day]) -> Counter[str]:
    """How many of each kind the days hold, for the legend."""
    return sum((Counter(day.kinds) for day in days), Counter())


def _counted(workspace: Workspace, dates: Sequence[date], filters: Filters) -> dict[date, dict[str, int]]:
    rows = between(filters.without_kind(workspace), workspace.zone, dates[0], dates[-1])
    kinds = {kind: Count("pk", filter=wanted) for kind, wanted in KINDS.items()}
    grouped = rows.annotate(day=_day(workspace)).values_list("day").annotate(**kinds).order_by("day")
    return {on: dict(zip(KINDS, counts, strict=True)) for on, *counts in grouped}


def _filled(on: date, shown: Sequence[Publication], counted: dict[str, int], filters: Filters) -> Day:
    # What is troubled is scheduled, too.
    wanted = [filters.kind] if filters.kind else [kind for kind in KINDS if kind not in ("trouble", "cancelled")]
    count = sum(counted.get(kind, 0) for kind in wanted)
    care = sum(counted.get(kind, 0) for kind in CARE if not filters.kind or kind == filters.kind)
    return Day(on, shown, count, care, counted)


def _day(workspace: Workspace) -> TruncDate:
    return TruncDate("planned_for", tzinfo=workspace.zone)


def between(rows: QuerySet[Publication], zone: ZoneInfo, first: date, last: date) -> QuerySet[Publication]:
    return rows.filter(planned_for__gte=midnight(first, zone), planned_for__lt=midnight(last + timedelta(days=1), zone))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return at_wall_clock(datetime.combine(day, time()), zone)


def with_looks(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """Load with the rows all that a chip shows."""
    return rows.select_related("channel", "post__rule").defer("text")


@dataclass(frozen=True)
class Place:
    """A place in a list by time: keyset paging needs no counting, however long the list."""

    at: datetime
    pk: int

    @classmethod
    def of(cls, row: Publication) -> Place:
        return cls(row.planned_for, row.pk)

    @classmethod
    def read(cls, text: str) -> Place | None:
        at, _, pk = text.rpartition("_")
        try:
            place = cls(datetime.fromisoformat(at), int(pk))
        except ValueError:
            return None
        return place if place.at.tzinfo else None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.pk}".replace("+00:00", "Z")

    @property
    def after(self) -> Q:
        return Q(planned_for__gt=self.at) | Q(planned_for=self.at, pk__gt=self.pk)

    @property
    def before(self) -> Q:
        return Q(planned_for__lt=self.at) | Q(planned_for=self.at, pk__lt=self.pk)


@dataclass(frozen=True)
class Stretch:
    """One page of a list by time. `earlier` and `later` are there when the list goes on."""

    rows: list[Publication]
    earlier: Place | None
    later: Place | None


def stretch(rows: QuerySet[Publication], after: Place | None, before: Place | None) -> Stretch:
    """One page: after a place, or before one, or from the start."""
    if before:
        found = list(with_looks(rows.filter(before.before)).order_by("-planned_for", "-pk")[: PAGE + 1])
        page = found[:PAGE][::-1]
        return Stretch(page, Place.of(page[0]) if len(found) > PAGE else None, Place.of(page[-1]) if page else None)
    wanted = rows.filter(after.after) if after else rows
    found = list(with_looks(wanted).order_by("planned_for", "pk")[: PAGE + 1])
    page = found[:PAGE]
    return Stretch(
        page, Place.of(page[0]) if page and after else None, Place.of(page[-1]) if len(found) > PAGE else None
    )


def by_day(rows: Sequence[Publication], zone: ZoneInfo) -> list[tuple[date, list[Publication]]]:
    found: dict[date, list[Publication]] = defaultdict(list)
    for row in rows:
        found[row.planned_for.astimezone(zone).date()].append(row)
    return list(found.items())
