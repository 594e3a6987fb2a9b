"""Real workers and beats: a beat dies, a worker goes deaf, and publishing goes on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connections
from django.utils import timezone

from posts.models import Channel
from posts.sandbox.server import Server
from scheduler import tasks
from scheduler.celery import app
from scheduler.models import Publication, Pulse
from teams.models import Workspace
from tests.kit import arrivals, scheduled
from tests.scheduler.processes import Processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def processes(tmp_path: Path, sandbox: Server) -> Iterator[Processes]:
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    made = Processes(tmp_path)
    yield made
    made.stop()


def due_now(workspace: Workspace, channel: Channel, text: str, ago: float = 1) -> None:
    scheduled(workspace, channel, at=timezone.now() - timedelta(seconds=ago), text=text)


def all_published() -> bool:
    return not Publication.objects.exclude(state="published").exists()


def has_ticked_after(moment: object) -> bool:
    return Pulse.objects.filter(name="beat", at__gt=moment).exists()


def test_when_one_of_two_beats_dies_the_other_is_enough(
    workspace: Workspace, channel: Channel, sandbox: Server, processes: Processes
) -> None:
    """Deafness is set far away: no worker rings for itself here."""
    processes.worker(REFRAIN_DEAF_AFTER="3600")
    first, _second = processes.beat(), processes.beat()
    due_now(workspace, channel, "While both ring.")
    processes.until(lambda: len(arrivals(sandbox)) == 1 and all_published())
    processes.kill(first)
    died = timezone.now()
    due_now(workspace, Channel.objects.create(workspace=workspace, network="sandbox", handle="b", name="B"), "After.")
    processes.until(lambda: len(arrivals(sandbox)) == 2 and all_published())
    processes.until(lambda: has_ticked_after(died))


def test_without_any_beat_a_worker_rings_for_itself(
    workspace: Workspace, channel: Channel, sandbox: Server, processes: Processes
) -> None:
    worker = processes.worker(REFRAIN_DEAF_AFTER="3")
    due_now(workspace, channel, "Nobody rings.")
    processes.until(all_published)
    assert worker.poll() is None
    assert not Pulse.objects.filter(name="beat").exists(), "it does not hide that the beat is missing"


@pytest.mark.parametrize("queues", [["celery", "tick"], ["celery"]])
def test_a_worker_that_is_connected_but_deaf_ends_itself_with_a_sentence(
    workspace: Workspace, channel: Channel, sandbox: Server, processes: Processes, queues: list[str]
) -> None:
    """Seen to fail without `end_process`: it stays up for ever, and answers `inspect ping`."""
    worker = processes.worker(REFRAIN_DEAF_AFTER="4")
    processes.until(lambda: Pulse.objects.filter(name="worker").exists())
    for queue in queues:
        app.control.cancel_consumer(queue, destination=["one@test"], reply=True, timeout=10)
    due_now(workspace, channel, "Nobody hears.", ago=10)
    processes.until(lambda: worker.poll() is not None)
    assert worker.returncode != 0
    assert "has answered no bell on the queue" in processes.said()
    processes.worker("two", REFRAIN_DEAF_AFTER="4", REFRAIN_SEND_DEADLINE="1")
    processes.until(all_published)
    assert len(arrivals(sandbox)) == 1


def test_three_ticks_at_once_without_any_dedupe_double_nothing(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """The work of a tick, in three threads side by side, as if three beats rang and none knew of the others."""
    for number in range(30):
        due_now(workspace, channel, f"The weaver's note {number}")
    together, now = threading.Barrier(3), timezone.now()
    app.conf.task_always_eager = True

    def leader() -> None:
        together.wait()
        for _ in range(5):
            tasks.work(now, claiming=True)
        connections.close_all()

    threads = [threading.Thread(target=leader) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    app.conf.task_always_eager = False
    assert max(Counter(row.text for row in arrivals(sandbox)).values()) == 1
    assert len(arrivals(sandbox)) == 30
