"""Sentences as data: said in code once, stored as JSON, spoken later in the reader's own language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """An English text with {named} places, and the values to put there; `plural` goes with `count`."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None
    count: int | None = None

    def as_json(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"text": self.text}
        if self.values:
            kept["values"] = {name: _pack(value) for name, value in self.values.items()}
        if self.plural is not None:
            kept |= {"plural": self.plural, "count": self.count}
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Sentence:
        values = {name: _unpack(value) for name, value in kept.get("values", {}).items()}
        return cls(kept["text"], values, kept.get("plural"), kept.get("count"))


def say(text: str, **values: Any) -> Sentence:
    return Sentence(text, values)


def say_count(one: str, many: str, count: int, **values: Any) -> Sentence:
    """A sentence that depends on a number, which is its {count}."""
    return Sentence(one, {"count": count, **values}, many, count)


def days(count: int) -> Sentence:
    return say_count("{count} day", "{count} days", count)


def minutes(count: int) -> Sentence:
    return say_count("{count} minute", "{count} minutes", count)


def times(count: int) -> Sentence:
    return say_count("{count} time", "{count} times", count)


def _pack(value: Any) -> Any:
    if isinstance(value, (str, int)):
        return value
    match value:
        case Sentence():
            return {"say": value.as_json()}
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time():
            return {"clock": value.isoformat()}
    return value


def _unpack(value: Any) -> Any:
    match value:
        case {"say": kept}:
            return Sentence.from_json(kept)
        case {"at": kept}:
            return datetime.fromisoformat(kept)
        case {"day": kept}:
            return date.fromisoformat(kept)
        case {"clock": kept}:
            return time.fromisoformat(kept)
    return value
