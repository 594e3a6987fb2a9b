"""Discord against a strict stand-in: by a bot and by a webhook, threads, what is read back, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from posts.networks import NETWORKS
from posts.networks.access import TakesKeys
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Found,
    NotSent,
    Reactions,
    Receipt,
    Refused,
    Unconfirmed,
    Unknown,
)
from tests.posts.networks.fakes.discord import BOT, CHANNEL, GUILD, LOCKED, SECRET, TOKEN, WEBHOOK, Discord, Post
from tests.posts.networks.fakes.strict import Reply
from tests.posts.networks.parcels import READABLE, TEXTS, Notebook, gif, image, video
from tests.posts.networks.sending import message

NETWORK = NETWORKS["discord"]


@pytest.fixture
def fake() -> Iterator[Discord]:
    server = Discord()
    yield server
    server.close()


@pytest.fixture
def bot(fake: Discord) -> Account:
    keys = {"token": TOKEN, "bot": BOT, "channel": CHANNEL, "guild": GUILD}
    return Account(fake.url, "#news", CHANNEL, keys, deadline=5.0)


@pytest.fixture
def hook(fake: Discord) -> Account:
    keys = {"webhook": SECRET, "channel": CHANNEL, "guild": GUILD}
    return Account(fake.url, "Atelier", WEBHOOK, keys, deadline=5.0)


@pytest.fixture(params=["bot", "hook"])
def to(request: pytest.FixtureRequest) -> Account:
    account = request.getfixturevalue(request.param)
    assert isinstance(account, Account)
    return account


def _texts(fake: Discord) -> list[str]:
    return [post.content for post in fake.posts.values()]


def test_a_text_arrives_and_the_receipt_says_where(fake: Discord, to: Account) -> None:
    receipt = NETWORK.publish(to, message("Hello https://example.org"))
    assert _texts(fake) == ["Hello https://example.org"]
    assert receipt.url == f"https://discord.com/channels/{GUILD}/{CHANNEL}/{receipt.remote_id}"


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["id"])
def test_every_text_arrives_unchanged_and_is_found_again(fake: Discord, bot: Account, case: dict[str, Any]) -> None:
    sent = message(case["text"])
    receipt = NETWORK.publish(bot, sent)
    assert _texts(fake) == [case["text"]]
    assert NETWORK.find(bot, sent) == Found(receipt)


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["id"])
def test_a_text_is_counted_in_code_points(case: dict[str, Any]) -> None:
    assert NETWORK.length(case["text"]) == case["codepoints"]


def test_it_takes_what_it_says_it_takes_and_not_one_more(fake: Discord, to: Account) -> None:
    NETWORK.publish(to, message("👋" * 2000))
    with pytest.raises(Refused) as refusal:
        NETWORK.publish(to, message("👋" * 2001))
    assert refusal.value.sentence.values["words"] == "Must be 2000 or fewer in length."


def test_files_arrive_with_their_descriptions(fake: Discord, to: Account) -> None:
    NETWORK.publish(to, replace(message("Look: é 👋🏽"), media=(image(), video(), gif())))
    (post,) = fake.posts.values()
    assert post.content == "Look: é 👋🏽"
    assert [one.name for one in post.files] == ["red.png", "film.mp4", "turning.gif"]
    assert [one["description"] for one in post.given["attachments"]] == ["A red square", "A film", "It turns"]


def test_only_people_and_roles_that_are_written_by_number_are_called(fake: Discord, to: Account) -> None:
    NETWORK.publish(to, message("@everyone @here <@1> <@!22> <@&333>"))
    (post,) = fake.posts.values()
    assert post.given["allowed_mentions"] == {
        "parse": [], "users": ["1", "22"], "roles": ["333"], "replied_user": False,
    }  # fmt: skip


def test_files_that_are_too_many_bytes_together_never_leave(fake: Discord, to: Account) -> None:
    """Each is within the limit of a file; one request takes 25 MiB."""
    film = replace(video(), size=13 * 1024 * 1024)
    with pytest.raises(Refused):
        NETWORK.publish(to, replace(message("Two"), media=(film, film)))
    assert fake.requests == []


def test_as_many_pictures_as_it_takes_fit_into_one_request() -> None:
    media = NETWORK.limits.media
    assert media.images * media.image_bytes < 25 * 1024 * 1024


def test_a_thread_is_one_receipt_and_is_taken_down_whole(fake: Discord, to: Account) -> None:
    receipt = NETWORK.publish(to, replace(message("One"), rest=("Two", "Three")))
    assert _texts(fake) == ["One", "Two", "Three"]
    assert receipt.remote_id == ",".join(fake.posts)
    NETWORK.delete(to, receipt.remote_id)
    NETWORK.delete(to, receipt.remote_id)
    assert fake.posts == {}


def test_the_parts_of_a_bots_thread_answer_the_first(fake: Discord, bot: Account) -> None:
    NETWORK.publish(bot, replace(message("One"), rest=("Two", "Three"), media=(image(),)))
    first, *others = fake.posts
    assert [fake.posts[other].given["message_reference"]["message_id"] for other in others] == [first, first]
    assert [len(post.files) for post in fake.posts.values()] == [1, 0, 0]


def test_a_thread_that_failed_at_its_second_part_goes_on_there(fake: Discord, to: Account) -> None:
    sent = replace(message("One"), rest=("Two", "Three"), steps=Notebook({}))
    fake.in_the_way = [None, Reply(429, {"message": "…", "retry_after": 1.5, "global": False})]
    with pytest.raises(NotSent):
        NETWORK.publish(to, sent)
    assert _texts(fake) == ["One"]
    NETWORK.publish(to, sent)
    assert _texts(fake) == ["One", "Two", "Three"]


def test_a_refusal_in_the_middle_says_that_the_beginning_is_out(fake: Discord, to: Account) -> None:
    with pytest.raises(Refused) as refusal:
        NETWORK.publish(to, replace(message("One"), rest=("x" * 2001,)))
    assert refusal.value.sentence.count == 1


def test_a_lost_part_is_found_and_the_rest_goes_out_behind_it(fake: Discord, bot: Account) -> None:
    sent = replace(message("Same"), rest=("Same", "Three"), steps=Notebook({}))
    fake.lost = [False, True]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(bot, sent)
    assert NETWORK.find(bot, sent) == Absent()
    receipt = NETWORK.publish(bot, sent)
    assert _texts(fake) == ["Same", "Same", "Three"]
    assert NETWORK.find(bot, sent) == Found(receipt)


def test_a_lost_answer_is_found_by_reading_and_only_from_its_own_time_on(fake: Discord, bot: Account) -> None:
    fake.lost, sent = [True], message("Said again")
    with pytest.raises(Unconfirmed):
        NETWORK.publish(bot, sent)
    found = NETWORK.find(bot, sent)
    assert isinstance(found, Found)
    assert found.receipt.remote_id in fake.posts
    later = replace(sent, since=sent.since + timedelta(minutes=5))
    assert NETWORK.find(bot, later) == Absent()


def test_the_same_key_within_minutes_is_not_posted_twice(fake: Discord, bot: Account) -> None:
    fake.lost, sent = [True], message()
    with pytest.raises(Unconfirmed):
        NETWORK.publish(bot, sent)
    receipt = NETWORK.publish(bot, sent)
    assert list(fake.posts) == [receipt.remote_id]


def test_two_posts_with_these_words_are_not_told_apart(fake: Discord, bot: Account) -> None:
    first = message("Twice")
    NETWORK.publish(bot, first)
    NETWORK.publish(bot, replace(first, key="another"))
    assert isinstance(NETWORK.find(bot, first), Unknown)


def test_what_somebody_else_wrote_is_not_taken_for_ours(fake: Discord, bot: Account) -> None:
    sent = message("Quoted")
    NETWORK.publish(bot, sent)
    for post in fake.posts.values():
        post.author = "42"
    assert NETWORK.find(bot, sent) == Absent()


def test_reading_goes_through_as_many_pages_as_it_needs(fake: Discord, bot: Account) -> None:
    others = [message() for _ in range(3)]
    receipts = [NETWORK.publish(bot, one) for one in others]
    first = int(receipts[0].remote_id)
    fake.posts |= {str(first + 1000 + n): Post(BOT, f"Filler {n}") for n in range(220)}
    assert [NETWORK.find(bot, one) for one in others] == [Found(receipt) for receipt in receipts]


def test_a_webhook_cannot_be_asked(fake: Discord, hook: Account) -> None:
    assert isinstance(NETWORK.find(hook, message()), Unknown)
    assert fake.requests == []


def test_a_bot_that_may_not_read_leaves_it_unknown(fake: Discord, bot: Account) -> None:
    assert isinstance(NETWORK.find(replace(bot, remote_id=LOCKED), message()), Unknown)


@pytest.mark.parametrize("told", [[1], [{"id": 1}], {"id": "1"}, "?"])
def test_a_timeline_that_cannot_be_understood_leaves_it_unknown(fake: Discord, bot: Account, told: object) -> None:
    fake.in_the_way = [Reply(200, told)]
    assert isinstance(NETWORK.find(bot, message()), Unknown)


def test_too_much_is_refused_before_anything_leaves(fake: Discord, to: Account) -> None:
    for sent in (replace(message(), rest=("x",) * 9), replace(message(), media=(image(),) * 11)):
        with pytest.raises(Refused):
            NETWORK.publish(to, sent)
    assert fake.requests == []


def test_a_key_that_is_no_longer_good_stops_the_channel(fake: Discord, bot: Account, hook: Account) -> None:
    gone = [
        replace(bot, credentials={"token": "wrong"}),
        replace(bot, remote_id=LOCKED),
        replace(bot, remote_id="1"),
        replace(hook, credentials={"webhook": "wrong"}),
        replace(hook, remote_id="1"),
    ]
    for account in gone:
        with pytest.raises(ChannelRefused):
            NETWORK.publish(account, message())


@pytest.mark.parametrize("number", ["", "../../users/@me", "1/2", "é"])
def test_what_is_no_number_of_a_channel_never_leaves_the_house(fake: Discord, to: Account, number: str) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.publish(replace(to, remote_id=number), message())
    assert fake.requests == []


def test_a_full_house_names_its_time_in_the_header_or_in_the_body(fake: Discord, to: Account) -> None:
    told = {"message": "You are being rate limited.", "retry_after": 64.57, "global": False}
    fake.in_the_way = [Reply(429, told), Reply(429, told, {"Retry-After": "65"})]
    for seconds in (64.57, 65):
        with pytest.raises(NotSent) as refusal:
            NETWORK.publish(to, message())
        assert (refusal.value.retry_after, refusal.value.counts) == (seconds, False)


@pytest.mark.parametrize(
    "told", [{}, {"id": 7, "channel_id": CHANNEL}, {"id": "7"}, [], {"id": "x", "channel_id": "1"}]
)
def test_an_answer_without_a_message_proves_nothing(fake: Discord, to: Account, told: object) -> None:
    fake.in_the_way = [Reply(200, told)]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(to, message())


def test_a_message_in_another_channel_is_no_receipt(fake: Discord, bot: Account) -> None:
    fake.in_the_way = [Reply(200, {"id": "7", "channel_id": "8"})]
    with pytest.raises(Unconfirmed):
        NETWORK.publish(bot, message())


def test_reactions_are_counted_and_what_is_gone_is_left_out(fake: Discord, to: Account) -> None:
    liked, plain = NETWORK.publish(to, message()), NETWORK.publish(to, message())
    fake.posts[liked.remote_id].reactions = [
        {"count": 2, "emoji": {"name": "🔥"}},
        {"count": 1, "emoji": {"name": "👍"}},
    ]
    told = NETWORK.measure(to, [liked.remote_id, plain.remote_id, "7"])
    assert told == {liked.remote_id: Reactions(likes=3), plain.remote_id: Reactions(likes=0)}


def test_measuring_through_a_dead_webhook_is_an_error(fake: Discord, hook: Account) -> None:
    with pytest.raises(ChannelRefused):
        NETWORK.measure(replace(hook, remote_id="1"), ["7"])


def test_connecting_by_webhook_names_it(fake: Discord) -> None:
    assert isinstance(NETWORK, TakesKeys)
    for address in (
        f"https://discord.com/api/webhooks/{WEBHOOK}/{SECRET}",
        f"{fake.url}/api/v10/webhooks/{WEBHOOK}/{SECRET}",
    ):
        (grant,) = NETWORK.connect({"webhook": address, "server": fake.url})
        assert (grant.remote_id, grant.name, grant.server) == (WEBHOOK, "Atelier", "")
        receipt = NETWORK.publish(Account(fake.url, grant.handle, grant.remote_id, grant.credentials), message())
        assert receipt == Receipt(receipt.remote_id, f"{grant.url}/{receipt.remote_id}")
        assert SECRET not in repr(grant)


def test_connecting_by_bot_names_its_channel(fake: Discord) -> None:
    assert isinstance(NETWORK, TakesKeys)
    (grant,) = NETWORK.connect({"token": TOKEN, "channel": CHANNEL, "server": fake.url})
    assert (grant.remote_id, grant.handle) == (CHANNEL, "#news")
    assert isinstance(NETWORK.find(Account(fake.url, "", grant.remote_id, grant.credentials), message()), Absent)


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"webhook": "https://example.org/api/webhooks/1/x"},
        {"webhook": "https://discord.com/channels/1/2"},
        {"webhook": f"https://discord.com/api/webhooks/{WEBHOOK}/wrong"},
        {"token": "wrong", "channel": CHANNEL},
        {"token": TOKEN, "channel": LOCKED},
        {"token": TOKEN, "channel": "news"},
    ],
)
def test_connecting_says_what_is_wrong(fake: Discord, typed: dict[str, str]) -> None:
    assert isinstance(NETWORK, TakesKeys)
    with pytest.raises(ChannelRefused):
        NETWORK.connect({**typed, "server": fake.url})
