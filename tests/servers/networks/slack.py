"""Slack: somebody else's stand-in for it, with OAuth, files and threads."""

from __future__ import annotations

from pathlib import Path

from tests.servers.launch import Launch, Server
from tests.servers.networks.answering import ask
from tests.servers.networks.install import NODE, SOURCE, node_folder
from tests.servers.redis_server import free_port


def prepare(folder: Path) -> Launch:
    port = free_port()
    node = [str(node_folder() / "bin" / "node"), "--import", str(SOURCE / "loopback.mjs")]
    emulate = [str(NODE / "node_modules" / "emulate" / "dist" / "index.js"), "--service", "slack", "--port", str(port)]
    return Launch([*node, *emulate], f"http://localhost:{port}")


def version(address: str) -> str:
    ask(f"{address}/oauth/v2/authorize?client_id=c&redirect_uri=http://localhost/&scope=chat:write&state=s")
    return "emulate"


SLACK = Server("emulate", "REFRAIN_TEST_SLACK_URL", prepare, version)
