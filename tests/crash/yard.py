"""Runs workers, kills them, and counts in the sandbox's ledger what was doubled and what was lost."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess

from django.db import connection

from posts.sandbox.server import Server
from scheduler.models import Publication
from scheduler.states import State
from tests.crash.worker import Orders, work

WORKERS = 3
PATIENCE = 90.0  # seconds until what has not settled counts as stuck


@dataclass
class Yard:
    """Some workers at work on one database and one sandbox, and whoever kills them."""

    sandbox: Server
    seed: int = 1
    sabotage: str = ""
    poison: str = ""
    kills: int = 0
    _context: ForkServerContext = field(init=False)
    _running: list[ForkServerProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.crash.worker"])

    def kill(self, times: int, *, pause: tuple[float, float] = (0.02, 0.25)) -> None:
        """Kill a worker at a random moment, so many times, replacing it each time."""
        while self.kills < times:
            self._keep_up("", 0.0)
            time.sleep(self._dice.uniform(*pause))
            victim = self._dice.choice(self._running)
            victim.kill()
            self._bury()

    def die_at(self, point: str, times: int, *, chance: float = 0.3) -> None:
        """Let workers kill themselves at this point, so many times or until nothing is left to do."""
        wanted = self.kills + times
        while self.kills < wanted and self.unfinished():
            self._keep_up(point, chance)
            self._running[0].join(0.05)
            self._bury()
        self.stop()

    def finish(self) -> None:
        """Let the workers bring everything to an end, undisturbed."""
        deadline = time.monotonic() + PATIENCE
        while self.unfinished() and time.monotonic() < deadline:
            self._bury()
            self._keep_up("", 0.0)
            time.sleep(0.1)
        self.stop()

    def stop(self) -> None:
        for one in self._running:
            one.kill()
            one.join()
        self._running.clear()

    def unfinished(self) -> int:
        """Publications that the engine still has to do something about."""
        rows = Publication.objects.exclude(state__in=[State.PUBLISHED, State.HELD])
        return rows.exclude(state=State.UNCONFIRMED, next_attempt_at=None).count()

    def _keep_up(self, point: str, chance: float) -> None:
        while len(self._running) < WORKERS:
            orders = Orders(
                connection.settings_dict["NAME"], self.sandbox.address, self._dice.randrange(2**31),
                point, chance, self.sabotage, self.poison,
            )  # fmt: skip
            process = self._context.Process(target=work, args=(orders,), daemon=True)
            process.start()
            self._running.append(process)

    def _bury(self) -> None:
        dead = [one for one in self._running if not one.is_alive()]
        for one in dead:
            one.join()
            self._running.remove(one)
        self.kills += len(dead)


def doubled(sandbox: Server) -> list[str]:
    """References of publications that the network accepted more than once."""
    counts = Counter(row.reference for row in sandbox.ledger.all())
    return sorted(reference for reference, count in counts.items() if count > 1)


def lost(sandbox: Server) -> list[int]:
    """Publications that we call published and the network has never seen."""
    arrived = {row.reference for row in sandbox.ledger.all()}
    published = Publication.objects.filter(state=State.PUBLISHED).values_list("pk", flat=True)
    return [pk for pk in published if str(pk) not in arrived]
