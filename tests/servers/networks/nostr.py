"""Nostr: a real relay, which keeps its events in a file of its own."""

from __future__ import annotations

import json
from pathlib import Path

from tests.servers.launch import Launch, Server
from tests.servers.networks.answering import ask
from tests.servers.networks.install import PYTHON
from tests.servers.redis_server import free_port

CONFIGURATION = """
storage:
  sqlalchemy.url: sqlite+aiosqlite:///{folder}/nostr.sqlite3
  num_concurrent_adds: 2
  validators:
    - nostr_relay.validators.is_not_too_large
    - nostr_relay.validators.is_signed
    - nostr_relay.validators.is_recent
gunicorn:
  bind: 127.0.0.1:{port}
  workers: 1
  loglevel: error
authentication:
  enabled: false
"""


def prepare(folder: Path) -> Launch:
    port = free_port()
    file = folder / "relay.yaml"
    file.write_text(CONFIGURATION.format(folder=folder, port=port))
    return Launch([str(PYTHON / "bin" / "nostr-relay"), "-c", str(file), "serve"], f"ws://127.0.0.1:{port}")


def version(address: str) -> str:
    told = ask(address.replace("ws", "http", 1), {"Accept": "application/nostr+json"})
    return str(json.loads(told)["version"])


NOSTR = Server("nostr-relay", "REFRAIN_TEST_NOSTR_URL", prepare, version)
