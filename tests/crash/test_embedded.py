"""The embedded default is killed as it starts and as it works; the short form of `dev.py crash --embedded`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

import dev

pytestmark = pytest.mark.timeout(400)


def test_five_kills_of_the_embedded_default_double_and_lose_nothing() -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REFRAIN_")}
    command = [sys.executable, "-m", "tests.crash", "--embedded", "--kills=5", "--network=sandbox"]
    ran = subprocess.run(
        [*command, f"--port={_free_port()}"], cwd=dev.ROOT, env=plain, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "5 kills" in ran.stdout
    assert "0 doubled, 0 lost, 0 disowned, 0 altered, 0 stuck, 0 torn" in ran.stdout


def _free_port() -> int:
    """One with a free one behind it: the web server's."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as one:
            port: int = one.getsockname()[1]
            try:
                socket.create_server(("127.0.0.1", port + 1)).close()
            except OSError:
                continue
            return port
