"""Weekly posting times: when they fall by the workspace's clock, and adding, copying, changing and removing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from notices.sentences import Sentence, say, say_count
from posts.models import Category, Channel
from scheduler.models import Publication, Slot
from scheduler.plan import touch, untouched
from scheduler.record import record
from scheduler.recurrence import at_wall_clock
from scheduler.verbs import NotNow
from teams.models import User, Workspace

WEEKDAYS = (
    say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"), say("Sunday"),
)  # fmt: skip
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
MOST = 200  # slots of one channel


@dataclass(frozen=True)
class Opening:
    """One date of a slot, and the instant of it."""

    slot: Slot
    date: date
    at: datetime


def openings(slots: Iterable[Slot], zone: ZoneInfo, since: datetime, until: datetime) -> list[Opening]:
    """The slots' times after `since`, up to `until`, in the order of time; each slot once on a date of its weekday.

    A time that the clocks skip moves forward by the gap, one that they show twice is the first.
    """
    first, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date() + DAY
    found = [
        Opening(slot, day, at)
        for slot in slots
        for day in _days(first, last, slot.weekday)
        if since < (at := at_wall_clock(datetime.combine(day, slot.at), zone)) <= until
    ]
    return sorted(found, key=lambda one: (one.at, one.slot.pk))


class Timetable:
    """The active slots of some channels, read in one query; none is asked for without channels."""

    def __init__(self, channels: Collection[int]) -> None:
        self._slots: defaultdict[int, list[Slot]] = defaultdict(list)
        for slot in Slot.objects.filter(channel__in=channels, active=True) if channels else ():
            self._slots[slot.channel_id].append(slot)

    def first(self, channel: int, category: int | None, since: datetime, zone: ZoneInfo) -> datetime | None:
        """The first time after `since` that a post of this category may take there; None: it has no slot."""
        suiting = [slot for slot in self._slots[channel] if suits(slot, category)]
        return next((one.at for one in openings(suiting, zone, since, since + WEEK + DAY)), None)


def suits(slot: Slot, category: int | None) -> bool:
    """A slot of a category takes only its posts, one without takes all."""
    return slot.category_id in (None, category)


def fills(now: datetime) -> QuerySet[Publication]:
    """What is still to come as the queue made it, locked. A row that was ever moved has another revision."""
    return untouched(now).filter(slot__isnull=False, revision=0).order_by("pk")


def name_of(slot: Slot) -> Sentence:
    day = WEEKDAYS[slot.weekday]
    if slot.category:
        return say("{weekday} {clock} ({category})", weekday=day, clock=slot.at, category=slot.category.name)
    return say("{weekday} {clock}", weekday=day, clock=slot.at)


def add(
    channel: Channel, weekdays: Sequence[int], at: time, category: Category | None, user: User, now: datetime
) -> list[Slot]:
    """Add one slot for each of these days; those that exist stay as they are. Raises NotNow when all do."""
    new = [
        Slot(workspace_id=channel.workspace_id, channel=channel, category=category, weekday=day, at=at, created_at=now)
        for day in dict.fromkeys(weekdays)
    ]
    made = _made(channel, new)
    if not made:
        raise NotNow(say("{channel} has a slot at this time already.", channel=channel.name))
    with transaction.atomic():
        said = [
            (slot, say("added the slot {slot} on {channel}", slot=name_of(slot), channel=channel.name)) for slot in made
        ]
        record(user, now, [("slot_added", slot, sentence) for slot, sentence in said])
        touch([channel.workspace_id], now)
    return made


def copy(channel: Channel, to: Sequence[Channel], user: User, now: datetime) -> int:
    """Give other channels the slots of this one; what they have already stays. Returns how many were added."""
    pattern = list(channel.slots.select_related("category"))
    count = 0
    with transaction.atomic():
        for other in to:
            fields = ("workspace_id", "weekday", "at", "category", "active")
            new = [Slot(channel=other, **{name: getattr(slot, name) for name in fields}) for slot in pattern]
            made = len(_made(other, new))
            said = say_count(
                "copied {count} slot of {channel} to {other}", "copied {count} slots of {channel} to {other}", made,
                channel=channel.name, other=other.name,
            )  # fmt: skip
            record(user, now, [("slots_copied", other, said)] if made else [])
            count += made
        touch([channel.workspace_id], now)
    return count


def change(slot: Slot, user: User, now: datetime, **fields: Any) -> None:
    """Another time, another category, off or on again. What fills it is planned anew with the rest of the queue."""
    before = name_of(slot)
    for name, value in fields.items():
        setattr(slot, name, value)
    try:
        with transaction.atomic():
            slot.save(update_fields=list(fields))
    except IntegrityError:
        raise NotNow(say("{channel} has a slot at this time already.", channel=slot.channel.name)) from None
    with transaction.atomic():
        said = say(
            "changed the slot {before} on {channel} to {after}",
            before=before, channel=slot.channel.name, after=name_of(slot),
        )  # fmt: skip
        record(user, now, [("slot_changed", slot, said)])
        touch([slot.workspace_id], now)


def remove(slot: Slot, user: User, now: datetime) -> None:
    """What the queue has put there is taken back; what a person has touched stays, without a slot."""
    with transaction.atomic():
        if not Slot.objects.select_for_update().filter(pk=slot.pk).exists():
            return
        said = say("removed the slot {slot} on {channel}", slot=name_of(slot), channel=slot.channel.name)
        record(user, now, [("slot_removed", slot, said)])
        take_back(fills(now).filter(slot=slot))
        Slot.objects.filter(pk=slot.pk).delete()
        touch([slot.workspace_id], now)


def take_back(rows: QuerySet[Publication]) -> int:
    """Delete these, which are locked first; the list of keys is read, since a deletion would forget the locks."""
    mine = list(rows.values_list("pk", flat=True))
    Publication.objects.filter(pk__in=mine).delete()
    return len(mine)


def of_workspace(workspace: Workspace) -> QuerySet[Slot]:
    return Slot.objects.filter(workspace=workspace).select_related("channel", "category")


def _added(slot: Slot, channel: Channel) -> Sentence:
    return say("added the slot {slot} on {channel}", slot=name_of(slot), channel=channel.name)


def _made(channel: Channel, new: Sequence[Slot]) -> list[Slot]:
    """Saved, but for those that are there already, also when somebody else is adding them at this moment."""
    there = set(channel.slots.values_list("weekday", "at"))
    wanted = [slot for slot in new if (slot.weekday, slot.at) not in there]
    if len(there) + len(wanted) > MOST:
        raise NotNow(say("A channel can have at most {most} slots.", most=MOST))
    Slot.objects.bulk_create(wanted, ignore_conflicts=True)
    times = {(slot.weekday, slot.at) for slot in wanted}
    found = Slot.objects.filter(channel=channel).select_related("category")
    return [slot for slot in found if (slot.weekday, slot.at) in times]


def _days(first: date, last: date, weekday: int) -> Iterator[date]:
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while day <= last:
        yield day
        day += WEEK
