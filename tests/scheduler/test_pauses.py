"""A pause stops what it covers and nothing else, at once; its end lets no backlog out."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from guards.models import GuardSetting
from notices.models import Notice
from notices.speak import speak_kept
from posts.models import Category, Channel, Post
from posts.sandbox.server import Server
from scheduler import backlog, claims, flight, last_look, publish, stop_file, verbs
from scheduler.last_look import LastLook
from scheduler.models import Pause, Publication
from teams.models import AuditEntry, User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, everything, only, run, scheduled, states

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
    "post": lambda post: {"post": post},
    "series": lambda post: {"post": post, "repeats_only": True},
}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """The command leaves a file there that would stop the other tests."""
    settings.DATA = tmp_path


@pytest.mark.parametrize("scope", SCOPES)
def test_a_pause_holds_what_it_covers_and_nothing_else(
    workspace: Workspace, channel: Channel, other: Channel, alice: User, sandbox: Server, scope: str
) -> None:
    tips = Category.objects.create(workspace=workspace, name="Tips")
    inside = scheduled(workspace, channel, at=NOW, category=tips)
    Publication.objects.update(number=1)
    outside = scheduled(workspace, other, at=NOW, text="Something else.")
    verbs.pause(workspace, alice, NOW, **SCOPES[scope](inside))
    run(NOW)
    assert (only(inside).state, only(inside).reason) == ("held", "paused")
    assert only(outside).state == ("held" if scope == "everything" else "published")


def test_the_pause_of_a_series_lets_its_first_publication_go_and_holds_the_repeats(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, now=NOW, repeat={"interval": 14, "unit": "day", "max_repeats": 2})
    verbs.pause(workspace, alice, NOW, post=post, repeats_only=True)
    run(NOW)
    run(NOW + timedelta(days=14))
    assert states(post) == ["published", "held", "scheduled"]


def test_a_pause_stops_what_it_covers_even_where_its_guard_is_off(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    """Seen to fail when the guard alone holds it."""
    GuardSetting.objects.create(workspace=workspace, guard="paused", action="off")
    post = scheduled(workspace, channel, at=NOW)
    verbs.pause(workspace, alice, NOW)
    run(NOW)
    assert (only(post).state, only(post).reason) == ("held", "paused")
    assert speak_kept(only(post).sentence).startswith("Paused by Alice")


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


def test_a_pause_that_is_committed_between_the_batchs_reading_and_its_intent_stops_the_send(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail without the second reading of the pauses."""
    post = scheduled(workspace, channel, at=NOW)
    claim = claims.claim_due(NOW, settings.BATCH)
    assert claim
    judged, paused = threading.Event(), threading.Event()
    judge = publish._judge

    def judge_and_wait(*args: Any) -> Any:
        found = judge(*args)
        judged.set()
        assert paused.wait(10)
        return found

    monkeypatch.setattr(publish, "_judge", judge_and_wait)
    with beside(lambda: publish.publish(claim, NOW)):
        assert judged.wait(10)
        verbs.pause(workspace, alice, NOW, category=None)
        paused.set()
    assert arrivals(sandbox) == []
    assert (only(post).state, only(post).reason) == ("held", "paused")


@pytest.mark.parametrize("level", ["workspace", "channel"])
def test_a_pause_is_not_committed_between_the_last_reading_of_the_pauses_and_the_intent(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    """Seen to fail without the gate: the pause is then in force, and the intent comes after it all the same."""
    scheduled(workspace, channel, at=NOW)
    claim = claims.claim_due(NOW, settings.BATCH)
    assert claim
    read, paused, was_first = threading.Event(), threading.Event(), []
    intend = publish._intend

    def wait_and_intend(*args: Any) -> Any:
        read.set()
        was_first.append(paused.wait(1))
        return intend(*args)

    monkeypatch.setattr(publish, "_intend", wait_and_intend)
    with beside(lambda: publish.publish(claim, NOW)):
        assert read.wait(10)
        verbs.pause(workspace, alice, NOW, channel=channel if level == "channel" else None)
        paused.set()
    assert was_first == [False]
    assert len(arrivals(sandbox)) == 1


def test_what_waits_behind_others_in_a_batch_does_not_leave_after_a_pause(
    workspace: Workspace, channel: Channel, other: Channel, alice: User, sandbox: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Seen to fail when the pauses are read before the intent only: a batch may send for two minutes."""
    for number in range(5):
        scheduled(workspace, channel, at=NOW, text=f"Tip number {number}.")
    beyond = scheduled(workspace, other, at=NOW, text="Something else.")
    read_again, again, send_one = threading.Event(), LastLook.again, flight._send_one

    def again_and_say_so(look: LastLook) -> None:
        again(look)
        read_again.set()

    def send_and_pause(errand: flight.Errand, look: LastLook) -> Any:
        sent = send_one(errand, look)
        if errand.publication.channel_id == channel.pk and not paused_by_now:
            paused_by_now.append(verbs.pause(workspace, alice, NOW, channel=channel))
            connection.close()
            for _ in range(2):  # a reading that had begun before counts for nothing
                read_again.clear()
                assert read_again.wait(10)
        return sent

    paused_by_now: list[Pause] = []
    monkeypatch.setattr(last_look, "EVERY", 0.01)
    monkeypatch.setattr(LastLook, "again", again_and_say_so)
    monkeypatch.setattr(flight, "_send_one", send_and_pause)
    run(NOW)
    assert len([row for row in arrivals(sandbox) if row.text.startswith("Tip")]) == 1
    assert states(beyond) == ["published"]
    run(NOW + timedelta(minutes=1))
    assert Publication.objects.filter(channel=channel, state="held", reason="paused").count() == 4


@contextmanager
def beside(doing: Callable[[], Any]) -> Iterator[None]:
    """Another thread, with a connection of its own, that is through at the end."""

    def work() -> None:
        try:
            doing()
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join()


def test_resuming_in_time_lets_it_go_out(workspace: Workspace, channel: Channel, alice: User, sandbox: Server) -> None:
    post = scheduled(workspace, channel, at=NOW)
    paused = verbs.pause(workspace, alice, NOW)
    run(NOW)
    assert verbs.resume(paused, alice, NOW + timedelta(minutes=5)) == 0
    run(NOW + timedelta(minutes=5))
    assert states(post) == ["published"]


def _backlog(workspace: Workspace | None, at: Channel, alice: User, **how: Any) -> tuple[Pause, list[Post], datetime]:
    """Five posts whose time comes and goes during a pause; the time at which it is over."""
    there = at.workspace
    posts = [scheduled(there, at, at=NOW + n * HOUR, now=NOW, text=f"Tip number {n}.") for n in range(5)]
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


WIDE: dict[str, Callable[[Workspace, Channel], tuple[Workspace | None, dict[str, Any]]]] = {
    "instance": lambda workspace, channel: (None, {}),
    "network": lambda workspace, channel: (workspace, {"network": channel.network}),
    "channel": lambda workspace, channel: (workspace, {"channel": channel}),
}


@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("level", WIDE)
def test_at_no_level_does_the_end_of_a_pause_let_the_backlog_out(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server, level: str, ends: bool
) -> None:
    where, how = WIDE[level](workspace, channel)
    until = NOW + 12 * HOUR if ends else None
    paused, posts, later = _backlog(where, channel, alice, until=until, **how)
    if not ends:
        verbs.resume(paused, alice, later)
    run(later)
    assert arrivals(sandbox) == []
    assert {only(post).reason for post in posts} == {"missed"}


@pytest.mark.parametrize("how", ["category", "post", "repeats_only"])
def test_nor_does_the_end_of_a_narrow_pause(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server, how: str
) -> None:
    tips = Category.objects.create(workspace=workspace, name="Tips")
    post = scheduled(workspace, channel, at=NOW, category=tips)
    Publication.objects.update(number=1)
    scopes: dict[str, dict[str, Any]] = {
        "category": {"category": tips}, "post": {"post": post}, "repeats_only": {"post": post, "repeats_only": True}
    }  # fmt: skip
    paused = verbs.pause(workspace, alice, NOW, **scopes[how])
    run(NOW)
    verbs.resume(paused, alice, NOW + HOUR)
    run(NOW + HOUR)
    assert arrivals(sandbox) == []
    assert (only(post).state, only(post).reason) == ("held", "missed")


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
    assert stop_file.there()
    call_command("resume")
    paused.refresh_from_db()
    assert not stop_file.there()
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


def test_the_terminal_names_what_is_on_its_way(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    scheduled(workspace, channel, at=NOW, text="On its way.")
    claim = claims.claim_due(NOW, 1)
    assert claim
    publish.decide(claim, NOW)
    said = StringIO()
    call_command("pause", "--all", stdout=said)
    assert "“On its way.” on Atelier" in said.getvalue()


def test_the_file_alone_stops_the_workers_beside_it(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    """Seen to fail when the claim does not look for it."""
    post = scheduled(workspace, channel, at=NOW)
    stop_file.put(stop_file.Stop("the night shift"))
    assert run(NOW) == 0
    assert states(post) == ["scheduled"]
    call_command("resume")
    run(NOW)
    assert states(post) == ["published"]


def test_the_file_stops_what_a_batch_has_not_sent_yet(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    """Seen to fail when the last look does not look for it."""
    post = scheduled(workspace, channel, at=NOW)
    claim = claims.claim_due(NOW, 1)
    assert claim
    errands = publish.decide(claim, NOW)
    stop_file.place().touch()
    publish.record(everything(errands, monotonic() + 60), NOW)
    assert arrivals(sandbox) == []
    assert states(post) == ["scheduled"]


def test_the_file_has_the_end_of_the_pause(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    post = scheduled(workspace, channel, at=NOW)
    stop_file.put(stop_file.Stop("the night shift", NOW, NOW + timedelta(minutes=1)))
    assert run(NOW) == 0
    run(NOW + timedelta(minutes=1))
    assert states(post) == ["published"]
    assert not stop_file.there()


def test_without_a_database_the_terminal_stops_the_workers_beside_it_and_says_so(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    connection.close()
    try:
        with pytest.raises(CommandError, match="The database does not answer"):
            call_command("pause", "--all")
        assert stop_file.there()
        with pytest.raises(CommandError, match="stay stopped"):
            call_command("resume")
        assert stop_file.there()
    finally:
        monkeypatch.undo()
        connection.close()
