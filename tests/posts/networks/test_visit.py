"""Visiting pages: only public addresses, each hop looked at, an end to everything, and what every failure says."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpcore2
import pytest

from posts.networks.pace import Pace
from posts.networks.reach import Public, is_public
from posts.networks.visit import LARGEST, MOST_REDIRECTS, NoPage, Page, Trouble, Visitor
from posts.networks.wire import Network, look_up
from tests.posts.networks.certificates import self_signed
from tests.posts.networks.hostile import NAMES, REFUSED, calls, resolve
from tests.posts.networks.scripted import Play, Scripted

Server = Callable[[Play], Scripted]
HERE = ["127.0.0.0/8"]


@pytest.fixture
def scripted() -> Iterator[Server]:
    servers: list[Scripted] = []

    def start(play: Play) -> Scripted:
        servers.append(Scripted(play))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def visit(url: str, *allowed: str, trusting: ssl.SSLContext | None = None) -> Page | Trouble:
    visitor = Visitor(Network(Public(allowed), resolve), Pace(0), trusting)
    try:
        return visitor.visit(url)
    except NoPage as error:
        return error.trouble
    finally:
        visitor.close()


def answer(body: str = "", status: str = "200 OK", *headers: str) -> bytes:
    told = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(told)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + told


def saying(*answers: bytes) -> Play:
    told = list(answers)
    return lambda to, _: to.sendall(told.pop(0) if len(told) > 1 else told[0])


@pytest.mark.parametrize("url", REFUSED)
def test_nothing_inside_is_called(url: str) -> None:
    """Seen to fail without Public, and with Python's own `is_private` in its place."""
    with calls() as called:
        assert visit(url) in (Trouble.FORBIDDEN, Trouble.UNREACHABLE, Trouble.NO_SUCH_NAME)
    assert called == []


def test_the_eye_on_calls_sees_one_that_is_allowed(scripted: Server) -> None:
    server = scripted(saying(answer("<title>Here</title>")))
    with calls() as called:
        page = visit(server.url, *HERE)
    assert isinstance(page, Page)
    assert (page.status, page.text) == (200, "<title>Here</title>")
    assert len(called) == server.connections == 1


def test_our_own_house_is_not_called_even_where_a_listener_waits(scripted: Server) -> None:
    server = scripted(saying(answer("secret")))
    assert visit(server.url) is Trouble.FORBIDDEN
    assert server.connections == 0


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize(
    "onward", ["http://127.0.0.2:{port}/", "//127.0.0.2:{port}/", "gopher://127.0.0.2:{port}/", "http://[::1]:{port}/"]
)
def test_every_redirect_is_looked_at(scripted: Server, status: str, onward: str) -> None:
    """Seen to fail when only the first address was checked."""
    inside = scripted(saying(answer("secret")))
    port = inside.url.rpartition(":")[2]
    outside = scripted(saying(answer("", status, f"Location: {onward.format(port=port)}")))
    assert visit(outside.url, "127.0.0.1/32") is Trouble.FORBIDDEN
    assert (outside.connections, inside.connections) == (1, 0)


def test_a_name_is_looked_up_once_and_that_address_is_called(scripted: Server) -> None:
    """A name that is public when it is checked and ours when it is called."""
    inside = scripted(saying(answer("secret")))
    asked: list[str] = []

    def rebinding(host: str, port: int, seconds: float) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    visitor = Visitor(Network(Public(["127.0.0.1/32"]), rebinding), Pace(0))
    page = visitor.visit(inside.url.replace("127.0.0.1", "rebind.test"))
    visitor.close()
    assert page.text == "secret"
    assert asked == ["rebind.test"]


def test_public_is_what_the_registries_gave_out() -> None:
    for address in ("9.9.9.9", "1.1.1.1", "2606:4700::1111", "2a00:1450:4007::200e", "::ffff:9.9.9.9"):
        assert is_public(ip_address(address)), address
    assert not any(is_public(ip_address(one)) for name in ("redis", "mapped.test", "metadata") for one in NAMES[name])


def test_redirects_are_followed_and_end(scripted: Server) -> None:
    arrived = scripted(saying(*[answer("", "302 Found", "Location: /on")] * MOST_REDIRECTS, answer("there")))
    page = visit(arrived.url, *HERE)
    assert isinstance(page, Page)
    assert page.url.endswith("/on")
    assert page.text == "there"
    assert visit(scripted(saying(answer("", "302 Found", "Location: /"))).url, *HERE) is Trouble.LOOP


def test_an_endless_page_is_read_to_its_first_64_kilobytes(scripted: Server) -> None:
    def play(to: socket.socket, _: bytes) -> None:
        to.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _page in range(10_000):
            to.sendall(b"x" * 4096)

    page = visit(scripted(play).url, *HERE)
    assert isinstance(page, Page)
    assert len(page.text) == LARGEST


def test_endless_headers_end(scripted: Server) -> None:
    def play(to: socket.socket, _: bytes) -> None:
        to.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            to.sendall(b"X-Header-%d: " % number + b"x" * 1000 + b"\r\n")

    assert visit(scripted(play).url, *HERE) is Trouble.UNREACHABLE


def test_what_is_packed_or_no_page_is_not_read(scripted: Server) -> None:
    for header in ("Content-Encoding: gzip", "Content-Type: image/svg+xml", "Content-Type: application/pdf"):
        page = visit(scripted(saying(answer("<title>x</title>", "200 OK", header))).url, *HERE)
        assert page == Page(page.url, 200, ""), header  # type: ignore[union-attr]


def test_a_page_is_read_in_its_own_encoding(scripted: Server) -> None:
    body = "<meta charset=latin-1><title>Été</title>".encode("latin-1")
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    page = visit(scripted(saying(head + body)).url, *HERE)
    assert isinstance(page, Page)
    assert "Été" in page.text


def test_no_server_no_name_and_a_broken_one_are_told_apart(scripted: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert visit(f"http://127.0.0.1:{port}/", *HERE) is Trouble.UNREACHABLE
    assert visit(scripted(lambda to, _: to.close()).url, *HERE) is Trouble.UNREACHABLE

    assert visit("http://gone.test/") is Trouble.NO_SUCH_NAME
    assert visit("http://later.test/") is Trouble.UNREACHABLE


def test_the_systems_resolver_says_that_a_name_does_not_exist() -> None:
    """No name ends in .invalid; a machine whose resolver cannot be asked says that it cannot."""
    with pytest.raises(httpcore2.ConnectError):
        look_up("name.invalid", 80, 5.0)


@pytest.mark.parametrize(
    ("name", "ends_in_days", "wanted"),
    [("other.test", 9, Trouble.WRONG_NAME), ("here.test", -9, Trouble.EXPIRED), ("here.test", 9, 204)],
)
def test_a_certificate_of_another_site_and_one_that_has_expired_are_told_apart(
    scripted: Server,
    tmp_path: Path,
    name: str,
    ends_in_days: int,
    wanted: Trouble | int,
) -> None:
    chain = self_signed(tmp_path, name, datetime.now(UTC) + timedelta(days=ends_in_days))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server = Scripted(saying(answer("", "204 No Content")), context)
    found = visit(
        server.url.replace("http://127.0.0.1", "https://here.test"),
        *HERE,
        trusting=ssl.create_default_context(cafile=chain),
    )
    server.close()
    assert (found.status if isinstance(found, Page) else found) == wanted


def test_requests_to_one_host_keep_their_distance_and_other_hosts_do_not_wait() -> None:
    clock = iter([10.0, 10.25, 10.25, 10.5, 20.0])
    waits: list[float] = []
    pace = Pace(1.0, lambda: next(clock), waits.append)
    for host in ("one.test", "one.test", "two.test", "one.test", "one.test"):
        pace(host)
    assert waits == [0.75, 1.5]
