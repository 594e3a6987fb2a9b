"""Slack's connector against somebody else's stand-in: signing in, messages, files, threads, reactions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from posts.networks.access import App, Grant
from posts.networks.base import Absent, Account, ChannelRefused, Found, NotSent, Reactions
from posts.networks.slack import Slack
from tests.posts.networks.parcels import PIXEL, READABLE, Notebook, image
from tests.posts.networks.sending import message
from tests.real_networks.conftest import Network

NETWORK = Slack()
BACK = "http://127.0.0.1:9/back"


@pytest.fixture(scope="module")
def server(network: Network) -> str:
    return network("slack")


@pytest.fixture(scope="module")
def grant(server: str) -> Grant:
    """As a browser would get it: the form that says yes, and the code behind it."""
    app = App("client", "secret", server)
    page = _ask(NETWORK.authorize(app, state="st", challenge="ch", redirect=BACK))[1]
    action, form = re.findall(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page, re.S)[0]
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]*)"[^>]*value="([^"]*)"', form)}
    back, _ = _ask(server + unescape(action), fields)
    told = parse_qs(urlsplit(back).query)
    assert told["state"] == ["st"]
    grants = NETWORK.exchange(app, code=told["code"][0], verifier="v", redirect=BACK)
    with pytest.raises(NotSent):
        NETWORK.exchange(app, code=told["code"][0], verifier="v", redirect=BACK)
    return grants[0]


@pytest.fixture(scope="module")
def to(server: str, grant: Grant) -> Account:
    (joined,) = NETWORK.connect({"token": grant.credentials["access_token"], "channel": grant.handle, "server": server})
    assert (joined.remote_id, joined.name) == (grant.remote_id, grant.name)
    return Account(server, joined.handle, joined.remote_id, joined.credentials, deadline=10.0)


def test_every_text_arrives_unchanged_and_is_found_by_its_key(to: Account) -> None:
    sent = [message(case["text"]) for case in READABLE]
    receipts = [NETWORK.publish(to, one) for one in sent]
    for one, receipt in zip(sent, receipts, strict=True):
        assert _text(to, receipt.remote_id) == one.text
        assert NETWORK.find(to, one) == Found(receipt)
    assert NETWORK.find(to, message("Never sent")) == Absent()


def test_markup_arrives_as_it_was_written(to: Account) -> None:
    receipt = NETWORK.publish(to, message("<!channel> & *bold*"))
    assert _text(to, receipt.remote_id) == "&lt;!channel&gt; &amp; *bold*"


def test_files_arrive_whole_and_are_found(to: Account) -> None:
    sent = replace(message("Look"), media=(image("a.png"), image("b.png")), steps=Notebook({}))
    receipt = NETWORK.publish(to, sent)
    files = _message(to, receipt.remote_id)["files"]
    assert [one["name"] for one in files] == ["a.png", "b.png"]
    assert [_bytes(to, one["url_private"]) for one in files] == [PIXEL, PIXEL]
    assert NETWORK.find(to, sent) == Found(receipt)


def test_a_thread_hangs_together_is_measured_and_comes_down(to: Account) -> None:
    sent = replace(message("One"), rest=("Two", "Three"), steps=Notebook({}))
    receipt = NETWORK.publish(to, sent)
    first, second, third = receipt.remote_id.split(",")
    assert [_message(to, one)["thread_ts"] for one in (second, third)] == [first, first]
    assert NETWORK.find(to, replace(sent, steps=Notebook({}))) == Found(receipt)
    _call(to, "reactions.add", {"channel": to.remote_id, "timestamp": first, "name": "fire"})
    assert NETWORK.measure(to, [receipt.remote_id]) == {receipt.remote_id: Reactions(likes=1, replies=0)}
    NETWORK.delete(to, receipt.remote_id)
    NETWORK.delete(to, receipt.remote_id)
    assert NETWORK.measure(to, [receipt.remote_id]) == {}


def test_an_unknown_channel_stops_the_channel(to: Account) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, remote_id="C0NOWHERE"), message())


def _text(to: Account, stamp: str) -> object:
    return _message(to, stamp)["text"]


def _message(to: Account, stamp: str) -> dict[str, Any]:
    told = _call(to, "conversations.replies", {"channel": to.remote_id, "ts": stamp})
    return next(one for one in told["messages"] if one["ts"] == stamp)


def _call(to: Account, method: str, form: dict[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_ask(f"{to.base_url}/api/{method}", form, to.credentials["access_token"])[1])
    assert told["ok"], told
    return told


def _bytes(to: Account, url: str) -> bytes:
    return _ask(url, None, to.credentials["access_token"])[1].encode("latin-1")


def _ask(url: str, form: dict[str, str] | None = None, token: str = "") -> tuple[str, str]:
    """Where it sends us, and what it says; bytes as Latin-1 where they are no UTF-8."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
    method, body = ("GET", None) if form is None else ("POST", urlencode(form))
    said = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}
    connection.request(method, f"{parts.path}?{parts.query}", body, said)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    try:
        return answer.headers.get("Location", ""), content.decode()
    except UnicodeDecodeError:
        return answer.headers.get("Location", ""), content.decode("latin-1")
