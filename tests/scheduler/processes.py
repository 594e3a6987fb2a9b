"""Real Celery workers and beats on the test's own database and broker, and waiting for what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

import dev

PATIENCE = 60.0  # seconds; the machine may be busy with other tests


class Processes:
    """Each in a session of its own, so that a kill takes its children along. Their words go to a file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []

    def worker(self, name: str = "one", **environment: str) -> subprocess.Popen[bytes]:
        return self._start(
            "worker", "-Q", "celery,tick", "-c", "2", "-n", f"{name}@test", "--without-gossip", "--without-mingle",
            **environment,
        )  # fmt: skip

    def beat(self, **environment: str) -> subprocess.Popen[bytes]:
        return self._start("beat", "--pidfile=", **environment)

    def said(self) -> str:
        return "".join(file.read_text() for file in sorted(self.folder.glob("*.log")))

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.started:
            if process.poll() is None:
                self.kill(process)

    def until(self, reached: Callable[[], bool]) -> None:
        """Wait for it; what the processes said is shown when it does not come."""
        end, pause = time.monotonic() + PATIENCE, threading.Event()
        while not reached():
            assert time.monotonic() < end, self.said()
            pause.wait(0.1)

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        database = os.environ["REFRAIN_DATABASE_URL"].rpartition("/")[0]
        own = {
            "REFRAIN_DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}",
            "REFRAIN_REDIS_URL": settings.REDIS_URL,
            "REFRAIN_DATA": str(settings.DATA),
            "REFRAIN_SANDBOX_URL": settings.SANDBOX_URL,
        }
        with (self.folder / f"{len(self.started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "scheduler", *arguments], cwd=dev.ROOT,
                env=os.environ | own | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.started.append(process)
        return process
