"""Pure arithmetic of repeats: rule, start and zone give the k-th due time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from guards.base import Repeat


def at_wall_clock(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local time.

    A time that the clocks skip moves forward by the gap; one that they show twice is the first of the two
    (RFC 5545, section 3.3.5).
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def due_at(start: datetime, zone: ZoneInfo, repeat: Repeat | None, number: int) -> datetime:
    """When the k-th repeat is due (0: the first publication), counted from the start so that nothing drifts."""
    if repeat is None or number == 0:
        return start.astimezone(UTC)
    local = start.astimezone(zone).replace(tzinfo=None)
    if repeat.unit == "month":
        return at_wall_clock(_kth_month(local, repeat, number), zone)
    days = repeat.interval * number * (7 if repeat.unit == "week" else 1)
    return at_wall_clock(local + timedelta(days=days), zone)


def occurrences(
    start: datetime, zone: ZoneInfo, repeat: Repeat | None, until: datetime
) -> Iterator[tuple[int, datetime]]:
    """(number, due time) of the first publication and its repeats, as the rule allows, up to `until`."""
    before = None
    for number in range(_count(repeat)):
        try:
            due = due_at(start, zone, repeat, number)
        except (OverflowError, ValueError):  # past the year 9999
            return
        if due > until or _ended(due, zone, repeat):
            return
        if due != before:  # a day that a zone skipped whole (Apia, 30 December 2011) falls on the next
            yield number, due
        before = due


def _count(repeat: Repeat | None) -> int:
    if repeat is None:
        return 1
    # A rule that ends by date only is bounded by the horizon; the number keeps a mistake from running away.
    return 10_000 if repeat.max_repeats is None else repeat.max_repeats + 1


def _ended(due: datetime, zone: ZoneInfo, repeat: Repeat | None) -> bool:
    return bool(repeat and repeat.end_date and due.astimezone(zone).date() > repeat.end_date)


def _kth_month(local: datetime, repeat: Repeat, number: int) -> datetime:
    """In a month without that day: its last day (31 January, 28 February, 31 March), or no publication at all."""
    if not repeat.skip_short_months or local.day <= 28:
        return _months_later(local, repeat.interval * number)
    # 29 February comes every eighth year at the rarest (2096, 2104), so 97 twelve-month steps suffice for one.
    later = (_months_later(local, repeat.interval * step) for step in range(1, 97 * number + 2))
    kept = (month for month in later if month.day == local.day)
    found = next((month for count, month in enumerate(kept, 1) if count == number), None)
    if found is None:
        raise OverflowError("this day of the month does not come again")
    return found


def _months_later(local: datetime, months: int) -> datetime:
    """The same day of a later month, or that month's last."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
