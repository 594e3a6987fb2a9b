"""A server that says exactly the bytes that a test tells it to, and remembers who called."""

import re
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

Play = Callable[[socket.socket, bytes], None]


def json_answer(body: str, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


class Scripted:
    """Gives each request to `play` with its bytes; `connections` counts the calls."""

    def __init__(self, play: Play, context: ssl.SSLContext | None = None) -> None:
        self._play = play
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self.requests: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        spoken = connection
        with suppress(OSError), connection:
            if self._context:
                spoken = self._context.wrap_socket(connection, server_side=True)
            while request := _whole(spoken):
                self.requests.append(request)
                self._play(spoken, request)


def _whole(spoken: socket.socket) -> bytes:
    """A request with all of its body, which may come in several pieces; nothing at the end."""
    told = spoken.recv(64 * 1024)
    announced = re.search(rb"\r\ncontent-length: *([0-9]+)\r\n", told, re.IGNORECASE)
    missing = int(announced[1]) - len(told.partition(b"\r\n\r\n")[2]) if announced else 0
    while missing > 0 and (more := spoken.recv(missing)):
        told += more
        missing -= len(more)
    return told
