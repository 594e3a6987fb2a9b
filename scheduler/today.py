"""Home's numbers: what goes out, what went out, and how the repeating posts are doing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from scheduler.inbox import STOPS
from scheduler.models import Publication
from scheduler.states import SAID, State
from teams.models import Workspace

ENDS_SOON = timedelta(days=30)
REVIEW = timedelta(days=90)
LATELY = timedelta(hours=24)


@dataclass(frozen=True)
class Day:
    day: date
    out: int
    held: int
    will_be_held: int

    @property
    def most(self) -> int:
        return self.out + self.held + self.will_be_held


@dataclass(frozen=True)
class Evergreen:
    """The posts that repeat, and the two numbers that tell a new workspace from one in use."""

    repeating: int
    ends_soon: int
    ended: int
    never_out: int
    unread: int  # not looked at for 90 days
    posts: int


def week(workspace: Workspace, now: datetime, days: int = 7) -> list[Day]:
    """Today and the days after it, by the workspace's clock."""
    first = timezone.localtime(now, workspace.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = (
        workspace.publications.filter(planned_for__gte=first, planned_for__lt=first + timedelta(days=days))
        .filter(state__in=[State.SCHEDULED, State.CLAIMED, State.HELD, *SAID])
        .order_by()
        .values_list(TruncDate("planned_for", tzinfo=workspace.zone), "state", "outlook")
        .annotate(count=Count("pk"))
    )
    counted: Counter[tuple[date, str]] = Counter()
    for day, state, outlook, count in found:
        counted[day, _column(state, outlook)] += count
    dates = [first.date() + timedelta(days=n) for n in range(days)]
    return [Day(day, *(counted[day, column] for column in ("out", "held", "will_be_held"))) for day in dates]


def still_today(workspace: Workspace, now: datetime) -> tuple[int, Publication | None]:
    """How many more go out today if the forecast is right, and the next one whenever it goes."""
    tonight = timezone.localtime(now, workspace.zone).replace(hour=23, minute=59, second=59)
    coming = workspace.publications.filter(state=State.SCHEDULED, planned_for__gte=now).exclude(outlook__in=STOPS)
    left = workspace.publications.filter(state=State.SCHEDULED, planned_for__range=(now, tonight))
    counted = left.exclude(outlook__in=STOPS).order_by().values("workspace").annotate(count=Count("pk"))
    following = (
        coming.annotate(today=Subquery(counted.values("count")))
        .select_related("channel")
        .order_by("planned_for")
        .first()
    )
    return (following.today or 0 if following else 0), following  # type: ignore[attr-defined]


def lately(workspace: Workspace, now: datetime, most: int = 6) -> list[Publication]:
    """What went out in the last day, newest first."""
    out = workspace.publications.filter(state=State.PUBLISHED, planned_for__gte=now - LATELY)
    return list(out.select_related("post", "channel").order_by("-planned_for")[:most])


def evergreen(workspace: Workspace, now: datetime) -> Evergreen:
    rows = Publication.objects.filter(post=OuterRef("pk"))
    posts = workspace.posts.annotate(
        out=Exists(rows.said()),
        comes=Exists(rows.planned()),
        comes_later=Exists(rows.planned().filter(planned_for__gt=now + ENDS_SOON)),
    )
    repeating = Q(status="active", rule__isnull=False)
    counted = posts.aggregate(
        repeating=Count("pk", filter=repeating & Q(comes=True)),
        ends_soon=Count("pk", filter=repeating & Q(comes=True, comes_later=False, planned_until=None)),
        ended=Count("pk", filter=repeating & Q(comes=False, planned_until=None)),
        never_out=Count("pk", filter=repeating & Q(out=False)),
        unread=Count("pk", filter=repeating & Q(comes=True, reviewed_at__lt=now - REVIEW)),
        posts=Count("pk"),
    )
    return Evergreen(**counted)


def _column(state: str, outlook: str) -> str:
    if state == State.HELD:
        return "held"
    return "will_be_held" if state == State.SCHEDULED and outlook in STOPS else "out"
