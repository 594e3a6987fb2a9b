"""Mastodon's connector against a third party's stand-in, which keeps what it is told: connect, publish, read back."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from posts.networks import oauth
from posts.networks.access import Grant
from posts.networks.base import Absent, Account, Found, KeyExpired, Message, NotSent, Reactions, Refused, Unconfirmed
from posts.networks.mastodon import Mastodon
from tests.posts.networks.parcels import PIXEL, READABLE, Notebook, image
from tests.real_networks.conftest import Network

MASTODON = Mastodon()
REDIRECT = "https://refrain.example/oauth/callback/"
_numbers = count(1)


@pytest.fixture(scope="module")
def server(network: Network) -> str:
    return network("mastodon")


@pytest.fixture(scope="module")
def grant(server: str) -> Grant:
    """Connected as our pages do it, by a person who picks their account."""
    app = MASTODON.register(server, REDIRECT)
    assert app
    verifier = oauth.new_verifier()
    address = MASTODON.authorize(app, state="state-1", challenge=oauth.challenge_of(verifier), redirect=REDIRECT)
    form = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    back = httpx2.post(f"{server}/oauth/authorize", data={**form, "username": "testuser"}).headers["location"]
    code = oauth.code_in(back, "state-1")
    (grant,) = MASTODON.exchange(app, code=code, verifier=verifier, redirect=REDIRECT)
    return grant


@pytest.fixture
def to(grant: Grant) -> Account:
    return Account(grant.server, grant.handle, grant.remote_id, grant.credentials, 20.0)


def message(text: str, **more: object) -> Message:
    return Message(text, "en-GB", f"key-{next(_numbers)}", datetime.now(UTC), **more)  # type: ignore[arg-type]


def status(to: Account, remote_id: str) -> dict[str, Any]:
    told = httpx2.get(f"{to.base_url}/api/v1/statuses/{remote_id}", headers=_bearer(to)).raise_for_status()
    return dict(told.json())


def words(to: Account, remote_id: str) -> str:
    """What was written, as the server keeps it for editing."""
    told = httpx2.get(f"{to.base_url}/api/v1/statuses/{remote_id}/source", headers=_bearer(to)).raise_for_status()
    return str(told.json()["text"])


def test_an_account_is_connected_on_whatever_server_it_is(grant: Grant, server: str) -> None:
    assert grant.handle == f"@testuser@{urlsplit(server).netloc}"
    assert (grant.server, grant.name) == (server, "Test User")


def test_a_text_arrives_with_its_links_mentions_hashtags_and_language(to: Account) -> None:
    text = "Grüße 👋🏽 https://example.com/a_(b) @testuser #日本"
    receipt = MASTODON.publish(to, message(text))
    told = status(to, receipt.remote_id)
    assert words(to, receipt.remote_id) == text
    assert (told["language"], told["url"]) == ("en", receipt.url)
    assert "日本" in str(told["tags"])
    assert "https://example.com/a_(b)" in html.unescape(re.sub("<[^>]*>", "", told["content"]))


def test_pictures_arrive_byte_for_byte_with_their_descriptions(to: Account) -> None:
    receipt = MASTODON.publish(to, message("Two pictures", media=(image(alt="A red square"), image(alt=""))))
    first, second = status(to, receipt.remote_id)["media_attachments"]
    assert (first["description"], second["description"] or "") == ("A red square", "")
    assert httpx2.get(first["url"]).content == PIXEL


def test_a_thread_hangs_together_and_goes_on_where_it_stopped(to: Account) -> None:
    sent = message("Erstens", rest=("Zweitens", "Drittens"), steps=Notebook({}))
    receipt = MASTODON.publish(to, sent)
    one, two, three = receipt.remote_id.split(",")
    assert [status(to, id)["in_reply_to_id"] for id in (one, two, three)] == [None, one, two]
    assert [words(to, id) for id in (one, two, three)] == ["Erstens", "Zweitens", "Drittens"]
    assert MASTODON.publish(to, sent) == receipt
    notes = Notebook({"part 1": sent.steps.kept("part 1") or ""})
    assert MASTODON.find(to, replace(sent, steps=notes)) == Found(receipt)
    assert set(notes.pages) == {"part 1", "part 2", "part 3"}
    MASTODON.delete(to, receipt.remote_id)
    MASTODON.delete(to, receipt.remote_id)
    assert MASTODON.find(to, replace(sent, steps=Notebook({}))) == Absent()


def test_what_is_out_is_found_by_its_words_and_what_is_not_is_absent(to: Account) -> None:
    sent = message("Only once: https://example.com/?a=1&b=2 <b>bold?</b>\n\n@testuser")
    assert MASTODON.find(to, sent) == Absent()
    receipt = MASTODON.publish(to, sent)
    assert MASTODON.find(to, sent) == Found(receipt)
    assert MASTODON.find(to, replace(sent, since=sent.since + timedelta(minutes=5))) == Absent()


def test_the_same_key_brings_the_same_post_where_the_server_minds_it(to: Account) -> None:
    sent = message("With a key")
    assert MASTODON.publish(to, sent) == MASTODON.publish(to, sent)


def test_an_earlier_post_is_shared_again_and_again(to: Account) -> None:
    original = MASTODON.publish(to, message("Worth another look"))
    first = MASTODON.publish(to, message("", repost_of=original.remote_id))
    again = message("", repost_of=original.remote_id)
    second = MASTODON.publish(to, again)
    assert first.remote_id != second.remote_id
    assert second.url == original.url
    assert MASTODON.find(to, again) == Found(second)
    assert MASTODON.measure(to, [original.remote_id]) == {original.remote_id: Reactions(likes=0, reposts=1, replies=0)}
    MASTODON.delete(to, original.remote_id)
    assert MASTODON.measure(to, [original.remote_id]) == {}
    with pytest.raises(Refused):
        MASTODON.publish(to, message("", repost_of=original.remote_id))


def test_reactions_are_read(to: Account) -> None:
    liked = MASTODON.publish(to, message("To be liked"))
    httpx2.post(f"{to.base_url}/api/v1/statuses/{liked.remote_id}/favourite", headers=_bearer(to)).raise_for_status()
    assert MASTODON.measure(to, [liked.remote_id]) == {liked.remote_id: Reactions(likes=1, reposts=0, replies=0)}


def test_the_server_tells_its_own_limits(to: Account) -> None:
    told = MASTODON.told(to)
    assert (told.max_length, told.images, told.image_bytes) == (500, 4, 10485760)


# Mastodon counts graphemes; this stand-in counts code points, so that these two families are too long for it.
FAMILIES = {"bsky-300", "bsky-bytes-over"}


@pytest.mark.parametrize("case", [one for one in READABLE if one["id"] not in FAMILIES], ids=lambda case: case["id"])
def test_every_text_arrives_unchanged_and_is_found_again(to: Account, case: dict[str, str]) -> None:
    sent = message(f"{case['text']} {next(_numbers)}")
    receipt = MASTODON.publish(to, sent)
    assert words(to, receipt.remote_id) == sent.text
    assert MASTODON.find(to, sent) == Found(receipt)


@pytest.mark.parametrize(
    ("effect", "known"),
    [
        ({"type": "status", "status": 503}, Unconfirmed),
        ({"type": "ratelimit"}, NotSent),
        ({"type": "malformed"}, Unconfirmed),
        ({"type": "timeout", "delay_ms": 1500}, Unconfirmed),
    ],
)
def test_a_fault_ends_in_one_kind_of_knowledge(to: Account, effect: dict[str, Any], known: type[Exception]) -> None:
    fault = {"match": {"methods": ["POST"], "path": "/api/v1/statuses"}, "effect": effect, "count": 1}
    httpx2.post(f"{to.base_url}/api/v1/_mock/faults", json=fault).raise_for_status()
    with pytest.raises(known):
        MASTODON.publish(replace(to, deadline=1.0), message("Through a fault"))


def test_a_token_that_was_taken_back_is_told_apart(to: Account) -> None:
    with pytest.raises(KeyExpired):
        MASTODON.publish(replace(to, credentials={"access_token": "taken-back"}), message("Not to be seen"))


def _bearer(to: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {to.credentials['access_token']}"}
