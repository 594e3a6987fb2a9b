"""What a person may choose about a guard: its manual in three parts, its options, and what is wrong with a choice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, asdict, dataclass, fields
from typing import Any

from guards.base import Rule
from guards.catalogue import options_for
from notices.sentences import Sentence, say

LONGEST_TEXT, MOST_TEXTS = 200, 200
_MANUAL = re.compile(r"(.+?)\n\nWhy: (.+?)\n\nWhen to turn it off: (.+)", re.DOTALL)


@dataclass(frozen=True)
class Manual:
    """A rule's docstring: what it finds, why that matters, when to turn it off."""

    finds: str
    why: str
    when_off: str


@dataclass(frozen=True)
class Choice:
    """One option as a settings page, or a program, has to show it. `kind`: number, yes_or_no, text or texts."""

    name: str
    kind: str
    label: Sentence
    default: Any
    unit: Sentence | None = None
    low: int | None = None
    high: int | None = None


def manual(rule: Rule) -> Manual:
    parts = _MANUAL.fullmatch((rule.__doc__ or "").strip())
    assert parts is not None, f"{rule.__name__} has no manual"
    return Manual(*(" ".join(part.split()) for part in parts.groups()))


def choices(rule: Rule) -> list[Choice]:
    return [_choice(one) for one in fields(rule.Options)]


def options_as_json(options: Any) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(options).items()}


def wrong(
    rule: Rule, given: Mapping[str, Any], inherited: Mapping[str, Any] | None = None
) -> dict[str, list[Sentence]]:
    """What is wrong with these options, by name ("" for all together); empty when they can be kept.

    `inherited` are those of the level above, which hold where nothing is given.
    """
    known = {choice.name: choice for choice in choices(rule)}
    found: dict[str, list[Sentence]] = {}
    for name, value in given.items():
        faults = list(_faults(known[name], value)) if name in known else [say("This guard has no option of this name.")]
        if faults:
            found[name] = faults
    if not found and (said := troubles(rule, options_for(rule, {**(inherited or {}), **given}))):
        found[""] = said
    return found


def troubles(rule: Rule, options: Any) -> list[Sentence]:
    """What makes no sense about these options together, though each may be right."""
    problems = getattr(rule, "problems", None)
    return list(problems(options)) if problems else []


def _choice(one: Field[Any]) -> Choice:
    told = one.metadata
    kind = {bool: "yes_or_no", int: "number", str: "text", tuple: "texts"}[type(one.default)]
    default: Any = one.default
    default = list(default) if kind == "texts" else default
    return Choice(one.name, kind, told["label"], default, told["unit"], told["low"], told["high"])


def _faults(choice: Choice, value: Any) -> Iterator[Sentence]:
    match choice.kind:
        case "number" if type(value) is not int:
            yield say("Write a whole number.")
        case "number" if not _between(choice, value):
            yield say("Write a number from {low} to {high}.", low=choice.low, high=choice.high)
        case "yes_or_no" if not isinstance(value, bool):
            yield say("Choose yes or no.")
        case "text" if not _is_text(value):
            yield say("Write a text of at most {most} characters.", most=LONGEST_TEXT)
        case "texts" if not isinstance(value, list) or len(value) > MOST_TEXTS or not all(map(_is_text, value)):
            yield say(
                "Write a list of at most {many} texts of at most {most} characters.", many=MOST_TEXTS, most=LONGEST_TEXT
            )


def _between(choice: Choice, value: int) -> bool:
    low_enough = choice.high is None or value <= choice.high
    return low_enough and (choice.low is None or value >= choice.low)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT
