"""Telegram against a strict stand-in: what arrives, what is refused before it leaves, and what is known afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from posts.networks import NETWORKS
from posts.networks.access import TakesKeys
from posts.networks.base import Account, ChannelRefused, Message, NotSent, Receipt, Refused, Unconfirmed, Unknown
from posts.networks.parcel import Attachment, Card
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.fakes.telegram import CHANNEL, LOCKED, TOKEN, Telegram
from tests.posts.networks.parcels import READABLE, TEXTS, gif, image, video
from tests.posts.networks.sending import message

NETWORK = NETWORKS["telegram"]


@pytest.fixture
def fake() -> Iterator[Telegram]:
    server = Telegram()
    yield server
    server.close()


@pytest.fixture
def to(fake: Telegram) -> Account:
    return Account(fake.url, "@atelier", str(CHANNEL), {"token": TOKEN}, deadline=5.0)


def _only(fake: Telegram) -> str:
    (post,) = fake.posts.values()
    return post.text


def test_a_text_arrives_and_the_receipt_says_where(fake: Telegram, to: Account) -> None:
    receipt = NETWORK.publish(to, message("Hello *there* https://example.org"))
    assert _only(fake) == "Hello *there* https://example.org"
    assert receipt == Receipt(receipt.remote_id, f"https://t.me/atelier/{receipt.remote_id}")


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged(fake: Telegram, to: Account, case: dict[str, Any]) -> None:
    NETWORK.publish(to, message(case["text"]))
    assert _only(fake) == case["text"]


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_utf16_units(case: dict[str, Any]) -> None:
    assert NETWORK.length(case["text"]) == case["utf16"]


def test_it_takes_what_it_says_it_takes_and_not_one_more(fake: Telegram, to: Account) -> None:
    NETWORK.publish(to, message("👋" * 2048))
    with pytest.raises(Refused) as refusal:
        NETWORK.publish(to, message("👋" * 2048 + "!"))
    assert "message is too long" in refusal.value.sentence.values["words"]


def test_the_card_says_which_link_is_previewed(fake: Telegram, to: Account) -> None:
    card = Card("https://example.org/b", "B")
    NETWORK.publish(to, replace(message("https://example.org/a https://example.org/b"), card=card))
    (post,) = fake.posts.values()
    assert post.preview == {"url": "https://example.org/b"}


@pytest.mark.parametrize("file", [image(), video(), gif()], ids=["image", "video", "gif"])
def test_a_file_arrives_with_its_caption(fake: Telegram, to: Account, file: Attachment) -> None:
    NETWORK.publish(to, replace(message("Look: é 👋🏽\r\n"), media=(file,)))
    (post,) = fake.posts.values()
    assert post.text == "Look: é 👋🏽\r\n"
    assert [one.body for one in post.files] == [file.read()]


def test_an_album_is_one_receipt_and_is_taken_down_whole(fake: Telegram, to: Account) -> None:
    receipt = NETWORK.publish(to, replace(message("Three"), media=(image("a.png"), video(), image("c.png"))))
    assert [post.text for post in fake.posts.values()] == ["Three", "", ""]
    assert receipt.remote_id == ",".join(map(str, fake.posts))
    NETWORK.delete(to, receipt.remote_id)
    NETWORK.delete(to, receipt.remote_id)
    assert fake.posts == {}


def test_what_is_older_than_two_days_takes_the_right_to_delete(fake: Telegram, to: Account) -> None:
    receipt = NETWORK.publish(to, message("Once"))
    fake.old, fake.may_delete = set(fake.posts), False
    with pytest.raises(Refused) as refusal:
        NETWORK.delete(to, receipt.remote_id)
    assert "two days" in refusal.value.sentence.text
    fake.may_delete = True
    NETWORK.delete(to, receipt.remote_id)
    assert fake.posts == {}


def test_an_earlier_post_is_shared_again(fake: Telegram, to: Account) -> None:
    first = NETWORK.publish(to, message("Once"))
    again = NETWORK.publish(to, replace(message("Once"), repost_of=first.remote_id))
    assert again.remote_id != first.remote_id
    assert [post.text for post in fake.posts.values()] == ["Once", "Once"]
    NETWORK.delete(to, first.remote_id)
    with pytest.raises(Refused):
        NETWORK.publish(to, replace(message("Once"), repost_of=first.remote_id))


@pytest.mark.parametrize(
    "sent",
    [
        replace(message("One"), rest=("Two",)),
        replace(message("x" * 1025), media=(image(),)),
        replace(message("Many"), media=(image(),) * 11),
        replace(message("Two kinds"), media=(image(), gif())),
    ],
    ids=["thread", "long caption", "eleven", "gif in an album"],
)
def test_what_it_cannot_take_is_refused_before_anything_leaves(fake: Telegram, to: Account, sent: Message) -> None:
    with pytest.raises(Refused):
        NETWORK.publish(to, sent)
    assert fake.requests == []


def test_a_revoked_token_stops_the_channel(fake: Telegram, to: Account) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, credentials={"token": "110201543:revoked"}), message())


@pytest.mark.parametrize("token", ["", "nonsense", "1:a/../x", "1:a\n", "1:é"])
def test_what_is_no_token_never_leaves_the_house(fake: Telegram, to: Account, token: str) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, credentials={"token": token}), message())
    assert fake.requests == []


@pytest.mark.parametrize("chat", [str(LOCKED), "-1000000000000"])
def test_a_chat_that_the_bot_is_not_in_stops_the_channel(fake: Telegram, to: Account, chat: str) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, remote_id=chat), message())


def test_a_full_house_names_its_time(fake: Telegram, to: Account) -> None:
    told = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 35}}
    fake.in_the_way = [Reply(429, told)]
    with pytest.raises(NotSent) as refusal:
        NETWORK.publish(to, message())
    assert (refusal.value.retry_after, refusal.value.counts) == (35, False)


def test_a_lost_answer_is_left_to_a_person(fake: Telegram, to: Account) -> None:
    fake.lost, sent = [True], message()
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert len(fake.posts) == 1
    assert isinstance(NETWORK.find(to, sent), Unknown)


@pytest.mark.parametrize(
    "told",
    [
        {"ok": True},
        {"ok": True, "result": {"message_id": "7", "chat": {"id": CHANNEL}}},
        {"ok": True, "result": {"message_id": 7, "chat": {"id": 42}}},
        {"ok": False, "description": "?"},
        {"ok": True, "result": []},
    ],
)
def test_an_answer_without_this_chats_message_proves_nothing(fake: Telegram, to: Account, told: object) -> None:
    fake.in_the_way = [Reply(200, told)]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, message())


def test_nothing_is_measured() -> None:
    assert NETWORK.measures == frozenset()
    assert NETWORK.measure(Account("", ""), ["1"]) == {}


def test_connecting_asks_who_the_bot_is_and_whether_it_may_post(fake: Telegram) -> None:
    assert isinstance(NETWORK, TakesKeys)
    (grant,) = NETWORK.connect({"token": f" {TOKEN} ", "chat": "@atelier", "server": fake.url + "/"})
    assert (grant.remote_id, grant.handle, grant.name) == (str(CHANNEL), "@atelier", "Atelier")
    assert (grant.server, grant.url) == (fake.url, "https://t.me/atelier")
    assert grant.credentials == {"token": TOKEN}
    assert TOKEN not in repr(grant)


@pytest.mark.parametrize(("token", "chat"), [(TOKEN, str(LOCKED)), (TOKEN, "@nobody"), ("1:wrong", "@atelier")])
def test_connecting_says_what_is_wrong(fake: Telegram, token: str, chat: str) -> None:
    assert isinstance(NETWORK, TakesKeys)
    with pytest.raises(ChannelRefused) as refusal:
        NETWORK.connect({"token": token, "chat": chat, "server": fake.url})
    assert token not in str(refusal.value.sentence.as_json())
