"""Threads against a strict stand-in: containers, chains that go on behind their last post, reposts, figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from posts.networks.access import App, Grant, Told
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Found,
    KeyExpired,
    Message,
    NotSent,
    Reactions,
    Receipt,
    Refused,
    Unconfirmed,
    Unknown,
)
from posts.networks.parcel import Card
from posts.networks.thread import joined
from posts.networks.threads import Threads as Connector
from scheduler.models import Publication
from tests.posts.networks.fakes.meta import CLIENT, SECRET, trouble
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.fakes.threads import ME, Threads
from tests.posts.networks.parcels import READABLE, Notebook, image, video
from tests.posts.networks.sending import message

NETWORK = Connector()
PICTURE = image("a.jpg", alt="Red", url="https://media.example/a.jpg")
FILM = replace(video(), url="https://media.example/film.mp4")


@pytest.fixture
def fake() -> Iterator[Threads]:
    server = Threads()
    yield server
    server.close()


@pytest.fixture
def to(fake: Threads) -> Account:
    return Account(fake.url, "@atelier", ME, {"access_token": "token-1"}, deadline=5.0)


def kept(text: str = "", **more: object) -> Message:
    return replace(message(text), steps=Notebook({}), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("hello", 5),
        ("你好", 2),
        ("e\u0301", 1),
        ("😀", 4),
        ("a😀b", 6),
        ("👨\u200d👩\u200d👧", 18),
        ("🇩🇪", 8),
        ("1\ufe0f\u20e3", 7),
    ],
)
def test_an_emoji_takes_as_much_as_it_has_bytes(text: str, length: int) -> None:
    assert NETWORK.length(text) == length


@pytest.mark.parametrize(
    "case", [one for one in READABLE if NETWORK.length(one["text"]) <= 500], ids=lambda one: one["id"]
)
def test_every_text_arrives_unchanged(fake: Threads, to: Account, case: dict[str, str]) -> None:
    receipt = NETWORK.publish(to, message(case["text"]))
    assert fake.posts[receipt.remote_id].text == case["text"]
    assert receipt.url == f"https://www.threads.com/@atelier/post/{receipt.remote_id}"


def test_files_are_fetched_and_several_are_a_carousel(fake: Threads, to: Account) -> None:
    one = NETWORK.publish(to, kept("One", media=(PICTURE,)))
    two = NETWORK.publish(to, kept("Two", media=(PICTURE, FILM)))
    assert fake.posts[one.remote_id].fields["alt_text"] == "Red"
    assert fake.posts[two.remote_id].fields["media_type"] == "CAROUSEL"
    assert len(fake.posts) == 2


def test_a_link_has_a_card(fake: Threads, to: Account) -> None:
    receipt = NETWORK.publish(to, kept("Look", card=Card("https://example.org/a", "A")))
    assert fake.posts[receipt.remote_id].fields["link_attachment"] == "https://example.org/a"


def test_a_chain_is_a_row_of_replies_and_is_taken_down_from_its_end(fake: Threads, to: Account) -> None:
    receipt = NETWORK.publish(to, kept("one", rest=("two", "three"), media=(PICTURE,)))
    posts = list(fake.posts.items())
    assert [post.text for _, post in posts] == ["one", "two", "three"]
    assert [post.answers for _, post in posts] == ["", posts[0][0], posts[1][0]]
    assert receipt.remote_id == ",".join(number for number, _ in posts)
    assert NETWORK.measure(to, [receipt.remote_id])[receipt.remote_id].views == 50
    NETWORK.delete(to, receipt.remote_id)
    NETWORK.delete(to, receipt.remote_id)
    assert fake.posts == {}
    gone = [request.path.rpartition("/")[2] for request in fake.requests if request.method == "DELETE"]
    assert gone[:3] == [number for number, _ in reversed(posts)]


def test_a_chain_goes_on_behind_its_last_post(fake: Threads, to: Account) -> None:
    sent = kept("one", rest=("two", "three"))
    fake.in_the_way = [None] * 4 + [trouble(4)]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert [post.text for post in fake.posts.values()] == ["one", "two", "three"]
    assert len(fake.containers) == 3


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_chain_that_was_lost_anywhere_is_found_and_goes_on(fake: Threads, to: Account, place: int) -> None:
    sent = kept("one", rest=("two", "three"))
    before = 3 + 3 * place + (1 if place else 0)  # container, status, publishing; the first one's address
    fake.lost = [False] * (before - 1) + [True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert len(fake.posts) == place + 1
    found = NETWORK.find(to, sent)
    assert found == Absent() if place < 2 else isinstance(found, Found)
    NETWORK.publish(to, sent)
    assert [post.text for post in fake.posts.values()] == ["one", "two", "three"]


def test_a_part_that_is_out_and_cannot_be_told_from_others_stops_the_chain(fake: Threads, to: Account) -> None:
    NETWORK.publish(to, kept("one"))
    sent = kept("one", rest=("two",))
    fake.lost = [False, False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert isinstance(NETWORK.find(to, sent), Unknown)
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert [post.text for post in fake.posts.values()] == ["one", "one"]


def test_a_single_post_that_was_lost_is_found_or_absent(fake: Threads, to: Account) -> None:
    sent = kept("Lost")
    assert NETWORK.find(to, sent) == Absent()
    fake.in_the_way = [None, None, Reply(500, {})]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert NETWORK.find(to, sent) == Absent()
    fake.lost = [False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    (number,) = fake.posts
    assert NETWORK.find(to, sent) == Found(Receipt(number, f"https://www.threads.com/@atelier/post/{number}"))
    assert isinstance(NETWORK.find(to, message("Lost")), Unknown)


def test_what_is_out_is_out_even_if_nobody_knows_which_one_it_is(fake: Threads, to: Account) -> None:
    NETWORK.publish(to, kept("Same"))
    sent = kept("Same")
    fake.lost = [False, False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert NETWORK.measure(to, [found.receipt.remote_id]) == {}
    with pytest.raises(Refused):
        NETWORK.delete(to, found.receipt.remote_id)


def test_what_threads_does_not_take_is_refused_before_anything_leaves(fake: Threads, to: Account) -> None:
    links = " ".join(f"https://example.org/{number}" for number in range(6))
    for wrong in (kept(links), kept(rest=("more",) * 25), kept(media=(image("a.jpg"),)), kept(media=(PICTURE,) * 21)):
        with pytest.raises(Refused):
            NETWORK.publish(to, wrong)
    assert fake.requests == []


def test_the_receipt_of_the_longest_chain_finds_room() -> None:
    ids = ["9" * 19] * NETWORK.limits.parts
    room = Publication._meta.get_field("remote_id").max_length or 0
    assert len(joined([Receipt(one, "") for one in ids]).remote_id) <= room


def test_an_earlier_post_is_shared_again_and_the_sharing_is_found(fake: Threads, to: Account) -> None:
    first = NETWORK.publish(to, kept("Old"))
    sent = kept("Old", repost_of=first.remote_id)
    assert NETWORK.find(to, sent) == Absent()
    fake.lost = [True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert fake.posts[found.receipt.remote_id].fields["reposted"] == first.remote_id
    NETWORK.publish(to, sent)
    assert isinstance(NETWORK.find(to, sent), Unknown)


def test_reactions_are_counted_and_what_is_gone_is_left_out(fake: Threads, to: Account) -> None:
    receipt = NETWORK.publish(to, kept())
    found = NETWORK.measure(to, [receipt.remote_id, "99"])
    assert found == {receipt.remote_id: Reactions(likes=5, reposts=5, replies=4, views=50)}


def test_threads_tells_how_many_posts_are_left(fake: Threads, to: Account) -> None:
    NETWORK.publish(to, kept())
    assert NETWORK.told(to) == Told(per_24h=250, left_24h=249)


def test_signing_in_leads_to_threads_and_brings_a_key_for_60_days(fake: Threads) -> None:
    real = NETWORK.authorize(App(CLIENT), state="s", challenge="c", redirect="https://me.example/back")
    assert real.startswith("https://threads.net/oauth/authorize?")
    assert "threads_content_publish" in parse_qs(urlsplit(real).query)["scope"][0].split(",")
    app = App(CLIENT, SECRET, fake.url)
    (grant,) = NETWORK.exchange(app, code="code-1#_", verifier="v", redirect="https://me.example/back")
    assert (grant.remote_id, grant.handle, grant.credentials) == (ME, "@atelier", {"access_token": "token-1"})
    assert grant.expires_at is not None
    assert grant.expires_at > datetime.now(UTC) + timedelta(days=59)


def test_a_key_is_refreshed_while_it_lives(fake: Threads, to: Account) -> None:
    app = App(CLIENT, SECRET, fake.url)
    new = NETWORK.refresh(app, Grant(ME, "", "", {"access_token": "token-1"}))
    with pytest.raises(KeyExpired):
        NETWORK.publish(to, kept())
    NETWORK.publish(replace(to, credentials=new.credentials), kept())
    with pytest.raises(ChannelRefused):
        NETWORK.refresh(app, Grant(ME, "", "", {"access_token": "token-1"}))
