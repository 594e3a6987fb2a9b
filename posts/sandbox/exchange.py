"""One request to the sandbox and every way of answering it, the rude ones included.

Written on bare sockets: half a status line or a reset cannot be said through an HTTP library.
"""

import json
import os
import select
import socket
import struct
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from io import BufferedReader
from urllib.parse import parse_qsl

LONGEST_LINE, MOST_HEADERS, LARGEST_BODY = 8192, 100, 256 * 1024
LARGEST_FILE = 25_000_000


class BadRequest(Exception):
    """A request that is refused; the sentence says why."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Request:
    """A request as it came in, with its body whole."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def keeps_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


def read_request(stream: BufferedReader) -> Request | None:
    """The next request on this connection; None when the caller has gone."""
    line = _line(stream)
    if not line:
        return None
    try:
        method, target, version = line.split(" ")
    except ValueError:
        raise BadRequest(400, "This is not HTTP.") from None
    headers = _headers(stream)
    if not version.startswith("HTTP/1.") or "transfer-encoding" in headers:
        raise BadRequest(400, "Please speak HTTP/1.1 and give a Content-Length.")
    path, _, query = target.partition("?")
    most = LARGEST_FILE if path == "/api/media" else LARGEST_BODY
    return Request(method, path, dict(parse_qsl(query, keep_blank_values=True)), headers, _body(stream, headers, most))


@dataclass
class Exchange:
    """One request and the socket to answer it on. `goes_on` is False once the connection is used up."""

    request: Request
    connection: socket.socket
    date_ahead: float = 0.0  # seconds by which our clock is to look wrong
    goes_on: bool = field(init=False)

    def __post_init__(self) -> None:
        self.goes_on = self.request.keeps_alive

    def answer(self, status: int, told: object, **headers: str) -> None:
        """A JSON answer. Header names are written with _ for -."""
        self.raw(self.message(status, packed(told), "application/json", **headers))

    def message(self, status: int, body: bytes, kind: str, **headers: str) -> bytes:
        return self.head(status, Content_Type=kind, Content_Length=str(len(body)), **headers) + body

    def head(self, status: int, **headers: str) -> bytes:
        """The status line and the headers. Without a Content_Length the body ends with the connection."""
        if "Content_Length" not in headers:
            self.goes_on = False
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        lines.append(f"Date: {formatdate(time.time() + self.date_ahead, usegmt=True)}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if not self.goes_on:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def raw(self, data: bytes) -> None:
        self.connection.sendall(data)

    def pour(self, chunks: Iterable[bytes]) -> None:
        """Send until the caller has had enough."""
        self.goes_on = False
        for chunk in chunks:
            self.raw(chunk)

    def wait(self, seconds: float) -> bool:
        """Let time pass. False when the caller left, or the server stopped, before it was over."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        self.goes_on = self.goes_on and not readable
        return not readable

    def hang(self) -> None:
        """Say nothing until the caller gives up."""
        self.wait(3600)
        self.goes_on = False

    def hang_up(self) -> None:
        self.goes_on = False

    def reset(self) -> None:
        """Drop the connection with a RST in place of a farewell."""
        self.goes_on = False
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())


def packed(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _line(stream: BufferedReader) -> str:
    line = stream.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise BadRequest(431, "A line of this request is too long.")
    return line.decode("latin-1").rstrip("\r\n")


def _headers(stream: BufferedReader) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MOST_HEADERS):
        line = _line(stream)
        if not line:
            return headers
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    raise BadRequest(431, "This request has too many headers.")


def _body(stream: BufferedReader, headers: Mapping[str, str], most: int) -> bytes:
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise BadRequest(400, "The Content-Length is not a number.")
    if len(length) > 9 or int(length) > most:
        raise BadRequest(413, "This is more than the sandbox takes at once.")
    body = stream.read(int(length))
    if len(body) < int(length):
        raise ConnectionAbortedError("the caller left in the middle of a request")
    return body
