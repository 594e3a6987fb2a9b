"""What a guard would have held of the last days, told in sentences: as it is set, and with a change to that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from guards.judge import Setting
from notices.sentences import Sentence, say, say_count
from scheduler.hindsight import DAYS, Hindsight, before_and_after
from scheduler.models import Publication
from scheduler.rules import Levels, Wish

LISTED = 25
STOPS = ("hold", "block")


@dataclass(frozen=True)
class Preview:
    """The last days before a change and after it: what would be caught besides, and what no longer."""

    before: Sentence
    after: Sentence
    newly: list[Publication]
    no_more: list[Publication]
    left_out: int = 0


def in_hindsight(setting: Setting, seen: Hindsight | None) -> Sentence:
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
    guard, scope, as_is = wish.guard, levels.scope, levels.policies
    changed = as_is.with_change(scope.row(guard, wish.action, wish.options))
    before, after = before_and_after(scope, guard, as_is, changed, now) or (None, None)
    told = in_hindsight(levels.in_force[guard], before)
    then = in_hindsight(wish.setting(levels.inherited[guard]), after)
    newly, no_more = _stronger(after, before), _stronger(before, after)
    listed = {row.pk: row for row in _rows([*newly[:LISTED], *no_more[:LISTED]])}
    return Preview(
        told,
        then,
        [listed[pk] for pk in newly[:LISTED] if pk in listed],
        [listed[pk] for pk in no_more[:LISTED] if pk in listed],
        max(len(newly) - LISTED, 0) + max(len(no_more) - LISTED, 0),
    )


def _stronger(one: Hindsight | None, other: Hindsight | None) -> list[int]:
    """What the one stops and the other does not, newest first."""
    if one is None or other is None:
        return []
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
