"""Each rule on its own: what only it finds, what happens when it breaks, and that its tests are tests of it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from guards.base import Action, Candidate, Finding, Rule
from guards.catalogue import RULES
from guards.examples import found_in_example, ordinary
from guards.judge import default_policy, judge
from tests.guards.kit import PARIS, assert_sayable, spoken, utc

TEXTS = {"en": "Five ways to write a headline", "fr": "Cinq façons d'écrire un titre"}
each_rule = pytest.mark.parametrize("name", sorted(RULES))


def usual(language: str = "en") -> Candidate:
    return ordinary(utc("2026-11-26 09:30"), PARIS, language, TEXTS[language])


def in_example(name: str, language: str = "en") -> tuple[Candidate, dict[str, Any]]:
    """The rule's example, and the default policy with the options that go with it."""
    policy = default_policy()
    candidate, options = RULES[name].example(usual(language), policy[name].options)
    return candidate, {**policy, name: replace(policy[name], options=options)}


def broken(*_: Any) -> Any:
    raise ZeroDivisionError


def broken_midway(rule: Rule) -> Any:
    check = rule.check

    def halfway(candidate: Candidate, options: Any) -> Iterator[Finding]:
        yield from check(candidate, options)
        raise ZeroDivisionError

    return halfway


@pytest.mark.parametrize("language", TEXTS)
@each_rule
def test_it_alone_finds_its_example(name: str, language: str) -> None:
    candidate, policy = in_example(name, language)
    with_it = judge(candidate, policy)
    assert with_it.action is RULES[name].default
    assert with_it.stopping == {name}
    off = {**policy, name: replace(policy[name], action=None)}
    without = judge(candidate, off)
    assert without.action is Action.ALLOW, [spoken(found.message) for _, found in without.findings]
    assert name not in {check.guard for check in without.checks}


@pytest.mark.parametrize("language", TEXTS)
def test_the_ordinary_publication_passes_all_of_them(language: str) -> None:
    verdict = judge(usual(language), default_policy())
    assert {check.guard for check in verdict.checks} == set(RULES)
    assert not list(verdict.findings)


@each_rule
def test_it_alone_finds_its_example_on_whatever_day_it_is_shown(name: str) -> None:
    """Every 11 days and 7 hours of two years: leap day, changes of the clocks and turns of the year among them."""
    for step in range(66):
        at = utc("2027-12-30 23:30") + step * timedelta(days=11, hours=7)
        policy = default_policy()
        candidate, options = RULES[name].example(ordinary(at, PARIS, "en", TEXTS["en"]), policy[name].options)
        verdict = judge(candidate, {**policy, name: replace(policy[name], options=options)})
        assert verdict.stopping == {name}, at


@each_rule
def test_it_finds_its_example_however_it_is_set(name: str) -> None:
    rule = RULES[name]
    for one in fields(rule.Options):
        for value in {one.metadata["low"], one.metadata["high"], one.default} - {None}:
            assert_sayable(found_in_example(rule, replace(rule.Options(), **{one.name: value}), usual()))


@each_rule
def test_what_is_stricter_finds_at_least_as_much(name: str) -> None:
    """In the rule's own example: what a looser number finds, each stricter one finds too."""
    rule = RULES[name]
    candidate, options = rule.example(usual(), rule.Options())
    for one in fields(rule.Options):
        low, high, side = one.metadata["low"], one.metadata["high"], one.metadata["stricter"]
        if not side or low is None:
            continue
        values = sorted({low, (low + one.default) // 2, one.default, (one.default + high) // 2, high})
        looser_first = values if side == "more" else values[::-1]
        found = [any(rule.check(candidate, replace(options, **{one.name: value}))) for value in looser_first]
        assert found == sorted(found), f"{name}.{one.name} is not stricter with {side} of it"


@pytest.mark.parametrize("part", ["check", "saw", "midway"])
@each_rule
def test_when_it_crashes_it_holds_and_names_itself(name: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red with the crash let pass: every rule, in both of its parts, and after it has found something."""
    rule = RULES[name]
    if part == "midway":
        monkeypatch.setattr(rule, "check", broken_midway(rule))
    else:
        monkeypatch.setattr(rule, part, broken)
    verdict = judge(usual(), default_policy())
    assert verdict.action is Action.HOLD
    assert verdict.stopping == {name}
    assert verdict.until is None
    assert verdict.deciding is not None
    (crash,) = verdict.deciding.findings
    said = f"The check “{spoken(rule.title)}” could not be made, so this waits for a person."
    assert spoken(crash.message) == said


@each_rule
def test_when_it_finds_nothing_any_more_its_own_tests_turn_red(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tests = vars(importlib.import_module(f"tests.guards.rules.test_{name}"))
    monkeypatch.setattr(RULES[name], "check", lambda candidate, options: iter(()))
    red = [test for called, test in tests.items() if called.startswith("test_") and _turns_red(test)]
    assert len(red) >= 2, f"only {len(red)} tests of {name} notice that it does nothing"


def _turns_red(test: Any) -> bool:
    if inspect.signature(test).parameters or getattr(test, "is_hypothesis_test", False):
        return False
    try:
        test()
    except (AssertionError, ValueError, pytest.fail.Exception):
        return True
    return False
