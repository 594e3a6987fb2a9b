"""W3: what a tick with nothing due, and a claim of 100, cost as the table grows. `python -m benchmarks.growth SIZE…`"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from benchmarks.refrain import load  # sets Django up, so it comes first

from django.db import connection, transaction  # isort: skip

from benchmarks.system import Work
from scheduler import claims, settle
from scheduler.models import Publication

ROUNDS = 50


def main(sizes: list[int]) -> None:
    start = datetime.now(UTC) + timedelta(hours=1)
    first: tuple[float, float] | None = None
    for size in sizes:
        load(Work(100, size), start)
        idle = _milliseconds(lambda: _look(start - timedelta(minutes=1)))
        busy = _milliseconds(lambda: _claim(start))
        first = first or (idle, busy)
        print(
            f"W3 {size} scheduled: a tick with nothing due {idle:.2f} ms ({idle / first[0]:.2f} ×), "
            f"a claim of 100 {busy:.1f} ms ({busy / first[1]:.2f} ×).",
            flush=True,
        )
        _empty()


def _look(now: datetime) -> None:
    """What a tick asks when nothing is to be done."""
    settle.rescue(now)
    settle.lift(now)
    settle.due_to_ask(now, 50)
    Publication.objects.due(now).exists()


def _claim(now: datetime) -> None:
    with transaction.atomic():
        assert claims.claim_due(now, 100)
        transaction.set_rollback(True)


def _milliseconds(do: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        do()
        times.append(time.perf_counter() - started)
    return 1000 * median(times)


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE teams_workspace CASCADE")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
