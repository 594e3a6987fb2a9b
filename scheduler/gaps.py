"""Coming slots that nothing fills, as they are kept with the forecast and told to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from notices.sentences import Sentence, say, say_count
from scheduler import filling
from scheduler.models import Outlook
from scheduler.slots import name_of


@dataclass(frozen=True)
class Gap:
    """One date of a slot: where, when, and why nothing goes out then."""

    slot: int
    channel: int
    channel_name: str
    category: int | None
    name: Sentence
    date: date
    at: datetime
    why: Sentence


def gaps(outlook: Outlook | None, now: datetime) -> list[Gap]:
    """Those still to come, in the order of time, as the queue saw them when it was last filled."""
    found = [_from_json(kept) for kept in outlook.gaps] if outlook else []
    return [gap for gap in found if gap.at > now]


def gap_as_json(gap: filling.Gap) -> dict[str, Any]:
    slot = gap.opening.slot
    return {
        "slot": slot.pk,
        "channel": slot.channel_id,
        "channel_name": slot.channel.name,
        "category": slot.category_id,
        "name": name_of(slot).as_json(),
        "date": gap.opening.date.isoformat(),
        "at": gap.opening.at.isoformat(),
        "why": why(gap.refused).as_json(),
    }


def why(refused: Sequence[tuple[Sentence, datetime | None]]) -> Sentence:
    """What stood against each post that the slot would have taken: the commonest reason first, two at most."""
    if not refused:
        return say("Nothing to fill it: no post in the queue suits it.")
    reasons = {reason.text: reason for reason, _ in refused}
    counted = Counter(reason.text for reason, _ in refused).most_common(2)
    parts = [_part(reasons[text], number, _first_end(text, refused)) for text, number in counted]
    if len(parts) == 1:
        return say("Nothing to fill it. {first}.", first=parts[0])
    return say("Nothing to fill it. {first}; {second}.", first=parts[0], second=parts[1])


def _part(reason: Sentence, number: int, until: datetime | None) -> Sentence:
    if until is None:
        return say_count("{reason}: {count} post", "{reason}: {count} posts", number, reason=reason)
    return say_count(
        "{reason}: {count} post, until {when}",
        "{reason}: {count} posts, the first until {when}",
        number, reason=reason, when=until,
    )  # fmt: skip


def _first_end(text: str, refused: Sequence[tuple[Sentence, datetime | None]]) -> datetime | None:
    return min((until for reason, until in refused if reason.text == text and until), default=None)


def _from_json(kept: dict[str, Any]) -> Gap:
    return Gap(
        slot=kept["slot"],
        channel=kept["channel"],
        channel_name=kept["channel_name"],
        category=kept["category"],
        name=Sentence.from_json(kept["name"]),
        date=date.fromisoformat(kept["date"]),
        at=datetime.fromisoformat(kept["at"]),
        why=Sentence.from_json(kept["why"]),
    )
