"""Bluesky: the AT Protocol's own personal data server, with OAuth."""

from __future__ import annotations

import json
from pathlib import Path

from tests.servers.launch import Launch, Server
from tests.servers.networks.answering import ask
from tests.servers.networks.install import NODE, SOURCE, node_folder
from tests.servers.redis_server import free_port


def prepare(folder: Path) -> Launch:
    port = free_port()
    node = [str(node_folder() / "bin" / "node"), "--import", str(SOURCE / "loopback.mjs")]
    return Launch([*node, str(SOURCE / "pds.mjs"), str(NODE), str(port), str(folder)], f"http://localhost:{port}")


def version(address: str) -> str:
    return str(json.loads(ask(f"{address}/xrpc/_health"))["version"])


PDS = Server("PDS", "REFRAIN_TEST_PDS_URL", prepare, version)
