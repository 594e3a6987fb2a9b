"""The dry run says before anything is saved what the engine would do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guards.base import Action, Repeat
from guards.models import GuardSetting
from notices.speak import speak
from posts.models import Channel
from posts.sandbox.server import Server
from scheduler.check import MOST, Draft, Outcome, check
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import run, scheduled

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


def draft(*channels: Channel, **fields: Any) -> Draft:
    given = {"text": "Answer comments within the hour.", "language": "en", "starts_at": LATER, **fields}
    return Draft(channels=list(channels), **given)


def actions(outcome: Outcome) -> list[str]:
    return [date.verdict.action.word for date in outcome.dates]


@pytest.fixture
def channels(workspace: Workspace, channel: Channel) -> list[Channel]:
    others = [
        Channel.objects.create(workspace=workspace, network=network, handle=f"atelier-{network}", name=network)
        for network in ("sandbox_reading", "sandbox_silent")
    ]
    return [channel, *others]


def test_an_ordinary_draft_passes_on_its_one_date(workspace: Workspace, channel: Channel) -> None:
    (outcome,) = check(workspace, [draft(channel)], NOW)
    assert [(date.channel, date.number, date.at) for date in outcome.dates] == [(channel, 0, LATER)]
    assert outcome.verdict.action == Action.ALLOW
    assert outcome.problems == []


def test_a_draft_without_a_time_is_judged_for_now(workspace: Workspace, channel: Channel) -> None:
    (outcome,) = check(workspace, [draft(channel, starts_at=None)], NOW)
    assert [date.at for date in outcome.dates] == [NOW]


def test_a_sensible_rule_shows_every_date_and_each_passes(workspace: Workspace, channel: Channel) -> None:
    repeat = Repeat(14, "day", max_repeats=4)
    (outcome,) = check(workspace, [draft(channel, repeat=repeat)], NOW)
    assert [date.number for date in outcome.dates] == [0, 1, 2, 3, 4]
    assert [(date.at - LATER).days for date in outcome.dates] == [0, 14, 28, 42, 56]
    assert actions(outcome) == ["allow"] * 5


def test_a_rule_shorter_than_the_gap_shows_its_holds(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail without Docket.said in the simulation."""
    (outcome,) = check(workspace, [draft(channel, repeat=Repeat(7, "day", max_repeats=2))], NOW)
    assert actions(outcome) == ["allow", "hold", "hold"]
    assert outcome.verdict.action == Action.ALLOW


def test_wordings_in_turn_let_a_shorter_rule_pass(workspace: Workspace, channel: Channel) -> None:
    repeat = Repeat(7, "day", max_repeats=2)
    wordings = ["A second wording of it.", "A third wording of it."]
    (outcome,) = check(workspace, [draft(channel, repeat=repeat, variations=wordings)], NOW)
    assert actions(outcome) == ["allow"] * 3


def test_an_absurd_rule_is_blocked_with_a_better_one_to_choose(workspace: Workspace, channel: Channel) -> None:
    (outcome,) = check(workspace, [draft(channel, repeat=Repeat(14, "day", max_repeats=99))], NOW)
    assert outcome.verdict.action == Action.BLOCK
    check_, finding = next(outcome.verdict.findings)
    assert check_.guard == "absurd_rule"
    assert (finding.fixes[0].verb, finding.fixes[0].values["max_repeats"]) == ("set_rule", 12)


def test_the_second_of_two_copies_in_one_file_is_held(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail without Docket.said."""
    first, second = check(workspace, [draft(channel), draft(channel, text="answer comments WITHIN the hour")], NOW)
    assert (actions(first), actions(second)) == (["allow"], ["hold"])


def test_the_copy_that_comes_first_in_time_goes_first(workspace: Workspace, channel: Channel) -> None:
    copy = replace(draft(channel), starts_at=LATER - timedelta(hours=1))
    first, second = check(workspace, [draft(channel), copy], NOW)
    assert (actions(first), actions(second)) == (["hold"], ["allow"])


@pytest.mark.django_db(transaction=True)
def test_what_has_really_gone_out_counts(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    scheduled(workspace, channel, at=NOW)
    run(NOW)
    (outcome,) = check(workspace, [draft(channel, starts_at=NOW + timedelta(days=3))], NOW)
    assert actions(outcome) == ["hold"]


@pytest.mark.django_db(transaction=True)
def test_of_a_running_series_only_what_is_to_come_is_judged(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    rule: dict[str, Any] = {"interval": 14, "unit": "day", "max_repeats": 2}
    post = scheduled(workspace, channel, at=NOW, repeat=rule)
    run(NOW)
    later = NOW + timedelta(days=5)
    again = draft(channel, starts_at=NOW, repeat=Repeat(**rule), post_id=post.pk)
    (outcome,) = check(workspace, [again], later)
    assert [date.number for date in outcome.dates] == [1, 2]
    assert actions(outcome) == ["allow", "allow"]


def test_each_network_is_judged_by_its_own_version(workspace: Workspace, channels: list[Channel]) -> None:
    own = draft(*channels, text="x" * 501, versions={"sandbox": "Short enough."})
    (outcome,) = check(workspace, [own], NOW)
    assert {date.channel.network: date.verdict.action for date in outcome.firsts}["sandbox"] == Action.ALLOW
    assert outcome.verdict.action == Action.BLOCK


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "  \n"}, "Write the text"),
        ({"text": "x" * 50_000}, "50000"),
        ({"text": "half \ud83d"}, "half of a character"),
        ({"text": "nul \x00"}, "control character"),
        ({"variations": ["bell \x07"]}, "control character"),
        ({"versions": {"sandbox": "x" * 20_001}}, "20001"),
        ({"starts_at": NOW - timedelta(hours=1)}, "is past"),
    ],
)
def test_what_cannot_be_kept_is_said_in_a_sentence(
    workspace: Workspace, channel: Channel, fields: dict[str, Any], words: str
) -> None:
    (outcome,) = check(workspace, [draft(channel, **fields)], NOW)
    assert words in " ".join(map(speak, outcome.problems))
    assert outcome.dates == []


def test_a_faulty_draft_does_not_keep_the_others_from_being_judged(workspace: Workspace, channel: Channel) -> None:
    faulty, good = check(workspace, [draft(channel, text=""), draft(channel)], NOW)
    assert faulty.problems
    assert actions(good) == ["allow"]


def test_a_category_of_its_own_policy_is_heeded(workspace: Workspace, channel: Channel) -> None:
    category = workspace.categories.create(name="Reminders")
    GuardSetting.objects.create(
        workspace=workspace, category=category, guard="too_soon", action="hold", options={"days": 2}
    )
    (outcome,) = check(workspace, [draft(channel, repeat=Repeat(2, "day", 2), category_id=category.pk)], NOW)
    assert actions(outcome) == ["allow"] * 3


def test_no_more_than_sixty_dates_of_a_draft_are_judged(workspace: Workspace, channels: list[Channel]) -> None:
    (outcome,) = check(workspace, [draft(*channels, repeat=Repeat(14, "day", 52))], NOW)
    assert len(outcome.dates) == MOST


def test_nothing_is_judged_without_a_channel(workspace: Workspace) -> None:
    (outcome,) = check(workspace, [draft()], NOW)
    assert outcome.dates == []


def test_two_hundred_drafts_cost_no_more_queries_than_one(
    workspace: Workspace, channels: list[Channel], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    drafts = [draft(*channels, text=f"Tip {number}", repeat=Repeat(30, "day", 5)) for number in range(200)]
    with django_assert_max_num_queries(6):
        check(workspace, drafts[:1], NOW)
    with django_assert_max_num_queries(6):
        check(workspace, drafts, NOW)
