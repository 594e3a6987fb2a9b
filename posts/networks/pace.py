"""Keeps requests to one host apart, whichever threads make them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Called with a host, it waits until that host may be asked again. Raises nothing; a wait is a second or so."""

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds, self._clock, self._wait = seconds, clock, wait
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def __call__(self, host: str) -> None:
        with self._lock:
            now = self._clock()
            turn = max(now, self._free_at.get(host, now))
            self._free_at[host] = turn + self._seconds
        if turn > now:
            self._wait(turn - now)
