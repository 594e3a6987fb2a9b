"""The doorbells: messages carry ids, may be lost or doubled, and the next tick rings again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import beat_init, task_received, worker_ready
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from scheduler import fitness, forecast, instance, measure, plan, settle
from scheduler import publish as engine
from scheduler.ping import EVERY, ping
from scheduler.pulses import HEARTBEAT, SILENT, beat
from scheduler.question import SLOW_DUTIES
from scheduler.rounds import Rounds
from scheduler.silence import look_out
from scheduler.watchdog import Watchdog, end_process, queue_of

ROUND = timedelta(seconds=20)  # after this long a worker lets the tick hand out the next batch
ASKED_AT_ONCE = 50
LOOKOUT = 30.0  # seconds between two looks whether somebody is silent
BEAT = "beat"


@shared_task
def tick(by: str = BEAT) -> None:
    """Every second: look whether anything is to be done. Any number of beats may ring: one tick does the work."""
    now = timezone.now()
    seen = fitness.look(now)
    if seen.refusal:
        return
    if (seen.due or seen.interrupted) and beat("work", now, timedelta(seconds=0.9 * settings.TICK)):
        work(now, claiming=not seen.waiting)
    if "upkeep" in seen.stale and beat("upkeep", now, SLOW_DUTIES):
        upkeep.delay()
    if "tick" in seen.stale and beat("tick", now, HEARTBEAT):
        with transaction.atomic():
            instance.advance(now)
    if by == BEAT and "beat" in seen.stale:
        beat("beat", now, HEARTBEAT)


def work(now: datetime, claiming: bool) -> None:
    """Bring back what was lost, and ring for what is due. Two of these at once are harmless."""
    settle.rescue(now)
    settle.lift(now)
    if asking := settle.due_to_ask(now, ASKED_AT_ONCE):
        ask.delay(asking)
    if claiming and (claim := engine.claim_due(now, settings.BATCH)):
        publish_batch.delay(str(claim))


@shared_task
def publish_batch(claim: str) -> None:
    """Publish a claimed batch, and then what else is due, so that a burst does not wait for ticks."""
    started = timezone.now()
    if fitness.look(started).refusal:
        engine.give_back(UUID(claim), started)
        return
    taken: UUID | None = UUID(claim)
    while taken:
        engine.publish(taken, timezone.now())
        beat("worker", timezone.now(), HEARTBEAT)
        now = timezone.now()
        goes_on = now - started < ROUND and not fitness.may_claim(now)
        taken = engine.claim_due(now, settings.BATCH) if goes_on else None


@shared_task
def ask(publications: list[int]) -> None:
    now = timezone.now()
    if not fitness.look(now).refusal:
        settle.settle(publications, now)


@shared_task
def upkeep() -> None:
    """The duties that can wait half a minute: the horizon, the forecasts, the reactions."""
    now = timezone.now()
    if fitness.look(now).refusal:
        return
    plan.extend(now)
    forecast.refresh_stale(now)
    measure.measure_due(now)
    beat("worker", now, HEARTBEAT)
    if settings.PING_URL and beat("ping", now, EVERY):
        ping_monitor.delay()


@shared_task
def canary(by: str) -> None:
    """A worker rings this for itself when nothing else is to be done: whoever answers is alive."""
    now = timezone.now()
    if not fitness.look(now).refusal:
        beat("worker", now, HEARTBEAT)


@shared_task
def ping_monitor() -> None:
    ping(settings.PING_URL)


@worker_ready.connect
def watch_this_worker(sender: Any, **kwargs: Any) -> None:
    watch(str(sender.hostname))


def watch(worker: str) -> Watchdog:
    """Two threads beside the worker: one that ends it when it is deaf, one that tells when nobody else works."""
    dog = Watchdog(worker, end_process)
    task_received.connect(lambda request, **kwargs: dog.hear(queue_of(request)), weak=False)
    dog.start()
    _look_out()
    return dog


@beat_init.connect
def look_out_from_here(**kwargs: Any) -> None:
    _look_out()


def _look_out() -> None:
    Rounds("lookout", look_out, LOOKOUT, SILENT.total_seconds()).start()
