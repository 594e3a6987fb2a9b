"""Repeats by sharing: the first post goes out again as a share, where it stands there with the words that are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from posts.along import NOTHING
from posts.models import Channel, Post, Variation
from posts.sandbox.server import Server
from scheduler import parcels, sharing
from scheduler.models import Publication
from scheduler.publish import message
from scheduler.taking_down import take_down
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)
REPEAT = {"interval": 20, "unit": "day", "max_repeats": 2, "by_sharing": True}
NEXT = NOW + timedelta(days=20)
LAST = NOW + timedelta(days=40)


@pytest.fixture
def series(workspace: Workspace, channel: Channel, sandbox: Server) -> Post:
    """Its first one is out."""
    return _begun(workspace, channel)


def test_repeats_share_the_first_one_again(series: Post, sandbox: Server) -> None:
    run(NEXT)
    run(LAST)
    first, *shares = arrivals(sandbox)
    assert [share.takes.get("repost_of") for share in shares] == [str(first.id)] * 2
    assert states(series) == ["published"] * 3
    assert len(set(series.publications.values_list("remote_id", flat=True))) == 3


def test_unless_the_rule_says_so_the_words_are_sent(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    _begun(workspace, channel, by_sharing=False)
    run(NEXT)
    assert _shared(sandbox) == [None, None]


def test_what_was_taken_down_is_not_shared_and_the_words_go_out(series: Post, bob: User, sandbox: Server) -> None:
    """Seen to fail with all that is out: the network refuses to share what is gone."""
    take_down(series.publications.get(number=0), bob, NOW + timedelta(days=1))
    run(NEXT)
    run(LAST)
    _, second, third = arrivals(sandbox)
    assert (second.takes.get("repost_of"), third.takes.get("repost_of")) == (None, str(second.id))


def test_words_that_were_changed_since_go_out_as_they_are_now(series: Post, sandbox: Server) -> None:
    """Seen to fail with any earlier one: the guards judged the new words, and the old ones would be shown again."""
    Post.objects.filter(pk=series.pk).update(text="Answer comments within the day.")
    run(NEXT)
    assert [arrived.text for arrived in arrivals(sandbox)][1:] == ["Answer comments within the day."]
    assert _shared(sandbox) == [None, None]


def test_of_several_wordings_each_is_shared_for_itself(series: Post, sandbox: Server) -> None:
    Variation.objects.create(post=series, position=0, text="Nobody likes to wait for an answer.")
    run(NEXT)
    run(LAST)
    assert _shared(sandbox) == [None, None, str(arrivals(sandbox)[0].id)]


def test_a_network_that_cannot_share_is_sent_the_words(series: Post, channel: Channel) -> None:
    Channel.objects.update(network="discord")
    row = _due(series)
    sharing.pin([(row, series.text)])
    assert row.along is None


def test_every_attempt_and_every_question_name_the_same_post(series: Post, bob: User) -> None:
    """Seen to fail without `bound`: under one key, a share and the words may both come out."""
    row = _due(series)
    row.text = series.text
    sharing.pin([(row, series.text)])
    named = message(row, NEXT).repost_of
    assert named == series.publications.get(number=0).remote_id
    row.intended_at = NEXT
    take_down(series.publications.get(number=0), bob, NEXT)
    parcels.pin(row, NOTHING, ())
    sharing.pin([(row, series.text)])
    assert message(row, NEXT).repost_of == named


def test_words_that_may_be_under_way_do_not_become_a_share(series: Post) -> None:
    """Seen to fail without the question for an intent."""
    row = _due(series)
    row.intended_at = NEXT
    sharing.pin([(row, series.text)])
    assert row.along is None


def _begun(workspace: Workspace, channel: Channel, **rule: Any) -> Post:
    post = scheduled(workspace, channel, at=NOW, repeat=REPEAT | rule)
    run(NOW)
    return post


def _due(series: Post) -> Publication:
    return Publication.objects.select_related("post__rule", "channel").get(post=series, number=1)


def _shared(sandbox: Server) -> list[str | None]:
    return [arrived.takes.get("repost_of") for arrived in arrivals(sandbox)]
