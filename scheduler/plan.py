"""Rules become rows: the publications of active posts, written down ahead of time up to a horizon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from guards.base import Repeat
from posts.models import Post
from scheduler.candidates import repeat_of
from scheduler.models import Outlook, Publication
from scheduler.recurrence import occurrences
from scheduler.states import State

# The forecast looks 90 days ahead; what it shows are rows.
HORIZON = timedelta(days=92)
REFILL = timedelta(days=1)
FEW = timedelta(minutes=1)


def plan(posts: Iterable[Post], now: datetime) -> int:
    """Write the coming publications of newly scheduled posts; returns how many. Doing it twice adds none.

    A queued post has no dates of its own: it waits for the queue.
    """
    return _write(list(posts), now, lambda post: now - FEW)


def extend(now: datetime, most: int = 500) -> int:
    """Carry on where the horizon ended the last time, so that a long stop loses no occurrence silently."""
    short = Post.objects.filter(status=Post.Status.ACTIVE, queue="", planned_until__lt=now + HORIZON - REFILL)
    posts = list(short.select_related("rule", "workspace").prefetch_related("channels")[:most])
    return _write(posts, now, lambda post: post.planned_until or now)


def replan(post: Post, now: datetime) -> int:
    """After a change of rule, channels or start: what nobody has touched is written anew."""
    with transaction.atomic():
        forget(post, now)
        return plan([post], now)


def forget(post: Post, now: datetime) -> int:
    """Take back the coming publications that are as the rule made them. What a person touched stays."""
    with transaction.atomic():
        mine = list(untouched(now).filter(post=post).values_list("pk", flat=True))
        Publication.objects.filter(pk__in=mine).delete()
    return len(mine)


def untouched(now: datetime) -> QuerySet[Publication]:
    """What is still to come as its rule made it, locked."""
    return Publication.objects.select_for_update(of=["self"]).filter(
        state=State.SCHEDULED, planned_for__gt=now, planned_for=F("due_at"), variation=None, overrides=None
    )


def touch(workspace_ids: Iterable[int], now: datetime) -> None:
    """Something changed: the forecasts and queues of these workspaces are stale."""
    wanted = set(workspace_ids)
    if wanted:
        Outlook.objects.bulk_create([Outlook(workspace_id=pk) for pk in wanted], ignore_conflicts=True)
        # The time of the last change, not of the first: a forecast under way must see that there was another.
        Outlook.objects.filter(workspace__in=wanted).update(stale_since=now, queue_stale_since=now)


def _write(posts: list[Post], now: datetime, since: Callable[[Post], datetime]) -> int:
    until = now + HORIZON
    rows = [row for post in posts if not post.queue for row in dates(post, since(post), until)]
    with transaction.atomic():
        Publication.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        for post in posts:
            post.planned_until = now if post.queue else until if _goes_on(post, until) else None
        Post.objects.bulk_update(posts, ["planned_until"], batch_size=500)
        touch({post.workspace_id for post in posts}, now)
    return len(rows)


def dates(post: Post, since: datetime, until: datetime) -> Iterator[Publication]:
    """Up to the horizon; the first publication is written however far ahead it is, so that nobody misses it."""
    assert post.starts_at is not None
    for number, due in occurrences(post.starts_at, post.workspace.zone, _repeat(post), max(until, post.starts_at)):
        if due < since:
            continue
        for channel in post.channels.all():
            yield Publication(
                workspace_id=post.workspace_id,
                post=post,
                channel=channel,
                due_at=due,
                planned_for=due,
                next_attempt_at=due,
                number=number,
            )


def _goes_on(post: Post, until: datetime) -> bool:
    assert post.starts_at is not None
    later = occurrences(post.starts_at, post.workspace.zone, _repeat(post), until + timedelta(days=366 * 5))
    return any(due > until for _, due in later)


def _repeat(post: Post) -> Repeat | None:
    return repeat_of(getattr(post, "rule", None))
