"""`python3 dev.py crash`: real Celery workers, a real beat, PostgreSQL and Redis; workers are killed while they publish.

Prints what the network's ledger says afterwards; ends with 1 when anything was doubled, lost or left stuck.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.services import Services

ROOT = Path(__file__).resolve().parents[2]
SETTLING = 240.0  # seconds


def main() -> int:
    options = _options()
    services = Services()
    try:
        database, redis = services.start()
        os.environ |= {
            "REFRAIN_DATABASE_URL": database,
            "REFRAIN_REDIS_URL": redis,
            "REFRAIN_DATA": str(services.folder / "refrain"),
            "REFRAIN_SECRET_KEY": "for the crash run alone",
            "REFRAIN_SANDBOX_URL": f"http://127.0.0.1:{options.port}",
            "REFRAIN_SEND_DEADLINE": "2",
            "REFRAIN_BATCH": "20",
            "REFRAIN_LOG": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "scheduler.settings",
        }
        print(f"Servers: {', '.join(services.versions)}.", flush=True)
        return Run(options).go()
    finally:
        services.stop()


class Run:
    """One run: set up, kill, let it settle, count."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.dice = random.Random(options.seed)
        self.running: list[subprocess.Popen[bytes]] = []

    def go(self) -> int:
        _manage("migrate", "--verbosity=0")
        self._start("manage.py", "sandbox", f"--port={self.options.port}")
        self._start("-m", "celery", "-A", "scheduler", "beat", "--pidfile=", "-l", "CRITICAL")
        try:
            _wait_for_the_sandbox()
            write_posts(self.options.network, self.options.due)
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
    from datetime import timedelta

    from django.utils import timezone

    from posts.models import Channel
    from teams.models import Workspace
    from tests.kit import scheduled

    workspace = Workspace.objects.create(name="Crash", slug="crash", grace_minutes=24 * 60)
    places = [
        Channel.objects.create(workspace=workspace, network=network, handle=f"place-{n}--slow-50", name=f"Place {n}")
        for n in range(5)
    ]
    now = timezone.now()
    for number in range(due // len(places)):
        at = now + timedelta(seconds=number * 0.5)
        scheduled(workspace, *places, at=at, now=now, text=f"The weaver's note number {number}")


def unfinished() -> int:
    from scheduler.models import Publication
    from scheduler.states import State

    rows = Publication.objects.exclude(state__in=[State.PUBLISHED, State.HELD])
    return rows.exclude(state=State.UNCONFIRMED, next_attempt_at=None).count()


def _wait_for_work() -> None:
    """Until the new worker has written an intent: killing one that still starts proves little."""
    from scheduler.models import Attempt

    before, until = Attempt.objects.count(), time.monotonic() + 15
    while Attempt.objects.count() == before and time.monotonic() < until and unfinished():
        time.sleep(0.02)


def report(options: argparse.Namespace, kills: int, left: int, seconds: float) -> int:
    from scheduler.models import Publication

    arrived = Counter(row["reference"] for row in _ledger())
    states = Counter(Publication.objects.values_list("state", flat=True))
    doubled = sum(1 for count in arrived.values() if count > 1)
    published = Publication.objects.filter(state="published").values_list("pk", flat=True)
    lost = sum(1 for pk in published if str(pk) not in arrived)
    print(f"{options.network}: {kills} kills, {sum(states.values())} publications due.")
    print(f"States: {', '.join(f'{count} {state}' for state, count in sorted(states.items()))}.")
    print(f"Ledger: {sum(arrived.values())} arrivals. {doubled} doubled, {lost} lost, {left} stuck.")
    print(f"Settled {seconds:.0f} s after the last kill.")
    return 1 if doubled or lost or left else 0


def _ledger() -> list[dict[str, Any]]:
    import json
    from urllib.request import urlopen

    with urlopen(f"{os.environ['REFRAIN_SANDBOX_URL']}/api/ledger") as answer:
        return [json.loads(line) for line in answer]


def _wait_for_the_sandbox() -> None:
    from urllib.error import URLError
    from urllib.request import urlopen

    until = time.monotonic() + 30
    while True:
        try:
            urlopen(f"{os.environ['REFRAIN_SANDBOX_URL']}/api/health").close()
            return
        except URLError:
            if time.monotonic() > until:
                sys.exit("The sandbox did not start within 30 s.")
            time.sleep(0.1)


def _manage(*arguments: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command(*arguments)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--due", type=int, default=500, help="publications that fall due meanwhile")
    parser.add_argument("--network", default="sandbox_reading", help="sandbox, sandbox_reading or sandbox_silent")
    parser.add_argument("--within", type=float, default=1.0, help="seconds of work before a worker is killed, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8771, help="for the sandbox network")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
