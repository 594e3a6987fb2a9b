"""From the text to the hold and back: words that go out of date stop a repeat, and a person's word lets it go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from guards.base import Repeat
from posts.models import Channel, Post
from posts.sandbox.server import Server
from posts.writing import Content
from scheduler import verbs
from scheduler.check import Draft, Judged, check
from scheduler.fixes import apply, offered
from scheduler.models import Publication
from scheduler.strip import strip
from scheduler.writing import save_changes, save_draft
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import a_post, run, scheduled, states

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OFFER = "Order until 30 November 2026 and we engrave it for you."
FRIDAY = "Join us this Friday for a glass of wine."
REPEAT = {"interval": 14, "unit": "day", "max_repeats": 3}
RULE = Repeat(14, "day", 3)


def held(post: Post) -> Publication:
    return Publication.objects.select_related("post", "channel", "workspace", "judgement").get(post=post, state="held")


def dry(workspace: Workspace, channel: Channel, text: str, post: Post | None = None) -> list[Judged]:
    draft = Draft(text, "en", [channel], starts_at=NOW, repeat=RULE, post_id=post.pk if post else None)
    (outcome,) = check(workspace, [draft], NOW)
    return outcome.dates


def test_this_friday_goes_out_once_and_is_then_held(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, text=FRIDAY, repeat=REPEAT)
    run(NOW)
    run(NOW + 14 * DAY)
    row = held(post)
    assert row.reason == "dated_text"
    assert [fix.verb for fix in offered(row)] == ["edit", "end_series", "fine_until"]
    word = next(fix for fix in offered(row) if fix.verb == "fine_until")
    apply(row, word.verb, word.values, alice, NOW + 14 * DAY)
    run(NOW + 14 * DAY)
    run(NOW + 28 * DAY)
    assert states(post) == ["published", "published", "published", "scheduled"]


def test_the_later_dates_show_their_verdict_while_writing(workspace: Workspace, channel: Channel) -> None:
    assert [one.verdict.action.word for one in dry(workspace, channel, OFFER)] == ["allow", "hold", "hold", "hold"]


def test_a_persons_word_counts_in_the_dry_run_for_these_words_only(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail without the comparison of the words."""
    post = a_post(workspace, channel, text=OFFER, starts_at=NOW, fine_until=date(2027, 1, 31))
    assert all(one.verdict.allows for one in dry(workspace, channel, OFFER, post))
    assert not dry(workspace, channel, FRIDAY, post)[-1].verdict.allows


@pytest.mark.parametrize(
    "change",
    [
        {"text": FRIDAY},
        {"language": "fr"},
        {"versions": {"sandbox": FRIDAY}},
        {"variations": [FRIDAY]},
    ],
)
def test_other_words_need_another_word(
    workspace: Workspace, channel: Channel, alice: User, change: dict[str, Any]
) -> None:
    """Seen to fail with the word kept through every edit."""
    post = a_post(workspace, channel, text=OFFER, starts_at=NOW, fine_until=date(2027, 1, 31))
    save_draft(post, replace(Content.of(post), **change), alice, NOW)
    post.refresh_from_db()
    assert post.fine_until is None


def test_other_dates_and_channels_do_not_end_a_persons_word(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    post = scheduled(workspace, channel, at=NOW + DAY, now=NOW, text=OFFER, fine_until=date(2027, 1, 31))
    save_changes(post, replace(Content.of(post), starts_at=NOW + 3 * DAY), alice, NOW)
    post.refresh_from_db()
    assert post.fine_until == date(2027, 1, 31)


def test_undo_gives_no_word_back_that_was_said_of_other_words(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    post = scheduled(workspace, channel, at=NOW + DAY, now=NOW, text=OFFER, fine_until=date(2026, 12, 24))
    done = apply(post.publications.get(), "fine_until", {"until": "2027-01-31"}, alice, NOW)
    fresh = Post.objects.get(pk=post.pk)
    save_changes(fresh, replace(Content.of(fresh), text=FRIDAY), alice, NOW)
    assert done.undo
    apply(post.publications.get(), done.undo.verb, done.undo.values, alice, NOW)
    post.refresh_from_db()
    assert post.fine_until is None


def test_trimming_ends_the_word_and_its_undo_brings_it_back(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    post = scheduled(workspace, channel, at=NOW + DAY, now=NOW, text=OFFER, fine_until=date(2027, 1, 31))
    done = apply(post.publications.get(), "trim", {"to": 35}, alice, NOW)
    post.refresh_from_db()
    assert post.fine_until is None
    assert done.undo
    apply(post.publications.get(), done.undo.verb, done.undo.values, alice, NOW)
    post.refresh_from_db()
    assert post.fine_until == date(2027, 1, 31)


def test_what_is_held_beyond_the_end_is_cancelled_and_comes_back_with_undo(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, text=OFFER, repeat=REPEAT)
    run(NOW)
    run(NOW + 14 * DAY)
    row = held(post)
    done = apply(row, "end_series_on", {"date": "2026-11-30"}, alice, NOW + 14 * DAY)
    assert states(post) == ["published", "cancelled"]
    assert done.undo
    apply(row, done.undo.verb, done.undo.values, alice, NOW + 14 * DAY)
    assert states(post) == ["published", "held", "scheduled", "scheduled"]


def test_a_series_without_a_rule_is_not_ended_on_a_day(workspace: Workspace, channel: Channel, alice: User) -> None:
    row = scheduled(workspace, channel, at=NOW + DAY, now=NOW, text=OFFER).publications.get()
    with pytest.raises(verbs.NotNow):
        apply(row, "end_series_on", {"date": "2026-11-30"}, alice, NOW)


@pytest.mark.parametrize(
    ("text", "value"),
    [(OFFER, "no_repeat?"), ("Order until 10 December 2026, engraving included.", "end_on?day=2026-12-10")],
)
def test_the_composer_ends_the_series_in_the_form(
    workspace: Workspace, channel: Channel, text: str, value: str
) -> None:
    draft = Draft(text, "en", [channel], starts_at=NOW, repeat=RULE)
    (outcome,) = check(workspace, [draft], NOW)
    (seen,) = strip(outcome, workspace, NOW).seen
    assert seen.check.guard == "dated_text"
    assert [remedy.value for remedy in seen.remedies] == [value]
