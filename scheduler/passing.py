"""What would make a publication pass: the time at which it would, and the limits with which it would now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from guards.base import Candidate, Rule
from guards.catalogue import RULES
from guards.choosing import Choice, choices
from guards.judge import Policy, Setting, Verdict
from notices.sentences import Sentence, say, say_count
from scheduler.candidates import Docket, Occurrence
from scheduler.forecast import Fate, foresee
from scheduler.models import Publication
from scheduler.states import State


@dataclass(frozen=True)
class Limit:
    """With this value of one of its options a guard would let it pass; so many other guards would not."""

    guard: str
    option: Choice
    value: int
    now: int
    others: int

    @property
    def sentence(self) -> Sentence:
        told = {"label": self.option.label, "value": self.value, "now": self.now, "unit": self.option.unit or ""}
        if not self.others:
            return say("With “{label}” at {value} {unit} instead of {now} it would pass.", **told)
        return say_count(
            "With “{label}” at {value} {unit} instead of {now} this guard would let it pass; {count} other would not.",
            "With “{label}” at {value} {unit} instead of {now} this guard would let it pass; {count} others would not.",
            self.others, **told,
        )  # fmt: skip


@dataclass(frozen=True)
class Passing:
    """`at`: when it would pass as things stand, None: time alone does not help. `at_once`: asked now, it would."""

    at: datetime | None = None
    at_once: bool = False
    limits: Sequence[Limit] = ()


@dataclass(frozen=True)
class _Known:
    candidate: Candidate
    policy: Policy
    overridden: frozenset[str]


def foreseen(row: Publication, rows: Sequence[Publication], now: datetime) -> tuple[Verdict, Passing]:
    """The first verdict that it would meet now, `rows` (itself included) taken in turn, and what would change that."""
    asked, known = [_as_released(one, now) if one.pk == row.pk else one for one in rows], list[_Known]()

    def look(number: int, one: Occurrence, docket: Docket) -> None:
        if number == row.pk and not known:
            known.append(_Known(docket.candidate(one), docket.policy(one), one.overridden))

    fate = foresee(asked, now, look=look)[row.pk]
    if fate.first.allows or not known:
        return fate.first, Passing(at_once=fate.first.allows)
    return fate.first, Passing(_passes_at(fate), False, list(_limits(fate.first, known[0])))


def _as_released(row: Publication, now: datetime) -> Publication:
    """What waits for a person, or has ended, as it would stand if somebody let it go now."""
    if row.state == State.SCHEDULED or (row.state == State.HELD and row.next_attempt_at):
        return row
    released = copy(row)
    released.state, released.planned_for, released.next_attempt_at = State.SCHEDULED, now, now
    return released


def _passes_at(fate: Fate) -> datetime | None:
    return fate.at if fate.goes_out else None


def _limits(verdict: Verdict, known: _Known) -> Iterator[Limit]:
    """Of each guard that stops it, the options that alone would change that, by as little as possible."""
    for guard in [check.guard for check in verdict.checks if check.guard in verdict.stopping & set(known.policy)]:
        rule, setting = RULES[guard], known.policy[guard]
        with suppress(Exception):  # a guard that crashes has said so in its finding
            for choice in choices(rule):
                value = _nearest(choice, rule, setting, known.candidate) if choice.kind == "number" else None
                if value is not None:
                    now = getattr(setting.options, choice.name)
                    yield Limit(guard, choice, value, now, len(verdict.stopping) - 1)


def _nearest(choice: Choice, rule: Rule, setting: Setting, candidate: Candidate) -> int | None:
    """The value nearest to that in force with which it passes, if more (or less) of it never does harm again."""

    def passes(value: int) -> bool:
        options = replace(setting.options, **{choice.name: value})
        return all(finding.soft for finding in rule.check(candidate, options))

    now: int = getattr(setting.options, choice.name)
    ends = (end for end in (choice.low, choice.high) if end is not None and end != now and passes(end))
    return next((_bisected(passes, now, end) for end in ends), None)


def _bisected(passes: Callable[[int], bool], fails: int, good: int) -> int:
    while abs(good - fails) > 1:
        middle = (good + fails) // 2
        fails, good = (fails, middle) if passes(middle) else (middle, good)
    return good
