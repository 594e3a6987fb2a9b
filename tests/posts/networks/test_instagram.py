"""Instagram against a strict stand-in: one container, one post, however often the line breaks."""

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
    SendError,
    Unconfirmed,
    Unknown,
)
from posts.networks.instagram import Instagram as Connector
from posts.networks.parcel import Attachment
from tests.posts.networks.fakes.instagram import ME, Instagram
from tests.posts.networks.fakes.meta import CLIENT, SECRET, trouble
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.parcels import READABLE, TEXTS, Notebook, image, video
from tests.posts.networks.sending import message

NETWORK = Connector()
PICTURE = image("a.jpg", alt="Red", url="https://media.example/a.jpg")
FILM = replace(video(), url="https://media.example/film.mp4")


@pytest.fixture
def fake() -> Iterator[Instagram]:
    server = Instagram()
    yield server
    server.close()


@pytest.fixture
def to(fake: Instagram) -> Account:
    return Account(fake.url, "@atelier", ME, {"access_token": "token-1"}, deadline=5.0)


def a_post(text: str = "", *media: Attachment) -> Message:
    return replace(message(text), media=media or (PICTURE,), steps=Notebook({}))


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_utf16_units(case: dict[str, object]) -> None:
    assert NETWORK.length(str(case["text"])) == case["utf16"]


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged(fake: Instagram, to: Account, case: dict[str, str]) -> None:
    receipt = NETWORK.publish(to, a_post(case["text"]))
    assert fake.posts[receipt.remote_id].text == case["text"]
    assert receipt.url == f"https://www.instagram.com/p/{receipt.remote_id}/"


def test_a_picture_and_a_film_are_fetched_from_their_addresses(fake: Instagram, to: Account) -> None:
    one, two = (NETWORK.publish(to, a_post("", file)).remote_id for file in (PICTURE, FILM))
    assert fake.posts[one].fields["image_url"] == "https://media.example/a.jpg"
    assert fake.posts[one].fields["alt_text"] == "Red"
    assert fake.posts[two].fields["media_type"] == "REELS"


def test_several_files_are_a_carousel(fake: Instagram, to: Account) -> None:
    receipt = NETWORK.publish(to, a_post("Three", PICTURE, FILM, PICTURE))
    fields = fake.posts[receipt.remote_id].fields
    assert (fields["media_type"], len(fields["children"].split(","))) == ("CAROUSEL", 3)
    assert len(fake.posts) == 1


def test_a_carousel_is_made_once_however_long_its_films_take(fake: Instagram, to: Account) -> None:
    sent = a_post("Two", PICTURE, FILM)
    fake.busy = ["FINISHED", "IN_PROGRESS"]
    with pytest.raises(NotSent) as wait:
        NETWORK.publish(to, sent)
    assert not wait.value.counts
    for container in fake.containers.values():
        container.status = "FINISHED"
    NETWORK.publish(to, sent)
    assert len(fake.containers) == 3
    assert len(fake.posts) == 1


def test_a_container_that_instagram_could_not_use_is_refused_with_its_words(fake: Instagram, to: Account) -> None:
    fake.busy = ["ERROR"]
    sent = a_post()
    with pytest.raises(Refused) as refusal:
        NETWORK.publish(to, sent)
    assert "2207026" in refusal.value.sentence.values["words"]
    NETWORK.publish(to, sent)
    assert len(fake.posts) == 1


def test_a_container_that_ran_out_is_made_anew(fake: Instagram, to: Account) -> None:
    sent = a_post()
    fake.busy = ["EXPIRED"]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert len(fake.containers) == 2
    assert len(fake.posts) == 1


@pytest.mark.parametrize("state", ["Unknown", "Absent", "Found"])
def test_a_container_proves_what_became_of_a_lost_post(fake: Instagram, to: Account, state: str) -> None:
    sent = a_post("Lost")
    if state == "Found":
        fake.lost = [False, False, True]
    else:
        fake.in_the_way = [None, None, Reply(500, {})]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    (container,) = fake.containers.values()
    if state == "Unknown":
        container.status = "IN_PROGRESS"
    found = NETWORK.find(to, sent)
    assert type(found).__name__ == state
    if isinstance(found, Found):
        assert found.receipt == Receipt(container.post, f"https://www.instagram.com/p/{container.post}/")


def test_a_post_that_is_out_is_never_published_again(fake: Instagram, to: Account) -> None:
    """Taken out and seen to fail: without the look at the container a second request to publish it leaves."""
    sent = a_post("Lost")
    fake.lost = [False, False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    (number,) = fake.posts
    assert NETWORK.publish(to, sent).remote_id == number
    asked = [request.path for request in fake.requests if request.path.endswith("media_publish")]
    assert len(asked) == 1


def test_what_is_out_and_cannot_be_told_from_others_is_out_all_the_same(fake: Instagram, to: Account) -> None:
    NETWORK.publish(to, a_post("Same"))
    sent = a_post("Same")
    fake.lost = [False, False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert found.receipt.remote_id.startswith("container:")
    assert NETWORK.measure(to, [found.receipt.remote_id]) == {}


def test_without_a_kept_container_it_is_known_only_that_nothing_was_kept(fake: Instagram, to: Account) -> None:
    assert NETWORK.find(to, a_post()) == Absent()
    assert isinstance(NETWORK.find(to, replace(message(), media=(PICTURE,))), Unknown)


def test_what_instagram_does_not_take_is_refused_before_anything_leaves(fake: Instagram, to: Account) -> None:
    many = " ".join(f"#tag{number}" for number in range(31))
    wrong = [
        message("Only words"),
        a_post(many),
        a_post(" ".join(f"@name{number}" for number in range(21))),
        a_post("", *[PICTURE] * 11),
        a_post("", *[PICTURE] * 6, *[FILM] * 6),
        a_post("", image("a.jpg")),
        replace(a_post(), rest=("more",)),
    ]
    for one in wrong:
        with pytest.raises(Refused):
            NETWORK.publish(to, one)
    assert fake.requests == []
    NETWORK.publish(to, a_post(" ".join(f"#tag{number}" for number in range(30))))


@pytest.mark.parametrize(
    ("reply", "ends"),
    [
        (trouble(190, subcode=463, status=401), KeyExpired),
        (trouble(25, subcode=2207050), ChannelRefused),
        (trouble(4, subcode=2207051), ChannelRefused),
        (trouble(10), ChannelRefused),
        (trouble(9, subcode=2207042), NotSent),
        (trouble(-2, subcode=2207003), NotSent),
        (trouble(9007, subcode=2207027), NotSent),
        (trouble(4), NotSent),
        (trouble(9004, subcode=2207052), Refused),
        (trouble(36003, subcode=2207009), Refused),
        (trouble(352, subcode=2207026), Refused),
        (trouble(-1, subcode=2207001), NotSent),  # of a container: nothing was published
    ],
)
def test_each_error_is_one_kind_of_knowledge(fake: Instagram, to: Account, reply: Reply, ends: type[SendError]) -> None:
    fake.in_the_way = [reply]
    with pytest.raises(SendError) as error:
        NETWORK.publish(to, a_post())
    assert type(error.value) is ends


def test_a_fault_of_instagrams_own_while_it_publishes_leaves_it_open(fake: Instagram, to: Account) -> None:
    fake.in_the_way = [None, None, trouble(-1, "Instagram server error", subcode=2207001)]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, a_post())


def test_a_container_that_instagram_lost_is_made_anew(fake: Instagram, to: Account) -> None:
    sent = a_post()
    fake.in_the_way = [None, None, trouble(-2, subcode=2207020)]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert len(fake.containers) == 2
    assert len(fake.posts) == 1


def test_reactions_are_counted_and_what_is_gone_is_left_out(fake: Instagram, to: Account) -> None:
    receipt = NETWORK.publish(to, a_post())
    found = NETWORK.measure(to, [receipt.remote_id, "99"])
    assert found == {receipt.remote_id: Reactions(likes=6, reposts=1, replies=2, views=77)}


def test_a_post_without_a_known_address_is_out_all_the_same(fake: Instagram, to: Account) -> None:
    fake.in_the_way = [None, None, None, Reply(500, {})]
    assert NETWORK.publish(to, a_post()).url == ""


def test_nobody_can_take_a_post_down_but_a_person(to: Account) -> None:
    with pytest.raises(Refused):
        NETWORK.delete(to, "1")


def test_instagram_tells_how_many_posts_are_left(fake: Instagram, to: Account) -> None:
    NETWORK.publish(to, a_post())
    assert NETWORK.told(to) == Told(per_24h=50, left_24h=49)
    fake.in_the_way = [Reply(200, {"data": []})]
    assert NETWORK.told(to) == Told()


def test_signing_in_leads_to_instagram_and_brings_a_key_for_60_days(fake: Instagram) -> None:
    real = NETWORK.authorize(App(CLIENT), state="s", challenge="c", redirect="https://me.example/back")
    assert real.startswith("https://www.instagram.com/oauth/authorize?")
    assert "instagram_business_content_publish" in parse_qs(urlsplit(real).query)["scope"][0].split(",")
    app = App(CLIENT, SECRET, fake.url)
    (grant,) = NETWORK.exchange(app, code="code-1#_", verifier="v", redirect="https://me.example/back")
    assert (grant.remote_id, grant.handle, grant.credentials) == (ME, "@atelier", {"access_token": "token-1"})
    assert grant.expires_at is not None
    assert grant.expires_at > datetime.now(UTC) + timedelta(days=59)


def test_a_key_is_refreshed_while_it_lives(fake: Instagram, to: Account) -> None:
    app = App(CLIENT, SECRET, fake.url)
    new = NETWORK.refresh(app, Grant(ME, "", "", {"access_token": "token-1"}))
    assert new.credentials == {"access_token": "token-2"}
    with pytest.raises(KeyExpired):
        NETWORK.publish(to, a_post())
    NETWORK.publish(replace(to, credentials=new.credentials), a_post())
    with pytest.raises(ChannelRefused):
        NETWORK.refresh(app, Grant(ME, "", "", {"access_token": "token-1"}))
