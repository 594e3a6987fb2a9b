"""A bad line in front of a network's stand-in: one fault for the request that publishes, and all others get through."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

from posts.sandbox import exchange
from posts.sandbox.faults import Accept, Fault, fault_of
from tests.posts.networks.fakes import strict

Publishes = Callable[[strict.Request], bool]


class Front:
    """`id_name` is what the network calls the id in its answer, for the faults that leave it out."""

    def __init__(self, behind: strict.Strict, fault: str, publishes: Publishes, id_name: str = "id") -> None:
        self._behind, self._publishes, self._id_name = behind, publishes, id_name
        own = {"id-missing": self._without_id, "id-null": self._null_id}
        play = own.get(fault) or fault_of(fault)
        assert play, fault
        self._play: Fault = play
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            stream = connection.makefile("rb")
            while request := exchange.read_request(stream):
                talk = exchange.Exchange(request, connection)
                whole = _whole(request)
                if self._publishes(whole):
                    self._play(talk, partial(self._accepted, whole))
                else:
                    reply = self._behind.hear(whole)
                    assert reply
                    talk.answer(reply.status, reply.body)
                if not talk.goes_on:
                    return

    def _accepted(self, request: strict.Request, seconds: float) -> dict[str, object]:
        reply = self._behind.hear(request)
        assert reply
        assert isinstance(reply.body, dict)
        return reply.body

    def _without_id(self, talk: exchange.Exchange, accept: Accept) -> None:
        talk.answer(200, {name: value for name, value in accept(0).items() if name != self._id_name})

    def _null_id(self, talk: exchange.Exchange, accept: Accept) -> None:
        talk.answer(200, {**accept(0), self._id_name: None})


def _whole(request: exchange.Request) -> strict.Request:
    query = "&".join(f"{name}={value}" for name, value in request.query.items())
    target = f"{request.path}?{query}" if query else request.path
    return strict._taken_apart(
        SimpleNamespace(path=target, headers=request.headers, command=request.method),  # type: ignore[arg-type]
        request.body,
    )
