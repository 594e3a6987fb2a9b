"""Does harm to a worker: takes a protection out, so that its absence is seen, or makes a text deadly."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import transaction

from guards.judge import Verdict
from posts.networks.wire import Errand
from scheduler import last_look, moves, publish, quarantine
from scheduler.candidates import Docket, Occurrence
from scheduler.pauses import Pauses

_begin = Errand.__init__
MOST_LOST = quarantine.MOST_LOST  # before the workers of a crash run let nobody be suspected


def no_intent() -> None:
    """What was written down before the request leaves is committed only after it."""
    inner = publish.publish

    def all_in_one(*args: Any, **kwargs: Any) -> int:
        with transaction.atomic():
            return inner(*args, **kwargs)

    publish.publish = all_in_one


def no_fence() -> None:
    """Whoever moves a row does not look whether another has moved it meanwhile."""

    moves._still_ours = list  # type: ignore[assignment]


def no_last_look() -> None:
    """For the sender no time passes between the claim and the request. The last moment would save it."""
    no_last_moment()
    last_look.monotonic = lambda: 0.0  # type: ignore[attr-defined]


def no_last_moment() -> None:
    """The time that a request may take is counted from when it begins, not from the last look."""

    def begin(self: Errand, seconds: float, until: float = math.inf) -> None:
        _begin(self, seconds, math.inf)

    Errand.__init__ = begin  # type: ignore[method-assign]


def no_channel_lock() -> None:
    publish._lock = lambda kind, pks: None


def nothing_said() -> None:
    """What a batch sends is unknown to the guards that judge the rest of it."""
    Docket.said = lambda self, occurrence: None  # type: ignore[method-assign]


def no_pause_check() -> None:
    Pauses.over = lambda self, place: ()  # type: ignore[method-assign]


def poison() -> None:
    """Whoever judges a text that says "poison" dies of it; and a row that loses its workers is suspected, as always."""
    quarantine.MOST_LOST = MOST_LOST
    inner = Docket.judge

    def judge(self: Docket, occurrence: Occurrence) -> Verdict:
        if "poison" in occurrence.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return inner(self, occurrence)

    Docket.judge = judge  # type: ignore[method-assign]


SABOTAGES: dict[str, Callable[[], None]] = {
    "intent": no_intent,
    "fence": no_fence,
    "last look": no_last_look,
    "last moment": no_last_moment,
    "channel lock": no_channel_lock,
    "said in the batch": nothing_said,
    "pause check": no_pause_check,
}
PLAGUES: dict[str, Callable[[], None]] = {"poison": poison}
# These are kept by the database itself, and are dropped there.
CONSTRAINTS = {"unique key": "publication_once", "unique open attempt": "one_open_attempt"}
