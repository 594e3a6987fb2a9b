"""Mastodon against a strict stand-in that ignores our key: what is read back, threads that break off, other makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
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
from posts.networks.mastodon import Mastodon
from tests.posts.networks.fakes.mastodon import FakeMastodon, Status
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.parcels import READABLE, TEXTS, Notebook, gif, image, video
from tests.posts.networks.scripted import Scripted, json_answer
from tests.posts.networks.sending import message

NETWORK = Mastodon()
REDIRECT = "https://refrain.example/oauth/callback/"


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    server = FakeMastodon()
    yield server
    server.close()


@pytest.fixture
def to(fake: FakeMastodon) -> Account:
    return _account(fake)


def _account(fake: FakeMastodon) -> Account:
    return Account(fake.url, "@anna@fake", "1", {"access_token": "token-1"}, deadline=5.0)


def test_a_text_arrives_with_its_language_and_our_key(fake: FakeMastodon, to: Account) -> None:
    sent = replace(message("Grüße"), language="de-AT")
    receipt = NETWORK.publish(to, sent)
    (one,) = fake.timeline
    assert (one.text, one.language, one.key) == ("Grüße", "de", sent.key)
    assert (receipt.remote_id, receipt.url) == (one.id, f"{fake.url}/@1/{one.id}")


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_as_mastodon_counts(case: dict[str, Any]) -> None:
    assert NETWORK.length(case["text"]) == case["mastodon_chars"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.com/" + "x" * 500, 23),
        ("HTTP://a.de and https://b.de", 23 + 5 + 23),
        ("@anna@a.very.long.server.example hi", 8),
        ("@anna hi", 8),
        ("mail me@example.com", 19),
        ("www.example.com", 15),
    ],
)
def test_links_count_23_and_mentions_without_their_server(text: str, length: int) -> None:
    assert NETWORK.length(text) == length


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged_and_is_known_again(fake: FakeMastodon, to: Account, case: dict[str, Any]) -> None:
    sent = message(case["text"])
    receipt = NETWORK.publish(to, sent)
    assert fake.timeline[0].text == case["text"]
    assert NETWORK.find(to, sent) == Found(receipt)


def test_what_it_does_not_take_is_refused_before_anything_leaves(fake: FakeMastodon, to: Account) -> None:
    for wrong in (
        message("half a \udc00"),
        replace(message("Six"), media=(image(),) * 5),
        replace(message("Both"), media=(image(), video())),
        replace(message("One"), rest=("Two",) * 10),
    ):
        with pytest.raises(Refused):
            NETWORK.publish(to, wrong)
    assert fake.requests == []


def test_files_arrive_with_their_descriptions(fake: FakeMastodon, to: Account) -> None:
    NETWORK.publish(to, replace(message("Pictures"), media=(image(alt="Red"), image(alt=""))))
    NETWORK.publish(to, replace(message("It turns"), media=(gif(),)))
    NETWORK.publish(to, replace(message("Film"), media=(video(),)))
    film, turning, pictures = ([fake.place.pictures[one] for one in post.files] for post in fake.timeline)
    assert [one.alt for one in (*pictures, *turning, *film)] == ["Red", "", "It turns", "A film"]
    assert [one.mime for one in (*pictures, *turning, *film)] == ["image/png", "image/png", "image/gif", "video/mp4"]


def test_a_file_that_the_server_works_on_is_waited_for_and_not_sent_twice() -> None:
    fake = FakeMastodon(slow_files=2)
    sent = replace(message("Film"), media=(video(),), steps=Notebook({}))
    with pytest.raises(NotSent):
        NETWORK.publish(replace(_account(fake), deadline=0.6), sent)
    NETWORK.publish(_account(fake), sent)
    assert (len(fake.place.pictures), len(fake.timeline)) == (1, 1)
    fake.close()


def test_a_file_that_the_server_has_thrown_away_is_sent_again(fake: FakeMastodon, to: Account) -> None:
    sent = replace(message("Film"), media=(video(),), steps=Notebook({"file 1": "gone"}))
    NETWORK.publish(to, sent)
    assert len(fake.timeline[0].files) == 1


def test_a_file_that_got_lost_on_the_way_sent_nothing(fake: FakeMastodon, to: Account) -> None:
    fake.lost = [True]
    with pytest.raises(NotSent):
        NETWORK.publish(to, replace(message("With a picture"), media=(image(),)))
    assert fake.timeline == []


def test_a_thread_that_broke_off_goes_on_behind_what_is_out(fake: FakeMastodon, to: Account) -> None:
    sent = replace(message("One"), rest=("Two", "Three"), steps=Notebook({}))
    fake.in_the_way = [None, Reply(429, {"error": "Too many requests"}, {"X-RateLimit-Reset": "2026-11-21T12:00:00Z"})]
    with pytest.raises(NotSent) as broke_off:
        NETWORK.publish(to, sent)
    assert broke_off.value.sentence.text.endswith("The first post of this thread is already out.")
    NETWORK.publish(to, sent)
    three, two, one = fake.timeline
    assert [post.text for post in (one, two, three)] == ["One", "Two", "Three"]
    assert [post.parent for post in (one, two, three)] == [None, one.id, two.id]
    assert len({post.key for post in (one, two, three)}) == 3


def test_a_part_whose_answer_was_lost_is_found_and_the_rest_is_sent_behind_it(fake: FakeMastodon, to: Account) -> None:
    sent = replace(message("One"), rest=("Two", "Three"), steps=Notebook({}))
    fake.lost = [False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert NETWORK.find(to, sent) == Absent()  # not all of it is out
    receipt = NETWORK.publish(to, sent)
    assert [post.text for post in fake.timeline] == ["Three", "Two", "One"]
    assert NETWORK.find(to, replace(sent, steps=Notebook({}))) == Found(receipt)


def test_a_thread_whose_last_post_is_gone_does_not_go_on(fake: FakeMastodon, to: Account) -> None:
    sent = replace(message("One"), rest=("Two",), steps=Notebook({"part 1": '["999", ""]'}))
    with pytest.raises(Refused):
        NETWORK.publish(to, sent)
    assert fake.timeline == []


def test_a_lost_answer_is_found_by_its_words_whatever_the_server_made_of_them(fake: FakeMastodon, to: Account) -> None:
    sent = message("A & B <3 @anna@else.example, see https://example.com/" + "x" * 60 + "\n\nCafe\u0301  ")
    assert NETWORK.find(to, sent) == Absent()
    fake.lost = [True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert NETWORK.find(to, sent) == Found(_newest(fake))


def test_two_with_the_same_words_are_a_persons_to_tell_apart(fake: FakeMastodon, to: Account) -> None:
    sent = message("Twice")
    NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert len(fake.timeline) == 2  # the server takes no notice of the key
    assert isinstance(NETWORK.find(to, sent), Unknown)


def test_one_that_resembles_it_is_a_persons_to_look_at(fake: FakeMastodon, to: Account) -> None:
    NETWORK.publish(to, message("The shop opens at nine on Saturday, come in! :shop:"))
    assert isinstance(NETWORK.find(to, message("The shop opens at nine on Saturday, come in! 🏪")), Unknown)
    assert NETWORK.find(to, message("Something else entirely")) == Absent()


def test_other_publications_of_ours_and_earlier_repeats_are_not_taken_for_it(fake: FakeMastodon, to: Account) -> None:
    earlier = NETWORK.publish(to, message("The same words"))
    now = message("The same words")
    assert isinstance(NETWORK.find(to, now), Found)
    assert NETWORK.find(to, replace(now, known=frozenset({earlier.remote_id}))) == Absent()
    assert NETWORK.find(to, replace(now, since=now.since + timedelta(minutes=2))) == Absent()


def test_replies_to_others_are_not_taken_for_it(fake: FakeMastodon, to: Account) -> None:
    sent = message("Thank you!")
    someone = NETWORK.publish(to, message("A question"))
    fake.place.statuses["5000"] = Status("5000", "1", sent.text, sent.since, parent=someone.remote_id)
    assert NETWORK.find(to, sent) == Absent()


def test_reading_goes_through_as_many_pages_as_it_needs(fake: FakeMastodon, to: Account) -> None:
    wanted = message("Wanted")
    receipt = NETWORK.publish(to, wanted)
    for _ in range(90):
        NETWORK.publish(to, message())
    assert NETWORK.find(to, wanted) == Found(receipt)


def test_a_timeline_that_cannot_be_read_leaves_it_unknown(to: Account) -> None:
    assert isinstance(NETWORK.find(replace(to, base_url="http://127.0.0.1:1"), message()), Unknown)
    for told in ("{}", "[1]", '[{"id": "1"}]', '[{"id": "1", "created_at": 3}]'):
        server = Scripted(lambda to, _, told=told: to.sendall(json_answer(told)))  # type: ignore[misc]
        assert isinstance(NETWORK.find(replace(to, base_url=server.url), message()), Unknown)
        server.close()


def test_an_answer_about_somebody_elses_post_is_no_receipt(fake: FakeMastodon, to: Account) -> None:
    some: list[object] = [{}, []]
    for told in (*some, {"id": ""}, {"id": 5}, {"id": "5", "account": {"id": "2"}}):
        fake.in_the_way = [Reply(200, told)]
        with pytest.raises(Unconfirmed):
            NETWORK.publish(to, message())


def test_an_earlier_post_is_shared_again_though_it_was_shared_before(fake: FakeMastodon, to: Account) -> None:
    original = NETWORK.publish(to, message("Worth it"))
    share = replace(message(""), repost_of=original.remote_id)
    first, second = NETWORK.publish(to, share), NETWORK.publish(to, share)
    assert first.remote_id != second.remote_id
    assert [one.shared for one in fake.timeline] == [original.remote_id, None]
    assert (second.url, NETWORK.find(to, share)) == (original.url, Found(second))
    with pytest.raises(Refused):
        NETWORK.publish(to, replace(share, repost_of="999"))
    assert NETWORK.find(to, replace(share, repost_of="999")) == Absent()


def test_reactions_are_counted_and_what_is_gone_is_left_out(fake: FakeMastodon, to: Account) -> None:
    thread = NETWORK.publish(to, replace(message("One"), rest=("Two",), steps=Notebook({})))
    gone = NETWORK.publish(to, message())
    fake.timeline[-1].likes = 7
    NETWORK.delete(to, gone.remote_id)
    NETWORK.delete(to, gone.remote_id)
    told = NETWORK.measure(to, [thread.remote_id, gone.remote_id])
    assert told == {thread.remote_id: Reactions(likes=7, reposts=0, replies=1)}
    NETWORK.delete(to, thread.remote_id)
    assert fake.timeline == []


def test_a_server_tells_its_limits_in_either_version_of_the_document() -> None:
    new, old = FakeMastodon(version=2), FakeMastodon(version=1)
    assert NETWORK.told(_account(new)) == Told(
        max_length=500, images=4, image_bytes=16_777_216, video_bytes=103_809_024, alt_length=1500
    )
    assert NETWORK.told(_account(old)) == Told(
        max_length=5000, image_bytes=16_000_000, video_bytes=16_000_000, alt_length=1000
    )
    new.close()
    old.close()


def test_the_servers_words_are_repeated_in_a_refusal(fake: FakeMastodon, to: Account) -> None:
    with pytest.raises(Refused) as refusal:
        NETWORK.publish(to, message("x" * 501))
    assert "500" in refusal.value.sentence.values["words"]
    with pytest.raises(KeyExpired):
        NETWORK.publish(replace(to, credentials={"access_token": "old"}), message())


def test_we_register_ourselves_at_any_server_and_send_the_person_there(fake: FakeMastodon) -> None:
    fake.in_the_way = [Reply(200, {"client_id": "c-1", "client_secret": "s-1"})]
    app = NETWORK.register(fake.url, REDIRECT)
    assert app == App("c-1", "s-1", fake.url)
    assert fake.requests[0].form["redirect_uris"] == REDIRECT
    address = NETWORK.authorize(app, state="st", challenge="ch", redirect=REDIRECT)
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{fake.url}/oauth/authorize?")
    assert (asked["state"], asked["code_challenge"], asked["client_id"]) == (["st"], ["ch"], ["c-1"])
    fake.in_the_way = [Reply(200, {"hello": "there"})]
    with pytest.raises(ChannelRefused):
        NETWORK.register(fake.url, REDIRECT)


def test_a_code_becomes_an_account_and_a_token_that_runs_out_is_renewed(fake: FakeMastodon) -> None:
    app, host = App("c-1", "s-1", fake.url), urlsplit(fake.url).netloc
    token = {"access_token": "t-1", "refresh_token": "r-1", "expires_in": 600, "scope": "read write"}
    person = {"id": "7", "username": "anna", "display_name": "", "url": f"{fake.url}/@anna"}
    fake.in_the_way = [Reply(200, token), Reply(200, person), Reply(200, {"access_token": "t-2"})]
    (grant,) = NETWORK.exchange(app, code="c", verifier="v", redirect=REDIRECT)
    assert (grant.remote_id, grant.handle, grant.name, grant.server) == ("7", f"@anna@{host}", "anna", fake.url)
    assert fake.requests[0].form["code_verifier"] == "v"
    renewed = NETWORK.refresh(app, grant)
    assert renewed.credentials == {"access_token": "t-2", "refresh_token": "r-1"}
    with pytest.raises(ChannelRefused):
        NETWORK.refresh(app, Grant("7", "@anna", "anna", {"access_token": "t"}, fake.url))


@pytest.mark.parametrize("told", [{}, {"id": 7, "username": "anna"}, {"id": "7"}, []])
def test_an_account_that_is_not_told_is_no_account(fake: FakeMastodon, told: object) -> None:
    fake.in_the_way = [Reply(200, {"access_token": "t"}), Reply(200, told)]
    with pytest.raises(SendError):
        NETWORK.exchange(App("c", "s", fake.url), code="c", verifier="v", redirect=REDIRECT)


def _newest(fake: FakeMastodon) -> Receipt:
    one = fake.timeline[0]
    return Receipt(one.id, f"{fake.url}/@1/{one.id}")
