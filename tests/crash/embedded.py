"""The embedded default, killed again and again: `manage.py up` on SQLite, with web, worker, beat and sandbox in one."""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from posts.sandbox.ledger import Ledger  # noqa: E402
from scheduler.models import Attempt  # noqa: E402
from teams.models import Workspace  # noqa: E402
from tests.crash.__main__ import options  # noqa: E402
from tests.crash.books import Books, states, unfinished  # noqa: E402
from tests.crash.supply import Supply  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LOAD = 100  # publications that are due on each network when it starts
PATIENCE = 240.0  # seconds
READY = "Refrain is running"


class Embedded:
    """One data folder, and the process that is started on it and killed."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.dice = random.Random(chosen.seed)
        self.process: subprocess.Popen[str] | None = None

    def go(self) -> int:
        started = time.monotonic()
        call_command("migrate", verbosity=0)
        supplies = self._supplies()
        for number in range(self.chosen.kills):
            for supply in supplies:
                supply.keep(LOAD)
            self._live_and_die(ready=number % 5 > 0 or number == 0)
        self._up_until_ready()
        until = time.monotonic() + PATIENCE
        while unfinished() and time.monotonic() < until:
            time.sleep(0.2)
        self._kill()
        return self._report(time.monotonic() - started)

    def _supplies(self) -> list[Supply]:
        workspace = Workspace.objects.create(name="Crash", slug="crash", grace_minutes=24 * 60)
        networks = [self.chosen.network] if self.chosen.network else ["sandbox", "sandbox_reading", "sandbox_silent"]
        return [Supply(workspace, network, handle=network + "-{}--slow-50") for network in networks]

    def _live_and_die(self, *, ready: bool) -> None:
        """Killed at its work, or, every fifth time, while it still starts."""
        if ready:
            self._up_until_ready()
            self._wait_for_work()
        else:
            self._up()
        time.sleep(self.dice.uniform(0, self.chosen.within))
        self._kill()

    def _wait_for_work(self) -> None:
        """Until an intent is written: a kill before that proves little."""
        before, until = Attempt.objects.count(), time.monotonic() + PATIENCE
        while Attempt.objects.count() == before and time.monotonic() < until:
            time.sleep(0.02)

    def _up_until_ready(self) -> None:
        process = self._up()
        assert process.stdout
        said = ""
        for line in process.stdout:
            said += line
            if READY in line:
                return
        sys.exit(f"It ended before it ran: {said}")

    def _up(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return self.process

    def _kill(self) -> None:
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def _report(self, seconds: float) -> int:
        ledger = list(Ledger(settings.DATA / "sandbox.sqlite3").all())
        books, found = Books.compared(ledger), states()
        print(f"Embedded, on SQLite: {self.chosen.kills} kills, {seconds:.0f} s.")
        print(f"  {sum(found.values())} publications due: {', '.join(f'{n} {s}' for s, n in sorted(found.items()))}.")
        print(f"  Ledger: {len(ledger)} arrivals. {books.figures}.")
        for kind, lines in books.wrong.items():
            print(f"  {kind}: {'; '.join(lines[:10])}")
        return 1 if books.wrong else 0


if __name__ == "__main__":
    embedded = Embedded(options())
    try:
        sys.exit(embedded.go())
    finally:
        if embedded.process and embedded.process.poll() is None:
            embedded.process.kill()
