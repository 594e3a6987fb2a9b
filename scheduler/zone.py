"""What becomes of everything planned when a workspace moves to another time zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Max

from notices.sentences import say
from posts.models import Post
from scheduler.candidates import repeat_of
from scheduler.models import Publication
from scheduler.moves import move
from scheduler.plan import plan, touch, untouched
from scheduler.record import record
from scheduler.recurrence import at_wall_clock, due_at
from scheduler.states import State
from teams.models import User, Workspace


def change_zone(workspace: Workspace, zone: str, *, keep_clock: bool, user: User | None, now: datetime) -> None:
    """Move the workspace, and write what is to come anew.

    `keep_clock`: what was planned for 9:00 stays at 9:00, on the new clock; else every first publication keeps
    its instant, and repeats follow the new clock from there. Nothing is planned twice, nothing is lost: what
    the new clock would have put into the past goes out when it was to go out.
    """
    with transaction.atomic():
        before = workspace.zone
        workspace.timezone = zone
        workspace.save(update_fields=["timezone"])
        starts = _shift_posts(workspace, before) if keep_clock else {}
        posts = list(_active(workspace))
        _write_anew(workspace, posts, starts, now)
        if keep_clock:
            _shift_moved(workspace, before, now)
        touch([workspace.pk], now)
        record(user, now, [("zone", workspace, say("moved the workspace to {zone}", zone=zone))])


def _shift_posts(workspace: Workspace, before: ZoneInfo) -> dict[int, datetime]:
    """Put starts and expiries onto the new clock; the old start of each post that had one."""
    posts = list(Post.objects.filter(workspace=workspace, starts_at__isnull=False).select_for_update())
    old = {post.pk: post.starts_at for post in posts if post.starts_at}
    for post in posts:
        if not post.queue:  # since when it is in the queue does not change
            post.starts_at = _shifted(old[post.pk], before, workspace.zone)
        if post.expires_at:
            post.expires_at = _shifted(post.expires_at, before, workspace.zone)
    Post.objects.bulk_update(posts, ["starts_at", "expires_at"], batch_size=500)
    return old


def _write_anew(workspace: Workspace, posts: Sequence[Post], starts: dict[int, datetime], now: datetime) -> None:
    mine = Publication.objects.filter(workspace=workspace)
    taken = list(untouched(now).filter(post__in=posts))
    mine.filter(pk__in=[row.pk for row in taken]).delete()
    had = _numbers(mine.filter(post__in=posts), {post.pk: starts.get(post.pk, post.starts_at) for post in posts})
    last = mine.aggregate(last=Max("pk"))["last"] or 0
    plan(posts, now)
    written = mine.filter(pk__gt=last).values_list("pk", "post", "channel", "number")
    twice = [pk for pk, *which in written if tuple(which) in had]
    mine.filter(pk__in=twice).delete()
    _keep_stranded(posts, taken, now)


def _keep_stranded(posts: Sequence[Post], taken: Sequence[Publication], now: datetime) -> None:
    """What was still to come, and by the new clock would be past already: it keeps its moment."""
    by_pk = {post.pk: post for post in posts}
    stranded = []
    for row in taken:
        post = by_pk[row.post_id]
        assert post.starts_at is not None
        repeat = repeat_of(getattr(post, "rule", None))
        if due_at(post.starts_at, post.workspace.zone, repeat, row.number) <= now:
            row.pk = None
            stranded.append(row)
    Publication.objects.bulk_create(stranded, ignore_conflicts=True, batch_size=500)


def _shift_moved(workspace: Workspace, before: ZoneInfo, now: datetime) -> None:
    """What a person moved by hand keeps the clock time that they gave it."""
    rows = Publication.objects.filter(workspace=workspace, state=State.SCHEDULED, planned_for__gt=now)
    moved = []
    for row in rows.exclude(planned_for=F("due_at")):
        when = _shifted(row.planned_for, before, workspace.zone)
        if when > now:
            row.planned_for = row.next_attempt_at = when
            moved.append(row)
    move(moved, State.SCHEDULED, now, each=["planned_for", "next_attempt_at"])


def _numbers(rows: object, starts: dict[int, datetime | None]) -> set[tuple[int, int, int]]:
    """(post, channel, number) of what each running series has written down already."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for post, channel, number, due in rows.values_list("post", "channel", "number", "due_at"):  # type: ignore[attr-defined]
        start = starts.get(post)
        if start is None or due >= start:
            found[post].append((channel, number))
    return {(post, *one) for post, ones in found.items() for one in ones}


def _active(workspace: Workspace) -> Sequence[Post]:
    active = Post.objects.filter(workspace=workspace, status=Post.Status.ACTIVE, queue="", starts_at__isnull=False)
    return list(active.select_related("rule", "workspace").prefetch_related("channels"))


def _shifted(at: datetime, before: ZoneInfo, after: ZoneInfo) -> datetime:
    return at_wall_clock(at.astimezone(before).replace(tzinfo=None), after)
