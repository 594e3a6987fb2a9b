"""What a guard would have held of the last days, told in sentences: as it is set, and with a change to that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from guards.judge import Setting
from notices.sentences import Sentence, say, say_count
from scheduler.hindsight import DAYS, Hindsight, hindsights
from scheduler.models import Publication
from scheduler.rules import Levels, Wish

LISTED = 50
STOPS = ("hold", "block")


@dataclass(frozen=True)
class Preview:
    """The last days before a change and after it: what would be caught besides, and what no longer."""

    before: Sentence
    after: Sentence
    newly: list[Publication]
    no_more: list[Publication]
    left_out: int = 0


def in_hindsight(guard: str, setting: Setting, seen: Hindsight | None) -> Sentence:
    if seen is None:
        return say(
            "It looks at what is so at the moment and kept nowhere, so what it would have held in the last {days} days "
            "cannot be said.",
            days=DAYS,
        )
    if not seen.looked:
        return say("Nothing has gone out here in the last {days} days that it could be tried on.", days=DAYS)
    if setting.action is None and not seen.caught:
        return say("It is off here, and would have held none of the last {days} days.", days=DAYS)
    parts = [part for part in (_held(seen), _blocked(seen), _warned(seen)) if part.count]
    told = say("With these settings it would have held none of {all}.", all=_all(seen))
    if parts:
        told = say("With these settings it would have {did} of {all}.", did=_joined(parts), all=_all(seen))
    return told


def compared(wish: Wish, levels: Levels, now: datetime) -> Preview:
    row = levels.scope.row(wish.guard, wish.action, wish.options)
    changed = levels.policies.with_change(row)
    guards = [wish.guard]
    before = hindsights(levels.scope, levels.policies, guards, now).get(wish.guard)
    after = hindsights(levels.scope, changed, guards, now).get(wish.guard)
    told = in_hindsight(wish.guard, levels.in_force[wish.guard], before)
    then = in_hindsight(wish.guard, wish.setting(levels.inherited[wish.guard]), after)
    if before is None or after is None:
        return Preview(told, then, [], [])
    newly, no_more = _stronger(after, before), _stronger(before, after)
    listed = {row.pk: row for row in _rows([*newly[:LISTED], *no_more[:LISTED]])}
    left_out = max(len(newly) - LISTED, 0) + max(len(no_more) - LISTED, 0)
    return Preview(
        told,
        then,
        [listed[pk] for pk in newly[:LISTED] if pk in listed],
        [listed[pk] for pk in no_more[:LISTED] if pk in listed],
        left_out,
    )


def _stronger(one: Hindsight, other: Hindsight) -> list[int]:
    """What the one stops and the other does not, newest first."""
    stopped = [pk for pk, word in one.caught.items() if word in STOPS]
    return [pk for pk in reversed(stopped) if other.caught.get(pk) not in STOPS]


def _rows(pks: Collection[int]) -> list[Publication]:
    return list(Publication.objects.filter(pk__in=pks).select_related("post", "channel", "workspace")) if pks else []


def _held(seen: Hindsight) -> Sentence:
    return say_count("held {count}", "held {count}", seen.count("hold"))


def _blocked(seen: Hindsight) -> Sentence:
    return say_count("blocked {count}", "blocked {count}", seen.count("block"))


def _warned(seen: Hindsight) -> Sentence:
    return say_count("warned about {count}", "warned about {count}", seen.count("warn"))


def _joined(parts: list[Sentence]) -> Sentence:
    first, *others = parts
    return say("{first} and {second}", first=first, second=_joined(others)) if others else first


def _all(seen: Hindsight) -> Sentence:
    if seen.capped:
        return say("the newest {count} of your last {days} days", count=seen.looked, days=DAYS)
    return say_count(
        "the {count} that went out in your last {days} days",
        "the {count} that went out in your last {days} days",
        seen.looked,
        days=DAYS,
    )
