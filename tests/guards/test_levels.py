"""How the levels of a setting add up: each says what it says, and has the rest from those before."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from guards.base import Action
from guards.catalogue import RULES
from guards.choosing import wrong
from guards.judge import DEFAULT, judge
from guards.levels import Level, action_of, eases, resolved
from notices.sentences import say
from tests.guards.kit import candidate, sent_days_before, spoken

OURS, TIPS, THIS = say("the workspace's setting"), say("the setting of Tips"), say("set for this post")


def test_where_nobody_says_anything_the_rule_does() -> None:
    setting = resolved("too_soon", [])
    assert (setting.action, setting.options.days) == (Action.HOLD, 14)
    assert (setting.source, dict(setting.sources)) == (DEFAULT, {})


def test_a_level_may_change_only_the_action_and_inherit_the_rest() -> None:
    setting = resolved("channel_full", [Level("", {"per_day": 5}, OURS), Level("warn", {}, TIPS)])
    assert (setting.action, setting.options.per_day, setting.options.spacing) == (Action.WARN, 5, 0)
    assert setting.source == TIPS
    assert setting.sources == {"per_day": OURS, "spacing": DEFAULT, "repeats": DEFAULT, "repeats_from": DEFAULT}


def test_a_level_may_change_only_one_option_and_inherit_the_rest() -> None:
    levels = [Level("block", {"per_day": 5, "spacing": 10}, OURS), Level("", {"spacing": 30}, THIS)]
    setting = resolved("channel_full", levels)
    assert (setting.action, setting.options.per_day, setting.options.spacing) == (Action.BLOCK, 5, 30)
    assert setting.source == OURS
    assert setting.sources == {"spacing": THIS, "repeats": DEFAULT, "repeats_from": DEFAULT}


def test_the_closest_level_has_the_last_word() -> None:
    levels = [Level("off", {"days": 60}, OURS), Level("hold", {"days": 5}, TIPS), Level("block", {"days": 30}, THIS)]
    setting = resolved("too_soon", levels)
    assert (setting.action, setting.options.days, setting.source, dict(setting.sources)) == (Action.BLOCK, 30, THIS, {})


def test_options_of_another_version_are_left_out() -> None:
    setting = resolved("too_soon", [Level("off", {"weeks": 2}, OURS)])
    assert (setting.action, setting.options, setting.sources) == (None, RULES["too_soon"].Options(), {"days": DEFAULT})


def test_a_check_says_of_each_value_where_it_comes_from() -> None:
    setting = resolved("too_soon", [Level("", {"days": 30}, TIPS)])
    (check,) = judge(candidate(history=sent_days_before(candidate().at, 20)), {"too_soon": setting}).checks
    assert check.action is Action.HOLD
    assert spoken(check.source) == "the default"
    assert {name: spoken(said) for name, said in check.sources.items()} == {"days": "the setting of Tips"}


@pytest.mark.parametrize(
    ("guard", "before", "after", "easier"),
    [
        ("too_soon", ("hold", {}), ("block", {}), False),
        ("too_soon", ("hold", {}), ("warn", {}), True),
        ("too_soon", ("warn", {}), ("off", {}), True),
        ("too_soon", ("off", {}), ("warn", {}), False),
        ("too_soon", ("hold", {}), ("hold", {"days": 15}), False),
        ("too_soon", ("hold", {}), ("hold", {"days": 13}), True),
        ("too_soon", ("hold", {}), ("block", {"days": 13}), True),
        ("channel_full", ("hold", {}), ("hold", {"per_day": 50, "spacing": 5}), False),
        ("channel_full", ("hold", {}), ("hold", {"per_day": 50, "repeats": 31}), True),
        ("retired_name", ("hold", {"names": ["Vine"]}), ("hold", {"names": ["Vine", "Slack"]}), False),
        ("retired_name", ("hold", {"names": ["Vine"]}), ("hold", {"names": ["Slack"]}), True),
        ("dead_link", ("hold", {}), ("hold", {"ask_when_suspicious": False}), True),
        ("quiet_time", ("hold", {}), ("hold", {"start": "22:00", "end": "07:00"}), True),
        ("worn_out", ("hold", {}), ("hold", {"rest_days": 30}), True),
    ],
)
def test_what_may_let_more_pass_is_told_from_what_may_not(guard: str, before: Any, after: Any, easier: bool) -> None:
    first, then = (resolved(guard, [Level(said[0], said[1], OURS)]) for said in (before, after))
    assert eases(RULES[guard], first, then) is easier


def test_off_is_no_action() -> None:
    assert action_of("off") is None
    assert action_of("block") is Action.BLOCK


@pytest.mark.parametrize("name", sorted(RULES))
def test_only_options_with_a_side_name_one(name: str) -> None:
    for one in fields(RULES[name].Options):
        assert one.metadata["stricter"] in ("", "more", "less")


@pytest.mark.parametrize(
    ("guard", "inherited", "given", "said"),
    [
        ("near_duplicate", {}, {"ask_from": 90}, "from 90 % on, but from 85 % on"),
        ("near_duplicate", {"similar": 95}, {"ask_from": 90}, ""),
        ("absurd_rule", {"ceiling": 10}, {"sensible": 11}, "A warning above 11 repeats can never come"),
        ("quiet_time", {"end": "07:00"}, {"start": "22:00"}, ""),
        ("quiet_time", {}, {"start": "22:00"}, "need both a beginning and an end"),
        ("quiet_time", {"end": "22:00"}, {"start": "22:00"}, "would never end or never begin"),
        ("retired_name", {}, {"names": ["Vine", "é "]}, "“é ” is too short for a name"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(guard: str, inherited: Any, given: Any, said: str) -> None:
    found = wrong(RULES[guard], given, inherited).get("", [])
    assert [said in spoken(one) for one in found] == ([True] if said else [])
