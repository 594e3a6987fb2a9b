"""A whole Refrain of its own: PostgreSQL, Redis, a sandbox, Celery's worker and beat, each a process to be hurt."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2

from posts.sandbox.server import serve
from tests.outages.proxy import Wire
from tests.servers.launch import Launch, Server, ServerMissing
from tests.servers.postgresql import POSTGRESQL
from tests.servers.redis_server import REDIS
from tests.services import Services

ROOT = Path(__file__).resolve().parents[2]
# Commits must outlive a killed server, as they do in a real one; few connections, so that they can be used up.
LASTING = ("-c", "synchronous_commit=on", "-c", "max_connections=40")
WORKERS = ("-A", "tests.outages.app", "worker", "-Q", "celery,tick", "-c", "4", "-l", "WARNING")
BEAT = ("-A", "tests.outages.app", "beat", "--pidfile=", "-l", "WARNING", "--scheduler=celery.beat:Scheduler")
STARTING = 30.0  # seconds


@dataclass
class Running:
    """A server that can be stopped and started again with all that it has kept."""

    services: Services
    server: Server
    launch: Launch
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Until it serves: what is left of a killed one may stand in its way for a moment."""
        until = time.monotonic() + STARTING
        while True:
            self.process = self.services.serve(self.launch)
            try:
                self.services.wait(self.server, self.launch, self.process)
                return
            except ServerMissing:
                if time.monotonic() > until:
                    raise
                self.services.forget(self.process)
                time.sleep(0.2)

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait()
        self.services.forget(self.process)


class House:
    """Starts everything, knows what was due, what the ledger holds and what the database says of it."""

    def __init__(self, rate: float, log: str = "WARNING") -> None:
        self.services, self.rate = Services(), rate
        self.postgresql = self._server(POSTGRESQL, *LASTING)
        self.redis = self._server(REDIS)
        database, broker = self.postgresql.launch.address, self.redis.launch.address
        self.socket = database.split("@/")[1].rpartition("/")[0]
        self.to_postgresql = Wire(lambda: _unix(f"/{self.socket}/.s.PGSQL.5432".replace("//", "/")))
        self.to_redis = Wire(lambda: socket.create_connection(("127.0.0.1", int(broker.rpartition(":")[2]))))
        self.sandbox = serve("127.0.0.1", 0, self.services.folder / "ledger.sqlite3")
        self.sandbox.start()
        self.environment = os.environ | {
            "REFRAIN_DATABASE_URL": f"postgres://postgres@127.0.0.1:{self.to_postgresql.port}/postgres",
            "REFRAIN_REDIS_URL": f"redis://127.0.0.1:{self.to_redis.port}/0",
            "REFRAIN_SANDBOX_URL": self.sandbox.address,
            "REFRAIN_DATA": str(self.services.folder / "refrain"),
            "REFRAIN_SECRET_KEY": "for the outages alone",
            "REFRAIN_SEND_DEADLINE": "2",
            "REFRAIN_BATCH": "20",
            "REFRAIN_LOG": log,
            "DJANGO_SETTINGS_MODULE": "scheduler.settings",
        }
        self.log = self.services.folder / "celery.log"
        self.celery: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}
        self.ended = 0  # processes of Celery's that were started again, as Docker does it
        self._closing = threading.Event()
        self.frozen: list[int] = []  # backends that a fault has stopped for good

    def open(self, seconds: float) -> None:
        """Have publications fall due for so long, and begin to work on them."""
        self.load(seconds)
        self.celery = {words: self._celery(words) for words in (WORKERS, BEAT)}
        threading.Thread(target=self._keep_up, daemon=True).start()

    def load(self, seconds: float) -> None:
        words = [str(round(seconds * self.rate)), str(self.rate)]
        subprocess.run([sys.executable, "-m", "tests.outages.load", *words], cwd=ROOT, env=self.environment, check=True)

    def close(self) -> None:
        self._closing.set()
        for process in self.celery.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for pid in self.frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.to_redis.close()
        self.to_postgresql.close()
        self.sandbox.stop()
        self.services.stop()

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight to PostgreSQL, past the wire that a fault may have cut."""
        with self.connected() as connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        connection.close()
        return rows

    def connected(self) -> Any:
        return psycopg2.connect(host=f"/{self.socket}".replace("//", "/"), user="postgres", dbname="postgres")

    def planned(self) -> dict[str, float]:
        """When each publication is due, in seconds since 1970, by the reference that the network keeps of it."""
        return {str(pk): at.timestamp() for pk, at in self.ask("SELECT id, planned_for FROM scheduler_publication")}

    def ahead(self) -> float:
        """For how many seconds from now there is something due."""
        return max(self.planned().values(), default=0.0) - time.time()

    def next_arrival(self, after: float, patience: float) -> float | None:
        """Seconds from `after` until something due later than that arrived. None: it did not in time."""
        planned, until = self.planned(), after + patience
        while time.time() < until:
            for row in self.sandbox.ledger.all(after):
                if planned.get(row.reference, 0.0) >= after:
                    return row.accepted_at - after
            time.sleep(0.05)
        return None

    def settled(self, patience: float) -> int:
        """How many of the publications due by now have not come to their end once `patience` is used up."""
        now, until = datetime.now().astimezone(), time.monotonic() + patience
        left = "SELECT count(*) FROM scheduler_publication WHERE planned_for <= %s AND state <> 'published'"
        while (count := int(self.ask(left, now)[0][0])) and time.monotonic() < until:
            time.sleep(0.2)
        return count

    def doubled(self) -> list[str]:
        counts = Counter(row.reference for row in self.sandbox.ledger.all())
        return sorted(reference for reference, count in counts.items() if count > 1)

    def lost(self) -> list[str]:
        """Called published, and the network has never seen it."""
        arrived = {row.reference for row in self.sandbox.ledger.all()}
        published = self.ask("SELECT id FROM scheduler_publication WHERE state = 'published'")
        return [str(pk) for (pk,) in published if str(pk) not in arrived]

    def _keep_up(self) -> None:
        """What `restart: unless-stopped` in docker-compose.yml does: who has ended is started again."""
        while not self._closing.wait(1.0):
            for words, process in self.celery.items():
                if process.poll() is not None and not self._closing.is_set():
                    self.ended += 1
                    self.celery[words] = self._celery(words)

    def _server(self, server: Server, *options: str) -> Running:
        folder = self.services.folder / server.name
        folder.mkdir()
        folder.chmod(0o755)
        launch = server.prepare(folder)
        return Running(self.services, server, replace(launch, command=[*launch.command, *options]))

    def _celery(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", *arguments],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip


def _unix(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    return connection


Fault = Callable[[House, float], None]
