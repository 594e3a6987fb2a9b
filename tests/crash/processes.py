"""The processes of a crash run: a sandbox, a beat, and workers that are killed; started by `dev.py crash --celery`."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from guards.models import GuardSetting  # noqa: E402
from posts.models import Channel  # noqa: E402
from scheduler.models import Attempt, Publication  # noqa: E402
from scheduler.states import State  # noqa: E402
from teams.models import Workspace  # noqa: E402
from tests.crash.__main__ import options  # noqa: E402
from tests.kit import scheduled  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SETTLING = 240.0  # seconds
SLOWEST = "sandbox_reading"


class Run:
    """One run: set up, kill, let it settle, count."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.dice = random.Random(options.seed)
        self.running: list[subprocess.Popen[bytes]] = []

    def go(self) -> int:
        call_command("migrate", verbosity=0)
        self._start("manage.py", "sandbox", f"--port={self.options.port}")
        self._start("-m", "celery", "-A", "scheduler", "beat", "--pidfile=", "-l", "CRITICAL")
        try:
            _wait_for_the_sandbox()
            write_posts(self.options.network or SLOWEST, self.options.due)
            kills = self._kill()
            started = time.monotonic()
            left = self._settle()
            return report(self.options, kills, left, time.monotonic() - started)
        finally:
            for process in self.running:
                os.killpg(process.pid, signal.SIGKILL)

    def _kill(self) -> int:
        """Kill the whole worker, parent and children, at a random moment, and start another."""
        kills = 0
        while kills < self.options.kills:
            worker = self._worker()
            _wait_for_work()
            time.sleep(self.dice.uniform(0, self.options.within))
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            self.running.remove(worker)
            kills += 1
            if kills % 10 == 0:
                print(f"{kills} kills, {unfinished()} of {self.options.due} to go.", flush=True)
        return kills

    def _settle(self) -> int:
        self._worker()
        until = time.monotonic() + SETTLING
        while unfinished() and time.monotonic() < until:
            time.sleep(0.5)
        return unfinished()

    def _worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            "-m", "celery", "-A", "scheduler", "worker", "-Q", "celery,tick", "-c", "2", "-l", "CRITICAL",
            "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.running.append(process)
        return process


def write_posts(network: str, due: int) -> None:
    """So many publications that fall due during the kills, each with words of its own, on five channels."""
    workspace = Workspace.objects.create(
        name="Crash", slug="crash", grace_minutes=24 * 60, catch_up_per_hour=1000, catch_up_minutes=0
    )
    # Nor is it too much for a channel: here only the kills are to hold anything up.
    GuardSetting.objects.create(workspace=workspace, guard="channel_full", action="off")
    places = [
        Channel.objects.create(workspace=workspace, network=network, handle=f"place-{n}--slow-50", name=f"Place {n}")
        for n in range(5)
    ]
    now = timezone.now()
    for number in range(due // len(places)):
        at = now + timedelta(seconds=number * 0.5)
        scheduled(workspace, *places, at=at, now=now, text=f"The weaver's note number {number}")


def unfinished() -> int:
    rows = Publication.objects.exclude(state__in=[State.PUBLISHED, State.HELD])
    return rows.exclude(state=State.UNCONFIRMED, next_attempt_at=None).count()


def _wait_for_work() -> None:
    """Until the new worker has written an intent: killing one that still starts proves little."""
    before, until = Attempt.objects.count(), time.monotonic() + 15
    while Attempt.objects.count() == before and time.monotonic() < until and unfinished():
        time.sleep(0.02)


def report(options: argparse.Namespace, kills: int, left: int, seconds: float) -> int:
    arrived = Counter(row["reference"] for row in _ledger())
    states = Counter(Publication.objects.values_list("state", flat=True))
    doubled = sum(1 for count in arrived.values() if count > 1)
    published = Publication.objects.filter(state="published").values_list("pk", flat=True)
    lost = sum(1 for pk in published if str(pk) not in arrived)
    print(f"{options.network or SLOWEST}: {kills} kills, {sum(states.values())} publications due.")
    print(f"States: {', '.join(f'{count} {state}' for state, count in sorted(states.items()))}.")
    print(f"Ledger: {sum(arrived.values())} arrivals. {doubled} doubled, {lost} lost, {left} stuck.")
    print(f"Settled {seconds:.0f} s after the last kill.")
    return 1 if doubled or lost or left else 0


def _ledger() -> list[dict[str, Any]]:
    with urlopen(f"{os.environ['REFRAIN_SANDBOX_URL']}/api/ledger") as answer:
        return [json.loads(line) for line in answer]


def _wait_for_the_sandbox() -> None:
    until = time.monotonic() + 30
    while True:
        try:
            urlopen(f"{os.environ['REFRAIN_SANDBOX_URL']}/api/health").close()
            return
        except URLError:
            if time.monotonic() > until:
                sys.exit("The sandbox did not start within 30 s.")
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(Run(options()).go())
