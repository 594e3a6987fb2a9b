"""A system under test: how its rows are loaded, which processes it is, and one run of it against the sink."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from benchmarks.machine import Used, used
from tests.services import Services

ROOT = Path(__file__).resolve().parents[1]
SINK = "http://127.0.0.1:58701"


@dataclass(frozen=True)
class Work:
    """What is scheduled: `due` at once or `rate` each second, out of `scheduled` in all, on so many channels."""

    due: int
    scheduled: int
    rate: float = 0.0  # 0: all at one instant
    channels: int = 500


@dataclass(frozen=True)
class System:
    """One scheduler. `loader` is a module: `python -m LOADER WORK START FILE` writes {reference: due} there."""

    name: str
    loader: str
    processes: Sequence[Sequence[str]]  # the first is the one that W5 kills
    minute: bool = False  # can only be asked for whole minutes
    lead: float = 5.0  # seconds from the start of its processes to the first that is due


@dataclass
class Outcome:
    """What arrived, and what it cost."""

    due: Mapping[str, float]
    arrivals: Mapping[str, Sequence[float]]
    start: float
    used: Used = field(default_factory=lambda: Used(0, 0))

    @property
    def arrived(self) -> int:
        return sum(1 for reference in self.due if reference in self.arrivals)

    @property
    def doubled(self) -> int:
        return sum(1 for times in self.arrivals.values() if len(times) > 1)

    @property
    def per_second(self) -> float:
        last = max((times[0] for times in self.arrivals.values()), default=self.start)
        return self.arrived / (last - self.start) if last > self.start else 0.0

    def lateness(self, share: float) -> float:
        late = sorted(self.arrivals[one][0] - due for one, due in self.due.items() if one in self.arrivals)
        return late[min(len(late) - 1, int(share * len(late)))] if late else float("nan")


class Bench:
    """PostgreSQL that writes to the disk, Redis and the sink, for one system at a time."""

    def __init__(self, system: System, delay: float = 0.0, **environment: str) -> None:
        self.system, self.delay, self.more = system, delay, environment
        self.running: list[subprocess.Popen[bytes]] = []

    @contextmanager
    def ready(self) -> Iterator[Bench]:
        os.environ["REFRAIN_TEST_DURABLE"] = "1"
        self.services = Services()
        try:
            database, redis = self.services.start()
            self.folder = Path(tempfile.mkdtemp(dir=self.services.folder))
            self.environment = {
                **os.environ,
                "REFRAIN_DATABASE_URL": database,
                "REFRAIN_REDIS_URL": redis,
                "REFRAIN_DATA": str(self.folder),
                "REFRAIN_SECRET_KEY": "for the benchmark alone",
                "REFRAIN_SANDBOX_URL": SINK,
                "REFRAIN_LOG": "ERROR",
                **self.more,
            }
            self.start("-m", "benchmarks.sink", SINK.rsplit(":", 1)[1], str(self.delay))
            yield self
        finally:
            self.stop()
            self.services.stop()

    def run(self, work: Work, patience: float, *, kill_at: float | None = None, at_most: float = 600) -> Outcome:
        """Load, start, wait until all has arrived, or nothing more does for `patience` seconds, or time is up.

        `kill_at` is the share of arrivals at which the first process is killed, and started anew.
        """
        file = self.folder / "due.json"
        start = self._first_due(work)
        self.load(work, start, file)
        for process in self.system.processes:
            self.start(*process)
        time.sleep(max(start - time.time(), 0))
        late = time.time() - start
        if late > 1:
            print(f"{self.system.name} was loaded {late:.0f} s too late: the lead is too short.", flush=True)
        outcome = Outcome(json.loads(file.read_text()), {}, start)
        before = used(one.pid for one in self.running[1:])
        self._watch(outcome, patience, kill_at, start + at_most)
        after = used(one.pid for one in self.running[1:])
        outcome.used = Used(after.cpu - before.cpu, after.memory)
        return outcome

    def idle(self, work: Work, seconds: float) -> Used:
        """What the system's processes use while nothing is due, once they have settled."""
        self.load(work, time.time() + 7 * 24 * 3600, self.folder / "due.json")
        for process in self.system.processes:
            self.start(*process)
        time.sleep(20)
        before = used(one.pid for one in self.running[1:])
        time.sleep(seconds)
        after = used(one.pid for one in self.running[1:])
        return Used(after.cpu - before.cpu, after.memory)

    def python(self, *arguments: str) -> None:
        """Run a module of its own in this system's environment."""
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.environment, check=True)

    def load(self, work: Work, start: float, file: Path) -> None:
        wanted = json.dumps(
            {"due": work.due, "scheduled": work.scheduled, "rate": work.rate, "channels": work.channels}
        )
        self.python("-m", self.system.loader, wanted, str(start), str(file))

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()

    def _first_due(self, work: Work) -> float:
        """Later than the rows are loaded: 100,000 of the slowest take about two minutes here."""
        start = time.time() + self.system.lead + 30 + work.scheduled / 600
        return start + 60 - start % 60 if self.system.minute else start

    def _watch(self, outcome: Outcome, patience: float, kill_at: float | None, until: float) -> None:
        last = time.time()
        while outcome.arrived < len(outcome.due) and time.time() < min(last + patience, until):
            time.sleep(0.25)
            before, outcome.arrivals = outcome.arrived, arrivals()
            last = time.time() if outcome.arrived > before else last
            if kill_at is not None and outcome.arrived > kill_at * len(outcome.due):
                self._kill_first()
                kill_at = None
        time.sleep(2)
        outcome.arrivals = arrivals()

    def _kill_first(self) -> None:
        """The sink stands before it in the list."""
        victim = self.running.pop(1)
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        self.start(*self.system.processes[0])


def arrivals() -> dict[str, list[float]]:
    try:
        with urlopen(Request(SINK)) as answer:
            found: dict[str, list[float]] = json.load(answer)
            return found
    except URLError:
        return {}
