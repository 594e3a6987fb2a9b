"""What every guard must have, so that the settings page, the manual and the explanation can be made from it."""

import importlib
import re
from dataclasses import fields
from pathlib import Path

import pytest

import guards.rules
from guards.base import Action, Finding
from guards.catalogue import RULES, options_for
from notices.sentences import Sentence
from tests.guards.kit import assert_complete, candidate

TESTS = Path(__file__).parent / "rules"
each_rule = pytest.mark.parametrize("name", sorted(RULES))


def test_every_file_is_in_the_catalogue():
    files = {path.stem for path in Path(guards.rules.__file__).parent.glob("*.py")} - {"__init__"}
    assert set(RULES) == files


@each_rule
def test_its_docstring_is_a_manual_in_three_parts(name):
    manual = RULES[name].__doc__ or ""
    parts = re.fullmatch(r"(.+?)\n\nWhy: (.+?)\n\nWhen to turn it off: (.+)", manual, re.DOTALL)
    assert parts is not None
    for part in parts.groups():
        assert len(part.split()) >= 4
        assert part.strip().endswith((".", ")"))


@each_rule
def test_it_has_a_title_a_default_and_says_who_may_let_it_pass(name):
    rule = RULES[name]
    assert_complete(rule.title)
    assert rule.title.text
    assert rule.default in (Action.WARN, Action.HOLD, Action.BLOCK)
    assert isinstance(rule.overridable, bool)


@each_rule
def test_its_options_have_defaults_and_labels(name):
    options = RULES[name].Options()
    for one in fields(options):
        label = one.metadata.get("label")
        assert isinstance(label, Sentence), f"{name}.{one.name} has no label"
        assert_complete(label)
        assert isinstance(getattr(options, one.name), int | float | str | tuple)


@each_rule
def test_its_options_lie_within_their_own_limits(name):
    for one in fields(RULES[name].Options()):
        low, high = one.metadata["low"], one.metadata["high"]
        if low is not None:
            assert low <= one.default <= high


@each_rule
def test_its_options_can_be_compared_and_not_changed(name):
    options = RULES[name].Options
    assert options.__dataclass_params__.frozen
    assert options() == options_for(RULES[name], {})
    assert options() == options_for(RULES[name], {"of another version": 1})


@each_rule
def test_it_can_check_and_say_what_it_saw(name):
    rule = RULES[name]
    assert all(isinstance(finding, Finding) for finding in rule.check(candidate(text="", length=0), rule.Options()))
    assert_complete(rule.saw(candidate(), rule.Options()))


@each_rule
def test_it_has_tests_of_its_own(name):
    assert (TESTS / f"test_{name}.py").exists()
    tests = vars(importlib.import_module(f"tests.guards.rules.test_{name}"))
    assert sum(test.startswith("test_") for test in tests) >= 2
