"""A network that takes everything: it answers as the sandbox does and keeps the time of every arrival.

`python -m benchmarks.sink PORT DELAY`; GET answers {reference: [seconds since 1970, …]}, DELETE forgets them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict


class Network:
    """The arrivals, and how long each answer takes."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.arrivals: defaultdict[str, list[float]] = defaultdict(list)

    def answer(self, head: bytes, body: bytes) -> tuple[bytes, float]:
        """The answer to one request, and after how many seconds it is given."""
        if head.startswith(b"POST"):
            return self._accept(head, json.loads(body)), self.delay
        if head.startswith(b"DELETE"):
            self.arrivals.clear()
        return _response("200 OK", json.dumps(self.arrivals)), 0.0

    def _accept(self, head: bytes, post: dict[str, str]) -> bytes:
        self.arrivals[post["reference"]].append(time.time())
        told = {"id": post["reference"], "url": "", "channel": post["channel"], "text": post["text"]}
        if key := _header(head, b"idempotency-key"):
            told["key"] = key
        return _response("201 Created", json.dumps(told))


class Caller(asyncio.Protocol):
    """One connection, for as many requests as the caller has."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, rest = self.received.split(b"\r\n\r\n", 1)
            length = int(_header(head, b"content-length") or 0)
            if len(rest) < length:
                return
            self.received = rest[length:]
            answer, delay = self.network.answer(head, rest[:length])
            if delay:
                asyncio.get_running_loop().call_later(delay, self.transport.write, answer)
            else:
                self.transport.write(answer)


def _header(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip().decode()
    return ""


def _response(status: str, body: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


async def serve(port: int, delay: float) -> None:
    network = Network(delay)
    server = await asyncio.get_running_loop().create_server(lambda: Caller(network), "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
