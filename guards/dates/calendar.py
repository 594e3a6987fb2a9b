"""Days of the year: ends of weeks, months and seasons, and feasts, fixed or computed."""

from calendar import monthrange
from collections.abc import Callable
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
    year = min(max(anchor.year + years, 1), 9999)
    return date(year, month + 1, monthrange(year, month + 1)[1])


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
    return here if here >= anchor else date(min(anchor.year + 1, 9999), month, day)


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


Feast = Callable[[int], date]


def _fixed(month: int, day: int) -> Feast:
    return lambda year: date(year, month, day)


def _by_easter(days: int) -> Feast:
    return lambda year: plus(easter(year), days)


def _by_count(month: int, weekday: int, count: int, days: int = 0) -> Feast:
    return lambda year: plus(nth(year, month, weekday, count), days)


def _french_mothers_day(year: int) -> date:
    """The last Sunday of May, or the first of June when that is Pentecost (Code de l'action sociale, D215-1)."""
    last = nth(year, 5, SUNDAY, -1)
    return plus(last, 7) if last == plus(easter(year), 49) else last


def _winter_sales(year: int) -> date:
    """From the second Wednesday of January, or the first when that falls after the 12th; four weeks since 2020."""
    start = nth(year, 1, WEDNESDAY, 2)
    start = plus(start, -7) if start.day > 12 else start
    return plus(start, 27 if year >= 2020 else 41)


def _summer_sales(year: int) -> date:
    """From the last Wednesday of June, or the one before when that falls after the 28th."""
    start = nth(year, 6, WEDNESDAY, -1)
    start = plus(start, -7) if start.day > 28 else start
    return plus(start, 27 if year >= 2020 else 41)


def _advent(year: int) -> date:
    return date(year, 12, 24)


FEASTS: dict[str, Feast] = {
    "new_year": _fixed(1, 1),
    "new_year_month": _fixed(1, 31),
    "epiphany": _fixed(1, 6),
    "candlemas": _fixed(2, 2),
    "cancer_day": _fixed(2, 4),
    "valentine": _fixed(2, 14),
    "carnival": _by_easter(-47),
    "womens_day": _fixed(3, 8),
    "pi_day": _fixed(3, 14),
    "st_patrick": _fixed(3, 17),
    "water_day": _fixed(3, 22),
    "grandmothers_fr": _by_count(3, SUNDAY, 1),
    "fathers_catholic": _fixed(3, 19),
    "april_fools": _fixed(4, 1),
    "health_day": _fixed(4, 7),
    "earth_day": _fixed(4, 22),
    "kings_day": _fixed(4, 27),
    "palm_sunday": _by_easter(-7),
    "good_friday": _by_easter(-2),
    "easter": _by_easter(0),
    "easter_monday": _by_easter(1),
    "ascension": _by_easter(39),
    "pentecost": _by_easter(49),
    "whit_monday": _by_easter(50),
    "corpus_christi": _by_easter(60),
    "labour_day": _fixed(5, 1),
    "labor_day_us": _by_count(9, MONDAY, 1),
    "star_wars_day": _fixed(5, 4),
    "victory_fr": _fixed(5, 8),
    "mothers_us": _by_count(5, SUNDAY, 2),
    "mothers_uk": _by_easter(-21),
    "mothers_es": _by_count(5, SUNDAY, 1),
    "mothers_fr": _french_mothers_day,
    "memorial_day": _by_count(5, MONDAY, -1),
    "environment_day": _fixed(6, 5),
    "portugal_day": _fixed(6, 10),
    "fathers_us": _by_count(6, SUNDAY, 3),
    "fathers_de": _by_easter(39),
    "juneteenth": _fixed(6, 19),
    "music_fr": _fixed(6, 21),
    "independence_us": _fixed(7, 4),
    "bastille": _fixed(7, 14),
    "assumption": _fixed(8, 15),
    "heritage_fr": _by_count(9, SATURDAY, 3, 1),
    "back_to_school": _fixed(9, 30),
    "back_to_school_us": _fixed(9, 15),
    "german_unity": _fixed(10, 3),
    "hispanic_day": _fixed(10, 12),
    "oktoberfest": _by_count(10, SUNDAY, 1),
    "halloween": _fixed(10, 31),
    "all_saints": _fixed(11, 1),
    "armistice": _fixed(11, 11),
    "singles_day": _fixed(11, 11),
    "st_nicholas": _fixed(12, 6),
    "beaujolais": _by_count(11, THURSDAY, 3),
    "thanksgiving": _by_count(11, THURSDAY, 4),
    "black_friday": _by_count(11, THURSDAY, 4, 1),
    "small_business": _by_count(11, THURSDAY, 4, 2),
    "cyber_monday": _by_count(11, THURSDAY, 4, 4),
    "giving_tuesday": _by_count(11, THURSDAY, 4, 5),
    "aids_day": _fixed(12, 1),
    "constitution_es": _fixed(12, 6),
    "immaculate": _fixed(12, 8),
    "advent": _advent,
    "christmas_eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "boxing_day": _fixed(12, 26),
    "holidays": _fixed(12, 31),
    "new_years_eve": _fixed(12, 31),
    "winter_sales": _winter_sales,
    "summer_sales": _summer_sales,
}


def feast_day(name: str, year: int) -> date | None:
    return FEASTS[name](year) if 1600 <= year <= 9990 else None


def next_feast(name: str, anchor: date, grace: int = 3) -> date | None:
    """The coming feast; one that has just passed still counts for a few days of grace."""
    days = (feast_day(name, anchor.year + step) for step in (0, 1))
    return next((day for day in days if day and plus(day, grace) >= anchor), None)
