"""The embedded default: web, Celery worker, Celery beat and the sandbox as threads of one process."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeVar
from urllib.parse import urlsplit

from celery.beat import EmbeddedService
from celery.worker import WorkController, state
from django.conf import settings
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from posts.sandbox.server import Server, serve
from scheduler.celery import app
from scheduler.tasks import watch
from scheduler.wsgi import application

log = logging.getLogger(__name__)
Bound = TypeVar("Bound")

WEB_THREADS = 8
STARTS_WITHIN = 30.0
GRACE = 10.0  # seconds that running work may take after Ctrl-C; what is left is recovered by the next start


class CannotStart(Exception):
    """The message says what is in the way."""


def alone(folder: Path) -> TextIO:
    """One process for each data folder: keep the file. The lock goes with the process, however it ends."""
    try:
        lock = (folder / "run.lock").open("w")
    except OSError as error:
        raise CannotStart(f"Cannot write into the data folder {folder}: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CannotStart(f"Refrain is running already with the data in {folder}.") from None
    return lock


@dataclass
class Doors:
    """The two ports, taken before anything else happens; those who knock wait until `open`."""

    web: BaseWSGIServer | MultiSocketServer
    sandbox: Server

    @classmethod
    def take(cls, host: str) -> Doors:
        sandbox_port = urlsplit(settings.SANDBOX_URL).port or 80
        web = _bind(
            lambda: create_server(application, host=host, port=settings.PORT, threads=WEB_THREADS, ident=None),
            settings.PORT,
        )
        return cls(web, _bind(lambda: serve(host, sandbox_port, settings.DATA / "sandbox.sqlite3"), sandbox_port))


class Parts:
    """Worker, beat and the doors, started in this order and stopped in the other."""

    def __init__(self, doors: Doors, concurrency: int) -> None:
        app.finalize()
        app.set_default()
        self._doors = doors
        self._ready = threading.Event()
        self._controller = WorkController(
            app=app, pool="threads", concurrency=concurrency, hostname="embedded@localhost", queues=["celery", "tick"],
            ready_callback=self._on_ready,
            without_gossip=True, without_mingle=True, without_heartbeat=True,
        )  # fmt: skip
        self._worker = threading.Thread(target=self._work, name="worker", daemon=True)
        self._web = threading.Thread(target=doors.web.run, name="web", daemon=True)
        # thread=True: by default beat forks, and a fork has another memory:// broker than the worker.
        beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
        assert isinstance(beat, threading.Thread)
        self._beat = beat

    def start(self) -> None:
        self._doors.sandbox.start()
        self._worker.start()
        until = time.monotonic() + STARTS_WITHIN
        while not self._ready.wait(0.1):
            if not self._worker.is_alive() or time.monotonic() > until:
                raise CannotStart("The worker did not start. The lines above say why.")
        self._web.start()
        self._beat.start()

    def broken(self) -> str:
        """Which part has ended by itself; empty while all are alive."""
        threads = {"worker": self._worker, "web server": self._web, "beat": self._beat}
        alive = {name: thread.is_alive() for name, thread in threads.items()}
        return next((name for name, lives in (alive | {"sandbox": self._doors.sandbox.alive}).items() if not lives), "")

    def stop(self) -> None:
        """Nothing new starts, running work may end, then the doors close."""
        state.should_stop = os.EX_OK  # type: ignore[assignment]  # Celery's stubs know only None
        threading.Thread(target=self._beat.stop, daemon=True).start()
        self._worker.join(GRACE)
        self._doors.web.close()
        self._doors.sandbox.stop()

    def _on_ready(self, consumer: object) -> None:
        watch("embedded@localhost")
        self._ready.set()

    def _work(self) -> None:
        try:
            self._controller.start()
        except SystemExit:
            log.debug("the worker has stopped")


def _bind(bind: Callable[[], Bound], port: int) -> Bound:
    try:
        return bind()
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on port {port}: {error.strerror}. "
            f"Choose another, for example: python3 dev.py run --port {settings.PORT + 10}"
        ) from error
