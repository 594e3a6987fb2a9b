"""Nostr against relays of our own: one event however often it is sent, tags, threads, and what a relay's no means."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from posts.networks import bech32, client
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Found,
    Message,
    NotSent,
    Reactions,
    Receipt,
    Refused,
    SendError,
    Unconfirmed,
    Unknown,
)
from posts.networks.nostr import Nostr
from posts.networks.nostr_event import CLIENT, key_of, tags_of
from tests.posts.networks.fakes.relay import Relay
from tests.posts.networks.parcels import READABLE, TEXTS, Notebook, image
from tests.posts.networks.scripted import Scripted, json_answer
from tests.posts.networks.sending import message

NETWORK = Nostr()
SECRET = "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa"  # of NIP-19's examples
NSEC = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
KEY = key_of(SECRET)


@pytest.fixture
def relay() -> Iterator[Relay]:
    one = Relay()
    yield one
    one.close()


@pytest.fixture
def second() -> Iterator[Relay]:
    one = Relay()
    yield one
    one.close()


@pytest.fixture
def to(relay: Relay) -> Account:
    return Account(relay.url, KEY.npub, KEY.public, {"key": SECRET}, deadline=5.0)


@pytest.fixture
def both(relay: Relay, second: Relay) -> Account:
    keys = {"key": NSEC, "relays": f"{relay.url} {second.url}/"}
    return Account(relay.url, KEY.npub, KEY.public, keys, deadline=5.0)


def _note(relay: Relay) -> dict[str, Any]:
    (event,) = relay.events.values()
    return event


def test_a_text_becomes_a_signed_note_and_the_receipt_says_where(relay: Relay, to: Account) -> None:
    receipt = NETWORK.publish(to, message("Hello"))
    event = _note(relay)
    assert (event["kind"], event["content"], event["pubkey"]) == (1, "Hello", KEY.public)
    assert receipt == Receipt(event["id"], "https://njump.me/" + bech32.encode("note", bytes.fromhex(event["id"])))


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged(relay: Relay, to: Account, case: dict[str, Any]) -> None:
    NETWORK.publish(to, message(case["text"]))
    assert _note(relay)["content"] == case["text"]


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_code_points(case: dict[str, Any]) -> None:
    assert NETWORK.length(case["text"]) == case["codepoints"]


def test_a_broken_character_is_refused_before_anything_leaves(relay: Relay, to: Account) -> None:
    with pytest.raises(Refused):
        NETWORK.publish(to, message("a\ud800b"))
    assert relay.heard == []


def test_hashtags_links_people_and_posts_become_tags() -> None:
    npub = bech32.encode("npub", bytes.fromhex(KEY.public))
    event = bech32.encode("nevent", bytes([1, 1, 65, 0, 32]) + bytes(32))
    text = f"#Été and #été #1 see https://example.org/a#b, nostr:{npub} (nostr:{event}) nostr:npub1x"
    assert tags_of(text) == [
        ["p", KEY.public], ["q", "00" * 32], ["r", "https://example.org/a#b"], ["t", "été"], CLIENT,
    ]  # fmt: skip


def test_a_picture_is_an_address_below_the_text_with_what_is_known_of_it(relay: Relay, to: Account) -> None:
    NETWORK.publish(to, replace(message("Look"), media=(image(url="https://example.org/red.png"),)))
    event = _note(relay)
    assert event["content"] == "Look\nhttps://example.org/red.png"
    wanted = ["imeta", "url https://example.org/red.png", "m image/png", "dim 1x1", "alt A red square"]
    assert wanted in event["tags"]


def test_what_it_cannot_take_is_refused_before_anything_leaves(relay: Relay, to: Account) -> None:
    for sent in (replace(message(), media=(image(),)), replace(message(), rest=("x",) * 25)):
        with pytest.raises(Refused):
            NETWORK.publish(to, sent)
    assert relay.heard == []


def test_the_event_is_the_same_at_every_attempt_however_late(relay: Relay, to: Account) -> None:
    sent = replace(message(), steps=Notebook({}))
    first = NETWORK.publish(to, sent)
    again = NETWORK.publish(to, replace(sent, since=sent.since + timedelta(minutes=20)))
    assert again == first
    assert list(relay.events) == [first.remote_id]
    assert relay.heard[0][1]["sig"] != relay.heard[1][1]["sig"]  # told twice, and a duplicate is a success


def test_its_moment_is_kept_before_anything_leaves(to: Account) -> None:
    sent = replace(message(), steps=Notebook({}))
    with pytest.raises(NotSent):
        NETWORK.publish(replace(to, base_url="ws://127.0.0.1:1", deadline=0.5), sent)
    assert sent.steps.kept("created_at") == str(int(sent.since.timestamp()))


def test_one_relay_is_enough_and_the_receipt_says_how_many(relay: Relay, second: Relay, both: Account) -> None:
    assert _of(NETWORK.publish(both, message())) == (2, 2)
    second.says = ["blocked: you are not a member"]
    receipt = NETWORK.publish(both, message())
    assert _of(receipt) == (1, 2)
    assert (receipt.remote_id in relay.events, receipt.remote_id in second.events) == (True, False)


def _of(receipt: Receipt) -> tuple[object, object]:
    assert receipt.note
    return receipt.note.values["taken"], receipt.note.values["all"]


@pytest.mark.parametrize(
    ("says", "ends"),
    [
        ("blocked: you are banned", ChannelRefused),
        ("auth-required: please", ChannelRefused),
        ("restricted: pay first", ChannelRefused),
        ("rate-limited: slow down", NotSent),
        ("invalid: too long", Refused),
        ("pow: difficulty 26 is less than 30", Refused),
        ("error: could not connect to the database", Unconfirmed),
        ("nonsense", Refused),
    ],
)
def test_a_relays_no_ends_in_its_class(relay: Relay, to: Account, says: str, ends: type[SendError]) -> None:
    relay.says = [says]
    with pytest.raises(SendError) as outcome:
        NETWORK.publish(to, message())
    assert type(outcome.value) is ends


def test_a_relay_that_names_no_event_when_it_refuses_one_is_understood(relay: Relay, to: Account) -> None:
    relay.nameless, relay.says = True, ["invalid: 280 characters should be enough for anybody"]
    with pytest.raises(Refused):
        NETWORK.publish(to, message())


def test_doubt_about_one_relay_is_doubt_about_the_post(relay: Relay, second: Relay, both: Account) -> None:
    relay.says, second.says = ["invalid: no"], ["error: ?"]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(both, message())


def test_a_relay_that_takes_and_says_nothing_is_found_to_have_it(relay: Relay, to: Account) -> None:
    relay.silent, sent = True, replace(message(), steps=Notebook({}))
    with pytest.raises(Unconfirmed):
        NETWORK.publish(replace(to, deadline=0.4), sent)
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert [found.receipt.remote_id] == list(relay.events)


def test_what_never_arrived_is_absent_and_a_relay_out_of_reach_hides_nothing(relay: Relay, both: Account) -> None:
    sent = replace(message(), steps=Notebook({"created_at": "1795000000"}))
    assert NETWORK.find(both, sent) == Absent()
    half = replace(both, credentials={"key": SECRET, "relays": "ws://127.0.0.1:1"}, deadline=1.0)
    assert NETWORK.find(half, sent) == Absent()  # sent again, it would be the same event
    assert isinstance(NETWORK.find(half, replace(sent, steps=Notebook({}))), Unknown)
    gone = replace(half, base_url="ws://127.0.0.1:1")
    assert isinstance(NETWORK.find(gone, sent), Unknown)


def test_nothing_leaves_when_no_time_is_left(relay: Relay, to: Account) -> None:
    with pytest.raises(NotSent):
        NETWORK.publish(replace(to, until=time.monotonic() - 1), message())
    assert relay.events == {}


def test_a_thread_answers_its_beginning_and_goes_on_where_it_failed(relay: Relay, to: Account) -> None:
    sent = replace(message("One"), rest=("Two", "Three"), steps=Notebook({}))
    relay.says = ["", "rate-limited: slow down"]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    receipt = NETWORK.publish(to, sent)
    events = list(relay.events.values())
    assert [event["content"] for event in events] == ["One", "Two", "Three"]
    marked = [[tag[1:] for tag in event["tags"] if tag[0] == "e"] for event in events]
    one, two, _ = relay.events
    assert receipt.remote_id == one
    assert marked == [[], [[one, relay.url, "root"]], [[one, relay.url, "root"], [two, relay.url, "reply"]]]
    assert NETWORK.find(to, sent) == Found(receipt)


def test_an_earlier_post_is_shared_again_whole(relay: Relay, to: Account) -> None:
    first = NETWORK.publish(to, message("Once"))
    sent = replace(message("Once"), repost_of=first.remote_id, steps=Notebook({}))
    again = NETWORK.publish(to, sent)
    event = relay.events[again.remote_id]
    assert (event["kind"], json.loads(event["content"])["id"]) == (6, first.remote_id)
    assert NETWORK.find(to, sent) == Found(again)
    with pytest.raises(Refused):
        NETWORK.publish(to, replace(sent, repost_of="0" * 64))


def test_a_post_is_taken_down_with_the_rest_of_its_thread(relay: Relay, to: Account) -> None:
    other = NETWORK.publish(to, message("Stays"))
    receipt = NETWORK.publish(to, replace(message("One"), rest=("Two",)))
    NETWORK.delete(to, receipt.remote_id)
    assert [event["kind"] for event in relay.events.values()] == [1, 5]
    assert other.remote_id in relay.events


def test_reactions_are_counted_once_however_many_relays_tell_them(relay: Relay, second: Relay, both: Account) -> None:
    thread = NETWORK.publish(both, replace(message("One"), rest=("Two",)))
    plain = NETWORK.publish(both, message())
    fan = key_of("11" * 32)
    said = [
        fan.event(kind, words, [["e", thread.remote_id]], 1795000000)
        for kind, words in ((7, "+"), (7, "-"), (6, ""), (1, "Hi"))
    ]
    for one in (relay, second):
        one.events |= {event["id"]: event for event in said}
    assert NETWORK.measure(both, [thread.remote_id, plain.remote_id, "0" * 64]) == {
        thread.remote_id: Reactions(likes=1, reposts=1, replies=1),
        plain.remote_id: Reactions(likes=0, reposts=0, replies=0),
    }
    assert NETWORK.measure(both, []) == {}


@pytest.mark.parametrize("key", ["", "nsec1x", "00" * 32, "ab", NSEC[:-1], NSEC.replace("nsec", "npub")])
def test_what_is_no_key_stops_the_channel(relay: Relay, to: Account, key: str) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, credentials={"key": key}), message())
    assert relay.heard == []


def test_connecting_names_the_person_as_the_relays_know_them(relay: Relay) -> None:
    profile = KEY.event(0, json.dumps({"name": "atelier", "display_name": "Atelier"}), [], 1795000000)
    relay.events[profile["id"]] = profile
    (grant,) = NETWORK.connect({"key": NSEC, "relays": f" {relay.url}\n{relay.url} "})
    assert (grant.remote_id, grant.handle, grant.name) == (KEY.public, KEY.npub, "Atelier")
    assert grant.server == relay.url
    account = Account(grant.server, grant.handle, grant.remote_id, grant.credentials, deadline=5.0)
    assert _of(NETWORK.publish(account, message())) == (1, 1)
    assert SECRET not in repr(grant)


@pytest.mark.parametrize("relays", ["ws://127.0.0.1:1", "https://example.org", "nonsense", "ws://"])
def test_connecting_says_when_no_relay_answers(relays: str) -> None:
    with pytest.raises((NotSent, ChannelRefused)):
        NETWORK.connect({"key": NSEC, "relays": relays})


@pytest.mark.parametrize("address", ["ws://127.0.0.1:6969", "ws://localhost", "wss://169.254.169.254", "ws://[::1]:80"])
def test_a_relay_inside_the_house_is_not_called_unless_it_is_in_the_settings(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(client, "_reach", lambda url: client.PUBLIC)
    to = Account(address, KEY.npub, KEY.public, {"key": SECRET}, deadline=1.0)
    with pytest.raises(ChannelRefused):
        NETWORK.publish(to, message())


def test_a_relay_tells_how_much_it_takes() -> None:
    told = json.dumps({"limitation": {"max_content_length": 4096}})
    server = Scripted(lambda to, _: to.sendall(json_answer(told)))
    account = Account(server.url.replace("http", "ws"), "", credentials={"key": SECRET}, deadline=2.0)
    assert NETWORK.told(account).max_length == 4096
    assert b"accept: application/nostr+json" in server.requests[0].lower()
    server.close()


def test_a_server_that_is_no_relay_has_been_told_nothing() -> None:
    server = Scripted(lambda to, _: to.sendall(json_answer("{}")))
    account = Account(server.url.replace("http", "ws"), "", credentials={"key": SECRET}, deadline=2.0)
    with pytest.raises(NotSent):
        NETWORK.publish(account, message())
    server.close()


def test_a_message_without_steps_still_has_one_id_for_publishing_and_finding(relay: Relay, to: Account) -> None:
    sent = Message("Plain", "en", "key", message().since)
    receipt = NETWORK.publish(to, sent)
    assert NETWORK.find(to, replace(sent)) == Found(receipt)
