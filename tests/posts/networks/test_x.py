"""X against a strict stand-in: what arrives, what is never done twice, what each refusal means, and how to connect."""

from __future__ import annotations

import time
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
    NotSent,
    Reactions,
    Receipt,
    Refused,
    SendError,
    Unconfirmed,
    Unknown,
)
from posts.networks.parcel import Attachment, Kind
from posts.networks.thread import joined
from posts.networks.weighted import weighted_length
from posts.networks.x import X as Connector
from scheduler.models import Publication
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.fakes.x import CLIENT, SECRET, USER, VERIFIER, X, used_up
from tests.posts.networks.parcels import READABLE, TEXTS, Notebook, gif, image, video
from tests.posts.networks.sending import message

NETWORK = Connector()
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
TEN_KANA = "あいうえおかきくけこ"
# Of twitter-text's own conformance suite, conformance/validate.yml, for version 3 of its configuration.
CONFORMANCE = [
    ("This is a test.", 15),
    ("http://test.com", 23),
    ("test.com", 23),
    ("Test https://test.com test https://test.com test.com test", 86),
    ("https://www.twitter.com/aloha " * 10, 240),
    (f"H🐱☺{FAMILY}", 7),
    ("😷👾😡🔥💩", 10),
    ("🙋🏽👨\u200d🎤", 4),
    (FAMILY * 140, 280),
    ("😷" * 160, 320),
    ("故" * 160, 320),
    ("A\u0301B", 2),
    ("A\u05e9\u05bc\u05c1", 4),
    ("Unicode 10.0 emoji: 🤪; 🧕; 🧕🏾; 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 34),
    ("Unicode 9.0 emoji: 🤠; 💃; 💃🏾", 29),
    ("ABC\u202a\uffffABC\ufffe", 12),
    ("\u2066\u202ahttp://foobar.پاکستان/\u202c\u2069", 31),
    ("randomurlrandomurlrandomurlrandomurlrandomurlrandomurlrandomurls.com", 68),
    (f"{TEN_KANA * 12} http://{TEN_KANA * 5}あいう.com", 358),
    (f"{TEN_KANA * 12} http://{TEN_KANA * 5}あい.com", 264),
    ("General punctuation: \u2000\u200a\u200b\u200d ‐ ‗ ‘ ‟ ′ ‷", 37),
    ("Mail me@example.com now", 23),
    ("see file.notatld", 16),
    ("http://example.comのサイト", 31),
    ("http://☃.net/", 23),
    ("see x.com/a_(b)!", 28),
]


@pytest.fixture
def fake() -> Iterator[X]:
    server = X()
    yield server
    server.close()


@pytest.fixture
def to(fake: X) -> Account:
    return Account(fake.url, "@atelier", USER, {"access_token": "token-1"}, deadline=5.0)


def _asked(fake: X, path: str) -> int:
    return sum(1 for request in fake.requests if request.path == path and request.method == "POST")


@pytest.mark.parametrize(("text", "length"), CONFORMANCE)
def test_a_text_is_weighed_as_twitter_text_weighs_it(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_every_text_has_the_weight_that_x_gives_it(case: dict[str, object]) -> None:
    assert NETWORK.length(str(case["text"])) == case["x_weighted"]


@pytest.mark.parametrize("case", [one for one in READABLE if int(one["x_weighted"]) <= 280], ids=lambda one: one["id"])
def test_every_text_arrives_unchanged(fake: X, to: Account, case: dict[str, str]) -> None:
    receipt = NETWORK.publish(to, message(case["text"]))
    assert fake.posts[receipt.remote_id].text == case["text"]


def test_the_receipt_says_where_the_post_is(fake: X, to: Account) -> None:
    receipt = NETWORK.publish(to, message("Hello @bob #tag https://example.org"))
    assert receipt.url == f"https://x.com/atelier/status/{receipt.remote_id}"


def test_what_x_finds_too_long_is_refused_for_good_and_the_channel_stays_up(fake: X, to: Account) -> None:
    NETWORK.publish(to, message("a" * 280))
    with pytest.raises(Refused):
        NETWORK.publish(to, message("a" * 281))


def test_pictures_arrive_with_their_descriptions(fake: X, to: Account) -> None:
    files = (image("a.png", alt="Red"), image("b.png", alt=""))
    receipt = NETWORK.publish(to, replace(message(), media=files))
    uploads = fake.posts[receipt.remote_id].media
    assert [upload.alt for upload in uploads] == ["Red", ""]
    assert [upload.pieces[0] for upload in uploads] == [file.read() for file in files]


def test_a_large_file_goes_in_pieces_and_a_broken_upload_goes_on_where_it_stopped(fake: X, to: Account) -> None:
    body = bytes(range(256)) * 40_000  # 10 MB, three pieces
    film = Attachment(Kind.VIDEO, "video/mp4", len(body), 640, 360, "", lambda: body, seconds=3.0, name="film.mp4")
    sent = replace(message(), media=(film,), steps=Notebook({}))
    fake.in_the_way = [None, None, Reply(503, {}, {"retry-after": "1"})]
    with pytest.raises(NotSent) as wait:
        NETWORK.publish(to, sent)
    assert not wait.value.counts  # it came further, so it uses up no try
    receipt = NETWORK.publish(to, sent)
    (upload,) = fake.posts[receipt.remote_id].media
    assert b"".join(upload.pieces.values()) == body
    assert _asked(fake, "/2/media/upload/initialize") == 1
    appended = [request for request in fake.requests if request.path.endswith("/append")]
    assert len(appended) == 4  # three pieces, one of them twice


def test_a_film_that_x_is_busy_with_is_waited_for_and_not_sent_again(fake: X, to: Account) -> None:
    fake.busy = 2
    sent = replace(message(), media=(video(),), steps=Notebook({}))
    for _ in range(2):
        with pytest.raises(NotSent) as wait:
            NETWORK.publish(to, sent)
        assert (wait.value.retry_after, wait.value.counts) == (3.0, False)
    NETWORK.publish(to, sent)
    assert _asked(fake, "/2/media/upload/initialize") == 1
    assert len(fake.posts) == 1


def test_an_upload_that_x_has_lost_is_made_anew(fake: X, to: Account) -> None:
    sent = replace(message(), media=(gif(),), steps=Notebook({}))
    fake.in_the_way = [None, None, Reply(503, {}, {"retry-after": "1"})]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    fake.uploads.clear()
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert len(fake.posts) == 1


def test_what_x_does_not_take_is_refused_before_anything_leaves(fake: X, to: Account) -> None:
    for media in ((image(),) * 5, (video(), image()), (gif(), gif())):
        with pytest.raises(Refused):
            NETWORK.publish(to, replace(message(), media=media))
    with pytest.raises(Refused):
        NETWORK.publish(to, replace(message(), rest=("more",) * 25))
    assert fake.requests == []


def test_a_thread_is_a_chain_of_replies(fake: X, to: Account) -> None:
    receipt = NETWORK.publish(to, replace(message("one"), rest=("two", "three"), media=(image(),)))
    posts = list(fake.posts.items())
    assert [(post.text, len(post.media)) for _, post in posts] == [("one", 1), ("two", 0), ("three", 0)]
    assert [post.answers for _, post in posts] == ["", posts[0][0], posts[1][0]]
    assert receipt.remote_id == ",".join(number for number, _ in posts)
    assert NETWORK.measure(to, [receipt.remote_id])[receipt.remote_id].likes == 5
    NETWORK.delete(to, receipt.remote_id)
    assert fake.posts == {}


@pytest.mark.parametrize("fault", [429, 503])
def test_a_thread_goes_on_behind_its_last_post_and_never_begins_again(fake: X, to: Account, fault: int) -> None:
    sent = replace(message("one"), rest=("two", "three"), steps=Notebook({}))
    fake.in_the_way = [None, Reply(fault, {}, {"retry-after": "1"})]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    receipt = NETWORK.publish(to, sent)
    assert [post.text for post in fake.posts.values()] == ["one", "two", "three"]
    assert receipt.remote_id == ",".join(fake.posts)


def test_a_thread_whose_second_post_was_lost_on_the_way_is_read_back_and_goes_on(fake: X, to: Account) -> None:
    sent = replace(message("one"), rest=("two", "three"), steps=Notebook({}))
    fake.lost = [False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert NETWORK.find(to, sent) == Absent()  # the thread as a whole; its second post is known from now on
    NETWORK.publish(to, sent)
    assert [post.text for post in fake.posts.values()] == ["one", "two", "three"]


def test_a_thread_that_x_stops_in_the_middle_says_how_much_of_it_is_out(fake: X, to: Account) -> None:
    with pytest.raises(Refused) as refusal:
        NETWORK.publish(to, replace(message("one"), rest=("a" * 300,)))
    assert refusal.value.sentence.count == 1


def test_a_lost_post_is_found_by_its_words_as_x_shows_them(fake: X, to: Account) -> None:
    text = "Déjà <vu> & more: https://example.org/a?b=c and example.com\r\n\nEnd "
    sent = replace(message(text), media=(image(),))
    fake.lost = [False] * 4 + [True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    (number,) = fake.posts
    assert NETWORK.find(to, sent) == Found(Receipt(number, f"https://x.com/atelier/status/{number}"))


def test_an_earlier_repeat_is_not_taken_for_this_one(fake: X, to: Account) -> None:
    NETWORK.publish(to, message("Again"))
    for post in fake.posts.values():
        post.at -= timedelta(days=3)
    assert NETWORK.find(to, message("Again")) == Absent()


def test_two_posts_with_these_words_are_not_told_apart(fake: X, to: Account) -> None:
    receipt = NETWORK.publish(to, message("Again"))
    fake.posts["7"] = replace(fake.posts[receipt.remote_id])
    assert isinstance(NETWORK.find(to, message("Again")), Unknown)


def test_who_may_not_read_the_timeline_leaves_it_to_a_person(fake: X, to: Account) -> None:
    fake.may_read = False
    assert isinstance(NETWORK.find(to, message("x")), Unknown)
    fake.in_the_way = [Reply(200, b"<html>")]
    assert isinstance(NETWORK.find(to, message("x")), Unknown)


def test_a_duplicate_refusal_proves_nothing(fake: X, to: Account) -> None:
    NETWORK.publish(to, message("Twice"))
    with pytest.raises(Refused) as refusal:
        NETWORK.publish(to, message("Twice"))
    assert refusal.value.duplicate


@pytest.mark.parametrize(
    ("reply", "ends"),
    [
        (Reply(401, {"title": "Unauthorized", "detail": "Unauthorized", "status": 401}), KeyExpired),
        (Reply(402, {"title": "Payment Required", "detail": "credits depleted"}), ChannelRefused),
        (Reply(403, {"detail": "Your account is suspended and is not permitted to do this."}), ChannelRefused),
        (Reply(403, {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."}), Refused),
        (Reply(400, {"errors": [{"message": "Your media IDs are invalid."}], "detail": "Invalid"}), Refused),
        (Reply(500, {"title": "Internal Server Error"}), Unconfirmed),
        (Reply(503, {"title": "Service Unavailable"}), Unconfirmed),
        (Reply(200, {"errors": [{"title": "Something"}]}), Unconfirmed),
        (Reply(201, {"data": {"text": "x"}}), Unconfirmed),
    ],
)
def test_each_answer_is_one_kind_of_knowledge(fake: X, to: Account, reply: Reply, ends: type[SendError]) -> None:
    fake.in_the_way = [reply]
    with pytest.raises(SendError) as error:
        NETWORK.publish(to, message())
    assert type(error.value) is ends


def test_the_days_limit_is_waited_for_and_not_the_quarter_hours(fake: X, to: Account) -> None:
    fake.in_the_way = [used_up(int(time.time()) + 7200)]
    with pytest.raises(NotSent) as wait:
        NETWORK.publish(to, message())
    assert wait.value.retry_after == pytest.approx(7200, abs=3)
    assert not wait.value.counts


def test_a_channel_without_a_key_sends_nothing(fake: X, to: Account) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, credentials={}), message())
    assert fake.requests == []


def test_an_earlier_post_is_shared_again_and_again_but_only_once_at_a_time(fake: X, to: Account) -> None:
    first = NETWORK.publish(to, message("Old"))
    sent = replace(message("Old"), repost_of=first.remote_id)
    assert NETWORK.find(to, sent) == Absent()
    receipts = {NETWORK.publish(to, sent) for _ in range(3)}
    assert receipts == {Receipt(f"repost:{first.remote_id}:{sent.reference}", first.url)}
    assert [post.shares for post in fake.posts.values() if post.shares] == [first.remote_id]
    assert NETWORK.find(to, sent) == Found(next(iter(receipts)))
    NETWORK.delete(to, f"repost:{first.remote_id}:{sent.reference}")
    assert [post.text for post in fake.posts.values()] == ["Old"]


def test_the_receipt_of_the_longest_thread_finds_room() -> None:
    ids = ["9" * 19] * NETWORK.limits.parts
    room = Publication._meta.get_field("remote_id").max_length or 0
    assert len(joined([Receipt(one, "") for one in ids]).remote_id) <= room


def test_reactions_are_counted_and_what_is_gone_is_left_out(fake: X, to: Account) -> None:
    receipt = NETWORK.publish(to, message())
    found = NETWORK.measure(to, [receipt.remote_id, "99", f"repost:{receipt.remote_id}"])
    assert found == {receipt.remote_id: Reactions(likes=5, reposts=3, replies=1, views=300, clicks=7)}
    assert NETWORK.measure(to, []) == {}
    assert NETWORK.measure(to, [str(number) for number in range(1, 150)]) == {}


def test_a_post_can_be_taken_down_twice(fake: X, to: Account) -> None:
    receipt = NETWORK.publish(to, message())
    for _ in range(2):
        NETWORK.delete(to, receipt.remote_id)
    assert fake.posts == {}


def test_who_pays_for_premium_may_write_more(fake: X, to: Account) -> None:
    assert NETWORK.told(to) == Told(max_length=280, per_24h=50)
    fake.in_the_way = [Reply(200, {"data": {"id": USER, "subscription_type": "Premium"}})]
    assert NETWORK.told(to) == Told(max_length=25_000, per_24h=2400)


def test_a_film_that_is_too_long_for_this_account_is_refused_and_the_channel_goes_on(fake: X, to: Account) -> None:
    """Seen red: a 403 that X says of the post was taken for one of the channel."""
    words = "This user is not allowed to post a video longer than 20 minutes."
    fake.in_the_way = [Reply(403, {"title": "Forbidden", "detail": words, "type": "about:blank", "status": 403})]
    with pytest.raises(Refused):
        NETWORK.publish(to, message())


def test_signing_in_leads_to_x_and_brings_the_account_back(fake: X) -> None:
    real = NETWORK.authorize(App(CLIENT), state="s", challenge="c", redirect="https://me.example/back")
    assert real.startswith("https://x.com/i/oauth2/authorize?")
    app = App(CLIENT, SECRET, fake.url)
    address = NETWORK.authorize(app, state="s", challenge="c", redirect="https://me.example/back")
    assert address.startswith(fake.url)
    assert "offline.access" in parse_qs(urlsplit(address).query)["scope"][0]
    (grant,) = NETWORK.exchange(app, code="code-1", verifier=VERIFIER, redirect="https://me.example/back")
    assert (grant.remote_id, grant.handle, grant.name) == (USER, "@atelier", "Atelier")
    assert grant.credentials == {"access_token": "token-1", "refresh_token": "refresh-1"}
    assert grant.expires_at is not None
    assert grant.expires_at > datetime.now(UTC) + timedelta(hours=1)


def test_who_allows_reading_only_is_asked_again(fake: X) -> None:
    fake.scope = "tweet.read users.read"
    with pytest.raises(ChannelRefused):
        NETWORK.exchange(App(CLIENT, SECRET, fake.url), code="code-1", verifier=VERIFIER, redirect="r")


def test_a_refreshed_key_works_and_the_old_one_is_worth_nothing(fake: X, to: Account) -> None:
    app, grant = App(CLIENT, SECRET, fake.url), Grant(USER, "@atelier", "Atelier", {"refresh_token": "refresh-1"})
    new = NETWORK.refresh(app, grant)
    assert new.credentials == {"access_token": "token-2", "refresh_token": "refresh-2"}
    with pytest.raises(KeyExpired):
        NETWORK.publish(to, message())
    NETWORK.publish(replace(to, credentials=new.credentials), message())
    with pytest.raises(ChannelRefused):
        NETWORK.refresh(app, grant)


def test_wrong_keys_of_the_app_are_no_reason_to_sign_in_again(fake: X) -> None:
    with pytest.raises(NotSent):
        NETWORK.refresh(App(CLIENT, "wrong", fake.url), Grant(USER, "", "", {"refresh_token": "refresh-1"}))
