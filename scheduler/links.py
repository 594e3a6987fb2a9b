"""The links of posts: which are to be visited when, what their visits have told, and what that lets go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from notices.sentences import say
from posts.links.find import key, links
from posts.links.health import OFFLINE, Look, State, after, signature
from posts.models import LinkHealth, Post, Variation, Version
from posts.networks.pace import Pace
from posts.networks.reach import Public
from posts.networks.visit import Visitor
from posts.networks.wire import Network
from scheduler.candidates import with_facts
from scheduler.link_visits import any_answers, look_at
from scheduler.models import Publication
from scheduler.plan import touch
from scheduler.states import State as Stands
from scheduler.verbs import let_go_on

FRESH = timedelta(days=1)  # a visit counts this long
# Three failures over three days prove a link dead: so long before a repeat its links are looked at, to know in time.
AHEAD = timedelta(days=4)
LATER = timedelta(minutes=10)  # when our own network is down
MOST = 200
LEASE = timedelta(minutes=2)  # of a round: no second one begins before it is over
POSTS_AT_A_TIME = 500


def want(posts: Iterable[Post], now: datetime) -> int:
    """Let the links of these posts be visited, where nobody has done so lately; returns how many links there are."""
    found = {(workspace, link.url) for workspace, text in _texts(list(posts)) for link in links(text)}
    rows = [LinkHealth(workspace_id=workspace, key=key(url), url=url, wanted_at=now) for workspace, url in found]
    LinkHealth.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    known = LinkHealth.objects.filter(
        workspace__in={row.workspace_id for row in rows}, key__in={row.key for row in rows}, wanted_at=None
    )
    known.filter(Q(checked_at=None) | Q(checked_at__lt=now - FRESH)).update(wanted_at=now)
    return len(found)


def want_soon(now: datetime) -> int:
    """The links of what goes out in the coming days, and of what is held for a link."""
    coming = Q(state=Stands.SCHEDULED, next_attempt_at__lte=now + AHEAD) | Q(state=Stands.HELD, reason="dead_link")
    posts = Post.objects.filter(pk__in=Publication.objects.filter(coming).values("post"))
    some, count = list(posts.order_by("pk")[:POSTS_AT_A_TIME]), 0
    while some:
        count += want(some, now)
        some = list(posts.filter(pk__gt=some[-1].pk).order_by("pk")[:POSTS_AT_A_TIME])
    return count


def want_now(workspace: int, url: str, now: datetime) -> None:
    """Somebody wants to know."""
    LinkHealth.objects.update_or_create(workspace_id=workspace, key=key(url), defaults={"url": url, "wanted_at": now})


def accept(workspace: int, url: str) -> bool:
    """A person says that what the last visit found is the right page. False: there was nothing to accept."""
    with transaction.atomic():
        row = LinkHealth.objects.select_for_update().filter(workspace=workspace, key=key(url)).first()
        if row is None or row.state != State.SUSPICIOUS:
            return False
        row.accepted, row.state = row.last_seen, State.ALIVE
        row.save(update_fields=["accepted", "state"])
    return True


def waiting(now: datetime) -> bool:
    return LinkHealth.objects.filter(wanted_at__lte=now).exists()


def check_due(now: datetime, visitor: Visitor | None = None) -> int:
    """One round of visits. Returns how many links were judged; none when our own network is down."""
    due = list(LinkHealth.objects.filter(wanted_at__lte=now).order_by("wanted_at", "pk")[:MOST])
    visitor = visitor or _visitor()
    try:
        looks = look_at({row.pk: (row.url, row.health) for row in due}, visitor)
        silent = bool(looks) and all(look.sign in OFFLINE for look in looks.values())
        if silent and not any_answers(settings.LINKS_CONTROLS, visitor):
            LinkHealth.objects.filter(pk__in=looks).update(wanted_at=now + LATER)
            return 0
    finally:
        visitor.close()
    _note([(row, looks[row.pk]) for row in due if row.pk in looks], now)
    return len(looks)


def _visitor() -> Visitor:
    return Visitor(Network(Public(settings.LINKS_MAY_REACH)), Pace(settings.LINKS_PACE))


def _note(looked: Sequence[tuple[LinkHealth, Look]], now: datetime) -> None:
    """Write down what was seen. What has failed is looked at again the next day, whether a post needs it or not."""
    stopped = (State.DEAD, State.SUSPICIOUS)
    before = {row.pk: row.state for row, _ in looked}
    for row, look in looked:
        row.health = known = after(row.health, look, now)
        row.last_seen = signature(look)
        row.description = look.description or row.description
        row.checked_at = now
        row.wanted_at = now + FRESH if known.strikes and known.state != State.DEAD else None
    with transaction.atomic():
        LinkHealth.objects.bulk_update([row for row, _ in looked], _SEEN)
        changed = [row for row, _ in looked if row.state != before[row.pk]]
        _let_go_on([row for row in changed if before[row.pk] in stopped and row.state not in stopped], now)
        touch({row.workspace_id for row in changed}, now)


def _let_go_on(mended: Sequence[LinkHealth], now: datetime) -> None:
    """What waited for one of these is looked at again; what is late by now waits for a person's word."""
    known = {(row.workspace_id, row.url) for row in mended}
    held = Publication.objects.filter(
        state=Stands.HELD, reason="dead_link", workspace__in={workspace for workspace, _ in known}
    )
    rows = [
        row
        for row in (with_facts(held) if known else ())
        if any((row.workspace_id, link.url) in known for link in links(row.wording()[1]))
    ]
    let_go_on(rows, lambda row: say("Was due on {when}, while a link in it did not work.", when=row.planned_for), now)


def _texts(posts: Sequence[Post]) -> Iterator[tuple[int, str]]:
    """Every text that these posts may go out with."""
    workspaces = {post.pk: post.workspace_id for post in posts}
    for post in posts:
        yield post.workspace_id, post.text
    for kind in (Version, Variation):
        for pk, text in kind.objects.filter(post__in=workspaces).values_list("post", "text"):
            yield workspaces[pk], text


_SEEN = (
    "state", "sign", "detail", "landed", "title", "description", "strikes", "accepted",
    "last_seen", "checked_at", "wanted_at",
)  # fmt: skip
