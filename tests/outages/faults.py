"""What is done to PostgreSQL and Redis, each for so many seconds and then over."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack, closing, suppress

import psycopg2
import redis

from tests.outages.house import Fault, House

OURS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'refrain'"


def redis_is_emptied(house: House, seconds: float) -> None:
    until = time.monotonic() + seconds
    with redis.Redis.from_url(house.redis.launch.address) as client:
        while time.monotonic() < until:
            client.flushall()
            time.sleep(0.25)


def redis_is_killed(house: House, seconds: float) -> None:
    house.redis.end(signal.SIGKILL)
    time.sleep(seconds)
    house.redis.start()


def redis_stands_still(house: House, seconds: float) -> None:
    _still(house.redis.process.pid, seconds=seconds)


def redis_is_half_gone(house: House, seconds: float) -> None:
    """The connections are dead and nobody says so, as after a firewall has forgotten them."""
    house.to_redis.cut()


def postgresql_is_restarted(house: House, seconds: float) -> None:
    """As `pg_ctl restart -m immediate` does it: no farewell, and recovery afterwards."""
    house.postgresql.end(signal.SIGQUIT)
    time.sleep(seconds)
    house.postgresql.start()


def postgresql_is_killed(house: House, seconds: float) -> None:
    house.postgresql.end(signal.SIGKILL)
    time.sleep(seconds)
    house.postgresql.start()


def postgresql_is_half_gone(house: House, seconds: float) -> None:
    house.to_postgresql.cut()


def a_backend_stands_still(house: House, seconds: float) -> None:
    """Every connection of ours, in the middle of whatever it does, locks included."""
    _still(*[pid for (pid,) in house.ask(OURS)], seconds=seconds)


def a_backend_never_comes_back(house: House, seconds: float) -> None:
    """It holds what it has locked, and its client waits for an answer, for as long as the house stands."""
    for (pid,) in house.ask(OURS):
        os.kill(pid, signal.SIGSTOP)
        house.frozen.append(pid)


def connections_are_used_up(house: House, seconds: float) -> None:
    """Ours are thrown out and somebody else takes every place."""
    until = time.monotonic() + seconds
    with ExitStack() as taken:
        teller = taken.enter_context(closing(house.connected()))
        while time.monotonic() < until:
            with suppress(psycopg2.OperationalError):
                while True:
                    taken.enter_context(closing(house.connected()))
            with suppress(psycopg2.OperationalError), teller.cursor() as cursor:
                cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({OURS}) AS ours")
            time.sleep(0.05)


FAULTS: dict[str, Fault] = {
    function.__name__.replace("_", " "): function
    for function in (
        redis_is_emptied,
        redis_is_killed,
        redis_stands_still,
        redis_is_half_gone,
        postgresql_is_restarted,
        postgresql_is_killed,
        postgresql_is_half_gone,
        a_backend_stands_still,
        a_backend_never_comes_back,
        connections_are_used_up,
    )
}


def _still(*pids: int, seconds: float) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
