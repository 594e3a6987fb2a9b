"""Fetching a file from a public address that somebody typed: one GET, a few redirects, and never more than so much."""

from __future__ import annotations

from contextlib import closing
from math import inf
from typing import BinaryIO

import httpx2

from notices.sentences import Sentence, say
from posts.networks.reach import Public
from posts.networks.visit import MOST_REDIRECTS, NoPage, Trouble, address_of, trouble_of
from posts.networks.wire import CONNECT_SECONDS, Errand, Network, Transport

SECONDS = 60.0  # for the whole errand
HEADERS = {
    "Accept": "image/*,video/mp4,*/*;q=0.5",
    "Accept-Encoding": "identity",
    "User-Agent": "Refrain (a scheduler that fetches a picture for a post)",
}


class NotFetched(Exception):
    """There is no file to be had at this address."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text)


def fetch(url: str, into: BinaryIO, most: int, reach: Public) -> str:
    """Write at most `most` bytes of what is there, and return the name it has there. Raises NotFetched."""
    transport, errand = Transport(Network(reach)), Errand(SECONDS, inf)
    try:
        address = address_of(url)
        for _ in range(MOST_REDIRECTS + 1):
            onward = _look(transport, address, errand, into, most)
            if onward is None:
                return address.path.rpartition("/")[2]
            address = address_of(str(address.join(onward)))
    except NoPage as error:
        raise NotFetched(_SAID.get(error.trouble, _UNREACHABLE)) from error
    except (httpx2.InvalidURL, ValueError):
        raise NotFetched(_UNREACHABLE) from None
    finally:
        transport.close()
    raise NotFetched(say("This address leads from one page to the next without an end."))


def _look(transport: Transport, address: httpx2.URL, errand: Errand, into: BinaryIO, most: int) -> str | None:
    waits = {"connect": CONNECT_SECONDS / 2, "read": SECONDS, "write": SECONDS, "pool": SECONDS}
    request = httpx2.Request("GET", address, headers=HEADERS, extensions={"timeout": waits})
    try:
        with errand.under_way():
            response = transport.handle_request(request)
            with closing(response):
                if 300 <= response.status_code < 400 and "location" in response.headers:
                    return str(response.headers["location"])
                if response.status_code != 200:
                    raise NotFetched(
                        say("There is nothing at this address (it answers {status}).", status=response.status_code)
                    )
                _copy(response, into, most)
                return None
    except NotFetched:
        raise
    except Exception as error:
        raise NoPage(trouble_of(error)) from error


def _copy(response: httpx2.Response, into: BinaryIO, most: int) -> None:
    for chunk in response.iter_raw():
        most -= len(chunk)
        if most < 0:
            raise NotFetched(say("The file at this address is too large."))
        into.write(chunk)


_UNREACHABLE = say("Nothing could be fetched from this address.")
_SAID = {
    Trouble.FORBIDDEN: say("This is no public web address, so nothing is fetched from it."),
    Trouble.NO_SUCH_NAME: say("There is no web site of this name."),
    Trouble.TIMEOUT: say("The web site did not answer in time."),
}
