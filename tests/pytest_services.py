"""The early pytest plugin: real servers are up, and named to Django, before pytest-django reads the settings.

A conftest.py would be too late: the settings would have chosen their default, SQLite, by then.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.servers.launch import ServerMissing
from tests.services import Services

RUNNING = pytest.StashKey[Services]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    # Playwright keeps an event loop in the very thread in which the tests use the database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        start_services(early_config)
    else:
        own_redis_database(int(worker.removeprefix("gw")))
    return (yield)


def pytest_report_header(config: pytest.Config) -> str | None:
    services = config.stash.get(RUNNING, None)
    return f"servers: {', '.join(services.versions)}" if services else None


def start_services(config: pytest.Config) -> None:
    services = config.stash[RUNNING] = Services()
    config.add_cleanup(services.stop)
    os.environ["REFRAIN_DATA"] = str(services.folder / "refrain")  # not the checkout's own, which may be in use
    os.environ["REFRAIN_SECRET_KEY"] = "for the tests alone"
    os.environ["REFRAIN_NETWORKS_MAY_REACH"] = "127.0.0.0/8,::1/128"  # the networks that tests make are in here
    try:
        os.environ["REFRAIN_DATABASE_URL"], os.environ["REFRAIN_REDIS_URL"] = services.start()
    except ServerMissing as sentence:
        raise pytest.UsageError(str(sentence)) from sentence
    own_redis_database(0)


def own_redis_database(number: int) -> None:
    """Workers side by side must not find each other's messages. (pytest-django parts the PostgreSQL databases.)"""
    server = urlsplit(os.environ["REFRAIN_REDIS_URL"])
    os.environ["REFRAIN_REDIS_URL"] = urlunsplit(server._replace(path=f"/{number}"))
