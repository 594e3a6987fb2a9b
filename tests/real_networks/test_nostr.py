"""Nostr's connector against a real relay, which checks every signature."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
from websockets.sync.client import connect

from posts.networks.base import Absent, Account, Found, Message, Reactions, Refused
from posts.networks.nostr import Nostr
from posts.networks.nostr_event import key_of
from tests.posts.networks.parcels import READABLE, Notebook, image
from tests.posts.networks.sending import message
from tests.real_networks.conftest import Network

NETWORK = Nostr()


@pytest.fixture(scope="module")
def to(network: Network) -> Account:
    (grant,) = NETWORK.connect({"key": secrets.token_hex(32), "relays": network("nostr")})
    return Account(grant.server, grant.handle, grant.remote_id, grant.credentials, deadline=10.0)


def _sent(text: str = "") -> Message:
    return replace(message(text), steps=Notebook({}))


def test_every_text_arrives_unchanged_and_is_found_by_its_id(to: Account) -> None:
    """But for the three longest, which are more than this relay's 4,096 bytes."""
    for case in (case for case in READABLE if case["utf8"] < 2500):
        sent = _sent(case["text"])
        receipt = NETWORK.publish(to, sent)
        assert _event(to, receipt.remote_id)["content"] == case["text"]
        assert NETWORK.find(to, sent) == Found(receipt)
    assert NETWORK.find(to, _sent("Never sent")) == Absent()


def test_sent_again_later_it_is_the_same_post(to: Account) -> None:
    sent = _sent("Once")
    first = NETWORK.publish(to, sent)
    assert NETWORK.publish(to, replace(sent, since=sent.since + timedelta(minutes=3))) == first


def test_tags_and_a_picture_arrive(to: Account) -> None:
    receipt = NETWORK.publish(
        to, replace(_sent("#Nostr https://example.org"), media=(image(url="https://example.org/r.png"),))
    )
    event = _event(to, receipt.remote_id)
    assert ["t", "nostr"] in event["tags"]
    assert ["r", "https://example.org"] in event["tags"]
    assert any(tag[:2] == ["imeta", "url https://example.org/r.png"] for tag in event["tags"])


def test_a_thread_a_repost_and_reactions_are_counted(to: Account) -> None:
    thread = replace(_sent("One"), rest=("Two", "Three"))
    receipt = NETWORK.publish(to, thread)
    assert NETWORK.find(to, thread) == Found(receipt)
    again = replace(_sent("One"), repost_of=receipt.remote_id)
    assert NETWORK.find(to, again) == Absent()
    assert NETWORK.find(to, replace(again, steps=again.steps)) == Absent()
    shared = NETWORK.publish(to, again)
    assert NETWORK.find(to, again) == Found(shared)
    fan = key_of(secrets.token_hex(32))
    _tell(to, fan.event(7, "+", [["e", receipt.remote_id], ["p", to.remote_id]], int(thread.since.timestamp())))
    assert NETWORK.measure(to, [receipt.remote_id]) == {receipt.remote_id: Reactions(likes=1, reposts=1, replies=0)}


def test_a_post_comes_down_with_its_thread(to: Account) -> None:
    thread = replace(_sent("Down"), rest=("with it",))
    receipt = NETWORK.publish(to, thread)
    NETWORK.delete(to, receipt.remote_id)
    assert NETWORK.measure(to, [receipt.remote_id]) == {}
    assert NETWORK.find(to, replace(thread, steps=Notebook({}))) == Absent()


def test_what_the_relay_refuses_is_refused(to: Account) -> None:
    with pytest.raises(Refused):
        NETWORK.publish(to, _sent("x" * 5000))
    with pytest.raises(Refused):
        NETWORK.publish(to, replace(message(), steps=Notebook({"created_at": "1400000000"})))


def _event(to: Account, remote_id: str) -> dict[str, list[list[str]]]:
    with connect(to.base_url) as line:
        line.send(json.dumps(["REQ", "test", {"ids": [remote_id]}]))
        told = json.loads(line.recv(10))
        assert told[0] == "EVENT"
        found: dict[str, list[list[str]]] = told[2]
        return found


def _tell(to: Account, event: object) -> None:
    with connect(to.base_url) as line:
        line.send(json.dumps(["EVENT", event]))
        assert json.loads(line.recv(10))[2] is True
