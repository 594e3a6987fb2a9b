"""Slack against a strict stand-in: messages, files, threads, what is found by its key, and what errors mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
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
from posts.networks.slack import Slack as Connector
from posts.networks.slack import escaped
from tests.posts.networks.fakes.slack import JOINED, PUBLIC, SECRET, TOKEN, Slack
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.parcels import READABLE, TEXTS, Notebook, gif, image, video
from tests.posts.networks.sending import message

NETWORK = Connector()
KEYS = {"access_token": TOKEN, "workspace": "https://atelier.slack.com"}


@pytest.fixture
def fake() -> Iterator[Slack]:
    server = Slack()
    yield server
    server.close()


@pytest.fixture
def to(fake: Slack) -> Account:
    return Account(fake.url, "#atelier", JOINED, KEYS, deadline=5.0)


def test_a_text_arrives_and_the_receipt_says_where(fake: Slack, to: Account) -> None:
    receipt = NETWORK.publish(to, message("Hello https://example.org"))
    assert fake.texts == ["Hello https://example.org"]
    stamp = receipt.remote_id.replace(".", "")
    assert receipt.url == f"https://atelier.slack.com/archives/{JOINED}/p{stamp}"


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged(fake: Slack, to: Account, case: dict[str, Any]) -> None:
    NETWORK.publish(to, message(case["text"]))
    assert fake.texts == [case["text"]]


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_code_points(case: dict[str, Any]) -> None:
    assert NETWORK.length(case["text"]) == case["codepoints"]


def test_nothing_that_is_written_becomes_markup_or_calls_anybody(fake: Slack, to: Account) -> None:
    NETWORK.publish(to, message("<!channel> & <@U1> *bold*"))
    assert fake.texts == ["&lt;!channel&gt; &amp; &lt;@U1&gt; *bold*"]
    assert fake.requests[0].json["mrkdwn"] is False
    assert NETWORK.length("<&>") == len(escaped("<&>")) == 13


def test_it_takes_what_it_says_it_takes_and_never_lets_slack_cut(fake: Slack, to: Account) -> None:
    NETWORK.publish(to, message("👋" * 40_000))
    sent = len(fake.requests)
    with pytest.raises(Refused):
        NETWORK.publish(to, message("👋" * 40_001))
    assert len(fake.requests) == sent


def test_files_arrive_in_one_message_with_their_descriptions(fake: Slack, to: Account) -> None:
    receipt = NETWORK.publish(to, replace(message("Look: é 👋🏽"), media=(image(), video(), gif())))
    (said,) = fake.said.values()
    assert (said.text, said.files, receipt.remote_id) == ("Look: é 👋🏽", ["F1", "F2", "F3"], said.ts)
    assert [one["given"]["alt_txt"] for one in fake.files.values()] == ["A red square", "A film", "It turns"]
    assert fake.files["F1"]["body"] == image().read()


def test_the_address_of_an_upload_is_told_no_token(fake: Slack, to: Account) -> None:
    NETWORK.publish(to, replace(message(), media=(image(),)))
    (upload,) = (one for one in fake.requests if one.path.startswith("/upload"))
    assert "authorization" not in upload.headers


def test_a_thread_is_one_receipt_and_is_taken_down_whole(fake: Slack, to: Account) -> None:
    receipt = NETWORK.publish(to, replace(message("One"), rest=("Two", "Three"), media=(image(),)))
    first, *others = fake.said.values()
    assert [one.thread for one in others] == [first.ts, first.ts]
    assert receipt.remote_id == ",".join(fake.said)
    NETWORK.delete(to, receipt.remote_id)
    NETWORK.delete(to, receipt.remote_id)
    assert fake.said == {}


def test_a_thread_that_failed_at_its_second_part_goes_on_there(fake: Slack, to: Account) -> None:
    sent = replace(message("One"), rest=("Two", "Three"), steps=Notebook({}))
    fake.in_the_way = [None, Reply(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"})]
    with pytest.raises(NotSent) as refusal:
        NETWORK.publish(to, sent)
    assert (refusal.value.retry_after, refusal.value.counts) == (30, False)
    NETWORK.publish(to, sent)
    assert fake.texts == ["One", "Two", "Three"]


def test_a_lost_part_is_found_and_the_rest_goes_out_behind_it(fake: Slack, to: Account) -> None:
    sent = replace(message("Same"), rest=("Same", "Three"), steps=Notebook({}))
    fake.lost = [False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert NETWORK.find(to, sent) == Absent()
    receipt = NETWORK.publish(to, sent)
    assert fake.texts == ["Same", "Same", "Three"]
    assert NETWORK.find(to, sent) == Found(receipt)


def test_a_lost_answer_is_found_by_its_key_among_the_same_words(fake: Slack, to: Account) -> None:
    others = [message("Said again") for _ in range(2)]
    receipts = [NETWORK.publish(to, one) for one in others]
    sent = message("Said again")
    assert NETWORK.find(to, sent) == Absent()
    fake.lost = [True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    assert NETWORK.find(to, others[0]) == Found(receipts[0])
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert found.receipt.remote_id == list(fake.said)[-1]


def test_a_lost_showing_of_files_is_found_by_the_files(fake: Slack, to: Account) -> None:
    sent = replace(message("Look"), media=(image(),), steps=Notebook({}))
    assert NETWORK.find(to, sent) == Absent()
    fake.lost = [False, False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, sent)
    found = NETWORK.find(to, sent)
    assert isinstance(found, Found)
    assert [found.receipt.remote_id] == list(fake.said)


def test_files_that_were_handed_over_are_not_handed_over_twice(fake: Slack, to: Account) -> None:
    sent = replace(message("Look"), media=(image(),), steps=Notebook({}))
    fake.in_the_way = [None, None, Reply(429, {"ok": False, "error": "ratelimited"})]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert list(fake.files) == ["F1"]


def test_a_thread_whose_beginning_somebody_took_down_is_refused(fake: Slack, to: Account) -> None:
    fake.in_the_way = [None, Reply(200, {"ok": False, "error": "thread_not_found"})]
    with pytest.raises(SendError) as outcome:
        NETWORK.publish(to, replace(message("One"), rest=("Two",)))
    assert type(outcome.value) is Refused


def test_files_that_slack_has_lost_are_handed_over_again(fake: Slack, to: Account) -> None:
    sent = replace(message("Look"), media=(image(),), steps=Notebook({"file 1": "F99"}))
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    NETWORK.publish(to, sent)
    assert [one.files for one in fake.said.values()] == [["F1"]]


def test_an_upload_without_an_answer_has_published_nothing(fake: Slack, to: Account) -> None:
    fake.lost = [False, True]
    with pytest.raises(NotSent):
        NETWORK.publish(to, replace(message(), media=(image(),)))


def test_reading_goes_through_as_many_pages_as_it_needs(fake: Slack, to: Account) -> None:
    fake.page = 3
    sent = [message() for _ in range(8)]
    receipts = [NETWORK.publish(to, one) for one in sent]
    assert NETWORK.find(to, sent[0]) == Found(receipts[0])
    assert NETWORK.find(to, replace(sent[0], since=sent[0].since + timedelta(minutes=5))) == Absent()


def test_a_channel_that_may_not_be_read_leaves_it_unknown(fake: Slack, to: Account) -> None:
    assert isinstance(NETWORK.find(replace(to, remote_id=PUBLIC), message()), Unknown)
    fake.in_the_way = [Reply(200, {"ok": True, "messages": [1]})]
    assert isinstance(NETWORK.find(to, message()), Unknown)


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        ("token_expired", KeyExpired),
        ("invalid_auth", ChannelRefused),
        ("not_in_channel", ChannelRefused),
        ("ratelimited", NotSent),
        ("message_limit_exceeded", NotSent),
        ("internal_error", Unconfirmed),
        ("fatal_error", Unconfirmed),
        ("msg_blocks_too_long", Refused),
        ("something_new", Refused),
    ],
)
def test_what_slack_says_with_status_200_ends_in_its_class(
    fake: Slack, to: Account, error: str, ends: type[SendError]
) -> None:
    fake.in_the_way = [Reply(200, {"ok": False, "error": error})]
    with pytest.raises(SendError) as outcome:
        NETWORK.publish(to, message())
    assert type(outcome.value) is ends


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"ok": True},
        {"ok": True, "channel": "C1", "ts": "1.1"},
        {"ok": "yes"},
        [],
        {"ok": True, "channel": JOINED, "ts": "x"},
    ],
)
def test_an_answer_without_this_channels_message_proves_nothing(fake: Slack, to: Account, told: object) -> None:
    fake.in_the_way = [Reply(200, told)]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, message())


def test_a_wrong_key_and_a_channel_out_of_reach_stop_the_channel(fake: Slack, to: Account) -> None:
    for account in (
        replace(to, credentials={}),
        replace(to, credentials={"access_token": "x"}),
        replace(to, remote_id=SECRET),
    ):
        with pytest.raises(ChannelRefused):
            NETWORK.publish(account, message())


def test_too_much_is_refused_before_anything_leaves(fake: Slack, to: Account) -> None:
    for sent in (replace(message(), rest=("x",) * 10), replace(message(), media=(image(),) * 11)):
        with pytest.raises(Refused):
            NETWORK.publish(to, sent)
    assert fake.requests == []


def test_reactions_and_replies_of_others_are_counted(fake: Slack, to: Account) -> None:
    thread = NETWORK.publish(to, replace(message("One"), rest=("Two",)))
    plain = NETWORK.publish(to, message())
    first = thread.remote_id.split(",")[0]
    fake.said[first].reactions = [{"name": "fire", "count": 2}, {"name": "eyes", "count": 1}]
    fake.said[first].replies += 3
    assert NETWORK.measure(to, [thread.remote_id, plain.remote_id, "1.1"]) == {
        thread.remote_id: Reactions(likes=3, replies=3),
        plain.remote_id: Reactions(likes=0, replies=0),
    }


@pytest.mark.parametrize("typed", ["#news", "news", PUBLIC])
def test_connecting_by_token_names_the_channel_and_joins_it(fake: Slack, typed: str) -> None:
    (grant,) = NETWORK.connect({"token": f" {TOKEN} ", "channel": typed, "server": fake.url})
    assert (grant.remote_id, grant.handle, grant.name) == (PUBLIC, "#news", "Atelier #news")
    account = Account(fake.url, grant.handle, grant.remote_id, grant.credentials)
    sent = message()
    assert NETWORK.find(account, sent) == Absent()
    assert NETWORK.publish(account, sent).url.startswith(f"{grant.url}/p")
    assert TOKEN not in repr(grant)


@pytest.mark.parametrize(("token", "channel"), [("xoxb-no", "#news"), (TOKEN, "#board"), (TOKEN, "")])
def test_connecting_says_what_is_wrong(fake: Slack, token: str, channel: str) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.connect({"token": token, "channel": channel, "server": fake.url})


def test_signing_in_brings_every_channel_that_may_be_posted_to(fake: Slack) -> None:
    app = App("id", "secret", fake.url)
    address = urlsplit(NETWORK.authorize(app, state="st", challenge="ch", redirect="https://refrain.test/cb"))
    asked = parse_qs(address.query)
    assert (address.path, asked["state"], asked["client_id"]) == ("/oauth/v2/authorize", ["st"], ["id"])
    assert "chat:write" in asked["scope"][0].split(",")
    grants = NETWORK.exchange(app, code="good", verifier="v", redirect="https://refrain.test/cb")
    assert [grant.handle for grant in grants] == ["#news", "#atelier"]
    assert all(grant.expires_at for grant in grants)
    with pytest.raises(NotSent):
        NETWORK.exchange(app, code="used", verifier="v", redirect="https://refrain.test/cb")


def test_a_token_that_rotates_is_renewed_once(fake: Slack) -> None:
    app = App("id", "secret", fake.url)
    grant = Grant(JOINED, "#atelier", "Atelier", {**KEYS, "refresh_token": "xoxe-1-first"})
    renewed = NETWORK.refresh(app, grant)
    assert renewed.credentials == {**KEYS, "refresh_token": "xoxe-1-second"}
    with pytest.raises(ChannelRefused):
        NETWORK.refresh(app, grant)
    lasting = Grant(JOINED, "#atelier", "Atelier", KEYS)
    assert NETWORK.refresh(app, lasting) is lasting
