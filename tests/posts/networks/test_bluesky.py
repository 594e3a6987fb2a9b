"""Bluesky against a strict stand-in: keys of our own, threads that break off, sessions, and what errors mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from posts.networks import dpop
from posts.networks.access import App
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Found,
    KeyExpired,
    NotSent,
    Reactions,
    Refused,
    SendError,
    Unconfirmed,
    Unknown,
)
from posts.networks.bluesky import Bluesky, rkey
from posts.networks.facets import facets
from posts.networks.parcel import Card
from tests.posts.networks.fakes.bluesky import DID, FRIEND, HANDLE, PASSWORD, FakeBluesky
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.parcels import PIXEL, TEXTS, Notebook, gif, image, video
from tests.posts.networks.sending import message

NETWORK = Bluesky()
DUE = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[FakeBluesky]:
    server = FakeBluesky()
    yield server
    server.close()


@pytest.fixture
def to(fake: FakeBluesky) -> Account:
    return Account(fake.url, f"@{HANDLE}", DID, {"access_token": "access-1"}, deadline=5.0)


def test_a_text_becomes_a_record_and_the_receipt_says_where(fake: FakeBluesky, to: Account) -> None:
    sent = message("Hello")
    receipt = NETWORK.publish(to, sent)
    assert fake.posts == [
        {"$type": "app.bsky.feed.post", "text": "Hello", "createdAt": fake.posts[0]["createdAt"], "langs": ["en"]}
    ]
    assert receipt.remote_id == f"at://{DID}/app.bsky.feed.post/{rkey(sent)}"
    assert receipt.url == f"https://bsky.app/profile/{DID}/post/{rkey(sent)}"


def test_a_record_is_put_where_nothing_stands_and_sent_again_as_often_as_one_likes(
    fake: FakeBluesky, to: Account
) -> None:
    sent = replace(message("Once"), due=DUE)
    receipts = {NETWORK.publish(to, replace(sent, since=sent.since + timedelta(minutes=n))) for n in range(3)}
    assert len(receipts) == fake.writes == len(fake.posts) == 1
    assert fake.requests[0].json["swapRecord"] is None


def test_the_key_follows_from_the_publication_alone_and_stands_in_the_minute_it_was_due() -> None:
    first = replace(message(), due=DUE, key="a")
    assert rkey(first) == rkey(replace(first, text="Other words", since=DUE + timedelta(days=1)))
    assert rkey(first) != rkey(replace(first, key="b"))
    keys = [rkey(first, place) for place in range(10)]
    later = rkey(replace(first, due=DUE + timedelta(minutes=1), key="c"))
    assert keys == sorted(set(keys))
    assert rkey(replace(first, due=DUE - timedelta(minutes=1))) < keys[0] < keys[-1] < later


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_graphemes_and_in_bytes(case: dict[str, Any]) -> None:
    counted = NETWORK.length(case["text"])
    assert counted == max(case["graphemes"], -(-case["utf8"] // 10))
    assert (counted <= 300) is (case["graphemes"] <= 300 and case["utf8"] <= 3000)


def test_what_it_does_not_take_is_refused_before_anything_leaves(fake: FakeBluesky, to: Account) -> None:
    for wrong in (
        message("x" * 301),
        replace(message("One"), rest=("x" * 301,)),
        replace(message("One"), rest=("Two",) * 10),
        message("half a \ud83d"),
        replace(message("Turning"), media=(gif(),)),
        replace(message("Five"), media=(image(),) * 5),
        replace(message("Both"), media=(image(), video())),
    ):
        with pytest.raises(Refused):
            NETWORK.publish(to, wrong)
    assert fake.requests == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://a.example/x_(y).", ["link https://a.example/x_(y)"]),
        ("(https://a.example)", ["link https://a.example"]),
        ("é👋🏽 HTTPS://A.example/?q=1&r=2#z!", ["link HTTPS://A.example/?q=1&r=2#z"]),
        ("@bert.test, @nobody.test and me@bert.test", ["mention @bert.test"]),
        ("@BERT.test", ["mention @BERT.test"]),
        ("#one #two! a#three #2026 ＃四 #️⃣ #", ["tag #one", "tag #two", "tag ＃四"]),
        (f"#{'x' * 64} #{'x' * 65}", [f"tag #{'x' * 64}"]),
        ("https://a.example/@bert.test#tag", ["link https://a.example/@bert.test#tag"]),
        ("nothing@here # https:// example.com", []),
    ],
)
def test_links_mentions_and_hashtags_are_found_where_readers_see_them(text: str, found: list[str]) -> None:
    known = {"bert.test": FRIEND}
    whole = text.encode()
    cut = [
        f"{one['features'][0]['$type'].partition('#')[2]} "
        f"{whole[one['index']['byteStart'] : one['index']['byteEnd']].decode()}"
        for one in facets(text, known.get)
    ]
    assert cut == found


def test_files_and_cards_are_uploaded_and_shown(fake: FakeBluesky, to: Account) -> None:
    NETWORK.publish(to, replace(message("Pictures"), media=(image(alt="Red"), image(alt=""))))
    NETWORK.publish(to, replace(message("Film"), media=(video(),)))
    NETWORK.publish(to, replace(message("Link"), card=Card("https://a.example", "A", "B", image())))
    pictures, film, link = (post["embed"] for post in fake.posts)
    assert [one["alt"] for one in pictures["images"]] == ["Red", ""]
    assert (film["$type"], film["alt"], film["aspectRatio"]) == (
        "app.bsky.embed.video", "A film", {"width": 640, "height": 360},
    )  # fmt: skip
    assert (link["external"]["title"], link["external"]["description"]) == ("A", "B")
    assert (PIXEL, "image/png") in fake.blobs.values()


def test_a_file_that_got_lost_on_the_way_sent_nothing(fake: FakeBluesky, to: Account) -> None:
    fake.lost = [True]
    with pytest.raises(NotSent):
        NETWORK.publish(to, replace(message("With a picture"), media=(image(),)))
    assert fake.posts == []


def test_a_thread_that_broke_off_goes_on_behind_what_is_out(fake: FakeBluesky, to: Account) -> None:
    sent = replace(message("One"), rest=("Two", "Three"), steps=Notebook({}))
    fake.in_the_way = [None, None, None, Reply(429, {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"})]
    with pytest.raises(NotSent) as broke_off:
        NETWORK.publish(to, sent)
    assert [post["text"] for post in fake.posts] == ["One"]
    assert broke_off.value.sentence.text.endswith("The first post of this thread is already out.")
    assert NETWORK.find(to, sent) == Absent()
    receipt = NETWORK.publish(to, sent)
    assert [post["text"] for post in fake.posts] == ["One", "Two", "Three"]
    assert fake.writes == 3
    assert receipt.remote_id.count("at://") == 3
    assert NETWORK.find(to, replace(sent, steps=Notebook({}))) == Found(receipt)


def test_a_thread_whose_beginning_is_gone_is_not_begun_anew(fake: FakeBluesky, to: Account) -> None:
    sent = replace(message("One"), rest=("Two",), steps=Notebook({}))
    first = NETWORK.publish(to, replace(sent, rest=()))
    sent.steps.keep("part 1", json.dumps([first.remote_id, first.url]))
    NETWORK.delete(to, first.remote_id)
    with pytest.raises(Refused):
        NETWORK.publish(to, sent)
    assert fake.posts == []


def test_the_description_of_a_film_is_held_to_half_as_much_as_a_pictures(fake: FakeBluesky, to: Account) -> None:
    """Seen red: the server turned the record away, after the film was uploaded."""
    NETWORK.publish(to, replace(message("Look"), media=(replace(video(), alt="x" * 1000),)))
    NETWORK.publish(to, replace(message("Look"), media=(image(alt="x" * 2000),), key="another"))
    before = len(fake.requests)
    with pytest.raises(Refused):
        NETWORK.publish(to, replace(message("Look"), media=(replace(video(), alt="x" * 1001),), key="third"))
    assert len(fake.requests) == before


def test_a_lost_answer_is_found_by_its_key(fake: FakeBluesky, to: Account) -> None:
    sent = message("Lost")
    assert NETWORK.find(to, sent) == Absent()
    fake.lost = [True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert found.receipt == NETWORK.publish(to, sent)
    assert isinstance(NETWORK.find(replace(to, base_url="http://127.0.0.1:1"), sent), Unknown)


def test_an_answer_about_another_record_proves_nothing(fake: FakeBluesky, to: Account) -> None:
    some: list[object] = [{}, []]
    for told in (*some, {"uri": "at://x/y/z", "cid": "c"}, {"uri": f"at://{DID}/app.bsky.feed.post/2", "cid": ""}):
        fake.in_the_way = [Reply(200, told)]
        with pytest.raises(Unconfirmed):
            NETWORK.publish(to, message())


def test_an_earlier_post_is_shared_and_the_sharing_before_is_taken_back(fake: FakeBluesky, to: Account) -> None:
    original = NETWORK.publish(to, message("Worth it"))
    shares = [replace(message(""), repost_of=original.remote_id) for _ in range(2)]
    for share in shares:
        receipt = NETWORK.publish(to, share)
        assert receipt == NETWORK.publish(to, share)
        assert (receipt.url, NETWORK.find(to, share)) == (original.url, Found(receipt))
    assert [kind for kind, _ in fake.records] == ["app.bsky.feed.post", "app.bsky.feed.repost"]
    with pytest.raises(Refused):
        NETWORK.publish(to, replace(message(""), repost_of=f"at://{DID}/app.bsky.feed.post/2222222222222"))


def test_reactions_are_counted_and_what_is_gone_is_left_out(fake: FakeBluesky, to: Account) -> None:
    kept, gone = NETWORK.publish(to, message()), NETWORK.publish(to, message())
    thread = NETWORK.publish(to, replace(message("One"), rest=("Two",), steps=Notebook({})))
    NETWORK.delete(to, gone.remote_id)
    NETWORK.delete(to, gone.remote_id)
    counted = Reactions(likes=3, reposts=2, replies=1)
    asked = [kept.remote_id, gone.remote_id, thread.remote_id]
    assert NETWORK.measure(to, asked) == {kept.remote_id: counted, thread.remote_id: counted}
    assert NETWORK.measure(to, []) == {}
    with pytest.raises(NotSent):
        NETWORK.measure(replace(to, base_url="http://127.0.0.1:1"), asked)


@pytest.mark.parametrize(
    ("status", "error", "known"),
    [
        (400, "ExpiredToken", KeyExpired),
        (400, "InvalidToken", KeyExpired),
        (401, "AuthMissing", KeyExpired),
        (400, "AccountTakedown", ChannelRefused),
        (403, "AccountDeactivated", ChannelRefused),
        (400, "InvalidRequest", Refused),
        (500, "InternalServerError", Unconfirmed),
        (502, "UpstreamFailure", Unconfirmed),
    ],
)
def test_an_error_is_told_by_its_name(
    fake: FakeBluesky, to: Account, status: int, error: str, known: type[SendError]
) -> None:
    fake.in_the_way = [Reply(status, {"error": error, "message": "The words of the server."})]
    with pytest.raises(known) as told:
        NETWORK.publish(to, message())
    assert type(told.value) is known


def test_an_app_password_opens_a_session_that_is_renewed_by_itself(fake: FakeBluesky) -> None:
    (grant,) = NETWORK.connect({"handle": f"@{HANDLE} ", "password": PASSWORD, "server": fake.url})
    assert (grant.remote_id, grant.handle, grant.server) == (DID, f"@{HANDLE}", fake.url)
    assert "password" not in grant.credentials
    renewed = NETWORK.refresh(App(""), grant)
    NETWORK.publish(Account(renewed.server, renewed.handle, renewed.remote_id, renewed.credentials, 5.0), message())
    with pytest.raises(KeyExpired):
        NETWORK.refresh(App(""), grant)
    with pytest.raises(ChannelRefused):
        NETWORK.connect({"handle": HANDLE, "password": "wrong", "server": fake.url})


def test_a_refresh_without_an_answer_may_be_tried_later(fake: FakeBluesky) -> None:
    (grant,) = NETWORK.connect({"handle": HANDLE, "password": PASSWORD, "server": fake.url})
    fake.in_the_way = [Reply(502, {"error": "UpstreamFailure"})]
    with pytest.raises(SendError) as told:
        NETWORK.refresh(App(""), grant)
    assert not isinstance(told.value, ChannelRefused)


def test_servers_know_us_by_the_document_at_our_client_id() -> None:
    redirect = "https://refrain.example/oauth/callback/"
    app = NETWORK.register("https://bsky.social", redirect)
    assert app
    assert app.id == "https://refrain.example/oauth/client-metadata.json"
    told = NETWORK.client_metadata(app, redirect)
    assert told
    assert (told["client_id"], told["redirect_uris"]) == (app.id, [redirect])
    (key,) = told["jwks"]["keys"]  # type: ignore[index]
    assert "d" not in key
    assert app.secret not in json.dumps(told)
    proof = dpop.signed(app.secret, {"iss": app.id}, kid=key["kid"])
    assert jwt.decode(proof, ECKey.import_key(key), algorithms=["ES256"]).claims["iss"] == app.id


@pytest.mark.parametrize("place", ["127.0.0.1:8000", "127.0.0.1", "[::1]:8000"])
def test_on_ones_own_machine_the_client_id_says_where_to_come_back_to(place: str) -> None:
    redirect = f"http://{place}/oauth/callback/"
    app = NETWORK.register("", redirect)
    assert app
    assert app.secret == ""
    assert parse_qs(urlsplit(app.id).query)["redirect_uri"] == [redirect]


def test_a_proof_is_bound_to_the_request_and_to_the_token(fake: FakeBluesky) -> None:
    key = dpop.new_key()
    fake.in_the_way = [
        Reply(
            401, {"error": "use_dpop_nonce"}, {"DPoP-Nonce": "n-1", "WWW-Authenticate": 'DPoP error="use_dpop_nonce"'}
        ),
        Reply(200, {}),
    ]
    dpop.request("Bluesky", "GET", f"{fake.url}/xrpc/a?b=c", key=key, token="token-1", deadline=5.0)
    first, second = fake.requests
    proof = jwt.decode(second.headers["dpop"], ECKey.import_key(dpop.public_part(key)), algorithms=["ES256"])
    assert proof.header["typ"] == "dpop+jwt"
    assert proof.header["jwk"] == dpop.public_part(key)
    assert {name: proof.claims[name] for name in ("htm", "htu", "nonce")} == {
        "htm": "GET", "htu": f"{fake.url}/xrpc/a", "nonce": "n-1",
    }  # fmt: skip
    assert proof.claims["ath"]
    assert second.headers["authorization"] == "DPoP token-1"
    assert first.headers["dpop"] != second.headers["dpop"]


def test_a_server_that_wants_a_nonce_again_and_again_is_asked_twice_and_no_more(fake: FakeBluesky) -> None:
    fake.in_the_way = [Reply(401, {"error": "use_dpop_nonce"}, {"DPoP-Nonce": f"n-{n}"}) for n in range(9)]
    answer = dpop.request("Bluesky", "GET", f"{fake.url}/xrpc/a", key=dpop.new_key(), deadline=5.0)
    assert (answer.status, len(fake.requests)) == (401, 2)
