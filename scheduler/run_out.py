"""When each series and each queued post goes out for the last time: by its number, its end or its expiry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, Q

from notices.sentences import Sentence, days, say
from posts.models import Post
from scheduler.projection import End, Projection
from scheduler.states import PLANNED
from teams.models import Workspace

MOST = 200


@dataclass(frozen=True)
class RunOut:
    """`cause` is count, date or expiry; `days` from today on, by the workspace's calendar."""

    post: Post
    last: datetime
    number: int
    cause: str
    days: int

    @property
    def sentence(self) -> Sentence:
        when = say("today") if not self.days else say("in {days}", days=days(self.days))
        return say(
            "“{title}” goes out for the last time on {day}, {when}: {why}.",
            title=self.post.title,
            day=self.last.astimezone(self.post.workspace.zone).date(),
            when=when,
            why=_WHY[self.cause](self),
        )


def run_outs(
    workspace: Workspace, projection: Projection, now: datetime, until: datetime, channel: int | None = None
) -> list[RunOut]:
    """Those of the time from now until then, the first to end first; at most MOST."""
    found = [*_dated(workspace, now, until, channel), *_queued(workspace, projection, now, until, channel)]
    return sorted(found, key=lambda one: (one.last, one.post.pk))[:MOST]


def _dated(workspace: Workspace, now: datetime, until: datetime, channel: int | None) -> Iterator[RunOut]:
    planned = Q(publications__state__in=PLANNED)
    if channel:
        planned &= Q(publications__channel=channel)
    late = Q(publications__planned_for__gt=F("expires_at"))
    series = Post.objects.filter(workspace=workspace, status=Post.Status.ACTIVE, queue="", rule__isnull=False)
    ends = series.filter(Q(planned_until=None) | Q(expires_at__lte=until)).annotate(
        last=Max("publications__planned_for", filter=planned & ~(late & Q(expires_at__isnull=False))),
        number=Max("publications__number", filter=planned & ~(late & Q(expires_at__isnull=False))),
        too_late=Max("publications__planned_for", filter=planned & late),
    )
    rows = ends.filter(last__gte=now, last__lte=until).select_related("rule", "workspace").order_by("last", "pk")
    for post in rows[:MOST]:
        # Annotations, which the model knows nothing of.
        last, number, too_late = post.last, post.number, post.too_late
        expires = too_late or (post.planned_until and post.expires_at)
        by_count = post.rule.max_repeats is not None and number >= post.rule.max_repeats
        cause = "expiry" if expires else "count" if by_count else "date"
        yield RunOut(post, last, number, cause, _days(last, now, workspace))


def _queued(
    workspace: Workspace, projection: Projection, now: datetime, until: datetime, channel: int | None
) -> Iterator[RunOut]:
    ends = {end.post: end for end in projection.ends if _within(end, now, until, channel)}
    if not ends:
        return
    mine = Post.objects.filter(workspace=workspace, pk__in=ends, status=Post.Status.ACTIVE).exclude(queue="")
    for post in mine.select_related("rule", "workspace")[:MOST]:
        end = ends[post.pk]
        assert end.last is not None
        yield RunOut(post, end.last, end.number, end.cause, _days(end.last, now, workspace))


def _within(end: End, now: datetime, until: datetime, channel: int | None) -> bool:
    return end.last is not None and now <= end.last <= until and (channel is None or channel in end.channels)


def _days(at: datetime, now: datetime, workspace: Workspace) -> int:
    return (at.astimezone(workspace.zone).date() - now.astimezone(workspace.zone).date()).days


def _by_count(one: RunOut) -> Sentence:
    return say("repeat {number} of {most}", number=one.number, most=one.post.rule.max_repeats)


def _by_date(one: RunOut) -> Sentence:
    return say("its rule ends on {day}", day=one.post.rule.end_date)


def _by_expiry(one: RunOut) -> Sentence:
    assert one.post.expires_at is not None
    return say("it expires on {when}", when=one.post.expires_at)


_WHY = {"count": _by_count, "date": _by_date, "expiry": _by_expiry}
