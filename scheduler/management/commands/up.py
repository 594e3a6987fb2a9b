"""The embedded default: web, Celery worker, Celery beat and the sandbox in one process, until one Ctrl-C."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.beat import EmbeddedService
from celery.worker import WorkController, state
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone
from waitress.server import create_server

from posts.sandbox.ledger import Ledger
from posts.sandbox.server import serve
from scheduler import demo
from scheduler.celery import app
from scheduler.wsgi import application
from teams.models import SignInLink

log = logging.getLogger(__name__)

GRACE = 10.0  # seconds that running work may take after Ctrl-C; what is left is recovered by the next start


class Command(BaseCommand):
    help = "Run Refrain in this terminal: web, worker, beat and sandbox in one process. Ctrl-C stops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--concurrency", type=int, default=4, help="how many batches to publish at once")
        parser.add_argument("--no-demo", action="store_true", help="start empty, without the demo workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        self._alone = _lock_or_refuse()
        call_command("migrate", verbosity=0, interactive=False)
        ledger = Ledger(settings.DATA / "sandbox.sqlite3")
        person = None if options["no_demo"] else demo.seed_if_empty(timezone.now(), ledger)
        ledger.close()
        connections.close_all()
        self._stop = threading.Event()
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, self._on_signal)
        parts = self._start(options["host"], options["concurrency"])
        link = f"{settings.PUBLIC_URL}/accounts/once/{SignInLink.issue(person, timezone.now())}/" if person else ""
        connections.close_all()
        took = time.monotonic() - started
        self._say(f"Refrain is running ({took:.1f} s). Open {link or settings.PUBLIC_URL + '/'}   Ctrl-C stops it.")
        broken = self._watch(parts)
        self._leave(parts, 1 if broken else 0)

    def _start(self, host: str, concurrency: int) -> dict[str, Any]:
        app.finalize()
        app.set_default()
        sandbox = self._listen(lambda: serve(host, _sandbox_port(), settings.DATA / "sandbox.sqlite3"), _sandbox_port())
        web = self._listen(
            lambda: create_server(application, host=host, port=settings.PORT, threads=8, ident=None), settings.PORT
        )
        ready = threading.Event()
        worker = WorkController(
            app=app, pool="threads", concurrency=concurrency, hostname="embedded@localhost", queues=["celery", "tick"],
            ready_callback=lambda _: ready.set(), without_gossip=True, without_mingle=True, without_heartbeat=True,
        )  # fmt: skip
        # thread=True: by default beat forks, and a fork has another memory:// broker than the worker.
        beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
        sandbox.start()
        threads = {
            "worker": threading.Thread(target=_work, args=(worker,), name="worker", daemon=True),
            "web": threading.Thread(target=web.run, name="web", daemon=True),
            "beat": beat,
        }
        threads["worker"].start()
        if not ready.wait(30):
            raise CommandError("The worker did not start within 30 s. The lines above say why.")
        threads["web"].start()
        beat.start()
        return {"threads": threads, "web_server": web, "sandbox": sandbox, "beat": beat}

    def _listen(self, bind: Any, port: int) -> Any:
        try:
            return bind()
        except OSError as error:
            raise CommandError(
                f"Cannot listen on port {port}: {error.strerror}. "
                f"Something else uses it; try: python3 dev.py run --port {settings.PORT + 10}"
            ) from error

    def _on_signal(self, number: int, frame: object) -> None:
        if self._stop.is_set():
            os._exit(130)
        self._stop.set()

    def _watch(self, parts: dict[str, Any]) -> bool:
        """Until Ctrl-C; True when a part has ended by itself."""
        while not self._stop.wait(1.0):
            for name, thread in parts["threads"].items():
                if not thread.is_alive():
                    log.error("the %s has ended by itself; stopping", name)
                    return True
        return False

    def _leave(self, parts: dict[str, Any], code: int) -> None:
        self._say("Stopping; a second Ctrl-C leaves at once.")
        state.should_stop = os.EX_OK  # running work ends, nothing new starts
        threading.Thread(target=parts["beat"].stop, daemon=True).start()
        parts["threads"]["worker"].join(GRACE)
        parts["web_server"].close()
        parts["sandbox"].stop()
        connections.close_all()
        logging.shutdown()
        self._say("Stopped.")
        os._exit(code)  # the pool's threads are no daemons: a plain return would wait for all they do

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _lock_or_refuse() -> Any:
    """One process for each data folder; the lock goes with the process, however it ends."""
    place = Path(settings.DATA) / "run.lock"
    lock = place.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CommandError(f"Refrain is running already with the data in {settings.DATA}.") from None
    return lock


def _sandbox_port() -> int:
    return urlsplit(settings.SANDBOX_URL).port or 80


def _work(worker: WorkController) -> None:
    try:
        worker.start()
    except SystemExit:
        log.debug("the worker has stopped")
