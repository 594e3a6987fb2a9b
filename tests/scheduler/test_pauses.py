"""A pause stops what it covers and nothing else, at once; its end lets no backlog out."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from notices.models import Notice
from posts.models import Category, Channel, Post
from posts.sandbox.server import Server
from scheduler import backlog, claims, publish, verbs
from scheduler.models import Pause, Publication
from teams.models import AuditEntry, User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def other(workspace: Workspace) -> Channel:
    return Channel.objects.create(workspace=workspace, network="sandbox_reading", handle="other", name="Other")


SCOPES: dict[str, Callable[[Post], dict[str, Any]]] = {
    "everything": lambda post: {},
    "channel": lambda post: {"channel": post.channels.get()},
    "network": lambda post: {"network": post.channels.get().network},
    "category": lambda post: {"category": post.category},
    "series": lambda post: {"post": post},
}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_pause_holds_what_it_covers_and_nothing_else(
    workspace: Workspace, channel: Channel, other: Channel, alice: User, sandbox: Server, scope: str
) -> None:
    tips = Category.objects.create(workspace=workspace, name="Tips")
    inside = scheduled(workspace, channel, at=NOW, category=tips)
    outside = scheduled(workspace, other, at=NOW, text="Something else.")
    verbs.pause(workspace, alice, NOW, **SCOPES[scope](inside))
    run(NOW)
    assert (only(inside).state, only(inside).reason) == ("held", "paused")
    assert only(outside).state == ("held" if scope == "everything" else "published")


def test_a_pause_of_one_workspace_does_not_touch_another(
    workspace: Workspace, channel: Channel, alice: User, charlie: User, sandbox: Server
) -> None:
    elsewhere = charlie.workspaces.get()
    theirs = Channel.objects.create(workspace=elsewhere, network="sandbox", handle="theirs", name="Theirs")
    post = scheduled(elsewhere, theirs, at=NOW)
    verbs.pause(workspace, alice, NOW)
    run(NOW)
    assert states(post) == ["published"]


def test_a_pause_between_claim_and_intent_stops_the_send(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    """Seen to fail when the guards are told of no pauses."""
    post = scheduled(workspace, channel, at=NOW)
    claim = claims.claim_due(NOW, settings.BATCH)
    assert claim
    verbs.pause(workspace, alice, NOW)
    assert publish.publish(claim, NOW) == 0
    assert states(post) == ["held"]
    assert arrivals(sandbox) == []


def test_resuming_in_time_lets_it_go_out(workspace: Workspace, channel: Channel, alice: User, sandbox: Server) -> None:
    post = scheduled(workspace, channel, at=NOW)
    paused = verbs.pause(workspace, alice, NOW)
    run(NOW)
    assert verbs.resume(paused, alice, NOW + timedelta(minutes=5)) == 0
    run(NOW + timedelta(minutes=5))
    assert states(post) == ["published"]


def _backlog(workspace: Workspace, channel: Channel, alice: User, **how: Any) -> tuple[Pause, list[Post], datetime]:
    """Five posts whose time comes and goes during a pause; the time at which it is over."""
    posts = [scheduled(workspace, channel, at=NOW + n * HOUR, now=NOW, text=f"Tip number {n}.") for n in range(5)]
    paused = verbs.pause(workspace, alice, NOW, **how)
    for n in range(5):
        run(NOW + n * HOUR)
    return paused, posts, NOW + 12 * HOUR


def test_resuming_lets_nothing_of_the_backlog_out(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    """Seen to fail when resume takes everything for being on time."""
    paused, posts, later = _backlog(workspace, channel, alice)
    assert [row.post for row in backlog.missed_by(paused, later)] == posts
    assert backlog.end(paused, alice, later, "keep") == 5
    run(later)
    assert arrivals(sandbox) == []
    assert {only(post).reason for post in posts} == {"missed"}


def test_a_pause_that_ends_by_itself_lets_nothing_of_the_backlog_out(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    """Seen to fail when lift treats a pause like any other reason that ends."""
    _, posts, later = _backlog(workspace, channel, alice, until=NOW + 12 * HOUR)
    run(later)
    run(later + timedelta(minutes=1))
    assert arrivals(sandbox) == []
    assert [states(post) for post in posts] == [["held"]] * 5


def test_the_backlog_can_be_put_back_an_hour_apart_around_what_is_planned(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    paused, _posts, later = _backlog(workspace, channel, alice)
    scheduled(workspace, channel, at=later + 2 * HOUR, now=NOW, text="Planned already.")
    assert backlog.end(paused, alice, later, "spread") == 0
    times = sorted(Publication.objects.filter(state="scheduled").values_list("planned_for", flat=True))
    assert len(times) == 6
    assert all(second - first >= HOUR for first, second in itertools.pairwise(times))
    assert times[0] > later
    assert run(later) == 0
    run(times[0])
    assert len(arrivals(sandbox)) == 1


def test_the_backlog_is_put_back_where_the_guards_allow_it(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    scheduled(workspace, channel, at=NOW - timedelta(days=10), text="Said before.")
    run(NOW - timedelta(days=10))
    paused = verbs.pause(workspace, alice, NOW - HOUR)
    post = scheduled(workspace, channel, at=NOW, text="Said before.")
    run(NOW)
    assert backlog.end(paused, alice, NOW + HOUR, "spread") == 0
    assert only(post).planned_for >= NOW + timedelta(days=4)


def test_of_several_missed_repeats_only_the_newest_is_put_back(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, now=NOW, repeat={"interval": 14, "unit": "day", "max_repeats": 2})
    paused = verbs.pause(workspace, alice, NOW)
    for repeat in range(3):
        run(NOW + timedelta(days=14 * repeat))
    backlog.end(paused, alice, NOW + timedelta(days=40), "spread")
    assert states(post) == ["skipped", "skipped", "scheduled"]


def test_the_backlog_can_be_skipped(workspace: Workspace, channel: Channel, alice: User, sandbox: Server) -> None:
    paused, posts, later = _backlog(workspace, channel, alice)
    assert backlog.end(paused, alice, later, "skip") == 0
    assert {only(post).state for post in posts} == {"skipped"}


def test_everybody_is_told_of_a_pause_and_of_its_end(workspace: Workspace, alice: User) -> None:
    paused = verbs.pause(workspace, alice, NOW, reason="bad news")
    verbs.resume(paused, alice, NOW + HOUR)
    assert list(Notice.objects.order_by("pk").values_list("event", flat=True)) == ["paused", "resumed"]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["paused", "resumed"]


def test_a_pause_is_resumed_once(workspace: Workspace, alice: User) -> None:
    paused = verbs.pause(workspace, alice, NOW)
    verbs.resume(paused, alice, NOW)
    with pytest.raises(verbs.NotNow):
        verbs.resume(paused, alice, NOW)


def test_the_terminal_pauses_the_whole_instance_without_workers_or_redis(
    workspace: Workspace, charlie: User, settings: Any
) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    call_command("pause", "--all", "--reason", "bad news")
    paused = Pause.objects.get()
    assert (paused.workspace, paused.reason, paused.ended_at) == (None, "bad news", None)
    assert Notice.objects.filter(event="paused").count() == 2
    call_command("pause", "--resume")
    paused.refresh_from_db()
    assert paused.ended_at
    with pytest.raises(CommandError, match="No pause of the whole instance"):
        call_command("pause", "--resume")


def test_the_terminals_pause_holds_every_workspace_until_its_end(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    now = timezone.now()
    call_command("pause", "--all", "--until", (now + HOUR).isoformat())
    post = scheduled(workspace, channel, at=now)
    run(timezone.now())
    assert only(post).reason == "paused"
    assert only(post).next_attempt_at == now + HOUR


def test_the_terminal_says_what_is_wrong_with_an_end_that_is_past(db: None) -> None:
    with pytest.raises(CommandError, match="is past"):
        call_command("pause", "--all", "--until", "2020-01-01T00:00")
