"""The sandbox's connectors against the real server: publishing, asking, measuring, taking down."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from posts.networks import NETWORKS, SANDBOXES
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Found,
    NotSent,
    Reactions,
    Refused,
    Unconfirmed,
    Unknown,
)
from posts.sandbox.server import Server, serve
from tests.posts.networks.scripted import Scripted, json_answer
from tests.posts.networks.sending import account, message, stored

KEYED, READING = NETWORKS["sandbox"], NETWORKS["sandbox_reading"]
TEXTS = [
    "Grüße, 你好, 안녕, السلام",
    "e\u0301 is not normalised",
    "👨\u200d👩\u200d👧 🇩🇪 👋🏽",
    "\u2067abc\u2069 \u200b \u00ad \ufeff",
    "line one\r\nline two\n\ttabbed \\ \" ' <b>&amp;</b>",
    "\U0010ffff \uffff \x7f \x01",
    "  spaces kept  ",
]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    ledger: Path = tmp_path_factory.mktemp("guarded") / "ledger.sqlite3"
    server = serve("127.0.0.1", 0, ledger, secret="open sesame")
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("slug", SANDBOXES)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_arrives_unchanged(sandbox: Server, slug: str, text: str) -> None:
    sent = message(text)
    NETWORKS[slug].publish(account(sandbox, "unicode"), sent)
    (row,) = stored(sandbox, sent.reference)
    assert (row.text, row.language, row.channel) == (text, "en", "unicode")


@pytest.mark.parametrize("text", ["a\ud800b", "\udc00\ud800", "a\0b", " \n ", "é" * 501])
def test_a_text_that_the_network_cannot_take_is_refused_for_good(sandbox: Server, text: str) -> None:
    sent = message(text)
    with pytest.raises(Refused) as refusal:
        KEYED.publish(account(sandbox, "shop"), sent)
    assert str(refusal.value.sentence.values["words"]).endswith(".")
    assert stored(sandbox, sent.reference) == []


def test_five_hundred_accented_letters_fit_however_they_were_typed(sandbox: Server) -> None:
    for letter in ("é", "e\u0301"):
        KEYED.publish(account(sandbox, "shop"), message(letter * 500))


def test_one_key_on_two_channels_is_two_posts(sandbox: Server) -> None:
    sent = message()
    for handle in ("alice", "bob"):
        KEYED.publish(account(sandbox, handle), sent)
    assert [row.channel for row in stored(sandbox, sent.reference)] == ["alice", "bob"]
    assert isinstance(KEYED.find(account(sandbox, "alice"), sent), Found)
    assert KEYED.find(account(sandbox, "charlie"), sent) == Absent()


def test_an_earlier_repeat_of_the_same_words_is_not_taken_for_this_one(sandbox: Server) -> None:
    earlier = message("The same words")
    READING.publish(account(sandbox, "repeats"), earlier)
    now = replace(message("The same words"), since=earlier.since + timedelta(minutes=2))
    assert READING.find(account(sandbox, "repeats"), now) == Absent()


def test_reading_goes_through_as_many_pages_as_it_needs(sandbox: Server) -> None:
    wanted = message()
    receipt = READING.publish(account(sandbox, "busy"), wanted)
    for _ in range(120):
        READING.publish(account(sandbox, "busy"), message())
    assert READING.find(account(sandbox, "busy"), wanted) == Found(receipt)


def test_a_network_whose_clock_is_ahead_is_read_by_its_own_clock(sandbox: Server) -> None:
    to, earlier = account(sandbox, "fault-clock-skew"), message("Said twice")
    receipt = READING.publish(to, earlier)
    assert READING.find(to, earlier) == Found(receipt)
    later = replace(earlier, since=earlier.since + timedelta(minutes=5))
    assert READING.find(to, later) == Absent()


@pytest.mark.parametrize("slug", ["sandbox", "sandbox_reading"])
def test_a_network_that_cannot_be_asked_leaves_it_unknown(sandbox: Server, slug: str) -> None:
    gone = Account("http://127.0.0.1:1", "shop", deadline=0.3)
    assert isinstance(NETWORKS[slug].find(gone, message()), Unknown)


def test_a_timeline_that_cannot_be_understood_leaves_it_unknown() -> None:
    for told in ("[]", '{"posts": [1]}', '{"posts": [{"id": "1"}]}', '{"posts": [{"accepted_at": 3}]}'):
        server = Scripted(lambda to, _, told=told: to.sendall(json_answer(told)))  # type: ignore[misc]
        assert isinstance(READING.find(Account(server.url, "shop"), message()), Unknown)
        server.close()


@pytest.mark.parametrize("slug", SANDBOXES)
def test_an_answer_meant_for_another_post_is_no_receipt(slug: str) -> None:
    told = '{"id": "1", "url": "", "channel": "shop", "text": "Another", "key": "another"}'
    server = Scripted(lambda to, _: to.sendall(json_answer(told)))
    with pytest.raises(Unconfirmed):
        NETWORKS[slug].publish(Account(server.url, "shop"), message())
    server.close()


def test_reactions_are_counted(sandbox: Server) -> None:
    to = account(sandbox, "shop")
    first, second = (KEYED.publish(to, message()) for _ in range(2))
    for reaction in ("like", "like", "repost"):
        sandbox.ledger.react(int(first.remote_id), reaction)
    assert KEYED.measure(to, [first.remote_id, second.remote_id, "999999"]) == {
        first.remote_id: Reactions(likes=2, reposts=1, replies=0),
        second.remote_id: Reactions(likes=0, reposts=0, replies=0),
    }
    assert KEYED.measure(to, []) == {}


def test_reactions_that_cannot_be_asked_for_are_an_error() -> None:
    with pytest.raises(NotSent):
        KEYED.measure(Account("http://127.0.0.1:1", "shop", deadline=0.3), ["1"])


def test_a_post_can_be_taken_down_twice_and_stays_in_the_ledger(sandbox: Server) -> None:
    to, sent = account(sandbox, "shop"), message()
    receipt = KEYED.publish(to, sent)
    KEYED.delete(to, receipt.remote_id)
    KEYED.delete(to, receipt.remote_id)
    KEYED.delete(to, "../nonsense")
    assert KEYED.measure(to, [receipt.remote_id]) == {}
    assert len(stored(sandbox, sent.reference)) == 1


def test_the_right_key_opens_the_channel(guarded: Server) -> None:
    sent = message()
    KEYED.publish(Account(guarded.address, "shop", credentials={"token": "open sesame"}), sent)
    assert len(stored(guarded, sent.reference)) == 1


@pytest.mark.parametrize("secret", ["", "wrong", "open\r\nsesame", "clé"])
def test_a_wrong_key_stops_the_channel(guarded: Server, secret: str) -> None:
    sent = message()
    with pytest.raises(ChannelRefused):
        KEYED.publish(Account(guarded.address, "shop", credentials={"token": secret}), sent)
    assert isinstance(KEYED.find(Account(guarded.address, "shop", credentials={"token": secret}), sent), Unknown)
    assert stored(guarded, sent.reference) == []
