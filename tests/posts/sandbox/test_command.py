"""The sandbox in a terminal of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from posts.sandbox.server import Server


def test_a_busy_port_gives_a_sentence(sandbox: Server, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=rf"port {sandbox.port}: .*choose another port with --port\."):
        call_command("sandbox", port=sandbox.port, ledger=tmp_path / "ledger.sqlite3")


def test_ctrl_c_stops_it_cleanly(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--ledger", str(tmp_path / "ledger.sqlite3")]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, env=buffered, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("The sandbox network is at http://127.0.0.1:")
        running.send_signal(signal.SIGINT)
        said, complained = running.communicate(timeout=10)
    assert (running.returncode, said, complained) == (0, "The sandbox network has stopped.\n", "")
