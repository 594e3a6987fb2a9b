"""Where a worker can be killed or frozen: one table, to be aimed anew when the engine's functions change.

The numbers are those of the crash cases in docs/crash_tests.md.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from posts.networks import client, mastodon, thread, xrpc
from posts.networks.wire import Wire
from scheduler import flight, plan, publish, settle, tasks, verbs
from scheduler.candidates import Docket
from scheduler.steps import Kept

Place = tuple[Any, str]  # an object, and the name of its function

COMMIT: Place = (BaseDatabaseWrapper, "commit")
READ: Place = (Wire, "read")


@dataclass(frozen=True)
class Point:
    """A call of the function at `place`, where wanted only `inside` of another; `before` it runs or after."""

    case: str
    place: Place
    before: bool = True
    inside: Place | None = None
    most: int = 3  # it strikes at one of the first so many passings
    asks: bool = False  # stands where a network is asked: it takes a lost request to come by
    plans: bool = False
    by_person: bool = False
    in_steps: bool = False  # only a sending of several steps comes by
    network: str = ""  # only what is sent to this one comes by; empty: whatever is sent


POINTS: dict[str, Point] = {
    "in the claim, before its commit": Point("c01", COMMIT, inside=(publish, "claim_due")),
    "after the claim": Point("c02", (publish, "claim_due"), before=False),
    "while the guards judge": Point("c03", (Docket, "judge"), inside=(publish, "decide"), most=15),
    "after the guards, before the intent": Point("c04", (publish, "_intend")),
    "before the intent's commit": Point("c04", COMMIT, inside=(publish, "decide")),
    "after the intent, before the last look": Point("c05", (flight, "_send_one"), most=10),
    "after the last look, before the request": Point("c05", (client, "request"), inside=(flight, "_leave"), most=10),
    "with the bytes on the wire": Point("c09", READ, inside=(flight, "_leave"), most=10),
    "with a file on the wire to Bluesky": Point("c06", READ, inside=(xrpc.Caller, "upload"), network="bluesky"),
    "with a file on the wire to Mastodon": Point("c06", READ, inside=(mastodon, "_file"), network="mastodon"),
    "before a step is kept": Point("c07", (Kept, "keep"), in_steps=True, most=5),
    "after a step was kept": Point("c08", (Kept, "keep"), before=False, in_steps=True, most=5),
    "between two parts of a thread": Point("c13", (thread, "_keep"), before=False, in_steps=True, most=5),
    "after the answer": Point("c10", (flight, "_send_one"), before=False, most=10),
    "before the record": Point("c10", (publish, "record")),
    "before the record's commit": Point("c11", COMMIT, inside=(publish, "record")),
    "after the record": Point("c12", (publish, "record"), before=False),
    "while the network is asked": Point("c14", READ, inside=(settle, "settle"), asks=True),
    "with the proof that it is out": Point("c15", (settle, "adopt"), asks=True, most=1),
    "with the proof that it is not": Point("c15", (settle, "_send_again"), asks=True, most=1),
    "before the coming occurrences' commit": Point("c16", COMMIT, inside=(plan, "extend"), plans=True),
    "in the tick, before what is lost comes back": Point("c18", COMMIT, inside=(settle, "rescue")),
    "in the tick, before the bell rings": Point("c18", (tasks.publish_due, "apply_async")),
    "between a person's deed and its record": Point("c20", (verbs, "record"), by_person=True),
    "before the commit of a deed and its record": Point("c20", COMMIT, inside=(verbs, "_go"), by_person=True),
}

# What is not killed here.
MISSING: dict[str, str] = {
    "c17": "no token of these channels runs out; nobody is killed while one is refreshed",
    "c19": "a migration under a running worker; the tests of the schema's epoch see to it",
}


def aim(point: Point, strike: Callable[[], None], dice: random.Random, *, at_once: bool = False) -> None:
    """Let `strike` be called once at this point, at one of the first passings; `at_once`: at the first."""
    left = 1 if at_once else dice.randint(1, point.most)
    here, lock = threading.local(), threading.Lock()

    def passing() -> None:
        nonlocal left
        if point.inside and not getattr(here, "inside", 0):
            return
        with lock:
            left -= 1
            struck = left == 0
        if struck:
            strike()

    _wrap(point.place, before=passing if point.before else None, after=None if point.before else passing)
    if point.inside:
        _wrap(point.inside, before=lambda: _count(here, 1), after=lambda: _count(here, -1))


def _count(here: threading.local, by: int) -> None:
    here.inside = getattr(here, "inside", 0) + by


def _wrap(place: Place, *, before: Callable[[], None] | None, after: Callable[[], None] | None) -> None:
    owner, name = place
    function = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before:
            before()
        try:
            return function(*args, **kwargs)
        finally:
            if after:
                after()

    setattr(owner, name, wrapped)


def cases() -> set[str]:
    return {point.case for point in POINTS.values()}
