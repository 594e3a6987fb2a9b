"""A worker that cannot trust its clock, its database or its own code takes no work, and says so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from notices.speak import speak, speak_kept
from posts.models import Channel
from posts.sandbox.server import Server
from scheduler import claims, clocks, fitness, publish, schema, tasks
from scheduler.celery import app
from scheduler.models import Instance, Publication, Pulse
from scheduler.pulses import beat
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import a_post, arrivals, only, scheduled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """What a tick rings for is done before it returns."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def due_now(workspace: Workspace, channel: Channel) -> int:
    return only(scheduled(workspace, channel, at=timezone.now() - timedelta(seconds=1))).pk


def state_of(pk: int) -> str:
    return Publication.objects.get(pk=pk).state


def test_a_tick_publishes_what_is_due(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    pk = due_now(workspace, channel)
    tasks.tick()
    assert state_of(pk) == "published"
    assert set(Pulse.objects.values_list("name", flat=True)) == {
        "work", "upkeep", "tick", "beat", "worker", "links_wanted", "files", "limits",
    }  # fmt: skip


def test_an_idle_tick_asks_one_question(workspace: Workspace, django_assert_num_queries: object) -> None:
    tasks.tick()
    tasks.tick()
    with django_assert_num_queries(1):  # type: ignore[operator]
        tasks.tick()


@pytest.mark.parametrize("off", [timedelta(seconds=3), timedelta(seconds=-3), timedelta(hours=1), -timedelta(days=1)])
def test_a_worker_whose_clock_is_wrong_takes_nothing_and_says_so(db: None, off: timedelta) -> None:
    found = fitness.Fitness().look(timezone.now() + off)
    assert found.refusal
    kept = Instance.objects.get()
    assert speak_kept(kept.refusal) == speak(found.refusal)
    assert ("ahead of" if off > timedelta() else "behind") in speak(found.refusal)


def test_a_slow_answer_is_no_wrong_clock(db: None) -> None:
    slow = clocks.Reading(NOW, NOW + timedelta(seconds=6), took=5.0, steady=100.0)
    assert clocks.why_not(slow) is None
    fast = clocks.Reading(NOW, NOW + timedelta(seconds=6), took=0.1, steady=100.0)
    assert clocks.why_not(fast)


@pytest.mark.parametrize("jump", [timedelta(seconds=31), -timedelta(seconds=31), timedelta(days=1)])
def test_when_the_databases_clock_was_set_nothing_new_is_claimed_for_two_minutes(
    workspace: Workspace, channel: Channel, sandbox: Server, jump: timedelta
) -> None:
    now = timezone.now()
    minute_ago = clocks.Reading(now, now - timedelta(minutes=1) - jump, 0.0, time.monotonic() - 60)
    found = fitness.Fitness(minute_ago).look(timezone.now())
    assert found.refusal is None
    assert found.waiting
    assert fitness.look(timezone.now()).waiting, "every other process knows it too"
    pk = due_now(workspace, channel)
    tasks.tick()
    assert state_of(pk) == "scheduled"


def test_a_clock_that_runs_on_is_no_jump(db: None) -> None:
    now = timezone.now()
    hour_ago = clocks.Reading(now, now - timedelta(hours=1), 0.0, time.monotonic() - 3600)
    assert fitness.Fitness(hour_ago).look(timezone.now()).waiting is None


def test_after_an_outage_what_was_interrupted_is_settled_before_anything_new_goes_out(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail with the outage left out of `look`."""
    now = timezone.now()
    lost = due_now(workspace, channel)
    [errand] = publish.decide(claims.claim_due(now, 10), now)  # type: ignore[arg-type]
    errand.publication.channel.connector.publish(errand.publication.channel.account, errand.message)
    Publication.objects.filter(pk=lost).update(lease_until=now - timedelta(minutes=1))
    other = Channel.objects.create(workspace=workspace, network="sandbox", handle="other", name="Other")
    waits = due_now(workspace, other)
    Pulse.objects.create(name="tick", at=now - timedelta(minutes=11))
    tasks.tick()
    assert (state_of(lost), state_of(waits)) == ("unconfirmed", "scheduled")
    Publication.objects.filter(pk=lost).update(next_attempt_at=now)
    Pulse.objects.filter(name="work").delete()
    tasks.tick()
    assert (state_of(lost), state_of(waits)) == ("published", "scheduled")
    Instance.objects.update(recovering_until=now)
    Pulse.objects.filter(name="work").delete()
    tasks.tick()
    assert state_of(waits) == "published"
    assert len(arrivals(sandbox)) == 2


def test_a_time_of_recovering_from_before_the_clock_was_set_back_does_not_count() -> None:
    assert fitness.recovering(NOW + timedelta(hours=1), NOW) is None
    assert fitness.recovering(NOW + timedelta(minutes=1), NOW)


@pytest.mark.parametrize("applied", [True, False])
def test_code_and_database_of_different_versions_do_not_work_together(
    workspace: Workspace, channel: Channel, sandbox: Server, applied: bool
) -> None:
    """Seen to fail with `_compare` left out."""
    recorder, worker = MigrationRecorder(connection), fitness.Fitness()
    pk = due_now(workspace, channel)
    assert worker.look(timezone.now()).refusal is None
    newest = max(schema.applied())
    if applied:
        recorder.record_applied("scheduler", "9999_of_tomorrow")
    else:
        recorder.record_unapplied(*newest)
    try:
        found = worker.look(timezone.now())
        assert found.refusal
        assert ("newer" if applied else "older") in speak(found.refusal)
        tasks.tick()
        assert state_of(pk) == "scheduled"
    finally:
        recorder.record_unapplied("scheduler", "9999_of_tomorrow")
        if not applied:
            recorder.record_applied(*newest)
    assert worker.look(timezone.now()).refusal is None


def test_a_bell_that_reaches_a_worker_which_may_not_work_claims_nothing(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail without `why_not` in publish_due."""
    pk = due_now(workspace, channel)
    MigrationRecorder(connection).record_applied("scheduler", "9999_of_tomorrow")
    try:
        tasks.publish_due()
    finally:
        MigrationRecorder(connection).record_unapplied("scheduler", "9999_of_tomorrow")
    assert state_of(pk) == "scheduled"
    tasks.publish_due()
    assert state_of(pk) == "published"


def test_a_pulse_from_the_future_holds_nothing_up(db: None) -> None:
    """Seen to fail without the second half of the comparison: a clock set back an hour stopped all for an hour."""
    Pulse.objects.create(name="tick", at=NOW + timedelta(hours=1))
    assert beat("tick", NOW, timedelta(seconds=5))
    assert Pulse.objects.get().at == NOW


def test_a_draft_makes_no_tick_busy(workspace: Workspace, channel: Channel) -> None:
    a_post(workspace, channel)
    found = fitness.Fitness().look(timezone.now())
    assert (found.due, found.interrupted, found.refusal) == (False, False, None)
