"""Days of the year: ends of weeks, months and seasons, weekdays by count, and Easter."""

from calendar import monthrange
from datetime import date, timedelta

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


def plus(day: date, days: int) -> date:
    """The last representable day stands for everything beyond it."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def next_weekday(anchor: date, weekday: int) -> date:
    """The anchor itself counts."""
    return plus(anchor, (weekday - anchor.weekday()) % 7)


def end_of_week(anchor: date, weeks: int = 0) -> date:
    return plus(anchor, 6 - anchor.weekday() + 7 * weeks)


def end_of_month(anchor: date, months: int = 0) -> date:
    years, month = divmod(anchor.month - 1 + months, 12)
    year = anchor.year + years
    return date(year, month + 1, monthrange(year, month + 1)[1]) if year <= date.max.year else date.max


def end_of_quarter(anchor: date, quarters: int = 0) -> date:
    return end_of_month(anchor, 2 - (anchor.month - 1) % 3 + 3 * quarters)


def end_of_year(year: int) -> date:
    return date(min(max(year, 1), 9999), 12, 31)


SEASON_ENDS = {"winter": (3, 20), "spring": (6, 20), "summer": (8, 31), "autumn": (12, 20)}


def end_of_season(season: str, anchor: date) -> date:
    """The season under way, or the coming one."""
    return next_on(anchor, *SEASON_ENDS[season])


def next_on(anchor: date, month: int, day: int) -> date:
    here = date(anchor.year, month, day)
    if here >= anchor:
        return here
    return date(anchor.year + 1, month, day) if anchor.year < date.max.year else date.max


def safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def easter(year: int) -> date:
    """Gregorian Easter Sunday (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leaps, skipped = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * skipped + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth(year: int, month: int, weekday: int, count: int) -> date:
    """The count-th such weekday of a month; -1 is the last."""
    if count < 0:
        last = end_of_month(date(year, month, 1))
        return plus(last, -((last.weekday() - weekday) % 7))
    return plus(next_weekday(date(year, month, 1), weekday), 7 * (count - 1))
