"""A worker that is there to be killed: the engine's own duties in a loop, in a process of its own.

It is started from a fork server that has Django loaded, so that hundreds of kills cost seconds. Where it is to
die by its own hand, it wraps a function of the engine in a SIGKILL; the engine knows nothing of that.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from posts.networks.sandbox import Sandbox, SandboxReading, SandboxSilent  # noqa: E402
from scheduler import claims, flight, moves, publish, quarantine, settle  # noqa: E402
from scheduler.models import Publication  # noqa: E402
from scheduler.states import MOVES, State  # noqa: E402


@dataclass(frozen=True)
class Orders:
    """Where to work, and how to die: `point` names one of POINTS, `chance` is that of dying at each passing."""

    database: str
    sandbox: str
    seed: int
    point: str = ""
    chance: float = 0.0
    sabotage: str = ""
    poison: str = ""  # one of POISONS: a post with this word kills the worker there, whoever it is


def work(orders: Orders) -> None:
    """Until killed: bring back, settle, claim, publish."""
    _settle_in(orders)
    while True:
        now = timezone.now()
        settle.rescue(now)
        settle.lift(now)
        settle.settle(settle.due_to_ask(now, 50), now)
        if claim := claims.claim_due(now, settings.BATCH):
            publish.publish(claim, now)
        else:
            time.sleep(0.02)


def _settle_in(orders: Orders) -> None:
    connection.settings_dict["NAME"] = orders.database
    settings.SANDBOX_URL = orders.sandbox
    settings.SEND_DEADLINE, settings.LEASE, settings.BATCH, settings.SENDERS = 0.5, 1.5, 20, 4
    settle.ASKING = timedelta(seconds=1)
    settle.ASK_AGAIN = (timedelta(seconds=1),) * 30
    for network in (Sandbox, SandboxReading, SandboxSilent):
        network.settle_after = 2.0
    dice = random.Random(orders.seed)
    if orders.point:
        owner, name, before = POINTS[orders.point]
        setattr(owner, name, _deadly(getattr(owner, name), before, dice, orders.chance))
    if orders.poison:
        settings.LEASE = 8.0  # a worker that is merely slow must not look like one that died
        POISONS[orders.poison]()
    else:
        quarantine.MOST_LOST = 1000  # here the workers are killed by the test, and no row is to blame
    if orders.sabotage:
        SABOTAGES[orders.sabotage]()


def _deadly(function: Callable[..., Any], before: bool, dice: random.Random, chance: float) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before and dice.random() < chance:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        if not before and dice.random() < chance:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


# Name of the point: the object and function that stand there, and whether to die before or after it.
POINTS: dict[str, tuple[Any, str, bool]] = {
    "before the claim is committed": (moves, "_still_ours", False),
    "after the claim": (claims, "claim_due", False),
    "while the guards judge": (publish, "_judge", True),
    "before the intent is committed": (publish, "_intend", False),
    "after the intent, before the request": (flight, "_send_one", True),
    "after the answer, before it is recorded": (flight, "_send_one", False),
    "before the record is written": (publish, "record", True),
    "inside the record's transaction": (publish, "_published", False),
    "after the record": (publish, "record", False),
    "before the network is asked": (settle, "_settle_one", True),
    "after the network was asked, before the verdict is written": (settle, "adopt", True),
}


def _no_intent() -> None:
    """As if no intent were written: a lost request goes back to scheduled, like a lost claim."""
    MOVES[State.SENDING] = MOVES[State.SENDING] | {State.SCHEDULED}

    def rescue(now: Any) -> int:
        lost = list(Publication.objects.filter(lease_until__lte=now))
        for row in lost:
            settle.close_attempts(row, now)
        return len(moves.move(lost, State.SCHEDULED, now, next_attempt_at=now))

    settle.rescue = rescue


def _dies_judging() -> None:
    judge = publish._judge

    def deadly(rows: Any, *rest: Any) -> Any:
        if any(POISON in row.post.text for row in rows):
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(rows, *rest)

    setattr(publish, "_judge", deadly)  # noqa: B010


def _dies_sending() -> None:
    send_one = flight._send_one

    def deadly(errand: flight.Errand, *rest: Any) -> Any:
        if POISON in errand.publication.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return send_one(errand, *rest)

    setattr(flight, "_send_one", deadly)  # noqa: B010


POISON = "nightshade"
POISONS: dict[str, Callable[[], None]] = {"judging": _dies_judging, "sending": _dies_sending}
SABOTAGES: dict[str, Callable[[], None]] = {"no intent": _no_intent}
