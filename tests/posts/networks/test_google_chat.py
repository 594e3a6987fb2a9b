"""Google Chat against a strict stand-in, after excerpts of https://developers.google.com/chat/api, 21 November 2026.

The wording of its refusals, that of an empty message among them, and that webhooks keep no request id are our
judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from posts.networks.base import Account, ChannelRefused, Receipt, Refused, Unconfirmed, Unknown
from posts.networks.google_chat import GoogleChat
from tests.posts.networks.fakes.strict import Reply, Request, Strict, Turned
from tests.posts.networks.parcels import READABLE, TEXTS, image
from tests.posts.networks.sending import message

NETWORK = GoogleChat()
KEYS = {"key": "AIzaSyDdI0hCZtE6vySjMm", "token": "zI0hCZtE6vySjMm"}


class Chat(Strict):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def answer(self, request: Request) -> Reply:
        if request.method != "POST" or request.path != "/v1/spaces/AAQA/messages":
            raise _no(404, "Requested entity was not found.")
        if request.query.get("key") != KEYS["key"]:
            raise _no(400, "API key not valid. Please pass a valid API key.")
        if request.query.get("token") != KEYS["token"] or set(request.query) - {"key", "token", "requestId"}:
            raise _no(401, "Invalid credentials.")
        if set(request.json) != {"text"}:
            raise _no(400, "Invalid JSON payload received. Unknown name.")
        if not request.json["text"].strip():
            raise _no(400, "Message cannot be empty. Discarding empty create message request in spaces/AAQA.")
        if len(request.json["text"].encode()) > 32_000:
            raise _no(400, "Message is too long.")
        self.texts.append(request.json["text"])
        return Reply(
            200, {"name": f"spaces/AAQA/messages/T.{len(self.texts)}", "thread": {"name": "spaces/AAQA/threads/T"}}
        )


def _no(status: int, words: str) -> Turned:
    return Turned(status, {"error": {"code": status, "message": words, "status": "INVALID_ARGUMENT"}})


@pytest.fixture
def chat() -> Iterator[Chat]:
    one = Chat()
    yield one
    one.close()


@pytest.fixture
def to(chat: Chat) -> Account:
    return Account(chat.url, "spaces/AAQA", "spaces/AAQA", KEYS, deadline=5.0)


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged(chat: Chat, to: Account, case: dict[str, Any]) -> None:
    receipt = NETWORK.publish(to, message(case["text"]))
    assert receipt == Receipt("spaces/AAQA/messages/T.1", "https://chat.google.com/room/AAQA")
    assert chat.texts == [case["text"]]


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_bytes(case: dict[str, Any]) -> None:
    assert NETWORK.length(case["text"]) == case["utf8"]


def test_it_takes_what_it_says_it_takes_and_not_one_more(chat: Chat, to: Account) -> None:
    NETWORK.publish(to, message("👋" * 8000))
    with pytest.raises(Refused):
        NETWORK.publish(to, message("👋" * 8000 + "!"))


def test_what_it_cannot_take_is_refused_before_anything_leaves(chat: Chat, to: Account) -> None:
    for sent in (replace(message(), rest=("Two",)), replace(message(), media=(image(),))):
        with pytest.raises(Refused):
            NETWORK.publish(to, sent)
    with pytest.raises(Refused):
        NETWORK.delete(to, "spaces/AAQA/messages/T.1")
    assert chat.requests == []


def test_a_lost_answer_is_left_to_a_person(chat: Chat, to: Account) -> None:
    chat.lost, sent = [True], message()
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert isinstance(NETWORK.find(to, sent), Unknown)
    assert NETWORK.measure(to, ["spaces/AAQA/messages/T.1"]) == {}


@pytest.mark.parametrize("gone", [{"key": "x"}, {"token": "x"}])
def test_keys_that_are_no_longer_good_stop_the_channel(chat: Chat, to: Account, gone: dict[str, str]) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, credentials={**KEYS, **gone}), message())


def test_connecting_asks_without_posting(chat: Chat) -> None:
    address = "https://chat.googleapis.com/v1/spaces/AAQA/messages?key={key}&token={token}".format(**KEYS)
    (grant,) = NETWORK.connect({"webhook": address, "server": chat.url})
    assert (grant.remote_id, grant.credentials, chat.texts) == ("spaces/AAQA", KEYS, [])
    for wrong in (address.replace("AAQA", "B"), address + "x", address.replace("AIza", "x"), "https://example.org", ""):
        with pytest.raises(ChannelRefused):
            NETWORK.connect({"webhook": wrong, "server": chat.url})
