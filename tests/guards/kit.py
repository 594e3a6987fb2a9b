"""What the guards' tests share: one ordinary publication to vary, and assertions that read as sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from guards.base import Candidate, ChannelFacts, Finding, Moment, Rule, Sending
from notices.sentences import Sentence

PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")

ORDINARY = Candidate(
    moment=Moment.SENDING,
    at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
    now=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
    zone=PARIS,
    text="Five ways to write a headline",
    language="en",
    length=29,
    channel=ChannelFacts("Atelier on Mastodon", "mastodon", 500),
)


def candidate(**changes: Any) -> Candidate:
    """An ordinary publication, with some things otherwise."""
    return replace(ORDINARY, **changes)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def paris(text: str, fold: int = 0) -> datetime:
    """A Paris wall clock, handed over in UTC as the scheduler does."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold).astimezone(UTC)


def sent_days_before(at: datetime, *days: int) -> tuple[Sending, ...]:
    """Sendings so many days before `at`, oldest first."""
    return tuple(Sending(at - timedelta(days=count)) for count in sorted(days, reverse=True))


def findings(rule: Rule, given: Candidate, **options: Any) -> list[Finding]:
    """All that the rule finds, each looked at for being sayable and storable."""
    found = list(rule.check(given, rule.Options(**options)))
    for finding in found:
        assert_sayable(finding)
    return found


def finds(rule: Rule, given: Candidate, **options: Any) -> Finding:
    """The one thing that the rule finds."""
    found = findings(rule, given, **options)
    assert len(found) == 1, f"{rule.__name__} finds {len(found)} things: {[spoken(one.message) for one in found]}"
    return found[0]


def passes(rule: Rule, given: Candidate, **options: Any) -> None:
    """Nothing is found, and the rule can say what it looked at."""
    found = findings(rule, given, **options)
    assert not found, f"{rule.__name__} finds: {[spoken(one.message) for one in found]}"
    assert_complete(rule.saw(given, rule.Options(**options)))


def assert_sayable(finding: Finding) -> None:
    for sentence in (finding.message, *(fix.label for fix in finding.fixes)):
        assert_complete(sentence)
    kept = json.loads(json.dumps(finding.as_json()))
    assert Finding.from_json(kept).as_json() == kept


def assert_complete(sentence: Sentence) -> None:
    """Every {named} place has a value, every value has a place, and so on for the sentences inside."""
    places = set(_places(sentence.text))
    anywhere = places | set(_places(sentence.plural or ""))
    if sentence.plural is not None:
        assert sentence.count == sentence.values["count"]
        anywhere |= {"count"}
    assert anywhere == set(sentence.values), f"{sentence.text!r} has the places {anywhere}, not {set(sentence.values)}"
    for value in sentence.values.values():
        assert value is not None, sentence.text
        if isinstance(value, Sentence):
            assert_complete(value)


def spoken(sentence: Sentence) -> str:
    """The sentence in plain English, with times and dates as ISO."""
    text = sentence.plural if sentence.plural is not None and sentence.count != 1 else sentence.text
    return text.format(**{name: _said(value) for name, value in sentence.values.items()})


def lifts(finding: Finding) -> datetime:
    """The moment at which the finding lifts by itself, in UTC."""
    assert finding.until is not None
    return finding.until.astimezone(UTC)


def fix(finding: Finding, verb: str) -> dict[str, Any]:
    """The values of the finding's fix with this verb."""
    (found,) = (one for one in finding.fixes if one.verb == verb)
    return dict(found.values)


def verbs(finding: Finding) -> list[str]:
    return [one.verb for one in finding.fixes]


def _places(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _said(value: Any) -> str:
    return spoken(value) if isinstance(value, Sentence) else str(value)
