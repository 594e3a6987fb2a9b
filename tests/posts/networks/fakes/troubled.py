"""Any stand-in behind a line that plays one of the sandbox's faults at the request that publishes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from posts.sandbox.exchange import Exchange
from posts.sandbox.exchange import Request as Asked
from posts.sandbox.faults import FAULTS, Accept
from tests.posts.networks.fakes.strict import Reply, Request, Strict, _taken_apart

IDS = frozenset({"id", "post_id"})


@dataclass
class Headed(Exchange):
    """Says the network's own headers with every success: some put the id of a new post there."""

    extra: Mapping[str, str] = field(default_factory=dict)

    def head(self, status: int, **headers: str) -> bytes:
        more = {name.replace("-", "_"): value for name, value in self.extra.items()} if status < 300 else {}
        return super().head(status, **{**more, **headers})


class Troubled:
    """In front of `fake`. `says` are answers in the network's own words, in place of the sandbox's."""

    def __init__(
        self, fake: Strict, fault: str, publishes: Callable[[Request], bool], says: Mapping[str, Reply]
    ) -> None:
        self._fake, self._fault, self._publishes, self._says = fake, fault, publishes, says
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._fake.close()

    def play(self, request: Request, exchange: Headed) -> None:
        if not self._publishes(request):
            _say(exchange, self._fake.hear(request))
        elif self._fault in self._says:
            _say(exchange, self._says[self._fault])
        else:
            FAULTS[self._fault](exchange, self._accept(request, exchange))

    def _accept(self, request: Request, exchange: Headed) -> Accept:
        def accept(_: float) -> dict[str, object]:
            reply = self._fake.hear(request)
            assert reply is not None
            assert reply.status < 300, reply.body
            exchange.extra = reply.headers
            body: Any = reply.body or {}
            if self._fault in ("id-missing", "id-null"):
                exchange.extra = {}
                body = _without_ids(body, keep=self._fault == "id-null")
            return dict(body)

        return accept


def _without_ids(told: Any, *, keep: bool) -> Any:
    if not isinstance(told, dict):
        return told
    kept = {name: _without_ids(value, keep=keep) for name, value in told.items() if name not in IDS}
    return kept | ({name: None for name in told if name in IDS} if keep else {})


def _say(exchange: Headed, reply: Reply | None) -> None:
    assert reply is not None
    exchange.answer(reply.status, reply.body if reply.body is not None else {}, **_named(reply.headers))


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in headers.items()}


def _handler(troubled: Troubled) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = _taken_apart(self, body)
            asked = Asked(request.method, request.path, request.query, request.headers, body)
            exchange = Headed(asked, self.connection)
            try:
                troubled.play(request, exchange)
            except (ConnectionError, TimeoutError):  # the caller has had enough
                exchange.goes_on = False
            self.close_connection = not exchange.goes_on

        do_GET = do_POST = do_DELETE = do_PUT = serve

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    return Handler
