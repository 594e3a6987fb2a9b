"""A thread that does a small duty again and again beside a worker or a beat, and lets nothing stop it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import connections

log = logging.getLogger(__name__)


class Rounds(threading.Thread):
    """`duty` every so many seconds, the first time after `first`. It gives its database connections back each time."""

    def __init__(self, name: str, duty: Callable[[], None], every: float, first: float) -> None:
        super().__init__(name=name, daemon=True)
        self._duty, self._every, self._first = duty, every, first
        self._over = threading.Event()

    def run(self) -> None:
        wait = self._first
        while not self._over.wait(wait):
            wait = self._every
            try:
                self._duty()
            except Exception:
                log.warning("%s could not make its round", self.name, exc_info=True)
            finally:
                connections.close_all()

    def end(self) -> None:
        self._over.set()
