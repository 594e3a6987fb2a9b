"""A worker that is there to be killed: the engine's own tick and tasks in a loop, in a process of its own.

It is started from a fork server that has Django loaded, so that hundreds of kills cost seconds. Where it is to
die by its own hand, it wraps a function of the engine; the engine knows nothing of that.
"""

from __future__ import annotations

import os
import random
import signal
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

import celery.contrib.django.task
import django
import httpx2
import kombu.transport.redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import DatabaseError, OperationalError, connection  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import timezone  # noqa: E402

from posts.networks import NETWORKS  # noqa: E402
from posts.networks.base import Message  # noqa: E402
from scheduler import breakers, claims, plan, publish, quarantine, question, settle, tasks, verbs  # noqa: E402
from scheduler.celery import app  # noqa: E402
from scheduler.models import Publication  # noqa: E402
from scheduler.states import State  # noqa: E402
from teams.models import User  # noqa: E402
from tests.crash.books import far_ahead  # noqa: E402
from tests.crash.points import POINTS, aim  # noqa: E402
from tests.crash.sabotage import PLAGUES, SABOTAGES  # noqa: E402
from tests.posts.networks.parcels import image  # noqa: E402

# Loaded once, in the fork server, and not by each worker at its first tick.
app.finalize()
LOADED = [get_resolver().url_patterns, celery.contrib.django.task, kombu.transport.redis]


def _same(context: ssl.SSLContext, *_: Any, **__: Any) -> ssl.SSLContext:
    return context


TRUSTED = httpx2.create_ssl_context()
httpx2.create_ssl_context = partial(_same, TRUSTED)

SEND_DEADLINE = 0.5  # seconds, like all below
LEASE = 3 * SEND_DEADLINE
# Reading back too early doubles by itself: the sandbox of a busy machine may accept late.
SETTLE_AFTER = {"sandbox": 1.0, "sandbox_reading": 4.0, "sandbox_silent": 4.0, "bluesky": 1.0, "mastodon": 4.0}
HELD_BY = 64  # bits of a claim that say which worker took it


@dataclass(frozen=True)
class Orders:
    """Where to work, and how to be struck. `number` is the worker's own, and seeds its dice."""

    database: str
    sandbox: str
    number: int
    told: Connection  # hears of it when the worker has frozen or waits
    point: str = ""
    strike: str = "kill"
    sabotage: tuple[str, ...] = ()
    eager: bool = False  # does every duty at every tick, as if no other worker were there
    at_once: bool = False  # is struck at the first passing
    deadline: float = SEND_DEADLINE
    along: bool = False  # a file and two more posts go with each


def work(orders: Orders) -> None:
    """Until killed, or until whoever started it is gone."""
    get_ready(orders)
    started_by = os.getppid()
    while os.getppid() == started_by:
        if orders.point and POINTS[orders.point].by_person:
            change_their_mind(random.Random(orders.number))
        else:
            try:
                tasks.tick()
            except OperationalError:  # a deadlock: as with Celery, the task is over and the next tick rings again
                orders.told.send("stumbled")
            time.sleep(0.01)


def obey(orders: Orders) -> None:
    """One deed at a time, when told: a message is its name and arguments, the answer how it ended."""
    get_ready(orders)
    while True:
        name, *arguments = orders.told.recv()
        try:
            DEEDS[name](*arguments)
        except DatabaseError as error:
            orders.told.send(type(error).__name__)
        else:
            orders.told.send("done")


def get_ready(orders: Orders) -> None:
    """Short times, tasks that run where they are rung for, and the point of death."""
    connection.settings_dict["NAME"] = orders.database
    settings.SANDBOX_URL = orders.sandbox
    settings.SEND_DEADLINE, settings.LEASE = orders.deadline, 3 * orders.deadline
    settings.BATCH, settings.SENDERS, settings.TICK = 10, 4, 0.01
    # Here the workers are killed by the test: no row is to blame, and no network is out of order.
    quarantine.MOST_LOST = breakers.MOST_FAILURES = breakers.FEWEST = 10**6
    publish.BACKOFF = timedelta(seconds=1)
    settle.ASKING = timedelta(seconds=1)
    settle.ASK_AGAIN = (timedelta(seconds=1),) * 60
    for network, seconds in SETTLE_AFTER.items():
        type(NETWORKS[network]).settle_after = seconds
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    tasks.ROUND = 0.2
    plans = orders.eager or (orders.point and POINTS[orders.point].plans)
    tasks.SLOW_DUTIES = question.SLOW_DUTIES = timedelta(seconds=0 if plans else 5)  # type: ignore[attr-defined]
    # Each worker sees one day further than those before it, so that there is always something to plan.
    plan.HORIZON, plan.REFILL = timedelta(days=92 + orders.number), timedelta(0)
    claims.uuid4 = partial(_claim, orders.number, random.Random(os.getpid()))  # type: ignore[attr-defined]
    if orders.along:
        take_along()
    for name in orders.sabotage:
        (SABOTAGES | PLAGUES)[name]()
    if orders.point:
        strike = partial(STRIKES[orders.strike], orders.told)
        aim(POINTS[orders.point], strike, random.Random(orders.number), at_once=orders.at_once)


def take_along() -> None:
    """So that every sending has several steps."""
    plain = publish.message

    def whole(row: Publication, since: datetime) -> Message:
        return replace(plain(row, since), rest=(f"{row.text} (2)", f"{row.text} (3)"), media=(image(),))

    publish.message = settle.message = whole  # type: ignore[attr-defined]


def publish_due(now: datetime, most: int = 100) -> None:
    if claim := publish.claim_due(now, most):  # type: ignore[attr-defined]
        publish.publish(claim, now)


def recover(now: datetime) -> None:
    settle.rescue(now)
    settle.settle(settle.due_to_ask(now, 100), now)


def plan_ahead(now: datetime) -> None:
    plan.extend(now)


def change_their_mind(dice: random.Random) -> None:
    """A person skips something of the day after tomorrow, or takes it back in."""
    row = dice.choice(list(far_ahead().filter(post__rule=None).select_related("post", "channel", "workspace")))
    verb: Callable[..., None] = verbs.restore if row.state == State.SKIPPED else verbs.skip
    try:
        verb(row, User.objects.get(), timezone.now())
    except verbs.NotNow:
        return  # another was first


def held_by(number: int) -> Any:
    """The publications that this worker had taken and not finished."""
    first = number << HELD_BY
    claims = {"claim__gte": UUID(int=first), "claim__lt": UUID(int=first + (1 << HELD_BY))}
    return Publication.objects.filter(**claims)


def _claim(number: int, dice: random.Random) -> UUID:
    """Begins with the worker's number, so that it is known what it held when it died."""
    return UUID(int=(number << HELD_BY) | dice.getrandbits(HELD_BY))


def _kill(told: Connection) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _freeze(told: Connection) -> None:
    told.send("frozen")
    os.kill(os.getpid(), signal.SIGSTOP)


def _wait(told: Connection) -> None:
    told.send("here")
    told.recv()


STRIKES: dict[str, Callable[[Connection], None]] = {"kill": _kill, "freeze": _freeze, "wait": _wait}
DEEDS: dict[str, Callable[..., None]] = {"publish": publish_due, "recover": recover, "plan": plan_ahead}
