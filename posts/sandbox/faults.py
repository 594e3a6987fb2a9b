"""The misbehaviour that can be had from the sandbox by a channel's handle: "fault-500-stored".

"<anything>--500-stored" plays the same fault; "--once" behind it plays it for the first request of each
key (or text, where there is no key) and then behaves. "slow-250" and "apply-late-3" take a number.
"""

import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from email.utils import formatdate

from posts.sandbox.exchange import BadRequest, Exchange, packed
from posts.sandbox.ledger import Draft

# Writes the post down, to be seen after so many seconds, and gives what a network would say of it.
Accept = Callable[[float], dict[str, object]]
Fault = Callable[[Exchange, Accept], None]

SKEW = 600.0
LAG = 30.0


class Stage:
    """Remembers which of the faults that come only once have been played."""

    def __init__(self) -> None:
        self._played: set[tuple[str, str]] = set()
        self._next: dict[str, str] = {}
        self._lock = threading.Lock()

    def play_next(self, channel: str, case: str) -> None:
        """At the next request of this channel, whatever its handle asks for."""
        with self._lock:
            self._next[channel] = case

    def fault(self, draft: Draft) -> Fault | None:
        with self._lock:
            asked_for = self._next.pop(draft.channel, None)
        if asked_for is not None:
            return fault_of(asked_for)
        case, once = _case(draft.channel)
        fault = fault_of(case)
        if fault is None and draft.channel.startswith("fault-"):
            raise BadRequest(400, f"There is no fault called “{case}”.")
        return None if once and self._seen(draft) else fault

    def _seen(self, draft: Draft) -> bool:
        request = (draft.channel, draft.key or draft.text)
        with self._lock:
            seen = request in self._played
            self._played.add(request)
        return seen


def date_ahead(channel: str) -> float:
    """By how many seconds this channel's network shows the wrong time."""
    return SKEW if _case(channel)[0] == "clock-skew" else 0.0


def _case(channel: str) -> tuple[str, bool]:
    once = channel.endswith("--once")
    name = channel.removesuffix("--once")
    if name.startswith("fault-"):
        return name.removeprefix("fault-"), once
    return name.rpartition("--")[2] if "--" in name else "", once


def fault_of(case: str) -> Fault | None:
    if slow := re.fullmatch(r"slow-([0-9]{1,6})", case):
        return _slow(int(slow[1]) / 1000)
    if late := re.fullmatch(r"apply-late-([0-9]{1,4}(?:\.[0-9]{1,3})?)", case):
        return _apply_late(float(late[1]))
    return FAULTS.get(case)


def _ok(exchange: Exchange, accept: Accept) -> None:
    exchange.answer(201, accept(0))


def _slow(seconds: float) -> Fault:
    def play(exchange: Exchange, accept: Accept) -> None:
        told = accept(0)
        if exchange.wait(seconds):
            exchange.answer(201, told)

    return play


def _apply_late(seconds: float) -> Fault:
    """The post stands in the network's own queue when the connection breaks, and comes out later."""

    def play(exchange: Exchange, accept: Accept) -> None:
        accept(seconds)
        exchange.hang_up()

    return play


def _invisible_for_a_while(exchange: Exchange, accept: Accept) -> None:
    exchange.answer(201, accept(LAG))


def _hang_before(exchange: Exchange, _: Accept) -> None:
    exchange.hang()


def _hang_after(exchange: Exchange, accept: Accept) -> None:
    accept(0)
    exchange.hang()


def _reset_before(exchange: Exchange, _: Accept) -> None:
    exchange.reset()


def _reset_after(exchange: Exchange, accept: Accept) -> None:
    accept(0)
    exchange.reset()


def _close_mid_headers(exchange: Exchange, accept: Accept) -> None:
    accept(0)
    exchange.raw(b"HTTP/1.1 20")
    exchange.hang_up()


def _truncated(exchange: Exchange, accept: Accept) -> None:
    body = packed(accept(0))[:40]
    exchange.raw(exchange.head(200, Content_Type="application/json", Content_Length="500") + body)
    exchange.hang_up()


def _empty(exchange: Exchange, accept: Accept) -> None:
    accept(0)
    exchange.raw(exchange.message(200, b"", "application/json"))


def _without_id(exchange: Exchange, accept: Accept) -> None:
    exchange.answer(200, {name: value for name, value in accept(0).items() if name != "id"})


def _null_id(exchange: Exchange, accept: Accept) -> None:
    exchange.answer(200, {**accept(0), "id": None})


def _stored_500(exchange: Exchange, accept: Accept) -> None:
    accept(0)
    exchange.answer(500, {"message": "Something went wrong."})


def _big(exchange: Exchange, accept: Accept) -> None:
    accept(0)
    exchange.raw(exchange.head(200, Content_Type="application/json", Content_Length=str(2 << 30)))
    exchange.pour(bytes(64 * 1024) for _ in range(32 * 1024))


def _gzip_bomb(exchange: Exchange, accept: Accept) -> None:
    accept(0)
    exchange.raw(exchange.head(200, Content_Type="application/json", Content_Encoding="gzip"))
    exchange.pour(_bomb(gigabytes=10))


def _bomb(gigabytes: int) -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for _ in range(gigabytes << 10):
        yield packer.compress(bytes(1 << 20))
    yield packer.flush()


def _drip(exchange: Exchange, accept: Accept) -> None:
    body = packed(accept(0))
    exchange.raw(exchange.head(200, Content_Type="application/json", Content_Length=str(len(body))))
    _drops(exchange, body)


def _drip_head(exchange: Exchange, accept: Accept) -> None:
    _drops(exchange, exchange.message(200, packed(accept(0)), "application/json"))


def _drops(exchange: Exchange, data: bytes) -> None:
    for byte in data:
        exchange.raw(bytes([byte]))
        if not exchange.wait(1.0):
            return


def _double(exchange: Exchange, accept: Accept) -> None:
    told = accept(0)
    stray = {**told, "id": "0", "text": "Somebody else's post", "key": "somebody-elses-key"}
    answers = [exchange.message(201, packed(each), "application/json") for each in (told, stray)]
    exchange.raw(b"".join(answers))


def _says(status: int, told: object, **headers: str) -> Fault:
    """Nothing is stored, and this is the answer."""
    return lambda exchange, _: exchange.answer(status, told, **headers)


def _page(status: int, html: str) -> Fault:
    return lambda exchange, _: exchange.raw(exchange.message(status, html.encode(), "text/html"))


def _later(status: int, when: Callable[[], str], header: str = "Retry_After") -> Fault:
    return lambda exchange, _: exchange.answer(status, {"message": "Later."}, **{header: when()})


def _date_in(seconds: float) -> str:
    return formatdate(time.time() + seconds, usegmt=True)


FAULTS: dict[str, Fault] = {
    "ok": _ok,
    "ok-slow": _slow(25),
    "hang-before-body": _hang_before,
    "hang-after-accept": _hang_after,
    "reset-before": _reset_before,
    "reset-after": _reset_after,
    "close-mid-headers": _close_mid_headers,
    "truncated-json": _truncated,
    "garbage-200": _page(200, "<html><body>Welcome to the hotel. Please sign in.</body></html>"),
    "empty-200": _empty,
    "200-error-body": _says(200, {"error": {"message": "Please try again.", "code": 2}}),
    "id-missing": _without_id,
    "id-null": _null_id,
    "201-then-404": _invisible_for_a_while,
    "500-not-stored": _says(500, {"message": "Something went wrong."}),
    "500-stored": _stored_500,
    "502-html": _page(502, "<html><body>Bad gateway</body></html>"),
    "503-bare": _says(503, {"message": "Out of order."}),
    "503-retry-after-s": _later(503, lambda: "120"),
    "503-retry-after-date": _later(503, lambda: _date_in(120)),
    "503-retry-after-past": _later(503, lambda: _date_in(-3600)),
    "503-retry-after-negative": _later(503, lambda: "-5"),
    "503-retry-after-huge": _later(503, lambda: "1000000000000"),
    "503-retry-after-garbage": _later(503, lambda: "soon"),
    "429-retry-after": _later(429, lambda: "3600"),
    "429-no-header": _says(429, {"message": "Too many requests."}),
    "429-x-reset": _later(429, lambda: str(int(time.time()) + 900), "x_rate_limit_reset"),
    "429-tg": _says(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 35}}),
    "429-storm": _says(429, {"message": "Too many requests."}),
    "401-expired": _says(401, {"error": "invalid_token", "message": "The token has expired."}),
    "401-forever": _says(401, {"error": "invalid_token", "message": "The token is not valid."}),
    "401-revoked": _says(401, {"error": "invalid_grant", "message": "The grant was revoked."}),
    "403-suspended": _says(403, {"message": "This account is suspended."}),
    "403-duplicate": _says(
        403, {"detail": "You are not allowed to create a post with duplicate content.", "status": 403}
    ),
    "422-duplicate-urn": _says(
        422, {"message": "Content is a duplicate of urn:li:share:6930000000000000001", "status": 422}
    ),
    "400-validation": _says(400, {"message": "The text is too long."}),
    "413": _says(413, {"message": "This is too large."}),
    "415": _says(415, {"message": "This kind of media is not taken."}),
    "redirect-other-host": _says(307, {}, Location="http://other-host.invalid/api/posts"),
    "tls-downgrade": _says(308, {}, Location="http://localhost/api/posts"),
    "redirect-303": _says(303, {}, Location="/"),
    "clock-skew": _ok,
    "big-answer": _big,
    "gzip-bomb": _gzip_bomb,
    "slow-drip": _drip,
    "slow-drip-head": _drip_head,
    "double-answer": _double,
}
