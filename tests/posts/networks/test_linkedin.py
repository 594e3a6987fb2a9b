"""LinkedIn, person and page, against a strict stand-in: what arrives, what is adopted, and how to connect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
from posts.networks.linkedin import LinkedIn as Person
from posts.networks.linkedin import LinkedInPage as Page
from posts.networks.little_text import little, plain
from posts.networks.parcel import Attachment, Card, Kind
from tests.posts.networks.fakes.linkedin import CLIENT, ME, PAGE, SECRET, LinkedIn
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.parcels import READABLE, TEXTS, Notebook, gif, image, video
from tests.posts.networks.sending import message

PERSON, ORGANIZATION = Person(), Page()
LOST = [False, True]


@pytest.fixture
def fake() -> Iterator[LinkedIn]:
    server = LinkedIn()
    yield server
    server.close()


@pytest.fixture
def me(fake: LinkedIn) -> Account:
    return Account(fake.url, "Alice Martin", ME, {"access_token": "token-1"}, deadline=5.0)


@pytest.fixture
def page(me: Account) -> Account:
    return replace(me, remote_id=PAGE, handle="atelier")


def _only(fake: LinkedIn) -> str:
    (urn,) = fake.posts
    return urn


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_utf16_units(case: dict[str, object]) -> None:
    assert PERSON.length(str(case["text"])) == case["utf16"]


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged(fake: LinkedIn, me: Account, case: dict[str, str]) -> None:
    PERSON.publish(me, message(case["text"]))
    assert fake.posts[_only(fake)].text == case["text"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a (b) [c] {d} <e> |f| *g* _h_ ~i~ \\j", r"a \(b\) \[c\] \{d\} \<e\> \|f\| \*g\* \_h\_ \~i\~ \\j"),
        ("me@example.com", r"me\@example.com"),
        ("Ask @bob", r"Ask \@bob"),
        ("#Tag and #two_words, not C# nor #1", r"{hashtag|\#|Tag} and {hashtag|\#|two\_words}, not C\# nor \#1"),
        ("＃日本", "{hashtag|\\＃|日本}"),
        ("Hello @[Acme (Corp)](urn:li:organization:1234)!", r"Hello @[Acme \(Corp\)](urn:li:organization:1234)!"),
        ("@[Acme](https://example.org)", r"\@\[Acme\]\(https://example.org\)"),
        ("https://example.org/a_b?c=(d)#e", r"https://example.org/a\_b?c=\(d\)\#e"),
    ],
)
def test_what_the_little_format_reserves_is_escaped_and_read_back(text: str, written: str) -> None:
    assert little(text) == written
    assert plain(written) == text


def test_three_thousand_characters_go_out_however_many_are_escaped(fake: LinkedIn, me: Account) -> None:
    PERSON.publish(me, message("(" * 3000))
    with pytest.raises(Refused) as refusal:
        PERSON.publish(me, message("(" * 3001))
    assert "3000 characters" in refusal.value.sentence.values["words"]


def test_the_receipt_says_where_the_post_is(fake: LinkedIn, me: Account) -> None:
    receipt = PERSON.publish(me, message())
    assert receipt.remote_id == _only(fake)
    assert receipt.url == f"https://www.linkedin.com/feed/update/{receipt.remote_id}/"


def test_one_picture_several_and_a_moving_one_arrive_with_their_descriptions(fake: LinkedIn, me: Account) -> None:
    PERSON.publish(me, replace(message(), media=(image(alt="Red"),)))
    PERSON.publish(me, replace(message(), media=(image(alt="Red"), image("b.png", alt=""))))
    PERSON.publish(me, replace(message(), media=(gif(),)))
    one, several, moving = (post.content for post in fake.posts.values())
    assert one["media"]["altText"] == "Red"
    assert ["altText" in shown for shown in several["multiImage"]["images"]] == [True, False]
    assert fake.uploads[moving["media"]["id"]].mime == "image/gif"


def test_a_film_goes_in_the_pieces_that_linkedin_asks_for_and_goes_on_where_it_stopped(
    fake: LinkedIn, me: Account
) -> None:
    fake.piece, fake.busy = 100, 1
    body = bytes(range(250))
    film = Attachment(Kind.VIDEO, "video/mp4", 250, 640, 360, "A film", lambda: body, seconds=3.0, name="film.mp4")
    sent = replace(message(), media=(film,), steps=Notebook({}))
    fake.in_the_way = [None, None, Reply(503, {}, {"retry-after": "1"})]
    for _ in range(2):  # first the line breaks, then LinkedIn is busy with the film
        with pytest.raises(NotSent):
            PERSON.publish(me, sent)
    PERSON.publish(me, sent)
    (upload,) = fake.uploads.values()
    assert b"".join(upload.pieces.values()) == body
    puts = [request.path[-1] for request in fake.requests if request.method == "PUT"]
    assert puts == ["0", "1", "1", "2"]
    assert len(fake.posts) == 1


def test_an_upload_that_linkedin_has_lost_is_made_anew(fake: LinkedIn, me: Account) -> None:
    sent = replace(message(), media=(video(),), steps=Notebook({}))
    fake.busy = 1
    with pytest.raises(NotSent):
        PERSON.publish(me, sent)
    fake.in_the_way = [Reply(400, {"status": 400, "message": "The asset is gone"})]
    fake.busy = 0
    with pytest.raises(NotSent):
        PERSON.publish(me, sent)
    PERSON.publish(me, sent)
    assert len(fake.uploads) == 2


def test_the_key_goes_to_no_other_host_with_a_file(fake: LinkedIn, me: Account) -> None:
    other = LinkedIn()
    told = {"uploadUrl": f"{other.url.replace('127.0.0.1', 'localhost')}/dms-uploads/urn:li:image:1/0"}
    fake.in_the_way = [Reply(200, {"value": {**told, "image": "urn:li:image:1"}})]
    with pytest.raises(SendError):
        PERSON.publish(me, replace(message(), media=(image(),)))
    (put,) = other.requests
    assert "authorization" not in put.headers
    other.close()


def test_a_link_has_a_card_with_its_picture(fake: LinkedIn, me: Account) -> None:
    card = Card("https://example.org/a", "A title", "What it is", image(alt="Red"))
    PERSON.publish(me, replace(message(), card=card))
    article = fake.posts[_only(fake)].content["article"]
    assert (article["source"], article["title"]) == ("https://example.org/a", "A title")
    assert article["thumbnail"] in fake.uploads


def test_what_linkedin_does_not_take_is_refused_before_anything_leaves(fake: LinkedIn, me: Account) -> None:
    for wrong in ({"rest": ("more",)}, {"media": (image(), video())}, {"media": (image(),) * 21}):
        with pytest.raises(Refused):
            PERSON.publish(me, replace(message(), **wrong))
    assert fake.requests == []


def test_a_duplicate_refusal_of_a_first_request_proves_nothing(fake: LinkedIn, me: Account, page: Account) -> None:
    for network, to in ((PERSON, me), (ORGANIZATION, page)):
        network.publish(to, message("Twice"))
        with pytest.raises(Refused) as refusal:
            network.publish(to, message("Twice"))
        assert refusal.value.duplicate


def test_a_post_that_a_lost_request_made_is_adopted(fake: LinkedIn, me: Account, page: Account) -> None:
    for network, to in ((PERSON, me), (ORGANIZATION, page)):
        sent = replace(message("Lost"), steps=Notebook({}))
        fake.lost = [True]
        with pytest.raises(Unconfirmed):
            network.publish(to, sent)
        receipt = network.publish(to, sent)
        assert fake.posts[receipt.remote_id].author == to.remote_id
    assert len(fake.posts) == 2


def test_one_of_our_earlier_posts_is_never_adopted(fake: LinkedIn, me: Account, page: Account) -> None:
    """Taken out and seen to fail: without the comparison with `known` the earlier repeat is taken for this one."""
    for network, to in ((PERSON, me), (ORGANIZATION, page)):
        earlier = network.publish(to, message("Again"))
        sent = replace(message("Again"), known=frozenset({earlier.remote_id}), steps=Notebook({}))
        fake.in_the_way = [Reply(500, {})]
        with pytest.raises(Unconfirmed):
            network.publish(to, sent)
        with pytest.raises(Refused) as refusal:
            network.publish(to, sent)
        assert refusal.value.duplicate


def test_a_post_that_was_never_published_is_not_adopted(fake: LinkedIn, page: Account) -> None:
    sent = replace(message("Ghost"), steps=Notebook({}))
    fake.in_the_way, fake.ghosts = [Reply(500, {})], True
    with pytest.raises(Unconfirmed):
        ORGANIZATION.publish(page, sent)
    with pytest.raises(Refused) as refusal:
        ORGANIZATION.publish(page, sent)
    assert refusal.value.duplicate


def test_a_page_post_that_a_person_made_before_is_not_adopted(fake: LinkedIn, page: Account) -> None:
    receipt = ORGANIZATION.publish(page, message("By hand"))
    fake.posts[receipt.remote_id].at -= 3 * 86_400_000
    sent = replace(message("By hand"), steps=Notebook({}))
    fake.in_the_way = [Reply(500, {})]
    with pytest.raises(Unconfirmed):
        ORGANIZATION.publish(page, sent)
    with pytest.raises(Refused):
        ORGANIZATION.publish(page, sent)


def test_a_request_that_was_certainly_not_applied_is_no_lost_one(fake: LinkedIn, me: Account) -> None:
    PERSON.publish(me, message("Twice"))
    sent = replace(message("Twice"), steps=Notebook({}))
    fake.in_the_way = [Reply(429, {"status": 429, "message": "Throttled"})]
    with pytest.raises(NotSent):
        PERSON.publish(me, sent)
    with pytest.raises(Refused) as refusal:
        PERSON.publish(me, sent)
    assert refusal.value.duplicate


def test_a_page_is_read_back_and_our_other_posts_are_left_aside(fake: LinkedIn, page: Account) -> None:
    earlier = ORGANIZATION.publish(page, message("One #Tag (two)"))
    sent = replace(message("One #Tag (two)"), known=frozenset({earlier.remote_id}), steps=Notebook({}))
    assert ORGANIZATION.find(page, sent) == Absent()
    lost = fake.posts[earlier.remote_id]
    fake.posts["urn:li:share:9"] = replace(lost)
    found = ORGANIZATION.find(page, sent)
    assert isinstance(found, Found)
    assert found.receipt.remote_id == "urn:li:share:9"
    fake.posts["urn:li:share:10"] = replace(lost)
    assert isinstance(ORGANIZATION.find(page, sent), Unknown)


def test_what_came_out_before_this_publication_is_not_it(fake: LinkedIn, page: Account) -> None:
    ORGANIZATION.publish(page, message("Old"))
    later = replace(message("Old"), since=datetime.now(UTC) + timedelta(minutes=5))
    assert ORGANIZATION.find(page, later) == Absent()


def test_nobody_can_read_a_persons_posts(fake: LinkedIn, me: Account, page: Account) -> None:
    assert isinstance(PERSON.find(me, message()), Unknown)
    assert isinstance(ORGANIZATION.find(replace(page, base_url="http://127.0.0.1:1"), message()), Unknown)
    fake.in_the_way = [Reply(200, {"elements": "none"})]
    assert isinstance(ORGANIZATION.find(page, message()), Unknown)


def test_an_earlier_post_is_shared_again(fake: LinkedIn, page: Account) -> None:
    first = ORGANIZATION.publish(page, message("Old"))
    receipt = ORGANIZATION.publish(page, replace(message("Look again"), repost_of=first.remote_id))
    assert fake.posts[receipt.remote_id].parent == first.remote_id


@pytest.mark.parametrize(
    ("reply", "ends"),
    [
        (Reply(401, {"status": 401, "code": "EXPIRED_ACCESS_TOKEN", "message": "expired"}), KeyExpired),
        (Reply(401, {"status": 401, "code": "REVOKED_ACCESS_TOKEN", "message": "revoked"}), ChannelRefused),
        (Reply(403, {"status": 403, "code": "ACCESS_DENIED", "message": "Not enough permissions"}), ChannelRefused),
        (Reply(426, {"status": 426, "code": "NONEXISTENT_VERSION", "message": "not active"}), ChannelRefused),
        (Reply(400, {"status": 400, "message": "Not valid"}), Refused),
        (Reply(422, {"status": 422, "message": "Not valid"}), Refused),
        (Reply(500, {"status": 500}), Unconfirmed),
        (Reply(504, b""), Unconfirmed),
        (Reply(201, None), Unconfirmed),
        (Reply(200, b"<html>", {"x-restli-id": ""}), Unconfirmed),
    ],
)
def test_each_answer_is_one_kind_of_knowledge(fake: LinkedIn, me: Account, reply: Reply, ends: type[SendError]) -> None:
    fake.in_the_way = [reply]
    with pytest.raises(SendError) as error:
        PERSON.publish(me, message())
    assert type(error.value) is ends


def test_a_days_limit_is_waited_for_until_midnight(fake: LinkedIn, me: Account) -> None:
    why = "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached."
    fake.in_the_way = [Reply(429, {"status": 429, "code": "TOO_MANY_REQUESTS", "message": why})]
    with pytest.raises(NotSent) as wait:
        PERSON.publish(me, message())
    assert not wait.value.counts
    assert 0 < (wait.value.retry_after or 0) <= 6 * 3600


def test_reactions_are_told_of_pages_only(fake: LinkedIn, me: Account, page: Account) -> None:
    receipt = ORGANIZATION.publish(page, message())
    found = ORGANIZATION.measure(page, [receipt.remote_id, "urn:li:share:1"])
    assert found == {receipt.remote_id: Reactions(likes=4, reposts=2, replies=1, views=90, clicks=6)}
    assert ORGANIZATION.measure(page, []) == PERSON.measure(me, [receipt.remote_id]) == {}


def test_a_post_can_be_taken_down_twice(fake: LinkedIn, me: Account) -> None:
    receipt = PERSON.publish(me, message())
    for _ in range(2):
        PERSON.delete(me, receipt.remote_id)
    assert fake.posts == {}


def test_a_person_signs_in_at_linkedin_and_is_one_account(fake: LinkedIn) -> None:
    real = PERSON.authorize(App(CLIENT), state="s", challenge="c", redirect="https://me.example/back")
    assert real.startswith("https://www.linkedin.com/oauth/v2/authorization?")
    assert parse_qs(urlsplit(real).query)["scope"] == ["openid profile w_member_social"]
    app = App(CLIENT, SECRET, fake.url)
    (grant,) = PERSON.exchange(app, code="code-1", verifier="v", redirect="https://me.example/back")
    assert (grant.remote_id, grant.name) == (ME, "Alice Martin")
    assert grant.expires_at is not None
    assert grant.expires_at > datetime.now(UTC) + timedelta(days=59)


def test_each_page_that_somebody_may_post_for_is_an_account_of_its_own(fake: LinkedIn) -> None:
    app = App(CLIENT, SECRET, fake.url)
    (grant,) = ORGANIZATION.exchange(app, code="code-1", verifier="v", redirect="https://me.example/back")
    assert (grant.remote_id, grant.handle, grant.name) == (PAGE, "atelier", "Atelier")
    assert grant.url == "https://www.linkedin.com/company/atelier"
    fake.scope = "openid,profile,w_member_social"
    with pytest.raises(ChannelRefused):
        ORGANIZATION.exchange(app, code="code-1", verifier="v", redirect="https://me.example/back")


def test_only_who_was_given_a_refresh_token_is_refreshed(fake: LinkedIn, me: Account) -> None:
    app = App(CLIENT, SECRET, fake.url)
    with pytest.raises(ChannelRefused):
        PERSON.refresh(app, Grant(ME, "", "", {"access_token": "token-1"}))
    fake.refreshing = "refresh-1"
    new = PERSON.refresh(app, Grant(ME, "", "", {"access_token": "token-1", "refresh_token": "refresh-1"}))
    assert new.credentials == {"access_token": "token-2", "refresh_token": "refresh-1"}
    PERSON.publish(replace(me, credentials=new.credentials), message())
