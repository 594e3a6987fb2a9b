"""Two people or workers at once, on real connections: one stops where it is told to, the other goes on meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

LOOKED = 0  # has read what it is about, and begun nothing; from 1 on: holds its n-th commit back
PATIENCE = 30.0  # seconds; nothing here takes one

Doing = Callable[[], object]


@dataclass
class Log:
    """What happened in which order: ("commit", who, n) just before it is committed, ("done", who) after all of it."""

    lines: list[tuple[object, ...]] = field(default_factory=list)

    def before(self, one: tuple[object, ...], other: tuple[object, ...]) -> bool:
        return one in self.lines and (other not in self.lines or self.lines.index(one) < self.lines.index(other))


class Actor(threading.Thread):
    """Does `doing()`, which first looks and gives what is then to be done. `stop_at` None: never stops."""

    def __init__(self, name: str, doing: Callable[[], Doing], log: Log, stop_at: int | None = None) -> None:
        super().__init__(name=name, daemon=True)
        self._doing, self._log, self._stop_at = doing, log, stop_at
        self._commits = 0
        self._go_on = threading.Event()
        self.stands = threading.Event()  # has stopped, or come to its end
        self.backend: int | None = None
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid
            do = self._doing()
            self._halt(LOOKED)
            do()
            self._log.lines.append(("done", self.name))
        except Exception as failure:
            self.failure = failure
        finally:
            connection.close()
            self.stands.set()

    def commits(self) -> None:
        self._commits += 1
        self._halt(self._commits)
        self._log.lines.append(("commit", self.name, self._commits))

    def go_on(self) -> None:
        self._go_on.set()

    def waits_for_a_lock(self) -> bool:
        asks = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
        with connection.cursor() as cursor:
            cursor.execute(asks, [self.backend])
            return bool(cursor.fetchone()[0])

    def _halt(self, point: int) -> None:
        if point == self._stop_at:
            self.stands.set()
            assert self._go_on.wait(PATIENCE)


class Commits:
    """While entered, actors are asked before each of their commits."""

    def __enter__(self) -> None:
        self._commit = real = DatabaseWrapper.commit

        def commit(wrapper: DatabaseWrapper) -> None:
            actor = threading.current_thread()
            if isinstance(actor, Actor):
                actor.commits()
            real(wrapper)

        setattr(DatabaseWrapper, "commit", commit)  # noqa: B010 (a method is not assigned, says mypy)

    def __exit__(self, *failure: object) -> None:
        setattr(DatabaseWrapper, "commit", self._commit)  # noqa: B010


def interleave(first: Actor, second: Actor) -> None:
    """The first goes to where it stops, the second to its end or to a lock of the first's, then both to the end."""
    with Commits():
        first.start()
        assert first.stands.wait(PATIENCE)
        second.start()
        until = time.monotonic() + PATIENCE
        while not second.stands.wait(0.005) and not second.waits_for_a_lock():
            assert time.monotonic() < until
        first.go_on()
        for actor in (first, second):
            actor.join(PATIENCE)
            assert not actor.is_alive(), f"{actor.name} never ended"
