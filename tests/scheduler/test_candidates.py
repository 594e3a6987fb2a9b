"""What the guards are told of the past: other posts nearby, and this post's own words before they were edited."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from guards.base import Candidate, Moment
from posts.content import fingerprint
from posts.models import Channel, Post, Variation
from posts.sandbox.server import Server
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.models import Publication
from scheduler.neighbourhood import MOST, REACH
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import a_post, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Five ways to write a headline that people want to read, from our newsletter"
TYPO = TEXT.replace("headline", "headlnie")
DAY = timedelta(days=1)


def test_a_typo_that_is_mended_between_two_repeats_does_not_start_the_gap_anew(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail while the history went by the exact words alone."""
    post = scheduled(workspace, channel, at=NOW, text=TYPO, repeat={"interval": 7, "unit": "day", "max_repeats": 1})
    run(NOW)
    _edit(post, TEXT)
    run(NOW + 7 * DAY)
    assert states(post) == ["published", "held"]
    assert Publication.objects.get(state="held").reason == "too_soon"


def test_a_post_that_is_rewritten_starts_anew(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    post = scheduled(workspace, channel, at=NOW, text=TEXT)
    run(NOW)
    _edit(post, "Our editor reads every letter. Write to her about your titles!")
    assert _candidate(post, channel, NOW + DAY).history == ()


def test_a_wording_that_still_stands_has_a_history_of_its_own(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, text=TYPO)
    run(NOW)
    _edit(post, TEXT)
    Variation.objects.create(post=post, position=0, text=TYPO)
    found = _candidate(post, channel, NOW + DAY)
    assert found.history == ()
    assert len(found.variations[1]) == 1


def test_another_post_that_says_almost_the_same_waits_and_then_goes_by_itself(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail without the neighbours."""
    first = scheduled(workspace, channel, at=NOW, text=TEXT)
    second = scheduled(workspace, channel, at=NOW + 2 * DAY, now=NOW, text=TYPO)
    run(NOW)
    run(NOW + 2 * DAY)
    assert states(first) + states(second) == ["published", "held"]
    assert Publication.objects.get(state="held").reason == "near_duplicate"
    run(NOW + 14 * DAY)
    assert states(second) == ["published"]


def test_two_that_are_due_together_do_not_both_go_out(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    """Seen to fail without Docket.said."""
    posts = [scheduled(workspace, channel, at=NOW, text=text) for text in (TEXT, TYPO)]
    run(NOW)
    assert states(posts[0]) + states(posts[1]) == ["published", "held"]


def test_neighbours_are_other_posts_in_other_words_on_the_same_channel(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    elsewhere = Channel.objects.create(workspace=workspace, network="sandbox", handle="other", name="Other")
    mine = scheduled(workspace, channel, at=NOW, text=TYPO)
    scheduled(workspace, elsewhere, at=NOW, text="On another channel")
    copy = a_post(workspace, channel, text=TEXT.upper())
    other = a_post(workspace, channel, text="Our bakery is closed")
    run(NOW)
    _say(copy, channel, NOW - DAY)
    _say(other, channel, NOW - DAY)
    _say(other, channel, NOW - REACH - DAY)
    _edit(mine, TEXT)
    assert [near.text for near in _candidate(mine, channel, NOW).neighbours] == ["Our bakery is closed"]


def test_of_a_very_busy_channel_only_the_newest_are_looked_at(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    busy = a_post(workspace, channel, text="Note")
    mine = scheduled(workspace, channel, at=NOW + DAY, now=NOW, text=TEXT)
    Publication.objects.bulk_create(_said(busy, channel, NOW - minute * timedelta(minutes=1)) for minute in range(600))
    near = _candidate(mine, channel, NOW + DAY).neighbours
    assert len(near) == MOST
    assert near[-1].at == NOW
    assert near[0].at == NOW - timedelta(minutes=MOST - 1)


def _edit(post: Post, text: str) -> None:
    post.text = text
    post.save(update_fields=["text"])


def _candidate(post: Post, channel: Channel, at: datetime) -> Candidate:
    row = with_facts(Publication.objects.filter(post=post)).get()
    one = Occurrence.of(row, at)
    return Docket([one], at, Moment.SENDING).candidate(one)


def _say(post: Post, channel: Channel, at: datetime) -> None:
    _said(post, channel, at).save()


def _said(post: Post, channel: Channel, at: datetime) -> Publication:
    return Publication(
        workspace=post.workspace, post=post, channel=channel, due_at=at, planned_for=at, published_at=at,
        state="published", text=post.text, fingerprint=fingerprint(post.text),
    )  # fmt: skip
