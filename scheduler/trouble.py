"""What keeps the whole instance from publishing, the gravest first: every page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Subquery

from notices.sentences import Sentence
from scheduler import fitness, instance
from scheduler.models import Instance, Pulse
from scheduler.models_instance import THE_ONE
from scheduler.pulses import is_silent
from scheduler.silence import silence

_FIELDS = (
    "identity", "born", "mark", "frozen_at", "frozen_because", "recovering_until", "refusal", "refused_at",
)  # fmt: skip
_PULSES = ("worker", "beat")


@dataclass(frozen=True)
class Trouble:
    """`kind`: frozen, silent, refused or recovering."""

    kind: str
    sentence: Sentence


def signs() -> dict[str, Subquery]:
    """What `trouble` looks at, to be read along with any query."""
    ours, pulses = Instance.objects.filter(pk=THE_ONE), Pulse.objects.all()
    return {f"sign_{name}": Subquery(ours.values(name)) for name in _FIELDS} | {
        f"pulse_{name}": Subquery(pulses.filter(name=name).values("at")) for name in _PULSES
    }


def trouble(seen: Mapping[str, Any], now: datetime) -> Trouble | None:
    """`seen` holds the signs. An instance that no worker has touched yet has no row, and nothing to be frozen."""
    row = Instance(pk=THE_ONE, **{name: seen[f"sign_{name}"] for name in _FIELDS})
    if row.born and (why := instance.why_frozen(row)):
        return Trouble("frozen", why)
    if found := silence({name: seen[f"pulse_{name}"] for name in _PULSES}, now):
        return Trouble("silent", found.sentence)
    if row.refusal and not is_silent(row.refused_at, now):
        return Trouble("refused", Sentence.from_json(row.refusal))
    if waiting := fitness.recovering(row.recovering_until, now):
        return Trouble("recovering", waiting)
    return None
