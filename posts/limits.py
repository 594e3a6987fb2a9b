"""A channel's limits: the network's as we know them, what it says itself of this account, and what a person typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from notices.sentences import Sentence, say
from posts.networks.access import Told
from posts.networks.base import Limits

OF_MEDIA = ("images", "image_bytes", "video_bytes", "alt_length")
# What a person may type, and within which bounds.
OWN: dict[str, tuple[int, int]] = {
    "max_length": (1, 100_000), "per_24h": (1, 10_000), "min_gap_days": (0, 365), "images": (0, 100),
}  # fmt: skip
_TOLD = ("max_length", "per_24h", *OF_MEDIA)


@dataclass(frozen=True)
class Known:
    """One limit, where it comes from, and since when it is known."""

    name: str
    value: int | None
    source: str  # "documents", "network" or "own"
    said: Sentence
    since: date | None = None
    url: str = ""  # of the document


def effective(limits: Limits, told: Mapping[str, Any] | None, own: Mapping[str, Any]) -> Limits:
    """The limits that hold: a person's word before the network's own, and that before its documents."""
    found = {name: told[name] for name in _TOLD if isinstance(told.get(name), int)} if told else {}
    found |= {name: one["value"] for name, one in own.items()}
    if not found:
        return limits
    media = {name: found.pop(name) for name in OF_MEDIA if name in found}
    return replace(limits, media=replace(limits.media, **media), **found)


def known(limits: Limits, told: Mapping[str, Any] | None, own: Mapping[str, Any]) -> list[Known]:
    """Every limit that can be told or typed, as it holds, with where it comes from."""
    return [_known(name, limits, told or {}, own) for name in dict.fromkeys((*OWN, *_TOLD))]


def as_told(told: Told, now: datetime) -> dict[str, Any]:
    """To keep with the channel: what the network said, and when, even if it was nothing."""
    said = {name: value for name, value in asdict(told).items() if value is not None and name != "notes"}
    return {**said, "notes": [note.as_json() for note in told.notes], "at": now.isoformat()}


def said_nothing(told: Mapping[str, Any] | None) -> bool:
    return not told or (set(told) <= {"at", "notes"} and not told["notes"])


def _known(name: str, limits: Limits, told: Mapping[str, Any], own: Mapping[str, Any]) -> Known:
    if name in own:
        said = say("Typed by {who}", who=own[name].get("by", "")) if own[name].get("by") else say("Typed by your team")
        return Known(name, own[name]["value"], "own", said, _day(own[name].get("at")))
    if name in _TOLD and isinstance(told.get(name), int):
        return Known(name, told[name], "network", say("Told by the network"), _day(told.get("at")))
    value = getattr(limits.media if name in OF_MEDIA else limits, name)
    if limits.source.startswith("https://"):
        first = limits.source.split()[0].rstrip(",")
        return Known(name, value, "documents", say("From its documents"), limits.checked, first)
    return Known(name, value, "documents", say("From {source}", source=limits.source), limits.checked)


def _day(text: str | None) -> date | None:
    return datetime.fromisoformat(text).date() if text else None
