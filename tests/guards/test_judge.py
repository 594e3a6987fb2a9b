"""How the answers of all guards add up: the strongest wins, all are kept, and silence never means consent.

Seen red with each promise taken out.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards import judge as judging
from guards.base import Action, Candidate, Finding, Fix, Span
from guards.catalogue import RULES
from guards.judge import Check, Setting, Verdict, default_policy, judge
from notices.sentences import Sentence, say, say_count
from tests.guards.kit import assert_complete, candidate, sent_days_before, spoken, utc

TITLE = say("Tiny")
LATER = utc("2026-12-01 09:00")


@dataclass(frozen=True)
class Tiny:
    """A rule that gives the findings it was made with."""

    given: tuple[Finding, ...] = ()
    fails: bool = False
    overridable: bool = True
    default: Action = Action.HOLD
    __name__: str = "tiny"
    title: Sentence = TITLE

    @dataclass(frozen=True)
    class Options:
        names: tuple[str, ...] = ("a", "b")

    def check(self, candidate: Candidate, options: Any) -> Iterator[Finding]:
        yield from self.given
        if self.fails:
            raise ZeroDivisionError

    def saw(self, candidate: Candidate, options: Any) -> Sentence:
        return say("All is well.")


Rules = Callable[..., None]


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    """Puts these rules, and no others, in the catalogue."""

    def put(**named: Tiny) -> None:
        monkeypatch.setattr(judging, "RULES", named)

    return put


def finding(words: str = "Wrong.", **more: Any) -> Finding:
    return Finding(say(words), **more)


def policy(**actions: Action | None) -> dict[str, Setting]:
    return {name: Setting(action, Tiny.Options(), say("the workspace")) for name, action in actions.items()}


def test_nothing_found_allows_and_says_what_was_seen(rules):
    rules(one=Tiny())
    verdict = judge(candidate(), policy(one=Action.BLOCK))
    assert verdict.action is Action.ALLOW
    assert verdict.allows
    assert verdict.deciding is None
    assert verdict.checks[0].saw == say("All is well.")


def test_the_strongest_action_wins(rules):
    rules(one=Tiny((finding(),)), two=Tiny((finding(),)), three=Tiny((finding(),)), four=Tiny())
    verdict = judge(candidate(), policy(one=Action.WARN, two=Action.BLOCK, three=Action.HOLD, four=Action.BLOCK))
    assert verdict.action is Action.BLOCK
    assert not verdict.allows
    assert verdict.deciding is not None
    assert verdict.deciding.guard == "two"


def test_a_warning_allows(rules):
    rules(one=Tiny((finding(),)))
    assert judge(candidate(), policy(one=Action.WARN)).allows


def test_every_finding_is_kept_strongest_first(rules):
    rules(one=Tiny((finding("a"), finding("b"))), two=Tiny((finding("c"),)))
    verdict = judge(candidate(), policy(one=Action.WARN, two=Action.BLOCK))
    assert [spoken(found.message) for _, found in verdict.findings] == ["c", "a", "b"]


def test_a_guard_that_is_off_is_not_asked(rules):
    rules(one=Tiny(fails=True), two=Tiny())
    verdict = judge(candidate(), policy(one=None, two=Action.HOLD))
    assert [check.guard for check in verdict.checks] == ["two"]


def test_a_soft_finding_never_does_more_than_warn(rules):
    rules(one=Tiny((finding(soft=True),)))
    assert judge(candidate(), policy(one=Action.BLOCK)).action is Action.WARN
    rules(one=Tiny((finding(soft=True), finding())))
    assert judge(candidate(), policy(one=Action.BLOCK)).action is Action.BLOCK


@pytest.mark.parametrize("action", [Action.WARN, Action.HOLD, Action.BLOCK])
def test_a_guard_that_crashes_holds_and_says_so(rules, action):
    rules(one=Tiny(fails=True), two=Tiny((finding(),)))
    verdict = judge(candidate(), policy(one=action, two=Action.WARN))
    assert verdict.action is Action.HOLD
    (crash,) = verdict.checks[0].findings
    assert spoken(crash.message) == "The check “Tiny” could not be made, so this waits for a person."
    assert crash.until is None
    assert len(verdict.checks) == 2


def test_nobody_can_let_a_crash_pass_beforehand(rules):
    rules(one=Tiny((finding(),), fails=True))
    assert judge(candidate(), policy(one=Action.HOLD), frozenset({"one"})).action is Action.HOLD


def test_a_person_can_let_a_guard_pass_and_its_findings_are_kept(rules):
    rules(one=Tiny((finding(),)), two=Tiny((finding(),)))
    verdict = judge(candidate(), policy(one=Action.HOLD, two=Action.HOLD), frozenset({"one"}))
    one, two = verdict.checks
    assert (one.action, one.overridden, len(one.findings)) == (Action.ALLOW, True, 1)
    assert (two.action, two.overridden) == (Action.HOLD, False)


def test_nobody_can_let_a_guard_pass_that_knows_no_exceptions(rules):
    rules(one=Tiny((finding(),), overridable=False))
    verdict = judge(candidate(), policy(one=Action.BLOCK), frozenset({"one"}))
    assert verdict.action is Action.BLOCK
    assert not verdict.checks[0].overridden


def test_a_hold_lifts_when_the_last_of_its_findings_does(rules):
    rules(one=Tiny((finding(until=LATER),)), two=Tiny((finding(until=LATER + timedelta(days=1)),)))
    assert judge(candidate(), policy(one=Action.HOLD, two=Action.HOLD)).until == LATER + timedelta(days=1)


def test_a_hold_does_not_lift_by_itself_when_one_finding_never_does(rules):
    rules(one=Tiny((finding(until=LATER), finding())))
    assert judge(candidate(), policy(one=Action.HOLD)).until is None
    rules(one=Tiny((finding(until=LATER),)), two=Tiny(fails=True))
    assert judge(candidate(), policy(one=Action.HOLD, two=Action.HOLD)).until is None


def test_what_does_not_hold_has_no_say_in_when_it_lifts(rules):
    rules(one=Tiny((finding(until=LATER), finding(soft=True))), two=Tiny((finding(),)), three=Tiny((finding(),)))
    settings = policy(one=Action.HOLD, two=Action.WARN, three=Action.HOLD)
    assert judge(candidate(), settings, frozenset({"three"})).until == LATER


def test_a_block_never_lifts_by_itself(rules):
    rules(one=Tiny((finding(until=LATER),)), two=Tiny((finding(until=LATER),)))
    assert judge(candidate(), policy(one=Action.HOLD, two=Action.BLOCK)).until is None


def test_the_real_guards_let_an_ordinary_publication_pass():
    verdict = judge(candidate(), default_policy())
    assert {check.guard for check in verdict.checks} == set(RULES)
    assert verdict.action is Action.ALLOW, [spoken(found.message) for _, found in verdict.findings]


def test_a_real_verdict_can_be_stored_and_read():
    given = candidate(
        text="", length=0, history=sent_days_before(candidate().at, 3), expires_at=utc("2026-01-01 00:00")
    )
    verdict = judge(given, default_policy())
    assert verdict.action is Action.BLOCK
    kept = [json.loads(json.dumps(check.as_json())) for check in verdict.checks]
    assert [Check.from_json(check).as_json() for check in kept] == kept


WORDS = st.text(max_size=8)
NAMES = st.from_regex(r"[a-z]{1,5}", fullmatch=True).filter(lambda name: name not in {"text", "one", "many", "count"})
TIMES = st.datetimes(timezones=st.just(UTC))
VALUES = st.none() | st.booleans() | st.integers() | WORDS | st.dates() | st.times() | TIMES


def said(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Sentence]:
    values = st.dictionaries(NAMES, inner, max_size=3)
    plain = st.builds(lambda text, values: say(text, **values), WORDS, values)
    counted = st.builds(
        lambda text, many, count, values: say_count(text, many, count, **values), WORDS, WORDS, st.integers(), values
    )
    return plain | counted


SENTENCES = said(st.recursive(VALUES, said, max_leaves=3))
PLAIN_JSON = st.dictionaries(NAMES, st.none() | st.booleans() | st.integers() | WORDS | st.lists(WORDS), max_size=3)
FIXES = st.builds(Fix, WORDS, SENTENCES, PLAIN_JSON)
FINDINGS = st.builds(
    Finding,
    SENTENCES,
    st.lists(FIXES, max_size=2).map(tuple),
    st.lists(st.builds(Span, st.integers(), st.integers()), max_size=2).map(tuple),
    st.none() | TIMES,
    st.booleans(),
)
CHECKS = st.builds(
    Check,
    WORDS,
    st.sampled_from(Action),
    st.lists(FINDINGS, max_size=2).map(tuple),
    st.none() | SENTENCES,
    PLAIN_JSON,
    SENTENCES,
    st.booleans(),
    st.dictionaries(NAMES, SENTENCES, max_size=2),
)


@given(SENTENCES | FIXES | FINDINGS | CHECKS)
def test_what_is_stored_as_json_comes_back_the_same(thing):
    assert type(thing).from_json(json.loads(json.dumps(thing.as_json()))) == thing


@given(st.lists(CHECKS, max_size=4).map(tuple))
def test_a_verdict_is_as_strong_as_its_strongest_check(checks):
    verdict = Verdict(checks)
    assert all(check.action <= verdict.action for check in checks)
    assert len(list(verdict.findings)) == sum(len(check.findings) for check in checks)
    assert verdict.until is None or verdict.action is Action.HOLD


def test_the_default_is_said_in_full():
    for name, setting in default_policy().items():
        assert_complete(setting.source)
        assert setting.action is RULES[name].default


def test_the_kit_notices_a_place_without_a_value():
    with pytest.raises(AssertionError):
        assert_complete(say("Sent {ago} before.", when=datetime(2026, 1, 1)))
    with pytest.raises(AssertionError):
        assert_complete(say("{inner}", inner=say("{nothing}")))
