"""What the tests of the API share: tokens of all kinds, and a client that speaks JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from scheduler.models import Pulse
from teams.models import ApiToken, User, Workspace

ROOT = "/api/v1/"
ALL = ["read", "write", "publish", "admin"]


@dataclass
class Api:
    """Requests with one token (none: without) and JSON both ways."""

    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, None, **headers)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        path = path.removeprefix("http://testserver")
        where = path if path.startswith("/") else ROOT + path
        kind = given.pop("Content-Type", "application/json")
        return Client().generic(method, where, data, content_type=kind, headers=given)


def token_of(user: User, workspace: Workspace, scopes: list[str] | None = None, **fields: Any) -> Api:
    return Api(ApiToken.issue(workspace, user, "test", ALL if scopes is None else scopes, **fields)[1])


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def api(alice: User, workspace: Workspace) -> Api:
    """Alice's, who owns the workspace, with all scopes."""
    Pulse.objects.bulk_create(Pulse(name=name, at=timezone.now()) for name in ("worker", "beat"))
    return token_of(alice, workspace)


@pytest.fixture
def stranger(charlie: User) -> Api:
    """Charlie's, in his own workspace."""
    return token_of(charlie, Workspace.objects.get(slug="elsewhere"))
