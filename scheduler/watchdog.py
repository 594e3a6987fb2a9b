"""Ends a worker that is up and connected but consumes nothing, so that whoever started it starts it again.

A worker that has heard nothing for a while rings for itself, on each of its queues. That tells deafness from
silence, and it is also what keeps publishing alive, every half minute, while no beat does.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from celery.worker import state
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from scheduler.celery import app
from scheduler.fitness import Fitness
from scheduler.models import Publication, Pulse
from scheduler.rounds import Rounds

log = logging.getLogger(__name__)

LOOKS = 12  # in the time after which a worker counts as deaf
LAST_WORDS = 10.0  # seconds that an orderly end may take
# The queue, the task that is rung on it, and the pulse that shows that somebody answers there.
BELLS = {"tick": ("scheduler.tasks.tick", "tick"), "celery": ("scheduler.tasks.canary", "worker")}


@dataclass
class Ear:
    """What this worker heard on one queue, in seconds on the monotonic clock."""

    heard_at: float
    ringing_since: float | None = None  # the first bell of its own since then that the broker took

    def hear(self, at: float) -> None:
        self.heard_at, self.ringing_since = at, None

    def ring(self, at: float, taken: bool) -> None:
        """A bell that the broker did not take says nothing about this worker."""
        self.ringing_since = (self.ringing_since or at) if taken else None

    def quiet_for(self, at: float) -> float:
        return at - self.heard_at

    def unheard_for(self, at: float) -> float:
        return 0.0 if self.ringing_since is None else at - self.ringing_since


class Watchdog:
    """`end` is called with the name of the queue on which this worker is deaf."""

    def __init__(self, name: str, end: Callable[[str], None]) -> None:
        self._name, self._end = name, end
        self._ears = {queue: Ear(monotonic()) for queue in BELLS}
        self._fitness = Fitness()
        self._rounds = Rounds("watchdog", self.look, settings.DEAF_AFTER / LOOKS, settings.DEAF_AFTER / LOOKS)

    def start(self) -> None:
        self._rounds.start()

    def hear(self, queue: str) -> None:
        if queue in self._ears:
            self._ears[queue].hear(monotonic())

    def look(self) -> None:
        for queue, ear in self._ears.items():
            if ear.quiet_for(monotonic()) < settings.DEAF_AFTER / 2:
                continue
            ear.ring(monotonic(), self._ring(queue))
            if ear.unheard_for(monotonic()) >= _patience() and self._undone(queue, timezone.now()):
                self._rounds.end()
                self._end(queue)
                return

    def _ring(self, queue: str) -> bool:
        task, _pulse = BELLS[queue]
        try:
            app.send_task(task, kwargs={"by": self._name}, expires=settings.DEAF_AFTER / 2, retry=False)
        except (OperationalError, OSError):
            return False
        return True

    def _undone(self, queue: str, now: datetime) -> bool:
        """Whether nobody else answers there either; where others do, this one may only have been unlucky."""
        seen = self._fitness.look(now)
        if seen.refusal or seen.waiting:
            return False
        earlier = now - timedelta(seconds=settings.DEAF_AFTER)
        _task, pulse = BELLS[queue]
        answered = Pulse.objects.filter(name=pulse, at__gt=earlier).exists()
        return not answered or Publication.objects.due(earlier).exists()


def end_process(queue: str) -> None:
    """In an orderly way if it still can; a compose file or systemd starts the worker again."""
    log.critical(
        "This worker is connected to the broker, but has answered no bell on the queue “%s” for %.0f s. "
        "It ends, to be started again.",
        queue, settings.DEAF_AFTER,
    )  # fmt: skip
    state.should_stop = os.EX_SOFTWARE  # type: ignore[assignment]  # Celery's stubs know only None
    last = threading.Timer(LAST_WORDS, os._exit, [os.EX_SOFTWARE])
    last.daemon = True
    last.start()


def queue_of(request: Any) -> str:
    """The queue that a received task came from."""
    return str((request.delivery_info or {}).get("routing_key") or "")


def _patience() -> float:
    """How long its own bells may go unheard: longer while it is busy, since a full pool takes nothing in."""
    patience: float = settings.DEAF_AFTER / 2
    return patience + settings.LEASE if state.active_requests else patience
