"""The doorbells: messages carry ids, may be lost or doubled, and the next tick rings again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from celery.signals import beat_init, task_received, worker_ready
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notices import post
from notices.sentences import Sentence
from posts.media import cleaning
from scheduler import (
    channel_limits,
    fitness,
    forecast,
    instance,
    links,
    measure,
    plan,
    projection,
    queue,
    refreshing,
    settle,
    stopped_letters,
)
from scheduler import publish as engine
from scheduler.ping import EVERY, ping
from scheduler.pulses import HEARTBEAT, SILENT, beat
from scheduler.question import SLOW_DUTIES
from scheduler.rounds import Rounds
from scheduler.silence import look_out
from scheduler.watchdog import Watchdog, end_process, queue_of

ROUND = 20.0  # seconds after which a worker lets the next bell in, so that other duties have their turn
RINGS = 5.0  # seconds after which nobody need answer a bell any more: the next one has rung
ASKED_AT_ONCE = 50
# Seconds after which a worker is taken to be stuck, is killed and replaced: what it had in hand is brought back.
STUCK_TICK = int(min(30, settings.LEASE))
STUCK_BATCH = int(ROUND + settings.LEASE + 10)
STUCK_UPKEEP = 600
LOOKOUT = 30.0  # seconds between two looks whether somebody is silent
BEAT = "beat"
LINKS_WANTED = timedelta(minutes=10)
LIMITS_ASKED = timedelta(minutes=30)


@shared_task(time_limit=STUCK_TICK)
def tick(by: str = BEAT) -> None:
    """Every second: look whether anything is to be done. Any number of beats may ring: one tick does the work."""
    now = timezone.now()
    seen = fitness.look(now)
    if seen.refusal:
        return
    if (seen.due or seen.interrupted) and beat("work", now, timedelta(seconds=0.9 * settings.TICK)):
        work(now, claiming=seen.due and not seen.waiting)
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
    if claiming:
        publish_due.apply_async(expires=RINGS)


@shared_task(time_limit=STUCK_BATCH)
def publish_due() -> None:
    """Publish what is due. The bell carries nothing: what stands in a queue is never claimed."""
    engine.publish_due(timezone.now, ROUND, _why_not)


def _why_not(now: datetime) -> Sentence | None:
    """Why nothing new is claimed now; asked again and again while requests are on their way, so it is a heartbeat."""
    seen = fitness.look(now)
    if not seen.refusal and "worker" in seen.stale:
        beat("worker", now, HEARTBEAT)
    return seen.refusal or seen.waiting


@shared_task(time_limit=STUCK_BATCH)
def ask(publications: list[int]) -> None:
    now = timezone.now()
    if not fitness.look(now).refusal:
        settle.settle(publications, now)


@shared_task(time_limit=STUCK_UPKEEP)
def upkeep() -> None:
    """The duties that can wait half a minute: the horizon, the queues, the forecasts, the reactions, the letters."""
    now = timezone.now()
    if fitness.look(now).refusal:
        return
    plan.extend(now)
    queue.fill_stale(now)
    forecast.refresh_stale(now)
    projection.project_stale(now)
    measure.measure_due(now)
    if beat("links_wanted", now, LINKS_WANTED):
        links.want_soon(now)
    if links.waiting(now):
        check_links.apply_async(expires=SLOW_DUTIES.total_seconds())
    if beat("files", now, cleaning.EVERY):
        cleaning.clean(now)
    if refreshing.waiting(now):
        refresh_keys.apply_async(expires=SLOW_DUTIES.total_seconds())
    if beat("limits", now, LIMITS_ASKED):
        learn_limits.apply_async(expires=SLOW_DUTIES.total_seconds())
    stopped_letters.write_stopped(now)
    post.send_due(now)
    beat("worker", now, HEARTBEAT)
    if settings.PING_URL and beat("ping", now, EVERY):
        ping_monitor.delay()


@shared_task(time_limit=STUCK_UPKEEP)
def check_links() -> None:
    """Visit the links that are due. One round at a time: two would ask one host twice as often."""
    now = timezone.now()
    if beat("links", now, links.LEASE):
        links.check_due(now)


@shared_task(time_limit=STUCK_UPKEEP)
def refresh_keys() -> None:
    """Refresh what channels sign in with while nobody waits for it. Two of these at once are harmless."""
    now = timezone.now()
    if not fitness.look(now).refusal:
        refreshing.refresh_due(now)


@shared_task(time_limit=STUCK_UPKEEP)
def learn_limits() -> None:
    """Ask the networks what they take from each account, once a day."""
    now = timezone.now()
    if not fitness.look(now).refusal:
        channel_limits.learn_due(now)


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
