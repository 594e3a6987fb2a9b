"""Starts a throw-away PostgreSQL and Redis for one test run: no root, no daemon, no Docker.

Each is looked for in this order: an address in the environment (of a server that holds nothing else: the tests
make and drop databases there), programs on the machine, programs inside the development wheels.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.servers import watchdog
from tests.servers.launch import PLAIN_ENVIRONMENT, Launch, Server, ServerMissing, Unanswered
from tests.servers.postgresql import POSTGRESQL
from tests.servers.redis_server import REDIS

PATIENCE = 30.0  # seconds for a server to come up


class Services:
    """The servers of one run. `start` gives their addresses, `stop` ends those that were started here."""

    def __init__(self) -> None:
        # The path of a socket is limited to about 100 characters, too few for macOS's own temporary folder.
        self.folder = Path(tempfile.mkdtemp(prefix="refrain-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.versions: list[str] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        command = [sys.executable, watchdog.__file__, str(self.folder)]
        # A session of its own: Ctrl-C in the terminal is meant for the test run alone.
        self.watchdog = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)

    def start(self) -> tuple[str, str]:
        """The addresses of a PostgreSQL and a Redis that answer; ServerMissing, with a sentence, otherwise."""
        return self.address(POSTGRESQL), self.address(REDIS)

    def address(self, server: Server) -> str:
        """Where it answers: as the environment says, or started here. ServerMissing, with a sentence, otherwise."""
        address = os.environ.get(server.variable) or self._launch(server)
        try:
            self.versions.append(f"{server.name} {server.version(address)}")
        except Unanswered as silence:
            raise ServerMissing(f"No {server.name} answers at {address}: {silence}") from silence
        return address

    def stop(self) -> None:
        if self.watchdog.stdin:
            self.watchdog.stdin.close()
        for process in self.processes:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        self.watchdog.wait()

    def serve(self, launch: Launch) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                launch.command,
                stdout=log,
                stderr=log,
                cwd="/",
                env=PLAIN_ENVIRONMENT,
                start_new_session=True,
                **launch.account,
            )
        self.processes.append(process)
        print(process.pid, file=self.watchdog.stdin, flush=True)
        return process

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """Whoever ended this one says so here."""
        self.processes.remove(process)
        print(-process.pid, file=self.watchdog.stdin, flush=True)

    def wait(self, server: Server, launch: Launch, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                server.version(launch.address)
                return
            except Unanswered as silence:
                if process.poll() is not None or time.monotonic() > until:
                    said = self._log.read_text(errors="replace")[-2000:]
                    raise ServerMissing(f"{server.name} did not start for the tests: {said}") from silence
            time.sleep(0.02)

    def _launch(self, server: Server) -> str:
        folder = self.folder / server.name
        folder.mkdir()
        folder.chmod(0o755)
        launch = server.prepare(folder)
        self.wait(server, launch, self.serve(launch))
        return launch.address

    @property
    def _log(self) -> Path:
        return self.folder / "servers.log"
