"""All rules there are: one file each in guards/rules/, found by name, in alphabetical order."""

from __future__ import annotations

import pkgutil
from dataclasses import fields
from importlib import import_module
from typing import Any, cast

import guards.rules
from guards.base import Rule

RULES: dict[str, Rule] = {
    found.name: cast(Rule, import_module(f"guards.rules.{found.name}"))
    for found in pkgutil.iter_modules(guards.rules.__path__)
}


def options_for(rule: Rule, chosen: dict[str, Any]) -> Any:
    """The rule's Options with what a workspace chose; lists become tuples, names it does not know are left out."""
    known = {one.name for one in fields(rule.Options)}
    frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in chosen.items()}
    return rule.Options(**{name: value for name, value in frozen.items() if name in known})
