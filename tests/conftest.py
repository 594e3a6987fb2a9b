"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from django.contrib.auth.hashers import make_password

from posts.models import Channel
from posts.sandbox.server import Server, serve
from teams.models import Membership, User, Workspace
from tests.browser import chromium

# The same examples in every run: a change is judged by what it changed. HYPOTHESIS_PROFILE=explore looks further.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", max_examples=1000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # a Saturday, ten o'clock in Paris


def pytest_sessionstart() -> None:
    """No Chromium, no run: a browser test that is left out looks like one that has passed."""
    try:
        if chromium.find() is None:
            raise pytest.UsageError(chromium.MISSING)
    except LookupError as sentence:
        raise pytest.UsageError(str(sentence)) from sentence


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    found = chromium.find()
    return {**browser_type_launch_args, **found.launch_options()} if found else browser_type_launch_args


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Atelier", slug="atelier", timezone="Europe/Paris", language="en")


@pytest.fixture
def alice(workspace: Workspace) -> User:
    """Owns the workspace."""
    return _person("Alice", workspace, Membership.Role.OWNER)


@pytest.fixture
def bob(workspace: Workspace) -> User:
    """Is on her team, as an editor."""
    return _person("Bob", workspace, Membership.Role.EDITOR)


@pytest.fixture
def charlie(db: None) -> User:
    """Has a workspace of his own, and must not see hers."""
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    return _person("Charlie", elsewhere, Membership.Role.OWNER)


@pytest.fixture
def channel(workspace: Workspace) -> Channel:
    return Channel.objects.create(workspace=workspace, network="sandbox", handle="atelier", name="Atelier")


@pytest.fixture
def sandbox(tmp_path: Path, settings: object) -> Iterator[Server]:
    """The sandbox network, running: what reaches its ledger has really left the house."""
    server = serve("127.0.0.1", 0, tmp_path / "ledger.sqlite3")
    server.start()
    settings.SANDBOX_URL = server.address  # type: ignore[attr-defined]
    yield server
    server.stop()


def _person(name: str, workspace: Workspace, role: str) -> User:
    user = User.objects.create(email=f"{name.lower()}@example.org", password=_hashed(), name=name)
    Membership.objects.create(user=user, workspace=workspace, role=role)
    return user


@cache
def _hashed() -> str:
    """The cast's password, hashed once: it is made to be slow."""
    return make_password("correct horse battery")
