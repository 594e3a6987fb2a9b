"""The doorbells: messages carry ids, may be lost or doubled, and the next tick rings again."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from scheduler import forecast, measure, plan, settle
from scheduler import publish as engine
from scheduler.models import Publication, Pulse

ROUND = 20.0  # seconds after which a worker lets the next bell in, so that other duties have their turn
RINGS = 5.0  # seconds after which nobody need answer a bell any more: the next one has rung
ASKED_AT_ONCE = 50
SLOW_DUTIES = timedelta(seconds=30)


@shared_task
def tick() -> None:
    """Every second: bring back what was lost, and ring for what is due. Two ticks at once are harmless."""
    now = timezone.now()
    settle.rescue(now)
    settle.lift(now)
    if asking := settle.due_to_ask(now, ASKED_AT_ONCE):
        ask.delay(asking)
    if Publication.objects.due(now).exists():
        publish_due.apply_async(expires=RINGS)
    if beat("upkeep", now, SLOW_DUTIES):
        upkeep.delay()
    beat("tick", now, timedelta(seconds=5))


@shared_task
def publish_due() -> None:
    """Publish what is due. The bell carries nothing: what stands in a queue is never claimed."""
    engine.publish_due(timezone.now, ROUND)
    beat("worker", timezone.now(), timedelta(seconds=5))


@shared_task
def ask(publications: list[int]) -> None:
    settle.settle(publications, timezone.now())


@shared_task
def upkeep() -> None:
    """The duties that can wait half a minute: the horizon, the forecasts, the reactions."""
    now = timezone.now()
    plan.extend(now)
    forecast.refresh_stale(now)
    measure.measure_due(now)
    beat("worker", now, timedelta(seconds=5))


def beat(name: str, now: datetime, every: timedelta) -> bool:
    """Write down that a duty did its work, at most once in `every`; True for whoever wrote it."""
    Pulse.objects.get_or_create(name=name, defaults={"at": now - 2 * every})
    return bool(Pulse.objects.filter(name=name, at__lte=now - every).update(at=now))
