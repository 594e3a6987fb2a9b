"""What every stand-in shares: real sockets, requests taken apart, and an answer that a test can put in its way."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit


@dataclass(frozen=True)
class File:
    name: str
    body: bytes
    mime: str


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    json: Any = None  # None where it is none
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    target: str = ""  # path and query as they came


@dataclass(frozen=True)
class Reply:
    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Turned(Exception):
    """The network says no."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        self.reply = Reply(status, body, headers or {})
        super().__init__(status)


class Strict:
    """Subclasses answer; `in_the_way` holds replies that come first, one a request."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.in_the_way: list[Reply | None] = []  # None: let this one through
        self.lost: list[bool] = []  # True: answer this one, and cut the line instead of saying so
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def hear(self, request: Request) -> Reply | None:
        """The reply, or None where the line is to be cut."""
        with self.lock:
            self.requests.append(request)
            first = self.in_the_way.pop(0) if self.in_the_way else None
            if first is not None:
                return first
            cut = self.lost.pop(0) if self.lost else False
            try:
                reply = self.answer(request)
            except Turned as turned:
                reply = turned.reply
            return None if cut else reply


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Silent about callers who were killed, and loud about everything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def only(given: Mapping[str, Any], known: Mapping[str, type | tuple[type, ...]], turn: Any) -> None:
    """Calls `turn` with a sentence for a field that is unknown or of the wrong type."""
    for name, value in given.items():
        if name not in known:
            raise turn(f"unknown field {name}")
        if not isinstance(value, known[name]) or (isinstance(value, bool) and known[name] is int):
            raise turn(f"wrong type of {name}")


def _handler(fake: Strict) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            reply = fake.hear(_taken_apart(self, self.rfile.read(length)))
            if reply is None:
                self.close_connection = True
                return
            body = b"" if reply.body is None else _bytes(reply.body)
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = serve

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    return Handler


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _taken_apart(handler: BaseHTTPRequestHandler, body: bytes) -> Request:
    address = urlsplit(handler.path)
    query = {name: values[-1] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
    headers = {name.lower(): value for name, value in handler.headers.items()}
    kind = headers.get("content-type", "")
    told: Any = None
    form: dict[str, str] = {}
    files: dict[str, File] = {}
    if kind.startswith("application/json"):
        try:
            told = json.loads(body)
        except ValueError:
            told = None
    elif kind.startswith("application/x-www-form-urlencoded"):
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.startswith("multipart/form-data"):
        form, files = _parts(kind, body)
    return Request(handler.command, address.path, query, headers, body, told, form, files, handler.path)


def _parts(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, File]]:
    form: dict[str, str] = {}
    files: dict[str, File] = {}
    whole = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    assert isinstance(whole, EmailMessage)
    for part in whole.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if (filename := part.get_filename()) is None:
            form[name] = content.decode()
        else:
            files[name] = File(filename, content, part.get_content_type())
    return form, files
