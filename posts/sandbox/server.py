"""The sandbox network's server: a thread per connection, nothing but the standard library."""

import socket
import socketserver
import sqlite3
import sys
import threading
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

from posts.sandbox.exchange import BadRequest, Exchange, Request, read_request
from posts.sandbox.faults import Stage
from posts.sandbox.ledger import Ledger
from posts.sandbox.routes import Routes

IDLE_SECONDS = 120.0
UNREADABLE = Request("", "", {}, {"connection": "close"}, b"")


def serve(host: str, port: int, ledger_path: Path | str, *, secret: str = "", address: str = "") -> "Server":
    """A server that is bound and not yet started; port 0 takes a free one.

    `address` is where people find it, if not at its host and port. Raises OSError when the port is taken.
    """
    return Server(host, port, ledger_path, secret, address)


class Server:
    """The sandbox network, running in a thread of its own between `start` and `stop`."""

    def __init__(self, host: str, port: int, ledger_path: Path | str, secret: str, address: str) -> None:
        self._sockets = _Sockets((host, port), _Caller)
        self.port: int = self._sockets.server_address[1]
        self.address = address.rstrip("/") or f"http://{host}:{self.port}"
        self.ledger = Ledger(ledger_path)
        self._sockets.routes = Routes(self.ledger, self.address, secret)
        self._thread = threading.Thread(target=self._sockets.serve_forever, args=(0.1,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def stage(self) -> Stage:
        return self._sockets.routes.stage

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Take no more calls, hang up on everybody, close the ledger."""
        if self._thread.is_alive():
            self._sockets.shutdown()
        self._sockets.server_close()
        self._sockets.hang_up()
        self.ledger.close()


class _Sockets(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024
    routes: Routes

    def __init__(self, address: tuple[str, int], caller: type["_Caller"]) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, caller)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller whose answer could not be given is hung up on; the rest goes on."""
        if not isinstance(sys.exception(), OSError | sqlite3.ProgrammingError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Caller(socketserver.BaseRequestHandler):
    """One connection, for as many requests as the caller has."""

    def handle(self) -> None:
        connection: socket.socket = self.request
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(IDLE_SECONDS)
        with connection.makefile("rb") as stream:
            while self._answer_next(connection, stream):
                pass

    def _answer_next(self, connection: socket.socket, stream: BufferedReader) -> bool:
        try:
            request = read_request(stream)
        except BadRequest as refusal:
            exchange = Exchange(UNREADABLE, connection)
            exchange.answer(refusal.status, {"message": refusal.sentence})
            return False
        if request is None:
            return False
        exchange = Exchange(request, connection)
        cast(_Sockets, self.server).routes.answer(exchange)
        return exchange.goes_on
