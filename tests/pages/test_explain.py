"""The explanation says plainly why a publication went out, or did not, with every number behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guards.base import Action
from guards.judge import Check, Verdict
from guards.models import GuardSetting
from notices.sentences import say
from posts.models import Channel, Variation
from scheduler import fixes, verbs
from scheduler.models import Publication
from scheduler.publish import keep_judgements
from scheduler.states import State
from teams.models import User, Workspace
from tests.kit import scheduled
from tests.pages.standing import awake, standing, unknown

pytestmark = pytest.mark.django_db


@pytest.fixture
def why(client: Client, alice: User, workspace: Workspace) -> Callable[[Publication], str]:
    client.force_login(alice)
    awake(workspace)
    return lambda row: " ".join(client.get(row.get_absolute_url()).content.decode().split())


def test_a_held_one_says_why_first_and_then_every_check_with_its_threshold(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel
) -> None:
    text = why(standing(workspace, channel, State.HELD)[0])
    assert "Held, so it did not go out: Sent 9 days before" in text
    assert "Looked at 2 days ago." in text
    assert "30 days · from the default" in text
    assert "What would make it pass" in text
    assert "The hold lifts by itself on" in text
    assert "Move to" in text


def test_what_a_guard_points_at_is_marked_in_the_text(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel
) -> None:
    text = why(standing(workspace, channel, State.HELD)[0])
    assert '<mark><span class="sr">a guard points at: </span>Answer</mark> comments' in text


def test_a_planned_one_is_judged_now_and_that_is_said(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel
) -> None:
    now = timezone.now()
    post = scheduled(workspace, channel, at=now + timedelta(days=1), now=now)
    text = why(post.publications.get())
    assert "Asked now, the guards would let it go out on" in text
    assert "It has not been judged yet" in text
    assert "What would make it pass" not in text
    assert "Too soon" in text


def test_a_planned_one_knows_what_its_own_series_sends_before_it(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel
) -> None:
    now = timezone.now()
    post = scheduled(
        workspace,
        channel,
        at=now + timedelta(days=1),
        now=now,
        repeat={"interval": 20, "unit": "day", "max_repeats": 1},
    )
    GuardSetting.objects.create(workspace=workspace, guard="too_soon", action="hold", options={"days": 30})
    text = why(post.publications.get(number=1))
    assert "Asked now, the guards would hold it" in text
    assert "30 days · from the workspace" in text


def test_the_time_and_the_limit_with_which_it_would_pass_are_said(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel
) -> None:
    now = timezone.now()
    repeat = {"interval": 20, "unit": "day", "max_repeats": 2}
    post = scheduled(workspace, channel, at=now + timedelta(days=1), now=now, repeat=repeat)
    GuardSetting.objects.create(workspace=workspace, guard="too_soon", action="hold", options={"days": 30})
    text = why(post.publications.get(number=1))
    assert "The hold lifts by itself on" in text
    limit = "With “Least time between two publications of the same content on a channel” at 20 days instead of 30"
    assert f"{limit} it would pass." in text
    GuardSetting.objects.create(workspace=workspace, guard="review_due", action="hold", options={"days": 10})
    text = why(post.publications.get(number=1))
    assert f"{limit} this guard would let it pass; 1 other would not." in text
    assert "at 21 days instead of 10 this guard would let it pass; 1 other would not." in text


def test_a_held_one_that_no_guard_minds_any_more_waits_for_a_word(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel
) -> None:
    (row,) = standing(workspace, channel, State.HELD)
    assert "Asked now, the guards would let it pass: it waits for your word." in why(row)


def test_one_that_was_set_apart_or_cancelled_with_its_series_says_so(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel
) -> None:
    said = say("Refrain stumbled over it twice.").as_json()
    (apart,) = standing(workspace, channel, State.HELD)
    Publication.objects.filter(pk=apart.pk).update(reason="quarantine", sentence=said)
    assert "Held, so it did not go out: Refrain stumbled over it twice." in why(apart)
    said = say("Its series was ended before it could go out.").as_json()
    (gone,) = standing(workspace, channel, State.CANCELLED)
    Publication.objects.filter(pk=gone.pk).update(reason="ended", sentence=said)
    gone.refresh_from_db()
    assert "It was cancelled. Its series was ended before it could go out." in why(gone)


def test_a_published_one_says_why_it_was_published(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel
) -> None:
    (row,) = standing(workspace, channel, State.PUBLISHED)
    checks = tuple(Check(name, Action.ALLOW, saw=say("All is well.")) for name in ("too_soon", "review_due"))
    keep_judgements([(row, Verdict(checks))], "sending", timezone.now())  # type: ignore[arg-type]
    row.save(update_fields=["judgement"])
    text = why(row)
    assert "It went out because all 2 guards let it pass." in text
    assert "All is well." in text


def test_one_that_was_let_pass_says_by_whom_and_why(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel, alice: User
) -> None:
    (row,) = standing(workspace, channel, State.HELD)
    verbs.override(row, alice, "The client asked for it.", timezone.now())
    Publication.objects.update(state=State.PUBLISHED, published_at=timezone.now())
    text = why(row)
    assert "It went out because Alice let it pass: “The client asked for it.”" in text


def test_what_was_sent_and_what_people_did_stand_below(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel, alice: User
) -> None:
    row = unknown(workspace, channel)
    assert "It may be out, or not: Atelier did not answer." in why(row)
    fixes.apply(row, "is_out", {}, alice, timezone.now())
    text = why(row)
    assert "What was sent" in text
    assert "no proof" in text
    assert "saw that “Are you out there?” is out" in text


@pytest.mark.parametrize("state", [state for state in State if state not in (State.CLAIMED, State.SENDING)])
def test_every_state_has_a_sentence(
    why: Callable[[Publication], str], workspace: Workspace, channel: Channel, state: State
) -> None:
    text = why(standing(workspace, channel, state)[0])
    assert 'class="lead"' in text
    assert "{why}" not in text


@pytest.mark.parametrize(("state", "most"), [(State.HELD, 12), (State.SCHEDULED, 12)])
@pytest.mark.parametrize("count", [10, 500])
def test_the_queries_do_not_grow(
    client: Client, alice: User, workspace: Workspace, channel: Channel, state: State, most: int, count: int,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    """What is open is judged while the reader waits: a wording or a link costs one query more each."""
    client.force_login(alice)
    at = timezone.now() + timedelta(days=3)
    row = standing(workspace, channel, state, count, at=at)[-1]
    Variation.objects.create(post=row.post, position=0, text="The same in other words.")
    awake(workspace)
    client.get(row.get_absolute_url())
    with django_assert_max_num_queries(most):
        client.get(row.get_absolute_url())
