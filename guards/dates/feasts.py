"""Feasts: the day of each, fixed, counted, or computed from Easter or the moon."""

from collections.abc import Callable
from datetime import date

from .calendar import MONDAY, SATURDAY, SUNDAY, THURSDAY, WEDNESDAY, easter, nth, plus

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


def _islamic(month: int, day: int) -> Feast:
    """By the arithmetic calendar; the sighting of the moon may move the day by one."""
    return lambda year: next(
        found
        for era in range((year - 623) * 33 // 32, (year - 623) * 33 // 32 + 4)
        if (found := _islamic_day(era, month, day)).year == year
    )


def _islamic_day(year: int, month: int, day: int) -> date:
    months = -(-59 * (month - 1) // 2)
    return date.fromordinal(227014 + day + months + (year - 1) * 354 + (3 + 11 * year) // 30)


# The first day of the Chinese year and of Diwali, 2008 to 2035 (Hong Kong Observatory; drikpanchang).
CHINESE = """
    0207 0126 0214 0203 0123 0210 0131 0219 0208 0128 0216 0205 0125 0212 0201 0122 0210 0129 0217 0206 0126 0213
    0203 0123 0211 0131 0219 0208
"""
DIWALI = """
    1028 1017 1105 1026 1113 1103 1023 1111 1030 1019 1107 1027 1114 1104 1024 1112 1031 1020 1108 1029 1017 1105
    1026 1114 1102 1022 1110 1030
"""


def _listed(table: str, ends_after: int) -> Feast:
    """Outside the list, the latest day of the year on which it ever falls."""
    days = table.split()

    def feast(year: int) -> date:
        written = days[year - 2008] if 2008 <= year < 2008 + len(days) else max(days)
        return plus(date(year, int(written[:2]), int(written[2:])), ends_after)

    return feast


FEASTS: dict[str, Feast] = {
    "new_year": _fixed(1, 1),
    "new_year_week": _fixed(1, 7),
    "new_year_month": _fixed(1, 31),
    "chinese_new_year": _listed(CHINESE, 14),
    "diwali": _listed(DIWALI, 1),
    "ramadan": _islamic(9, 29),
    "eid_fitr": _islamic(10, 3),
    "eid_adha": _islamic(12, 12),
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
    "advent": _fixed(12, 24),
    "christmas_eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "boxing_day": _fixed(12, 26),
    "holidays": _fixed(12, 31),
    "new_years_eve": _fixed(12, 31),
    "winter_sales": _winter_sales,
    "summer_sales": _summer_sales,
    "privacy_day": _fixed(1, 28),
    "radio_day": _fixed(2, 13),
    "happiness_day": _fixed(3, 20),
    "autism_day": _fixed(4, 2),
    "book_day": _fixed(4, 23),
    "tobacco_day": _fixed(5, 31),
    "bee_day": _fixed(5, 20),
    "oceans_day": _fixed(6, 8),
    "blood_donor_day": _fixed(6, 14),
    "refugee_day": _fixed(6, 20),
    "yoga_day": _fixed(6, 21),
    "friendship_day": _fixed(7, 30),
    "youth_day": _fixed(8, 12),
    "literacy_day": _fixed(9, 8),
    "peace_day": _fixed(9, 21),
    "tourism_day": _fixed(9, 27),
    "heart_day": _fixed(9, 29),
    "coffee_day": _fixed(10, 1),
    "teachers_day": _fixed(10, 5),
    "mental_health_day": _fixed(10, 10),
    "food_day": _fixed(10, 16),
    "diabetes_day": _fixed(11, 14),
    "mens_day": _fixed(11, 19),
    "childrens_day": _fixed(11, 20),
    "disability_day": _fixed(12, 3),
    "volunteer_day": _fixed(12, 5),
    "human_rights_day": _fixed(12, 10),
}
EITHER = {"sales": ("winter_sales", "summer_sales")}


def feast_day(name: str, year: int) -> date | None:
    return FEASTS[name](year) if 1600 <= year <= 9990 else None


def next_feast(name: str, anchor: date, grace: int = 3) -> date | None:
    """The coming feast; one that has just passed still counts for a few days of grace."""
    names = EITHER.get(name, (name,))
    days = (feast_day(one, anchor.year + step) for one in names for step in (0, 1))
    return min((day for day in days if day and plus(day, grace) >= anchor), default=None)
