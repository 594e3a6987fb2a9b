"""WebSockets by the rules of the one way out: one deadline, only allowed addresses, and a memory of what has left."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from socket import socket
from ssl import SSLContext
from typing import Any

import httpx2
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from notices.sentences import say
from posts.networks import client
from posts.networks.base import ChannelRefused, NotSent, SendError, Unconfirmed
from posts.networks.reach import Forbidden
from posts.networks.wire import CONNECT_SECONDS, Errand, Network

LARGEST_WORD = 1024 * 1024
CLOSING = 0.5  # seconds that a server is given to say goodbye


class Line:
    """A conversation in JSON. `left` says whether anything was told that may have been applied."""

    def __init__(self, network: str, connection: ClientConnection, errand: Errand) -> None:
        self._network = network
        self._connection = connection
        self._errand = errand
        self.left = False

    def ask(self, *words: object) -> None:
        """Say something that changes nothing. Raises NotSent."""
        try:
            self._say(words)
        except (WebSocketException, OSError) as error:
            raise self._silence() from error

    def tell(self, *words: object) -> None:
        """Say something that is to be applied. Raises NotSent where no time was left, and Unconfirmed past that."""
        if self._errand.remaining <= 0:
            raise _unreached(self._network)
        self.left = True
        self.ask(*words)

    def hear(self) -> list[Any]:
        """The next words that make sense. Raises NotSent or Unconfirmed, by what was told before."""
        while True:
            try:
                words = json.loads(self._connection.recv(timeout=max(self._errand.remaining, 0)))
            except (WebSocketException, OSError) as error:
                raise self._silence() from error
            except (ValueError, RecursionError):
                continue
            if isinstance(words, list) and words:
                return words

    def _say(self, words: tuple[object, ...]) -> None:
        if self._errand.remaining <= 0:
            raise TimeoutError
        self._connection.send(json.dumps(words, ensure_ascii=False, separators=(",", ":")))

    def _silence(self) -> SendError:
        if not self.left:
            return NotSent(say("{network} could not be asked.", network=self._network))
        return Unconfirmed(say("{network} did not answer in time. The post may be out or not.", network=self._network))


@contextmanager
def opened(network: str, address: str, *, deadline: float, until: float) -> Iterator[Line]:
    """A line to this address, ws:// or wss://, closed at the end.

    Raises NotSent when nobody answers there, and ChannelRefused when the address cannot be one.
    """
    errand = Errand(deadline, until)
    with _connected(network, address, errand) as connection:
        yield Line(network, connection, errand)


def _connected(network: str, address: str, errand: Errand) -> ClientConnection:
    try:
        url = httpx2.URL(address)
        if url.scheme not in ("ws", "wss") or not url.host:
            raise httpx2.UnsupportedProtocol("only ws and wss are spoken here")
        with errand.under_way():
            return _shaken(url, _wire(url), errand)
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as error:
        raise ChannelRefused(say("The address {address} is not one that can be called.", address=address)) from error
    except Forbidden as error:
        sentence = say("The address {address} leads to a place that Refrain may not call.", address=address)
        raise ChannelRefused(sentence) from error
    except Exception as error:  # whatever it was: nothing of ours has left
        raise _unreached(network) from error


def _wire(url: httpx2.URL) -> socket:
    """Connected to an address that the name leads to and that we may call: it is looked up once, here."""
    port = url.port or (443 if url.scheme == "wss" else 80)
    wire = Network(client.reach_of(url)).connect_tcp(url.host, port, CONNECT_SECONDS)
    found: socket = wire.get_extra_info("socket")
    found.settimeout(None)
    return found


def _shaken(url: httpx2.URL, wire: socket, errand: Errand) -> ClientConnection:
    """After the handshake. Nothing is packed: a small word can unpack to gigabytes. No proxy, no other address."""
    secure = url.scheme == "wss"
    try:
        return connect(
            str(url),
            sock=wire,
            ssl=_certificates() if secure else None,
            server_hostname=url.host if secure else None,
            compression=None,
            proxy=None,
            user_agent_header="Refrain",
            open_timeout=max(errand.remaining, 0),
            ping_interval=None,
            close_timeout=CLOSING,
            max_size=LARGEST_WORD,
        )
    except BaseException:
        wire.close()
        raise


@cache
def _certificates() -> SSLContext:
    return httpx2.create_ssl_context()


def _unreached(network: str) -> NotSent:
    return NotSent(say("{network} could not be reached.", network=network))
