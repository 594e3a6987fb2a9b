"""Mastodon: somebody else's stand-in for it, which keeps what it is told and fails on request."""

from __future__ import annotations

import json
from pathlib import Path

from tests.servers.launch import Launch, Server
from tests.servers.networks.answering import ask
from tests.servers.networks.install import PYTHON
from tests.servers.redis_server import free_port


def prepare(folder: Path) -> Launch:
    port = free_port()
    serve = [str(PYTHON / "bin" / "mastodon_mock"), "serve", "--in-memory", "--log-level", "error"]
    return Launch([*serve, "--host", "127.0.0.1", "--port", str(port)], f"http://127.0.0.1:{port}")


def version(address: str) -> str:
    return str(json.loads(ask(f"{address}/api/v1/instance"))["version"])


MASTODON = Server("mastodon_mock", "REFRAIN_TEST_MASTODON_URL", prepare, version)
