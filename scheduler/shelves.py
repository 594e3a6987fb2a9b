"""The library's shelves, what a row of it tells, and what is done to many posts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from guards.models import Policies
from notices.sentences import Sentence, say
from posts.models import Category, Post
from scheduler import verbs
from scheduler.models import Publication
from scheduler.plan import touch
from scheduler.record import record
from scheduler.schedule import stop
from scheduler.states import SAID, State
from teams.models import User, Workspace

ALIVE: Final = frozenset({State.SCHEDULED, State.CLAIMED, State.SENDING, State.HELD, State.UNCONFIRMED})
_LIVES: Final = Q(planned_until__isnull=False) | Q(alive=True)
SHELVES: Final[dict[str, Q]] = {
    "active": Q(status=Post.Status.ACTIVE) & _LIVES,
    "ended": Q(status=Post.Status.STOPPED) | (Q(status=Post.Status.ACTIVE) & ~_LIVES),
    "drafts": Q(status=Post.Status.DRAFT),
    "retired": Q(status=Post.Status.RETIRED),
}


@dataclass(frozen=True)
class Standing:
    """What a row of the library tells of a post. `word` is a status of the dashboard."""

    post: Post
    word: str
    repeated: int
    last_sent: datetime | None
    next_at: datetime | None
    review_by: datetime | None


def posts_of(workspace: Workspace) -> QuerySet[Post]:
    coming = Publication.objects.filter(post=OuterRef("pk"), state__in=ALIVE)
    return Post.objects.filter(workspace=workspace).annotate(alive=Exists(coming))


def counts(workspace: Workspace) -> dict[str, int]:
    """How many posts stand on each shelf."""
    return posts_of(workspace).aggregate(**{name: Count("pk", filter=of) for name, of in SHELVES.items()})


def standings(posts: Sequence[Post], now: datetime) -> list[Standing]:
    """Two queries, however many posts there are."""
    told = _told(posts, now)
    policies = Policies({post.workspace_id for post in posts}, [post.pk for post in posts])
    return [_standing(post, told.get(post.pk, {}), policies) for post in posts]


def keep(posts: Sequence[Post], user: User, now: datetime) -> int:
    """A person has looked at them and they may go on; what waited for that goes on."""
    with transaction.atomic():
        for post in posts:
            post.reviewed_at, post.updated_at = now, now
        Post.objects.bulk_update(posts, ["reviewed_at", "updated_at"])
        record(user, now, [("changed", one, say("looked at “{title}” and kept it", title=one.title)) for one in posts])
        touch({post.workspace_id for post in posts}, now)
        waiting = Publication.objects.filter(post__in=posts, state=State.HELD, reason="review_due")
        for publication in waiting.select_related("post"):
            verbs.restore(publication, user, now)
    return len(posts)


def end(posts: Sequence[Post], user: User, now: datetime, status: Post.Status) -> int:
    """Stop or retire those that are not so yet. Returns how many changed."""
    changing = [post for post in posts if post.status not in {status, Post.Status.RETIRED}]
    with transaction.atomic():
        for post in changing:
            stop(post, user, now, status)
    return len(changing)


def categorise(posts: Sequence[Post], category: Category | None, user: User, now: datetime) -> int:
    with transaction.atomic():
        for post in posts:
            post.category, post.updated_at = category, now
        Post.objects.bulk_update(posts, ["category", "updated_at"])
        record(user, now, [("changed", post, _categorised(post, category)) for post in posts])
        touch({post.workspace_id for post in posts}, now)
    return len(posts)


def _categorised(post: Post, category: Category | None) -> Sentence:
    if category is None:
        return say("took “{title}” out of its category", title=post.title)
    return say("put “{title}” into “{category}”", title=post.title, category=category.name)


def _told(posts: Sequence[Post], now: datetime) -> dict[int, dict[str, Any]]:
    said, planned = Q(state__in=SAID), Q(state=State.SCHEDULED)
    rows = (
        Publication.objects.filter(post__in=posts)
        .values("post")
        .annotate(
            repeated=Max("number", filter=said & Q(due_at__gte=F("post__starts_at"))),
            last_sent=Max("published_at"),
            next_at=Min("planned_for", filter=planned),
            held=Count("pk", filter=Q(state=State.HELD)),
            unconfirmed=Count("pk", filter=Q(state=State.UNCONFIRMED)),
            failed=Count("pk", filter=Q(state=State.FAILED, due_at__gt=now - timedelta(days=7))),
            trouble=Count("pk", filter=planned & Q(outlook__in=["hold", "block"])),
            alive=Count("pk", filter=Q(state__in=ALIVE)),
        )
        .order_by()
    )
    return {row["post"]: dict(row) for row in rows}


def _standing(post: Post, told: dict[str, Any], policies: Policies) -> Standing:
    return Standing(
        post=post,
        word=_word(post, told),
        repeated=told.get("repeated") or 0,
        last_sent=told.get("last_sent"),
        next_at=told.get("next_at"),
        review_by=_review_by(post, policies),
    )


def _word(post: Post, told: dict[str, Any]) -> str:
    if post.status == Post.Status.DRAFT:
        return "draft"
    if post.status != Post.Status.ACTIVE:
        return "ended" if post.status == Post.Status.STOPPED else "resting"
    for word in ("unconfirmed", "held", "failed"):
        if told.get(word):
            return word
    if told.get("trouble"):
        return "watch"
    return "healthy" if told.get("alive") or post.planned_until else "ended"


def _review_by(post: Post, policies: Policies) -> datetime | None:
    """When the guard asks for the next look; None where it is off or the post does not go out any more."""
    setting = policies.of(post.workspace_id, post.category_id, post.pk).get("review_due")
    if post.status != Post.Status.ACTIVE or setting is None or setting.action is None:
        return None
    days: int = setting.options.days
    return post.reviewed_at + timedelta(days=days)
