"""What is decided about a guard at each level, the closest last: what one leaves out, it has from those before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from guards.base import Action, Rule
from guards.catalogue import RULES, options_for
from guards.judge import DEFAULT, Setting
from notices.sentences import Sentence


@dataclass(frozen=True)
class Level:
    """`action` is off, warn, hold, block, or empty: as before. `options` has those that are said here."""

    action: str
    options: Mapping[str, Any]
    source: Sentence


def resolved(name: str, levels: Iterable[Level]) -> Setting:
    """The guard's setting where these levels hold."""
    rule = RULES[name]
    action: Action | None = rule.default
    source, chosen, sources = DEFAULT, dict[str, Any](), dict[str, Sentence]()
    for level in levels:
        if level.action:
            action, source = action_of(level.action), level.source
        chosen |= level.options
        sources |= dict.fromkeys(level.options, level.source)
    known = {one.name: sources.get(one.name, DEFAULT) for one in fields(rule.Options)}
    elsewhere = {option: said for option, said in known.items() if said != source}
    return Setting(action, options_for(rule, chosen), source, elsewhere)


def action_of(word: str) -> Action | None:
    """None: the guard is off."""
    return None if word == "off" else Action[word.upper()]


def eases(rule: Rule, before: Setting, after: Setting) -> bool:
    """Whether this may let something pass that was stopped before. What has no stricter side may always."""
    if (after.action or Action.ALLOW) < (before.action or Action.ALLOW):
        return True
    was, is_now = asdict(before.options), asdict(after.options)
    sides = {one.name: one.metadata["stricter"] for one in fields(rule.Options)}
    return any(not _as_strict(sides[name], was[name], is_now[name]) for name in sides)


def _as_strict(side: str, before: Any, after: Any) -> bool:
    if before == after:
        return True
    if isinstance(before, tuple):
        return side == "more" and set(before) <= set(after)
    return bool({"more": after > before, "less": after < before}.get(side))
