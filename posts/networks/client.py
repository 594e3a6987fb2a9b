"""The one way out: an HTTP request to a network, and what its outcome proves."""

import json
import math
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2

from notices.sentences import Sentence, say
from posts.networks.base import ChannelRefused, NotSent, Refused, SendError, Unconfirmed
from posts.networks.reach import Anywhere, Forbidden, Public
from posts.networks.retry_after import UNREADABLE, http_date, seconds_to_wait
from posts.networks.wire import CONNECT_SECONDS, Errand, Network, Transport

LARGEST_ANSWER = 1024 * 1024
HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Refrain"}

PUBLIC = Public()
Files = Mapping[str, tuple[str, bytes, str]]  # form field: file name, bytes, media type


@dataclass(frozen=True)
class Answer:
    """What a network said, whole, and at most 1 MiB of it. `network` is its name for people."""

    network: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def now(self) -> datetime:
        """The network's clock where it shows one, else ours."""
        return http_date(self.headers.get("date", "")) or datetime.now(UTC)

    def json(self) -> Any:
        """The body as JSON, or None where it is none."""
        try:
            return json.loads(self.body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return None

    @property
    def words(self) -> str:
        """What the network itself says about a refusal, for a person; often nothing."""
        told = self.json()
        if not isinstance(told, dict):
            return ""
        names = ("message", "detail", "description", "error_description", "error")
        found = next((told[name] for name in names if name in told), "")
        # One word is a code, for programs.
        return " ".join(found.split())[:300] if isinstance(found, str) and " " in found.strip() else ""


def request(
    network: str,
    method: str,
    url: str,
    *,
    deadline: float,
    until: float = math.inf,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: object = None,
    content: bytes | None = None,
    form: Mapping[str, str] | None = None,
    files: Files | None = None,
) -> Answer:
    """Make one request, following nothing, within `deadline` seconds from the name to the last byte.

    Past `until`, on the monotonic clock, no byte leaves. What is sent is `body` as JSON, or `content` as it is (name
    its Content-Type in `headers`), or `form`, which becomes multipart when it has `files`.

    Raises NotSent when no byte left, Unconfirmed when one did and no whole answer came back, and
    ChannelRefused when the address cannot be one.
    """
    try:
        packed: dict[str, Any] = {"content": content, "data": form, "files": files} if body is None else _json(body)
        prepared = _request(method, url, deadline, headers=headers, params=params, packed=packed)
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as error:
        raise ChannelRefused(say("The address of this channel is not one that can be called.")) from error
    errand = Errand(deadline, until)
    try:
        with errand.under_way():
            response = _transport(_reach(prepared.url)).handle_request(prepared)
            return Answer(network, response.status_code, response.headers, _read(response))
    except Exception as error:  # whatever it was: once a byte has left, only an answer proves anything
        raise _outcome(network, errand, error) from error


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token. Raises ChannelRefused for what would end a header or be none at all."""
    if not (token and token.isascii() and token.isprintable() and token == token.strip()):
        raise ChannelRefused(say("This channel's key holds characters that no key has."))
    return {"Authorization": f"Bearer {token}"}


def accepted(answer: Answer) -> Answer:
    """The answer if the network took the request, else the error that says what is known."""
    if 200 <= answer.status < 300:
        return answer
    raise _refusal(answer)


def unclear(network: str) -> Unconfirmed:
    """For an answer that says yes without the receipt that would prove it."""
    return Unconfirmed(
        say("{network} gave an answer that proves nothing. The post may be out or not.", network=network)
    )


class _Unreadable(Exception):
    """An answer that is too long, or packed in a way that we did not ask for."""


class _Own(threading.local):
    """Connections of each thread's own: a pool that many share is searched, under a lock, at every request."""

    def __init__(self) -> None:
        self.transports: dict[Anywhere, Transport] = {}


_own = _Own()


def _only_public(url: httpx2.URL) -> Anywhere:
    return PUBLIC


_reach: Callable[[httpx2.URL], Anywhere] = _only_public


def reach_by(choose: Callable[[httpx2.URL], Anywhere]) -> None:
    """Let `choose` say, for each address, where a request to it may end up. Until then: at public addresses only."""
    global _reach  # noqa: PLW0603
    _reach = choose


def reach_of(url: httpx2.URL) -> Anywhere:
    """Where a connection to this address may end up, for what does not speak HTTP."""
    return _reach(url)


def _transport(reach: Anywhere) -> Transport:
    if reach not in _own.transports:
        _own.transports[reach] = Transport(Network(reach))
    return _own.transports[reach]


def _forget_connections() -> None:
    """A connection shared by two processes mixes their answers."""
    _own.transports.clear()


os.register_at_fork(after_in_child=_forget_connections)


def _request(
    method: str,
    url: str,
    deadline: float,
    *,
    headers: Mapping[str, str] | None,
    params: Mapping[str, str] | None,
    packed: Mapping[str, Any],
) -> httpx2.Request:
    address = httpx2.URL(url)
    if address.scheme not in ("http", "https") or not address.host:
        raise httpx2.UnsupportedProtocol("only http and https are spoken here")
    waits = dict.fromkeys(("read", "write", "pool"), deadline)
    return httpx2.Request(
        method,
        address,
        headers={**HEADERS, **packed.get("headers", {}), **(headers or {})},
        params=params,
        **{name: value for name, value in packed.items() if name != "headers"},
        extensions={"timeout": {**waits, "connect": min(CONNECT_SECONDS, deadline)}},
    )


def _json(body: object) -> dict[str, Any]:
    # Plain ASCII: a broken character goes out as its escape and is the network's to refuse.
    return {"content": json.dumps(body).encode("ascii"), "headers": {"Content-Type": "application/json"}}


def _read(response: httpx2.Response) -> bytes:
    """The unpacked body; reading ends where it grows too long, and the connection with it."""
    body = bytearray()
    try:
        if response.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip"):
            raise _Unreadable
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise _Unreadable
    finally:
        response.close()
    return bytes(body)


def _outcome(network: str, errand: Errand, error: Exception) -> SendError:
    if isinstance(error.__cause__, Forbidden):
        return ChannelRefused(say("The address of this channel leads to a place that Refrain may not call."))
    if not errand.left:
        return NotSent(say("{network} could not be reached.", network=network))
    if isinstance(error, httpx2.TimeoutException):
        sentence = say("{network} did not answer in time. The post may be out or not.", network=network)
    elif isinstance(error, httpx2.TransportError):
        sentence = say("The connection to {network} broke. The post may be out or not.", network=network)
    else:
        return unclear(network)
    return Unconfirmed(sentence)


def _refusal(answer: Answer) -> SendError:
    error = _later(answer) or _never_here(answer) or _never(answer)
    if error is not None:
        return error
    if answer.status < 500:
        return unclear(answer.network)
    sentence = say("{network} had a fault of its own. The post may be out or not.", network=answer.network)
    return Unconfirmed(sentence)


def _later(answer: Answer) -> NotSent | None:
    wait = seconds_to_wait(answer.headers, answer.json(), answer.now)
    if answer.status == 429:
        sentence = say("{network} asks us to wait before the next post.", network=answer.network)
        return NotSent(sentence, retry_after=UNREADABLE if wait is None else wait, counts=False)
    if answer.status == 503 and "retry-after" in answer.headers:
        sentence = say("{network} is closed for a moment and took nothing.", network=answer.network)
        return NotSent(sentence, retry_after=wait)
    return None


def _never_here(answer: Answer) -> ChannelRefused | None:
    """A redirect that keeps the method was not applied; one that changes it (302, 303) may have been."""
    match answer.status:
        case 301 | 307 | 308 | 404 | 405 | 410:
            sentence = say("{network} is not at the address of this channel.", network=answer.network)
        case 401:
            sentence = say("{network} does not accept this channel's key.", network=answer.network)
        case 403:
            sentence = say("{network} does not let this channel post.", network=answer.network)
            sentence = _reason(sentence, answer)
        case _:
            return None
    return ChannelRefused(sentence)


def _never(answer: Answer) -> Refused | None:
    if answer.status == 408 or not 400 <= answer.status < 500:
        return None
    return Refused(_reason(say("{network} does not take this post.", network=answer.network), answer))


def _reason(sentence: Sentence, answer: Answer) -> Sentence:
    """The sentence, and behind it what the network itself says, in whatever language it says it."""
    if not answer.words:
        return sentence
    return say("{sentence} It says: “{words}”", sentence=sentence, words=answer.words)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
