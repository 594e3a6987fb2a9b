"""Runs workers, kills and freezes them, replaces them, and keeps the times that it takes to recover."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess

from django.db import connection
from django.utils import timezone

from scheduler.models import Attempt, Publication
from tests.crash.books import unfinished
from tests.crash.points import POINTS
from tests.crash.supply import Supply
from tests.crash.worker import LEASE, SEND_DEADLINE, Orders, held_by, work

WORKERS = 4
STEADY = 2  # so many are left in peace while others are frozen
FROZEN_AT_ONCE = 8
FREEZE = 1.5 * LEASE
PATIENCE = 90.0  # seconds without any progress until something counts as stuck
SPARE = 60  # publications that wait to go out while workers are killed
AT_RANDOM = "at a random moment"
# Their lost requests are what the network is asked about.
SOURCES = ["after the intent, before the last look", "after the answer", "before the record"]


class Stuck(Exception):
    """Nothing moved for too long."""


@dataclass
class Worker:
    number: int
    process: ForkServerProcess
    told: Connection
    point: str
    strike_at: float  # on the monotonic clock, for those who are struck from outside
    frozen_at: float | None = None
    thawed: bool = False


@dataclass
class Yard:
    """Some workers at work on one database and one sandbox, and whoever strikes them."""

    sandbox: str
    supply: Supply
    seed: int = 1
    sabotage: tuple[str, ...] = ()
    along: bool = False  # a file and two more posts go with each
    deadline: float = SEND_DEADLINE  # seconds
    kills: Counter[str] = field(default_factory=Counter)
    freezes: Counter[str] = field(default_factory=Counter)
    stumbles: int = 0  # duties that the database broke off, to be done again
    fallen: list[int] = field(default_factory=list)  # exit codes of workers that ended by themselves
    orphans: dict[int, datetime] = field(default_factory=dict)  # publication: when it last lost its worker

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.crash.worker"])
        self._running: list[Worker] = []
        self._started = 0
        self._moved: tuple[int, int] | None = None
        self._progress: int | None = None
        self._moved_at = self._progressed_at = time.monotonic()

    def __enter__(self) -> Yard:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def kill(self, wanted: Mapping[str, int]) -> None:
        """Kill workers so many times at each of these points (AT_RANDOM is one of them), replacing each."""
        while missing := Counter(wanted) - self.kills:
            self.supply.keep(SPARE)
            while len(self._running) < WORKERS:
                self._start(self._next(missing))
            self._await(0.05)
            self._strike_at_random(signal.SIGKILL)
            self._bury()
            self._be_patient((Counter(wanted) - missing).total(), f"never died: {dict(missing)}")

    def freeze(self, wanted: Mapping[str, int]) -> None:
        """Stop workers for one and a half leases, so many times at each of these points, and let them go on."""
        while missing := Counter(wanted) - self.freezes:
            self.supply.keep(SPARE)
            self._man(missing)
            self._await(0.05)
            self._strike_at_random(signal.SIGSTOP)
            self._thaw()
            self._bury()
            self._be_patient((Counter(wanted) - missing).total(), f"never froze: {dict(missing)}")
        while any(one.frozen_at for one in self._running):
            time.sleep(0.05)
            self._thaw()
        self.stop()

    def finish(self) -> None:
        """Let workers bring everything to an end, undisturbed."""
        while left := unfinished():
            while len(self._running) < WORKERS - 1:
                self._start("")
            self._await(0.1)
            self._bury()
            self._be_patient(-len(left), f"unfinished: {left[:5]}")
        self.stop()

    def race(self, workers: int) -> None:
        """Let so many do all duties at once, as if each were alone, until everything is at its end."""
        while left := unfinished():
            while len(self._running) < workers:
                self._start("", eager=True)
            self._await(0.1)
            self._bury()
            self._be_patient(-len(left), f"unfinished: {left[:5]}")
        self.stop()

    def stop(self) -> None:
        for one in self._running:
            one.process.kill()
            one.process.join()
            one.told.close()
        self._running.clear()

    def recoveries(self) -> list[float]:
        """Seconds from the loss of a publication's last worker to its end, shortest first."""
        rows = Publication.objects.filter(pk__in=self.orphans).values_list("pk", "changed_at")
        return sorted(max((at - self.orphans[pk]).total_seconds(), 0.0) for pk, at in rows)

    def _next(self, missing: Mapping[str, int]) -> str:
        """The point most wanted; a worker that waits to ask the network needs others to lose requests."""
        manned = Counter(one.point for one in self._running)
        asking = sum(count for point, count in manned.items() if _asks(point))
        left = [point for point in Counter(missing) - manned if not _asks(point) or asking < WORKERS - 2]
        weights = [missing[point] for point in left]
        return self._dice.choices(left, weights)[0] if left else self._dice.choice(SOURCES)

    def _man(self, missing: Mapping[str, int]) -> None:
        """Some in peace, the others armed. Those who have been frozen go on for a while, and make room."""
        thawed = [one for one in self._running if one.thawed]
        for one in thawed[: max(len(thawed) - STEADY, 0)]:
            one.process.kill()
            one.process.join()
        self._bury()
        for _ in range(STEADY - sum(not one.point for one in self._running)):
            self._start("")
        sources = SOURCES if any(_asks(point) for point in missing) else []
        manned = {one.point for one in self._running if not one.thawed}
        for point in sorted({*missing, *sources} - manned):
            if sum(not one.thawed for one in self._running) < STEADY + FROZEN_AT_ONCE:
                self._start(point, strike="freeze")

    def _start(self, point: str, *, strike: str = "kill", eager: bool = False) -> None:
        self._started += 1
        ours, theirs = self._context.Pipe()
        orders = Orders(
            connection.settings_dict["NAME"], self.sandbox, self._started, theirs,
            "" if point == AT_RANDOM else point, strike, self.sabotage, eager, along=self.along, deadline=self.deadline,
        )  # fmt: skip
        process = self._context.Process(target=work, args=(orders,), daemon=True)
        process.start()
        theirs.close()
        strike_at = time.monotonic() + self._dice.uniform(0.05, 0.5)
        self._running.append(Worker(self._started, process, ours, point, strike_at))

    def _await(self, seconds: float) -> None:
        """Until somebody has died or frozen, but no longer."""
        wait([one.process.sentinel for one in self._running] + [one.told for one in self._running], seconds)
        for one in self._running:
            with suppress(EOFError):  # it has died
                while one.told.poll():
                    if one.told.recv() == "frozen":
                        one.frozen_at = time.monotonic()
                    else:
                        self.stumbles += 1

    def _strike_at_random(self, with_: signal.Signals) -> None:
        for one in self._running:
            if one.point == AT_RANDOM and time.monotonic() > one.strike_at and not (one.frozen_at or one.thawed):
                os.kill(one.process.pid or 0, with_)
                if with_ is signal.SIGKILL:
                    one.process.join()
                else:
                    one.frozen_at = time.monotonic()

    def _thaw(self) -> None:
        """Those who have stood still for long enough; what they held was given up by the others meanwhile."""
        for one in self._running:
            if one.frozen_at and time.monotonic() - one.frozen_at > FREEZE:
                os.kill(one.process.pid or 0, signal.SIGCONT)
                self.freezes[one.point] += 1
                one.frozen_at, one.thawed = None, True

    def _bury(self) -> None:
        now = timezone.now()
        for one in [one for one in self._running if not one.process.is_alive()]:
            one.process.join()
            one.told.close()
            self._running.remove(one)
            self.orphans |= dict.fromkeys(held_by(one.number).values_list("pk", flat=True), now)
            if one.process.exitcode != -signal.SIGKILL:
                self.fallen.append(one.process.exitcode or 0)
            elif not one.thawed:
                self.kills[one.point] += 1

    def _be_patient(self, progress: int, what: str) -> None:
        """Something has to move all the time; and what is waited for has to come, if by luck, some day."""
        now = time.monotonic()
        moved = (progress, Attempt.objects.count())
        if moved != self._moved:
            self._moved, self._moved_at = moved, now
        if progress != self._progress:
            self._progress, self._progressed_at = progress, now
        if now - self._moved_at > PATIENCE or now - self._progressed_at > 6 * PATIENCE:
            manned = ", ".join(sorted(one.point or "no point" for one in self._running))
            self.stop()
            raise Stuck(f"{what}; the workers wait for: {manned}")


def everywhere(
    network: str, each: int, *, at_random: int, on_the_way: bool = False, in_steps: bool = False
) -> dict[str, int]:
    """So many at every point; `on_the_way`: only where a publication passes. A silent network is never asked."""
    asked = network != "sandbox_silent"
    points = [
        name
        for name, point in POINTS.items()
        if (asked or not point.asks)
        and not (on_the_way and (point.plans or point.by_person))
        and (in_steps or not (point.in_steps or point.network))
        and point.network in ("", network)
    ]
    return dict.fromkeys(points, each) | {AT_RANDOM: at_random}


def _asks(point: str) -> bool:
    return point in POINTS and POINTS[point].asks
