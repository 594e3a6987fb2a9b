"""The order of the queue: posts join at its end, and a person lets one go sooner or later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from notices.sentences import say
from posts.models import Post
from scheduler.plan import forget, touch
from scheduler.queue import in_queue, ready
from scheduler.record import record
from scheduler.verbs import NotNow
from teams.models import User


def join(posts: Sequence[Post]) -> None:
    """To the end of the line, in this order. Two who join at the same moment stand at one place, the older first."""
    for workspace in {post.workspace_id for post in posts}:
        last = Post.objects.filter(workspace=workspace).aggregate(last=Max("queue_place"))["last"] or 0
        mine = [post for post in posts if post.workspace_id == workspace]
        for place, post in enumerate(mine, last + 1):
            post.queue_place = place
        Post.objects.bulk_update(mine, ["queue_place"], batch_size=500)


def sooner(post: Post, user: User, now: datetime) -> None:
    _step(post, -1, user, now)


def later(post: Post, user: User, now: datetime) -> None:
    _step(post, 1, user, now)


def _step(post: Post, by: int, user: User, now: datetime) -> None:
    """Change places with the neighbour of its kind, and let the queue place both anew."""
    with transaction.atomic():
        line = list(in_queue(post.workspace).filter(queue=post.queue).select_for_update(of=["self"]))
        here = next((place for place, one in enumerate(line) if one.pk == post.pk), None)
        if here is None:
            raise NotNow(say("This is not in the queue."))
        there = here + by
        if not 0 <= there < len(line):
            raise NotNow(say("It is first already.") if by < 0 else say("It is last already."))
        _renumber(line, here, there)
        for one in (line[here], line[there]):
            forget(one, now)
        said = (
            say("let “{title}” go sooner in the queue", title=post.title)
            if by < 0
            else say("let “{title}” go later in the queue", title=post.title)
        )
        record(user, now, [("reordered", post, said)])
        touch([post.workspace_id], now)
        ready(post.workspace, now)


def _renumber(line: list[Post], here: int, there: int) -> None:
    """Places that are equal, or out of order, are set right on the way."""
    places = sorted(post.queue_place for post in line)
    line[here], line[there] = line[there], line[here]
    changed, last = [], 0
    for post, place in zip(line, places, strict=True):
        last = max(place, last + 1)
        if post.queue_place != last:
            post.queue_place = last
            changed.append(post)
    Post.objects.bulk_update(changed, ["queue_place"], batch_size=500)
