"""Asks every guard about one candidate and adds up what they say: silence never means consent."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from guards.base import Action, Candidate, Finding, Rule
from guards.catalogue import RULES
from notices.sentences import Sentence, say

log = logging.getLogger(__name__)

DEFAULT = say("the default")


@dataclass(frozen=True)
class Setting:
    """What to do with a guard's findings (None: the guard is off), with which options, and who said so.

    `sources` names those options that somebody else decided than the one who decided what to do.
    """

    action: Action | None
    options: Any
    source: Sentence
    sources: Mapping[str, Sentence] = field(default_factory=dict)


Policy = Mapping[str, Setting]


@dataclass(frozen=True)
class Check:
    """One guard's answer: its findings and what they amount to here, or what it saw when all was well."""

    guard: str
    action: Action
    findings: tuple[Finding, ...] = ()
    saw: Sentence | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    source: Sentence = DEFAULT
    overridden: bool = False
    sources: Mapping[str, Sentence] = field(default_factory=dict)  # as those of its Setting

    def as_json(self) -> dict[str, Any]:
        kept = {
            "guard": self.guard,
            "action": self.action.word,
            "findings": [finding.as_json() for finding in self.findings],
            "saw": self.saw and self.saw.as_json(),
            "options": dict(self.options),
            "source": self.source.as_json(),
            "overridden": self.overridden,
        }
        if self.sources:
            kept["sources"] = {name: source.as_json() for name, source in self.sources.items()}
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Check:
        return cls(
            kept["guard"],
            Action[kept["action"].upper()],
            tuple(Finding.from_json(finding) for finding in kept["findings"]),
            Sentence.from_json(kept["saw"]) if kept["saw"] else None,
            kept["options"],
            Sentence.from_json(kept["source"]),
            kept["overridden"],
            {name: Sentence.from_json(source) for name, source in kept.get("sources", {}).items()},
        )


@dataclass(frozen=True)
class Verdict:
    """All answers together. The strongest action wins, and every finding is kept."""

    checks: tuple[Check, ...]

    @cached_property
    def action(self) -> Action:
        return max((check.action for check in self.checks), default=Action.ALLOW)

    @property
    def allows(self) -> bool:
        return self.action <= Action.WARN

    @property
    def stopping(self) -> frozenset[str]:
        """The guards that hold or block it."""
        return frozenset(check.guard for check in self.checks if check.action > Action.WARN)

    @cached_property
    def deciding(self) -> Check | None:
        """The first of the strongest checks, when something was found at all."""
        found = [check for check in self.checks if check.action > Action.ALLOW]
        return max(found, key=lambda check: check.action, default=None)

    @property
    def findings(self) -> Iterator[tuple[Check, Finding]]:
        """Every finding with its check, strongest first."""
        for check in sorted(self.checks, key=lambda check: -check.action):
            for finding in check.findings:
                yield check, finding

    @property
    def until(self) -> datetime | None:
        """When a hold lifts by itself: only if every finding that holds says when."""
        holding = [finding for check, finding in self.findings if check.action == Action.HOLD and not finding.soft]
        times = [finding.until for finding in holding if finding.until]
        return max(times) if self.action == Action.HOLD and times and len(times) == len(holding) else None


def judge(candidate: Candidate, policy: Policy, overridden: frozenset[str] = frozenset()) -> Verdict:
    """Ask all guards that are on. `overridden` names those that a person let pass for this publication."""
    asked = ((name, rule, policy[name]) for name, rule in RULES.items() if name in policy)
    return Verdict(
        tuple(
            _ask(name, rule, setting, candidate, name in overridden)
            for name, rule, setting in asked
            if setting.action is not None
        )
    )


def default_policy() -> dict[str, Setting]:
    return {name: Setting(rule.default, rule.Options(), DEFAULT) for name, rule in RULES.items()}


def _ask(name: str, rule: Rule, setting: Setting, candidate: Candidate, overridden: bool) -> Check:
    options = _as_kept(setting.options)
    told = (options, setting.source)
    try:
        findings = tuple(rule.check(candidate, setting.options))
        saw = None if findings else rule.saw(candidate, setting.options)
    except Exception:
        log.exception("the guard %s failed", name)
        return Check(name, Action.HOLD, (_crash(rule),), None, *told, sources=setting.sources)
    if overridden and rule.overridable and findings:
        return Check(name, Action.ALLOW, findings, None, *told, overridden=True, sources=setting.sources)
    action = max((_action(finding, setting) for finding in findings), default=Action.ALLOW)
    return Check(name, action, findings, saw, *told, sources=setting.sources)


@lru_cache(maxsize=512)
def _as_kept(options: Any) -> dict[str, Any]:
    """As JSON gives them back, so that a check that was stored equals one that was just made."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(options).items()}


def _action(finding: Finding, setting: Setting) -> Action:
    wanted = setting.action or Action.ALLOW
    return min(wanted, Action.WARN) if finding.soft else wanted


def _crash(rule: Rule) -> Finding:
    """A guard that crashes holds the post: nobody has looked, so nobody has said yes."""
    return Finding(say("The check “{guard}” could not be made, so this waits for a person.", guard=rule.title))
