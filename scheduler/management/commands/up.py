"""The embedded default: web, Celery worker, Celery beat and the sandbox in one process, until one Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from notices.speak import speak
from scheduler import demo, instance
from scheduler.embedded import CannotStart, Doors, Parts, alone
from teams.models import SignInLink, User


class Command(BaseCommand):
    help = "Run Refrain in this terminal: web, worker, beat and sandbox in one process. Ctrl-C stops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--concurrency", type=int, default=4, help="how many batches to publish at once")
        parser.add_argument("--no-demo", action="store_true", help="start empty, without the demo workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        self._stop = threading.Event()
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, self._on_signal)
        try:
            self._lock = alone(settings.DATA)
            doors = Doors.take(options["host"])
            link = self._prepare(doors, options["no_demo"])
            parts = Parts(doors, options["concurrency"])
            parts.start()
        except CannotStart as sentence:
            raise CommandError(str(sentence)) from sentence
        took = time.monotonic() - started
        self._say(f"Refrain is running ({took:.1f} s). Open {link}   Ctrl-C stops it.")
        self._leave(parts, self._watch(parts))

    def _prepare(self, doors: Doors, no_demo: bool) -> str:
        """Bring the database up to date, and give the address at which to begin."""
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        now = timezone.now()
        if why := instance.check(now):
            self._say(f"{speak(why)}\nTo thaw it: manage.py thaw, or the button on any page; see docs/operating.md.")
        person = User.objects.order_by("pk").first() if no_demo else demo.seed_if_empty(now, doors.sandbox.ledger)
        link = f"accounts/once/{SignInLink.issue(person, now)}/" if person else ""
        connections.close_all()
        return f"{settings.PUBLIC_URL}/{link}"

    def _on_signal(self, number: int, frame: object) -> None:
        if self._stop.is_set():
            os._exit(130)
        self._stop.set()

    def _watch(self, parts: Parts) -> int:
        """Until Ctrl-C; the exit code is 1 when a part has ended by itself."""
        while not self._stop.wait(1.0):
            if name := parts.broken():
                self.stderr.write(f"The {name} has ended by itself. The lines above say why.")
                return 1
        return 0

    def _leave(self, parts: Parts, code: int) -> None:
        self._say("Stopping; a second Ctrl-C leaves at once.")
        parts.stop()
        connections.close_all()
        logging.shutdown()
        self._say("Stopped.")
        os._exit(code)  # the pool's threads are no daemons: a plain return would wait for all they do

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
