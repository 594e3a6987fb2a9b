"""Workers that are led by the hand: each does one deed when told, and can be made to wait, or die, at a point."""

from __future__ import annotations

import multiprocessing
import signal
from datetime import datetime

import pytest
from django.db import connection

from tests.crash.worker import Orders, obey

PATIENCE = 90.0  # seconds for one deed
DEADLINE = 20.0  # seconds for a request: a busy machine is no part of the scene


class Hand:
    def __init__(
        self, sandbox: str, number: int, *, point: str = "", strike: str = "wait", without: str = "",
        deadline: float = DEADLINE,
    ) -> None:  # fmt: skip
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.crash.worker"])
        self._told, theirs = context.Pipe()
        orders = Orders(
            connection.settings_dict["NAME"], sandbox, number, theirs, point, strike,
            (without,) if without else (), at_once=True, deadline=deadline,
        )  # fmt: skip
        self._process = context.Process(target=obey, args=(orders,), daemon=True)
        self._process.start()
        theirs.close()

    def do(self, deed: str, now: datetime, *more: int) -> str:
        """Do it to its end; "done", or the name of the error."""
        self.begin(deed, now, *more)
        return self.ends()

    def begin(self, deed: str, now: datetime, *more: int) -> None:
        self._told.send((deed, now, *more))

    def comes_to_its_point(self) -> None:
        assert self.is_at_its_point()

    def is_at_its_point(self) -> bool:
        """Or else it is done without having come there."""
        return self._hear() == "here"

    def goes_on(self) -> None:
        self._told.send("on")

    def ends(self) -> str:
        return self._hear()

    def dies(self) -> None:
        with pytest.raises(EOFError):
            self._hear()
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL

    def is_done_within(self, seconds: float) -> bool:
        return self._told.poll(seconds)

    def is_done_or_waits_for_a_lock(self) -> None:
        while not self.is_done_within(0.02) and not _somebody_waits_for_a_lock():
            pass

    def let_go(self) -> None:
        self._process.kill()
        self._process.join()
        self._told.close()

    def _hear(self) -> str:
        assert self._told.poll(PATIENCE), "nothing was heard of it"
        return str(self._told.recv())


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return cursor.fetchone() is not None
