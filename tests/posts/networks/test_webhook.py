"""Webhooks against a receiver that checks every signature and drops what it has had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from notices.signing import is_secret, new_secret, signed
from posts.networks import client
from posts.networks.base import Absent, Account, ChannelRefused, NotSent, Receipt, Refused, SendError, Unconfirmed
from posts.networks.parcel import Card
from posts.networks.webhook import Webhook as Connector
from tests.posts.networks.fakes.receiver import Receiver
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.parcels import READABLE, image
from tests.posts.networks.sending import message

NETWORK = Connector()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver(new_secret())
    yield one
    one.close()


@pytest.fixture
def to(receiver: Receiver) -> Account:
    return Account(receiver.url, "example.org", "1", {"secret": receiver.secret, "path": "/take"}, deadline=5.0)


def test_a_post_arrives_signed_and_the_receiver_says_where_it_is(receiver: Receiver, to: Account) -> None:
    sent = replace(message("One"), rest=("Two",), card=Card("https://example.org/a", "A", "About"))
    assert NETWORK.publish(to, sent) == Receipt("1", "https://example.org/1")
    (post,) = receiver.posts.values()
    assert (post["key"], post["reference"], post["text"], post["thread"]) == (sent.key, sent.reference, "One", ["Two"])
    assert post["card"] == {"url": "https://example.org/a", "title": "A", "description": "About"}


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged(receiver: Receiver, to: Account, case: dict[str, Any]) -> None:
    NETWORK.publish(to, message(case["text"]))
    (post,) = receiver.posts.values()
    assert post["text"] == case["text"]


def test_a_receiver_that_says_nothing_but_yes_is_believed(receiver: Receiver, to: Account) -> None:
    receiver.tells, sent = False, message()
    assert NETWORK.publish(to, sent) == Receipt(sent.key, "")
    NETWORK.delete(to, sent.key)
    assert receiver.posts == {}


def test_a_lost_answer_is_sent_again_and_dropped(receiver: Receiver, to: Account) -> None:
    receiver.lost, sent = [True], message()
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert NETWORK.find(to, sent) == Absent()
    assert NETWORK.resend_with_key
    assert NETWORK.publish(to, sent) == Receipt("1", "https://example.org/1")
    assert len(receiver.posts) == 1
    assert len({one.headers["webhook-id"] for one in receiver.requests}) == 1


def test_files_are_told_by_their_public_address(receiver: Receiver, to: Account) -> None:
    NETWORK.publish(to, replace(message(), media=(image(url="https://example.org/red.png"),)))
    (post,) = receiver.posts.values()
    assert post["media"] == [
        {"kind": "image", "type": "image/png", "url": "https://example.org/red.png", "alt": "A red square", "width": 1,
         "height": 1, "size": image().size},
    ]  # fmt: skip


def test_what_it_cannot_take_is_refused_before_anything_leaves(receiver: Receiver, to: Account) -> None:
    for sent in (replace(message(), media=(image(),)), replace(message(), rest=("x",) * 25)):
        with pytest.raises(Refused):
            NETWORK.publish(to, sent)
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("reply", "ends"),
    [
        (Reply(200, b"<html>Please log in</html>"), Unconfirmed),
        (Reply(200, {"error": "no"}), Unconfirmed),
        (Reply(200, {"id": None}), Unconfirmed),
        (Reply(200, {"id": "x" * 201}), Unconfirmed),
        (Reply(200, ["1"]), Unconfirmed),
        (Reply(500), Unconfirmed),
        (Reply(429, None, {"Retry-After": "30"}), NotSent),
        (Reply(422, {"message": "No such section."}), Refused),
        (Reply(401), ChannelRefused),
        (Reply(410), ChannelRefused),
        (Reply(307, None, {"Location": "https://example.org"}), ChannelRefused),
    ],
)
def test_an_answer_ends_in_its_class(receiver: Receiver, to: Account, reply: Reply, ends: type[SendError]) -> None:
    receiver.in_the_way = [reply]
    with pytest.raises(SendError) as outcome:
        NETWORK.publish(to, message())
    assert type(outcome.value) is ends


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://example.org/" + "x" * 500, 7, None])
def test_only_a_real_address_is_shown_as_a_link(receiver: Receiver, to: Account, url: object) -> None:
    receiver.in_the_way = [Reply(200, {"id": 7, "url": url})]
    assert NETWORK.publish(to, message()) == Receipt("7", "")


def test_a_post_is_taken_down_twice_without_harm(receiver: Receiver, to: Account) -> None:
    receipt = NETWORK.publish(to, message())
    NETWORK.delete(to, receipt.remote_id)
    NETWORK.delete(to, "999")
    assert receiver.posts == {}
    assert NETWORK.measure(to, [receipt.remote_id]) == {}


def test_connecting_makes_a_secret_that_is_shown_once_and_opens_the_receiver_later(receiver: Receiver) -> None:
    address = f"{receiver.url}/take"
    (grant,) = NETWORK.connect({"address": address})
    secret = grant.credentials["secret"]
    assert is_secret(secret)
    assert secret not in repr(grant)
    assert NETWORK.shown_once == ("secret",)
    assert (grant.server, grant.handle) == (receiver.url, "127.0.0.1")
    receiver.secret = secret
    NETWORK.publish(Account(grant.server, grant.handle, grant.remote_id, grant.credentials), message())
    assert NETWORK.connect({"address": address})[0].remote_id == grant.remote_id


def test_a_secret_that_somebody_brings_has_to_open_the_receiver_at_once(receiver: Receiver) -> None:
    typed = {"address": f"{receiver.url}/take", "secret": receiver.secret}
    assert NETWORK.connect(typed)[0].credentials["secret"] == receiver.secret
    with pytest.raises(ChannelRefused):
        NETWORK.connect({**typed, "secret": new_secret()})


@pytest.mark.parametrize("path", ["/elsewhere", ""])
def test_connecting_to_where_nobody_takes_posts_says_so(receiver: Receiver, path: str) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.connect({"address": receiver.url + path})


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"address": "ftp://example.org"},
        {"address": "https://a:b@example.org/"},
        {"address": "https://example.org", "secret": "whsec_short"},
    ],
)
def test_connecting_says_what_is_wrong_before_anything_leaves(typed: dict[str, str]) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.connect(typed)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:5432/x", "http://localhost/", "https://169.254.169.254/latest", "http://[::1]/"]
)
def test_an_address_inside_the_house_is_not_called(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(client, "_reach", lambda url: client.PUBLIC)
    with pytest.raises(ChannelRefused):
        NETWORK.connect({"address": address})


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!", "nothing"])
def test_a_channel_without_its_secret_stands_still(receiver: Receiver, to: Account, secret: str) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, credentials={"secret": secret, "path": "/take"}), message())
    assert receiver.requests == []


def test_the_reference_library_accepts_a_signature_and_nothing_that_was_touched() -> None:
    secret, body = new_secret(), "Grüße 👋🏽".encode()
    headers = signed(secret, "key-1", datetime.now(UTC), b'"' + body + b'"')
    text = f'"{body.decode()}"'
    assert Webhook(secret).verify(text, headers) == body.decode()
    for changed, given in (
        (text + " ", headers),
        (text, {**headers, "webhook-id": "key-2"}),
        (text, {**headers, "webhook-timestamp": "1"}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(changed, given)
