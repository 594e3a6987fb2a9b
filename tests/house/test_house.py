"""What the other tests stand on: the real servers, the locks, the layers and the README's commands."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from playwright.sync_api import Page

import dev

LOCKS = [
    *sorted(dev.ROOT.glob("requirements*")),
    *sorted((dev.ROOT / "tests" / "browser").glob("requirements*")),
    dev.ROOT / "tests" / "browser" / "package-lock.json",
]
ADDRESS = re.compile(r"https?://|file://|--(extra-)?index-url|--find-links|\"resolved\"")


@pytest.mark.django_db
def test_the_tests_run_on_postgresql() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL")


def test_the_driver_is_psycopg2() -> None:
    assert not is_psycopg3
    assert find_spec("psycopg") is None, "Django prefers psycopg 3 wherever it can be imported"


def test_redis_answers_and_is_celerys_broker() -> None:
    assert settings.CELERY_BROKER_URL.startswith("redis://")
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        assert client.ping()


def test_this_worker_has_a_redis_database_of_its_own() -> None:
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    assert settings.CELERY_BROKER_URL.endswith(f"/{number}")


def test_the_tests_keep_out_of_the_checkouts_own_data() -> None:
    assert dev.ROOT not in settings.DATA.parents


def test_a_real_browser_lays_out_text(page: Page) -> None:
    page.set_content("<span>Refrain</span>")
    box = page.get_by_text("Refrain").bounding_box()
    assert box
    assert box["width"] > 0, "without fonts, text has no size"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(dev.ROOT)))
def test_a_lock_names_packages_and_no_index(lock: Path) -> None:
    assert not ADDRESS.search(lock.read_text())


def test_every_lock_is_looked_at() -> None:
    assert {dev.RUNTIME, dev.DEVELOPMENT, dev.BROWSER} < set(LOCKS)


def test_imports_run_downwards() -> None:
    assert lint_imports(config_filename=str(dev.ROOT / "pyproject.toml")) == EXIT_STATUS_SUCCESS


def test_the_commands_in_the_readme_exist() -> None:
    blocks = re.findall(r"^```.*?^```", (dev.ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    named = re.findall(r"python3 dev\.py (\w+)", "\n".join(blocks))
    assert {"run", "test"} <= set(named)
    assert set(named) <= set(dev.COMMANDS)
