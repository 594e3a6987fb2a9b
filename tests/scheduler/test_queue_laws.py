"""What holds for every queue, whatever stands in it: the gap, the order, and that nothing changes by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guards.models import GuardSetting
from posts.content import fingerprint
from posts.models import Channel, Post, RepeatRule
from scheduler import queue
from scheduler.models import Publication, Slot
from scheduler.slots import openings
from scheduler.states import State
from teams.models import Workspace
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = (
    "beeswax seam thumb",
    "leather workshop smell",
    "belt fashion lasting",
    "needle thimble table",
    "bag mend spring",
)


@dataclass(frozen=True)
class Written:
    """A queued post: which of the texts it has, its own gap, and how many days ago it last went out."""

    words: int
    interval: int
    ago: int | None
    once: bool


@dataclass(frozen=True)
class World:
    gap: int
    times: frozenset[tuple[int, int]]
    written: Sequence[Written]
    dated: Sequence[tuple[int, int]]  # text and day of posts with a date of their own


TIMES = st.frozensets(st.tuples(st.integers(0, 6), st.integers(7, 20)), min_size=1, max_size=10)
POSTS = st.builds(Written, st.integers(0, 4), st.integers(2, 20), st.none() | st.integers(1, 40), st.booleans())
WORLDS = st.builds(
    World,
    gap=st.integers(2, 15),
    times=TIMES,
    written=st.lists(POSTS, max_size=6),
    dated=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 25)), max_size=3),
)


# Each example is a database of its own: looking for the smallest that fails would take minutes.
@settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=WORLDS)
def test_no_gap_is_broken_the_longest_unsent_goes_first_and_a_second_run_changes_nothing(
    workspace: Workspace, channel: Channel, world: World
) -> None:
    """Seen to fail without a post's own gap, without the look ahead at planned copies, and without the order by age."""
    with transaction.atomic():
        made(world, workspace, channel)
        queue.fill(workspace, NOW)
        rows = list(Publication.objects.filter(slot__isnull=False).select_related("post__rule").order_by("due_at"))
        keeps_its_distance(rows, world)
        goes_by_age(rows, workspace, channel, world)
        before = [(row.pk, row.number) for row in rows]
        assert queue.fill(workspace, NOW) == 0
        # An hour later no slot has passed, and perhaps one more has come within reach: what stands, stands.
        queue.fill(workspace, NOW + timedelta(minutes=10))
        after = Publication.objects.filter(slot__isnull=False, due_at__lte=NOW + queue.HORIZON).order_by("due_at")
        assert [(row.pk, row.number) for row in after] == before
        transaction.set_rollback(True)


def made(world: World, workspace: Workspace, channel: Channel) -> None:
    GuardSetting.objects.create(workspace=workspace, guard="too_soon", action="hold", options={"days": world.gap})
    # Posts of the same words under another name would be near ones; here only the gap is looked at.
    GuardSetting.objects.create(workspace=workspace, guard="near_duplicate", action="off")
    for weekday, hour in sorted(world.times):
        Slot.objects.create(workspace=workspace, channel=channel, weekday=weekday, at=time(hour))
    for place, one in enumerate(world.written, 1):
        post = Post.objects.create(
            workspace=workspace, text=WORDS[one.words], language="en", status="active", starts_at=NOW, reviewed_at=NOW,
            queue="once" if one.once else "evergreen", queue_place=place,
        )  # fmt: skip
        post.channels.add(channel)
        if not one.once:
            RepeatRule.objects.create(post=post, interval=one.interval, max_repeats=3)
        if one.ago:
            published(post, channel, NOW - one.ago * DAY)
    for words, day in world.dated:
        at = NOW + day * DAY
        post = Post.objects.create(
            workspace=workspace, text=WORDS[words], language="en", status="active", starts_at=at, reviewed_at=NOW
        )
        Publication.objects.create(
            workspace=workspace, post=post, channel=channel, due_at=at, planned_for=at, next_attempt_at=at
        )


def published(post: Post, channel: Channel, at: datetime) -> None:
    Publication.objects.create(
        workspace=post.workspace, post=post, channel=channel, due_at=at, planned_for=at, state=State.PUBLISHED,
        published_at=at, text=post.text, fingerprint=fingerprint(post.text),
    )  # fmt: skip


def keeps_its_distance(rows: Sequence[Publication], world: World) -> None:
    """Between a filled slot and anything else of the same words, the workspace's gap; of one post, its own, too."""
    times: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for row in Publication.objects.select_related("post"):
        times[row.post.text].append((row.planned_for, row.pk))
    for row in rows:
        for at, pk in times[row.post.text]:
            assert pk == row.pk or abs(at - row.due_at) >= world.gap * DAY
        own = Publication.objects.filter(post=row.post_id).exclude(pk=row.pk).values_list("planned_for", flat=True)
        rule = getattr(row.post, "rule", None)
        assert rule is None or all(abs(at - row.due_at) >= rule.interval * DAY for at in own)
    assert all(sum(1 for row in rows if row.post_id == post) <= 4 for post in {row.post_id for row in rows})


def goes_by_age(rows: Sequence[Publication], workspace: Workspace, channel: Channel, world: World) -> None:
    """Nothing that was sent longer ago, and was free to go, stood behind what was chosen; told without the engine."""
    filled = {row.due_at: row for row in rows}
    for opening in openings(Slot.objects.all(), workspace.zone, NOW + queue.LEAD, NOW + queue.HORIZON):
        row = filled.get(opening.at)
        free = [post for post in Post.objects.exclude(queue="") if could_go(post, opening.at, world)]
        if row is None:
            assert not free or Publication.objects.filter(planned_for=opening.at).exists()
            continue
        assert order(row.post, opening.at) <= min(order(post, opening.at) for post in free)


def could_go(post: Post, at: datetime, world: World) -> bool:
    """By the calendar as it stands at the end, without what the slot itself has got."""
    others = Publication.objects.exclude(due_at=at, slot__isnull=False)
    before = others.filter(planned_for__lte=at) | others.filter(planned_for__gt=at, slot=None)
    mine = before.filter(post=post)
    if post.queue == "once":
        if mine.filter(slot__isnull=False).exists():
            return False
    elif mine.filter(slot__isnull=False).count() > 3:
        return False
    rule = getattr(post, "rule", None)
    near = [abs(one - at) for one in before.filter(post__text=post.text).values_list("planned_for", flat=True)]
    own = [abs(one - at) for one in mine.values_list("planned_for", flat=True)] if rule else []
    interval = rule.interval if rule else 0
    return all(one >= world.gap * DAY for one in near) and all(one >= interval * DAY for one in own)


def order(post: Post, at: datetime) -> tuple[bool, bool, float, int]:
    last = Publication.objects.filter(post=post, planned_for__lt=at).order_by("-planned_for").first()
    again = post.queue == "evergreen"
    return again, again and last is not None, last.planned_for.timestamp() if last and again else 0.0, post.queue_place
