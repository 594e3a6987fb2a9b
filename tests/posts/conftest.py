"""A sandbox network for the tests of this folder: the real server, on a real port, with a ledger of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from posts.sandbox.server import Server, serve


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    ledger: Path = tmp_path_factory.mktemp("sandbox") / "ledger.sqlite3"
    server = serve("127.0.0.1", 0, ledger)
    server.start()
    yield server
    server.stop()
