"""Every way in which a network misbehaves, against every connector: what is known afterwards, and what nobody may see.

The sandbox's connectors have their own test of this, with its ledger. A network is added by its line in accounts.py.
"""

from __future__ import annotations

import logging
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from posts.networks import NETWORKS, SANDBOXES
from posts.networks.base import Account, ChannelRefused, NotSent, Receipt, Refused, SendError, Unconfirmed
from tests.posts.networks.accounts import ACCOUNTS, SECRET
from tests.posts.networks.scripted import Play, Scripted
from tests.posts.networks.sending import message

PATIENCE = 0.4  # seconds, where an answer never ends
ABORT = struct.pack("ii", 1, 0)


def _says(status: str, body: str = "", *headers: str) -> Play:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", *headers, "", body]
    return _bytes("\r\n".join(lines).encode())


def _bytes(answer: bytes) -> Play:
    return lambda to, _: to.sendall(answer)


def _cut(answer: bytes = b"") -> Play:
    def play(to: socket.socket, _: bytes) -> None:
        to.sendall(answer)
        to.close()

    return play


def _abort(to: socket.socket, _: bytes) -> None:
    to.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    to.close()


def _silence(to: socket.socket, _: bytes) -> None:
    to.recv(1)


def _drip(to: socket.socket, request: bytes) -> None:
    to.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(40):
        to.sendall(b" ")
        time.sleep(0.05)


def _date(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = packer.compress(b" " * 20_000_000) + packer.flush()
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@dataclass(frozen=True)
class Case:
    fault: str
    play: Play
    ends: type[SendError]
    waits: float | None = None
    bare_yes: bool = False  # a yes without any words


CASES = [
    Case("hang-before-body", _silence, Unconfirmed),
    Case("reset-after", _abort, Unconfirmed),
    Case("close-mid-headers", _cut(b"HTTP/1.1 20"), Unconfirmed),
    Case("truncated-json", _cut(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id": "1"'), Unconfirmed),
    Case("garbage-200", _says("200 OK", "<html>Please log in</html>", "Content-Type: text/html"), Unconfirmed),
    Case("empty-200", _says("200 OK"), Unconfirmed, bare_yes=True),
    Case("200-error-body", _says("200 OK", '{"error": {"message": "An unknown error", "code": 1}}'), Unconfirmed),
    Case("id-missing", _says("200 OK", "{}"), Unconfirmed, bare_yes=True),
    Case("id-null", _says("200 OK", '{"id": null}'), Unconfirmed),
    Case("500-stored", _says("500 Oops", '{"message": "An internal error"}'), Unconfirmed),
    Case("502-html", _says("502 Bad Gateway", "<html>nginx</html>", "Content-Type: text/html"), Unconfirmed),
    Case("503-bare", _says("503 No"), Unconfirmed),
    Case("redirect-303", _says("303 See Other", "", "Location: https://example.org/"), Unconfirmed),
    Case("big-answer", _says("200 OK", " " * 2_000_000), Unconfirmed),
    Case("gzip-bomb", _bytes(_bomb()), Unconfirmed),
    Case("slow-drip", _drip, Unconfirmed),
    Case("503-retry-after-s", _says("503 No", "", "Retry-After: 120"), NotSent, 120),
    Case("503-retry-after-date", _says("503 No", "", f"Retry-After: {_date(120)}", f"Date: {_date(0)}"), NotSent, 120),
    Case("503-retry-after-past", _says("503 No", "", f"Retry-After: {_date(-60)}"), NotSent, 1),
    Case("503-retry-after-negative", _says("503 No", "", "Retry-After: -5"), NotSent, 1),
    Case("503-retry-after-huge", _says("503 No", "", "Retry-After: 1000000000000"), NotSent, 6 * 3600),
    Case("503-retry-after-garbage", _says("503 No", "", "Retry-After: soon"), NotSent, 60),
    Case("429-retry-after", _says("429 Slow", "", "Retry-After: 3600"), NotSent, 3600),
    Case("429-no-header", _says("429 Slow"), NotSent, 60),
    Case("429-tg", _says("429 Slow", '{"ok": false, "parameters": {"retry_after": 35}}'), NotSent, 35),
    Case("401-forever", _says("401 Who", '{"message": "Unauthorized"}'), ChannelRefused),
    Case("403-suspended", _says("403 No", '{"message": "This account is suspended."}'), ChannelRefused),
    Case("redirect-other-host", _says("307 Away", "", "Location: https://example.org/"), ChannelRefused),
    Case("tls-downgrade", _says("301 Away", "", "Location: http://example.org/"), ChannelRefused),
    Case("400-validation", _says("400 Bad", '{"message": "The text is too long."}'), Refused),
    Case("413", _says("413 Large"), Refused),
    Case("415", _says("415 What"), Refused),
]
ENDLESS = {"hang-before-body", "slow-drip"}


@pytest.fixture
def play() -> Iterator[Callable[[Play], Scripted]]:
    servers: list[Scripted] = []

    def start(one: Play) -> Scripted:
        servers.append(Scripted(one))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def test_every_network_is_tried_that_takes_a_text_alone() -> None:
    real = {slug: network for slug, network in NETWORKS.items() if slug not in SANDBOXES}
    assert set(ACCOUNTS) == {slug for slug, network in real.items() if not network.limits.needs_media}


@pytest.mark.parametrize("slug", ACCOUNTS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_a_fault_ends_in_exactly_one_kind_of_knowledge(
    play: Callable[[Play], Scripted], caplog: pytest.LogCaptureFixture, case: Case, slug: str
) -> None:
    caplog.set_level(logging.DEBUG)
    kept = ACCOUNTS[slug]
    outcome = _outcome(slug, kept.account(play(case.play).url, PATIENCE if case.fault in ENDLESS else 5.0))
    if case.bare_yes and kept.takes_a_bare_yes:
        assert isinstance(outcome, Receipt)
        return
    assert isinstance(outcome, SendError)
    assert isinstance(outcome, case.ends if kept.at_once else (case.ends, NotSent))
    if case.waits is not None and kept.at_once:
        assert isinstance(outcome, NotSent)
        assert outcome.retry_after == pytest.approx(case.waits, abs=2)
        assert outcome.counts is case.fault.startswith("503")
    assert SECRET not in caplog.text + str(outcome.sentence.as_json()) + str(outcome)


@pytest.mark.parametrize("slug", ACCOUNTS)
@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://nowhere.invalid"])
def test_a_network_that_is_never_reached_was_sent_nothing(slug: str, url: str) -> None:
    outcome = _outcome(slug, ACCOUNTS[slug].account(url, 2.0))
    assert type(outcome) is NotSent


@pytest.mark.parametrize("slug", ACCOUNTS)
def test_past_its_time_nothing_leaves(play: Callable[[Play], Scripted], slug: str) -> None:
    server, kept = play(_says("200 OK")), ACCOUNTS[slug]
    late = kept.account(server.url, 5.0)
    outcome = _outcome(
        slug, Account(late.base_url, late.handle, late.remote_id, late.credentials, until=time.monotonic() - 1)
    )
    assert type(outcome) is NotSent
    assert server.requests == []


def _outcome(slug: str, account: Account) -> Receipt | SendError:
    try:
        return NETWORKS[slug].publish(account, message())
    except SendError as error:
        return error
