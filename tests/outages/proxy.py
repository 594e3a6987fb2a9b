"""A wire that a test can cut without either end being told: a firewall that forgets, a machine that is gone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

Connect = Callable[[], socket.socket]


class Wire:
    """Carries each connection made to `port` on to wherever `connect` leads."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._pairs: set[_Pair] = set()
        self._lock = threading.Lock()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Whatever is said on today's connections is lost from now on, and nobody hangs up. New ones work."""
        with self._lock:
            for pair in self._pairs:
                pair.cut = True

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(caller,), daemon=True).start()

    def _carry(self, caller: socket.socket) -> None:
        try:
            pair = _Pair(caller, self._connect())
        except OSError:
            caller.close()
            return
        with self._lock:
            self._pairs.add(pair)
        back = threading.Thread(target=pair.pump, args=(pair.server, pair.caller), daemon=True)
        back.start()
        pair.pump(pair.caller, pair.server)
        back.join()
        pair.close()
        with self._lock:
            self._pairs.discard(pair)


class _Pair:
    """The two ends of one connection."""

    def __init__(self, caller: socket.socket, server: socket.socket) -> None:
        self.caller, self.server, self.cut = caller, server, False

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(64 * 1024):
                if not self.cut:
                    sink.sendall(said)
        if not self.cut:
            with suppress(OSError):
                sink.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.caller.close()
        self.server.close()
