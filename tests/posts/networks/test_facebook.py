"""Facebook pages against a strict stand-in: what arrives, what is never done twice, every error by its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from posts.networks.access import App, Grant
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
from posts.networks.facebook import Facebook as Connector
from posts.networks.parcel import Attachment, Card, Kind
from tests.posts.networks.fakes.facebook import PAGE, USER_TOKEN, Facebook
from tests.posts.networks.fakes.meta import CLIENT, SECRET, trouble
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.parcels import READABLE, TEXTS, Notebook, gif, image
from tests.posts.networks.sending import message

NETWORK = Connector()


@pytest.fixture
def fake() -> Iterator[Facebook]:
    server = Facebook()
    yield server
    server.close()


@pytest.fixture
def to(fake: Facebook) -> Account:
    return Account(fake.url, "atelier", PAGE, {"access_token": "token-1"}, deadline=5.0)


def a_film(size: int = 9_000_000) -> Attachment:
    body = bytes(size)
    return Attachment(Kind.VIDEO, "video/mp4", size, 640, 360, "", lambda: body, seconds=3.0, name="film.mp4")


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_utf16_units(case: dict[str, object]) -> None:
    assert NETWORK.length(str(case["text"])) == case["utf16"]


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged(fake: Facebook, to: Account, case: dict[str, str]) -> None:
    receipt = NETWORK.publish(to, message(case["text"]))
    assert fake.posts[receipt.remote_id].text == case["text"]
    assert receipt.url == f"https://www.facebook.com/{receipt.remote_id}"


def test_pictures_wait_unpublished_and_come_with_their_descriptions(fake: Facebook, to: Account) -> None:
    files = (image("a.png", alt="Red"), image("b.png", alt=""))
    receipt = NETWORK.publish(to, replace(message(), media=files))
    photos = fake.posts[receipt.remote_id].fields["photos"].split(",")
    assert [fake.photos[photo].alt for photo in photos] == ["Red", ""]


def test_pictures_that_are_there_already_are_not_sent_again(fake: Facebook, to: Account) -> None:
    sent = replace(message(), media=(image("a.png"), image("b.png")), steps=Notebook({}))
    fake.in_the_way = [None, None, trouble(4, "Application request limit reached")]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert len(fake.photos) == 2
    assert len(fake.posts) == 1


def test_a_link_has_a_card_unless_there_are_pictures(fake: Facebook, to: Account) -> None:
    card = Card("https://example.org/a", "A")
    one = NETWORK.publish(to, replace(message(), card=card))
    two = NETWORK.publish(to, replace(message(), card=card, media=(image(),)))
    assert fake.posts[one.remote_id].fields["link"] == "https://example.org/a"
    assert "link" not in fake.posts[two.remote_id].fields


def test_a_film_goes_in_pieces_from_the_byte_that_is_wanted_next(fake: Facebook, to: Account) -> None:
    sent = replace(message("A film"), media=(a_film(),), steps=Notebook({}))
    fake.in_the_way = [None, None, Reply(503, {}, {"retry-after": "1"})]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    receipt = NETWORK.publish(to, sent)
    (film,) = fake.films.values()
    assert (len(film.received), film.published, film.text) == (9_000_000, True, "A film")
    assert receipt.remote_id in fake.films


def test_a_moving_picture_goes_as_a_film(fake: Facebook, to: Account) -> None:
    NETWORK.publish(to, replace(message(), media=(gif(),)))
    (film,) = fake.films.values()
    assert film.received == gif().read()


def test_a_film_whose_last_answer_was_lost_is_found_by_its_own_id(fake: Facebook, to: Account) -> None:
    sent = replace(message(), media=(a_film(10),), steps=Notebook({}))
    fake.in_the_way = [None, None, Reply(500, {})]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert NETWORK.find(to, sent) == Absent()
    fake.lost = [True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert found.receipt.remote_id in fake.films
    fake.films[found.receipt.remote_id].published = False
    fake.films[found.receipt.remote_id].busy = True
    assert isinstance(NETWORK.find(to, sent), Unknown)
    assert NETWORK.find(to, replace(sent, steps=Notebook({}))) == Absent()
    assert isinstance(NETWORK.find(to, replace(message(), media=(a_film(10),))), Unknown)


def test_a_film_that_facebook_has_lost_is_sent_anew(fake: Facebook, to: Account) -> None:
    sent = replace(message(), media=(a_film(),), steps=Notebook({}))
    fake.in_the_way = [None, None, Reply(503, {}, {"retry-after": "1"})]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    fake.films.clear()
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert len(fake.films) == 1


def test_what_facebook_does_not_take_is_refused_before_anything_leaves(fake: Facebook, to: Account) -> None:
    for wrong in ({"rest": ("more",)}, {"media": (image(), a_film())}, {"media": (image(),) * 11}, {"repost_of": "1"}):
        with pytest.raises(Refused):
            NETWORK.publish(to, replace(message(), **wrong))
    assert fake.requests == []


def test_a_lost_post_is_found_in_the_feed(fake: Facebook, to: Account) -> None:
    sent = message("Lost & found <3\r\n")
    fake.lost = [True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    (number,) = fake.posts
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert found.receipt.remote_id == number
    assert found.receipt.url == f"https://www.facebook.com/atelier/posts/{number}"


def test_an_earlier_repeat_is_not_taken_for_this_one_and_two_are_not_told_apart(fake: Facebook, to: Account) -> None:
    receipt = NETWORK.publish(to, message("Again"))
    fake.posts[receipt.remote_id].at -= timedelta(days=3)
    assert NETWORK.find(to, message("Again")) == Absent()
    fake.posts["1"] = fake.posts["2"] = replace(fake.posts[receipt.remote_id], at=message().since)
    assert isinstance(NETWORK.find(to, message("Again")), Unknown)


def test_a_feed_that_cannot_be_read_leaves_it_unknown(fake: Facebook, to: Account) -> None:
    for reply in (trouble(10), Reply(200, []), Reply(200, {"data": [], "paging": {"next": "https://…"}}), Reply(500)):
        fake.in_the_way = [reply]
        assert isinstance(NETWORK.find(to, message()), Unknown)


@pytest.mark.parametrize(
    ("reply", "ends"),
    [
        (trouble(190, subcode=463, status=401), KeyExpired),
        (trouble(190), KeyExpired),
        (trouble(190, subcode=460), ChannelRefused),
        (trouble(190, subcode=458), ChannelRefused),
        (trouble(102), KeyExpired),
        (trouble(10, status=403), ChannelRefused),
        (trouble(200, status=403), ChannelRefused),
        (trouble(299), ChannelRefused),
        (trouble(368, "The action attempted has been deemed abusive"), ChannelRefused),
        (trouble(100, subcode=33), ChannelRefused),
        (trouble(100, "Invalid parameter"), Refused),
        (trouble(1500), Refused),
        (trouble(1, status=500), Unconfirmed),
        (trouble(2, status=503), Unconfirmed),
        (trouble(2), Unconfirmed),
        (Reply(200, {"error": {"code": 2, "message": "Please retry"}}), Unconfirmed),
        (Reply(200, {"id": None}), Unconfirmed),
        (Reply(400, b"<html>"), Refused),
        (trouble(4), NotSent),
        (trouble(17), NotSent),
        (trouble(32), NotSent),
        (trouble(613), NotSent),
        (trouble(80001), NotSent),
    ],
)
def test_each_error_is_one_kind_of_knowledge(fake: Facebook, to: Account, reply: Reply, ends: type[SendError]) -> None:
    fake.in_the_way = [reply]
    with pytest.raises(SendError) as error:
        NETWORK.publish(to, message())
    assert type(error.value) is ends


def test_metas_own_minutes_are_waited_for(fake: Facebook, to: Account) -> None:
    usage = '{"104": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 28}]}'
    for reply, seconds in (
        (trouble(80001, x_business_use_case_usage=usage), 1680),
        (trouble(32), 600),
        (trouble(4, status=429, retry_after="120"), 120),
    ):
        fake.in_the_way = [reply]
        with pytest.raises(NotSent) as wait:
            NETWORK.publish(to, message())
        assert (wait.value.retry_after, wait.value.counts) == (seconds, False)


def test_a_duplicate_refusal_is_told_apart_and_proves_nothing(fake: Facebook, to: Account) -> None:
    NETWORK.publish(to, message("Twice"))
    for reply in (None, trouble(368, "Posting the same content repeatedly isn't allowed.")):
        fake.in_the_way = [reply]
        with pytest.raises(Refused) as refusal:
            NETWORK.publish(to, message("Twice"))
        assert refusal.value.duplicate


def test_reactions_are_counted_with_or_without_insights(fake: Facebook, to: Account) -> None:
    receipt = NETWORK.publish(to, message())
    counted = Reactions(likes=8, reposts=2, replies=3, views=120, clicks=9)
    assert NETWORK.measure(to, [receipt.remote_id]) == {receipt.remote_id: counted}
    fake.insights = False
    without = replace(counted, views=None, clicks=None)
    assert NETWORK.measure(to, [receipt.remote_id]) == {receipt.remote_id: without}
    assert NETWORK.measure(to, []) == {}


def test_one_post_that_is_gone_does_not_hide_the_figures_of_the_others(fake: Facebook, to: Account) -> None:
    receipt = NETWORK.publish(to, message())
    assert set(NETWORK.measure(to, [receipt.remote_id, "104_1"])) == {receipt.remote_id}


def test_a_post_can_be_taken_down_twice(fake: Facebook, to: Account) -> None:
    receipt = NETWORK.publish(to, message())
    for _ in range(2):
        NETWORK.delete(to, receipt.remote_id)
    assert fake.posts == {}


def test_each_page_that_somebody_may_post_for_is_an_account_of_its_own(fake: Facebook) -> None:
    real = NETWORK.authorize(App(CLIENT), state="s", challenge="c", redirect="https://me.example/back")
    assert real.startswith("https://www.facebook.com/v25.0/dialog/oauth?")
    assert "pages_manage_posts" in parse_qs(urlsplit(real).query)["scope"][0].split(",")
    app = App(CLIENT, SECRET, fake.url)
    (grant,) = NETWORK.exchange(app, code="code-1", verifier="v", redirect="https://me.example/back")
    assert (grant.remote_id, grant.handle, grant.name) == (PAGE, "atelier", "Atelier")
    assert grant.credentials == {"access_token": "token-1", "user_token": USER_TOKEN}
    assert grant.expires_at is None
    with pytest.raises(ChannelRefused):
        NETWORK.exchange(app, code="used", verifier="v", redirect="https://me.example/back")
    with pytest.raises(NotSent):
        NETWORK.exchange(App(CLIENT, "wrong", fake.url), code="code-1", verifier="v", redirect="r")


def test_a_pages_key_is_had_anew_by_the_persons_own(fake: Facebook, to: Account) -> None:
    fake.access = "token-2"
    with pytest.raises(KeyExpired):
        NETWORK.publish(to, message())
    app, grant = (
        App(CLIENT, SECRET, fake.url),
        Grant(PAGE, "", "", {"access_token": "token-1", "user_token": USER_TOKEN}),
    )
    new = NETWORK.refresh(app, grant)
    assert new.credentials == {"access_token": "token-2", "user_token": USER_TOKEN}
    NETWORK.publish(replace(to, credentials=new.credentials), message())
    fake.person_token = "another"
    with pytest.raises(ChannelRefused):
        NETWORK.refresh(app, grant)
    with pytest.raises(ChannelRefused):
        NETWORK.refresh(app, replace(grant, credentials={}))
