"""Bluesky's connector against Bluesky's own PDS: what was published is read back from the repository."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from posts.networks.base import Absent, Account, ChannelRefused, Found, KeyExpired, Message, Reactions, Refused
from posts.networks.bluesky import REPOST
from posts.networks.parcel import Card
from tests.posts.networks.parcels import PIXEL, TEXTS, Notebook, image
from tests.real_networks.bluesky import BLUESKY, Person, account_of, pieces
from tests.real_networks.conftest import Network

_numbers = count(1)


@pytest.fixture(scope="module")
def anna(network: Network) -> Person:
    return Person.joins(network("bluesky"))


@pytest.fixture(scope="module")
def to(anna: Person) -> Account:
    return account_of(anna.grant())


def message(text: str, **more: object) -> Message:
    now = datetime.now(UTC)
    return Message(text, "en", f"key-{next(_numbers)}", now, due=now, **more)  # type: ignore[arg-type]


def test_an_app_password_opens_the_account_and_a_wrong_one_does_not(anna: Person) -> None:
    grant = anna.grant()
    assert (grant.remote_id, grant.handle, grant.server) == (anna.did, f"@{anna.handle}", anna.pds)
    assert grant.expires_at
    assert grant.expires_at > datetime.now(UTC) + timedelta(minutes=30)
    with pytest.raises(ChannelRefused):
        BLUESKY.connect({"handle": anna.handle, "password": "aaaa-bbbb-cccc-dddd", "server": anna.pds})


def test_a_session_is_renewed_and_an_invented_one_is_not(anna: Person) -> None:
    grant = anna.grant()
    renewed = BLUESKY.refresh(None, grant)  # type: ignore[arg-type]
    assert renewed.credentials != grant.credentials
    BLUESKY.publish(account_of(renewed), message("With a renewed session"))
    broken = replace(grant, credentials={"access_token": "x.y.z", "refresh_token": "x.y.z"})
    with pytest.raises(KeyExpired):
        BLUESKY.publish(account_of(broken), message("Not to be seen"))
    with pytest.raises(ChannelRefused):
        BLUESKY.refresh(None, broken)  # type: ignore[arg-type]


def test_links_mentions_and_hashtags_stand_where_the_text_has_them(anna: Person, to: Account) -> None:
    friend = Person.joins(anna.pds, "bert")
    text = f"👋🏽 Grüße (https://example.com/a_(b)), @{friend.handle} & @nobody.example #日本 #refrain2026! https://a.example/#x."
    receipt = BLUESKY.publish(to, message(text))
    record = anna.record(receipt)
    assert receipt.url == f"https://bsky.app/profile/{anna.did}/post/{receipt.remote_id.rpartition('/')[2]}"
    value = record["value"]
    assert (value["text"], value["langs"]) == (text, ["en"])
    assert pieces(value) == {
        "link": ["https://example.com/a_(b)", "https://a.example/#x"],
        "mention": [f"@{friend.handle}"],
        "tag": ["#日本", "#refrain2026"],
    }
    assert friend.did in str(value["facets"])


def test_pictures_arrive_byte_for_byte_with_their_descriptions(anna: Person, to: Account) -> None:
    receipt = BLUESKY.publish(to, message("Two pictures", media=(image(alt="A red square"), image(alt=""))))
    embed = anna.record(receipt)["value"]["embed"]
    assert embed["$type"] == "app.bsky.embed.images"
    assert [one["alt"] for one in embed["images"]] == ["A red square", ""]
    assert {anna.blob(one["image"]["ref"]["$link"]) for one in embed["images"]} == {PIXEL}
    assert embed["images"][0]["aspectRatio"] == {"width": 1, "height": 1}


def test_a_link_is_shown_as_a_card(anna: Person, to: Account) -> None:
    card = Card("https://example.com/", "Example", "A domain for examples", image())
    receipt = BLUESKY.publish(to, message("Look: https://example.com/", card=card))
    external = anna.record(receipt)["value"]["embed"]["external"]
    assert (external["uri"], external["title"], external["description"]) == (card.url, card.title, card.description)
    assert anna.blob(external["thumb"]["ref"]["$link"]) == PIXEL


def test_a_thread_hangs_together_and_goes_on_where_it_stopped(anna: Person, to: Account) -> None:
    sent = message("One", rest=("Two", "Three"), steps=Notebook({}))
    receipt = BLUESKY.publish(to, sent)
    one, two, three = anna.thread(receipt)
    assert [post["value"]["text"] for post in (one, two, three)] == ["One", "Two", "Three"]
    assert [post["value"].get("reply", {}).get("parent", {}).get("uri") for post in (one, two, three)] == [
        None, one["uri"], two["uri"],
    ]  # fmt: skip
    assert three["value"]["reply"]["root"]["uri"] == one["uri"]
    assert BLUESKY.publish(to, replace(sent, since=sent.since + timedelta(minutes=1))) == receipt
    assert BLUESKY.publish(to, replace(sent, steps=Notebook({}))) == receipt  # and with no memory of it at all
    assert BLUESKY.find(to, sent) == Found(receipt)
    BLUESKY.delete(to, receipt.remote_id)
    assert BLUESKY.find(to, replace(sent, steps=Notebook({}))) == Absent()
    assert not {one["uri"], two["uri"], three["uri"]} & {post["uri"] for post in anna.records()}


def test_the_same_publication_sent_again_writes_nothing(anna: Person, to: Account) -> None:
    sent = message("Said once")
    assert BLUESKY.find(to, sent) == Absent()
    receipt = BLUESKY.publish(to, sent)
    before = anna.revision()
    for again in (sent, replace(sent, since=sent.since + timedelta(hours=1)), replace(sent, text="Said otherwise")):
        assert BLUESKY.publish(to, again) == receipt
    assert anna.revision() == before
    assert BLUESKY.find(to, sent) == Found(receipt)


def test_an_earlier_post_is_shared_again_and_again(anna: Person, to: Account) -> None:
    original = BLUESKY.publish(to, message("Worth another look"))
    first = message("", repost_of=original.remote_id)
    BLUESKY.publish(to, first)
    second = message("", repost_of=original.remote_id)
    receipt = BLUESKY.publish(to, second)
    (record,) = anna.records(REPOST)
    assert (record["uri"], record["value"]["subject"]["uri"]) == (receipt.remote_id, original.remote_id)
    assert BLUESKY.find(to, second) == Found(receipt)
    BLUESKY.delete(to, receipt.remote_id)
    assert anna.records(REPOST) == []
    BLUESKY.delete(to, original.remote_id)
    BLUESKY.delete(to, original.remote_id)
    with pytest.raises(Refused):
        BLUESKY.publish(to, message("", repost_of=original.remote_id))


def test_reactions_are_read_through_the_accounts_own_server(anna: Person, to: Account) -> None:
    liked, ignored = BLUESKY.publish(to, message("To be liked")), BLUESKY.publish(to, message("To be ignored"))
    subject = {name: anna.record(liked)[name] for name in ("uri", "cid")}
    for name in ("dora", "emil"):
        friend = Person.joins(anna.pds, name)
        friend.writes("app.bsky.feed.like", subject=subject)
    friend.writes("app.bsky.feed.repost", subject=subject)
    friend.writes("app.bsky.feed.post", text="Indeed", reply={"root": subject, "parent": subject})
    gone = f"{liked.remote_id.rpartition('/')[0]}/2222222222222"
    assert BLUESKY.measure(to, [liked.remote_id, ignored.remote_id, gone]) == {
        liked.remote_id: Reactions(likes=2, reposts=1, replies=1),
        ignored.remote_id: Reactions(likes=0, reposts=0, replies=0),
    }


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_every_text_that_fits_arrives_unchanged(anna: Person, to: Account, case: dict[str, str]) -> None:
    sent = message(case["text"])
    if BLUESKY.length(sent.text) > BLUESKY.limits.max_length:
        with pytest.raises(Refused):
            BLUESKY.publish(to, sent)
        return
    receipt = BLUESKY.publish(to, sent)
    assert anna.record(receipt)["value"]["text"] == sent.text


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_the_server_counts_as_we_do(anna: Person, case: dict[str, str]) -> None:
    """Filled up to the limit it is taken, and with one letter more it is not."""
    full, most = case["text"] + "\n", BLUESKY.limits.max_length
    if BLUESKY.length(full) > most:
        pytest.skip("longer than a post")
    while BLUESKY.length(full + "x") <= most:
        full += "x"
    anna.writes("app.bsky.feed.post", text=full)
    with pytest.raises(AssertionError, match="InvalidRequest"):
        anna.writes("app.bsky.feed.post", text=full + "x")
