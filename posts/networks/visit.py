"""Looking at a public page as a passer-by: one GET, a few redirects, each of them only to a public address."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from math import inf

import httpx2

from posts.networks.reach import Forbidden
from posts.networks.wire import CONNECT_SECONDS, Errand, Network, NoSuchName, Transport

SECONDS = 10.0  # for one whole visit, redirects included
LARGEST = 64 * 1024
MOST_REDIRECTS = 5
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
    "Accept-Encoding": "identity",  # a page that unpacks to gigabytes is not worth its title
    "User-Agent": "Refrain link check (a scheduler that makes sure that a link in a post still works)",
}
_UNWRITABLE = re.compile(r"[\s\\\x00-\x20\x7f]")
# X.509 verification errors, as OpenSSL numbers them: another host name, another IP address; out of date.
_WRONG_NAMES, _EXPIRED = (62, 64), 10


class Trouble(StrEnum):
    """Why there was no answer, as far as it says something about the page."""

    NO_SUCH_NAME = "no_such_name"
    WRONG_NAME = "wrong_name"  # the certificate is another site's
    EXPIRED = "expired"  # the certificate
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # all else between us and an answer
    LOOP = "loop"  # redirects without an end
    FORBIDDEN = "forbidden"  # not ours to call


class NoPage(Exception):
    """There was no answer to judge; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.value)


@dataclass(frozen=True)
class Page:
    """The answer that stood at the end. `text` is empty for what is no readable page."""

    url: str  # where it was found
    status: int
    text: str = ""


class Visitor:
    """Visits pages, in any thread. `pace` is called with each host before it is asked, and may wait."""

    def __init__(
        self, network: Network, pace: Callable[[str], None], certificates: ssl.SSLContext | None = None
    ) -> None:
        self._transport = Transport(network, certificates)
        self._pace = pace

    def visit(self, url: str) -> Page:
        """Raises NoPage when nobody answered, or nobody may be asked."""
        address, errand = address_of(url), Errand(SECONDS, inf)
        for _ in range(MOST_REDIRECTS + 1):
            self._pace(address.host)
            page, onward = self._look(address, errand)
            if onward is None:
                return page
            address = address_of(str(address.join(onward)))
        raise NoPage(Trouble.LOOP)

    def close(self) -> None:
        self._transport.close()

    def _look(self, address: httpx2.URL, errand: Errand) -> tuple[Page, str | None]:
        waits = {"connect": CONNECT_SECONDS / 2, "read": SECONDS, "write": SECONDS, "pool": SECONDS}
        request = httpx2.Request("GET", address, headers=HEADERS, extensions={"timeout": waits})
        try:
            with errand.under_way():
                response = self._transport.handle_request(request)
                with closing(response):
                    onward = response.headers.get("location") if 300 <= response.status_code < 400 else None
                    text = "" if onward else _text(response)
                    return Page(str(address), response.status_code, text), onward
        except Exception as error:
            raise NoPage(trouble_of(error)) from error


def address_of(url: str) -> httpx2.URL:
    """Plain web addresses alone: no key inside, no trick in the spelling, a name that others know too."""
    try:
        if _UNWRITABLE.search(url):
            raise NoPage(Trouble.FORBIDDEN)
        address = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        raise NoPage(Trouble.FORBIDDEN) from None
    plain = address.scheme in ("http", "https") and not address.userinfo and address.port != 0
    if not plain or not _is_a_name(address.host):
        raise NoPage(Trouble.FORBIDDEN)
    return address.copy_with(fragment=None)


def _is_a_name(host: str) -> bool:
    if "." in host.strip("."):
        return True
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _text(response: httpx2.Response) -> str:
    """The first 64 kB of a page, in its own encoding as far as it says which."""
    kind = response.headers.get("content-type", "text/html")
    packed = response.headers.get("content-encoding", "identity").lower()
    if packed != "identity" or not kind.lower().startswith(("text/", "application/xhtml")):
        return ""
    body = b"".join(_beginning(response))
    named = re.search(rb"charset=[\"']?([\w-]+)", kind.encode() + b" " + body[:1024])
    try:
        return body.decode(named[1].decode() if named else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _beginning(response: httpx2.Response) -> Iterator[bytes]:
    left = LARGEST
    for chunk in response.iter_raw():
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def trouble_of(error: BaseException) -> Trouble:
    for one in _causes(error):
        match one:
            case Forbidden():
                return Trouble.FORBIDDEN
            case NoSuchName():
                return Trouble.NO_SUCH_NAME
            case ssl.SSLCertVerificationError() if one.verify_code in _WRONG_NAMES:
                return Trouble.WRONG_NAME
            case ssl.SSLCertVerificationError() if one.verify_code == _EXPIRED:
                return Trouble.EXPIRED
            case httpx2.TimeoutException():
                return Trouble.TIMEOUT
    return Trouble.UNREACHABLE


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The innermost first: it knows best."""
    if error is not None:
        yield from _causes(error.__cause__ or error.__context__)
        yield error
