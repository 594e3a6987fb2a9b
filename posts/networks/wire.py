"""The sockets under the HTTP client: every byte is timed against one deadline, and none is read twice."""

import math
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import httpcore2
import httpx2

from posts.networks.reach import Anywhere

CONNECT_SECONDS = 10.0
POOL = httpx2.Limits(max_connections=None, max_keepalive_connections=4, keepalive_expiry=10.0)  # of one thread
HEAD_BYTES = 128 * 1024


class Errand:
    """One request on its way: until when it may take, and whether a byte of it has left the house."""

    def __init__(self, seconds: float, until: float = math.inf) -> None:
        """`until` is on the monotonic clock."""
        self._ends = min(time.monotonic() + seconds, until)
        self.left = False

    @property
    def remaining(self) -> float:
        return self._ends - time.monotonic()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        token = _errand.set(self)
        try:
            yield
        finally:
            _errand.reset(token)


_errand: ContextVar[Errand] = ContextVar("errand")


@cache
def _certificates() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


class Transport(httpx2.HTTPTransport):
    """httpx2's transport over our own sockets. Used without httpx2's client: that one keeps cookies,
    which would travel from one customer's channel to another's."""

    def __init__(self, network: "Network | None" = None, certificates: ssl.SSLContext | None = None) -> None:
        context = certificates or _certificates()
        super().__init__(verify=context)
        # httpx2 has no public way to give its pool other sockets.
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=POOL.max_connections,
            max_keepalive_connections=POOL.max_keepalive_connections,
            keepalive_expiry=POOL.keepalive_expiry,
            network_backend=network or Network(),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        wire, body = response.extensions["network_stream"], response.stream
        if isinstance(wire, Wire) and isinstance(body, httpx2.SyncByteStream):
            response.stream = Body(body, wire)
        return response


class Body(httpx2.SyncByteStream):
    """An answer's body. A connection that said more or less than this one answer is not used again.

    A second answer that arrives with the first would otherwise be taken for the next request's.
    """

    def __init__(self, inner: httpx2.SyncByteStream, wire: "Wire") -> None:
        self._inner = inner
        self._wire = wire

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for chunk in self._inner:
            count += len(chunk)
            yield chunk
        if not self._wire.said_only(count):
            self._wire.close()

    def close(self) -> None:
        self._inner.close()


class Wire(httpcore2.NetworkStream):
    """A connection whose reads and writes all end at the errand's deadline."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner
        self._head = bytearray()
        self._received = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        chunk = self._inner.read(max_bytes, _within(timeout, httpcore2.ReadTimeout))
        self._received += len(chunk)
        if len(self._head) < HEAD_BYTES:
            self._head += chunk
        return chunk

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        seconds = _within(timeout, httpcore2.WriteTimeout)
        self._head.clear()
        self._received = 0
        _errand.get().left = True
        self._inner.write(buffer, seconds)

    def said_only(self, body_bytes: int) -> bool:
        """Whether all that arrived is one head and a body of this length as it stood on the wire.

        False for a chunked body, too, whose end cannot be told from here: its connection is not reused.
        """
        end = self._head.find(b"\r\n\r\n")
        return end >= 0 and self._received == end + 4 + body_bytes

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        seconds = _within(timeout, httpcore2.ConnectTimeout)
        return Wire(self._inner.start_tls(ssl_context, server_hostname, seconds))

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class NoSuchName(httpcore2.ConnectError):
    """The name does not exist: the system's resolver says so, and not only that it could not ask."""


def look_up(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name. The system's resolver takes no time-out, so it is asked from a thread."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(row[4][0]) for row in rows])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise httpcore2.ConnectTimeout(f"nobody knew {host} in time") from None
    if isinstance(answer, Exception):
        unknown = isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_NONAME
        raise (NoSuchName if unknown else httpcore2.ConnectError)(str(answer)) from answer
    return list(dict.fromkeys(answer))


Resolve = Callable[[str, int, float], list[str]]


class Network(httpcore2.NetworkBackend):
    """Looks names up and connects, trying every address of a name inside the deadline.

    A name is looked up once: the addresses that `reach` has allowed are the ones that are called.
    """

    def __init__(self, reach: Anywhere | None = None, resolve: Resolve = look_up) -> None:
        self._plain = httpcore2.SyncBackend()
        self._reach = reach or Anywhere()
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._resolve(host, port, _within(timeout, httpcore2.ConnectTimeout))
        self._reach.must_allow(host, addresses, port)
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for tried, address in enumerate(addresses):
            # An address that swallows packets leaves a share of the time to the others.
            seconds = _within(timeout, httpcore2.ConnectTimeout) / (len(addresses) - tried)
            try:
                return Wire(self._plain.connect_tcp(address, port, seconds, local_address, socket_options))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


def _within(timeout: float | None, late: type[Exception]) -> float:
    remaining = _errand.get().remaining
    if remaining <= 0:
        raise late("the deadline has passed")
    return remaining if timeout is None else min(timeout, remaining)
