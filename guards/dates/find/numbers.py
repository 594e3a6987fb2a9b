"""Days written in figures alone: "2024-06-12", "25/12", "24.12.2024", "6/23-25", "12-14/06"."""

import re
from collections.abc import Iterator

from ..lexicon import Lexicon
from ..spans import Day, Kind, Mention

NUMBERS = re.compile(
    r"(?<![\w.,/:+#$€£])(?<!(?<!\d)-)"
    r"(?:(?P<year>(?:19|20|21)\d\d)(?P<sep>[./-])(?P<ymonth>\d{1,2})(?P=sep)(?P<yday>\d{1,2})"
    r"|(?:(?P<lead>\d{1,2})\.? ?(?:-|au|bis|et|und|&) ?)?(?P<one>\d{1,2})(?P<mark>[./-])(?P<two>\d{1,2})"
    r"(?:(?P=mark)(?P<last>(?:19|20)\d\d|\d\d)|-(?P<until>\d{1,2})(?![./\d]))?)"
    r"(?![\w%€$£]|[/:]\d|-\d(?!\d?[./]\d)|[.,]\d)"
)


def find_numbers(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """`detail` is "full" with a year, else "part" and the mark between day and month."""
    for match in NUMBERS.finditer(text):
        day = _read(match, lexicon)
        if day is None:
            continue
        detail = "full" if day.year else f"part{match['mark']}"
        days = _spread(day, match)
        yield Mention(*match.span(), Kind.NUMBERS, days, ranged=len(days) > 1, detail=detail)


def _spread(day: Day, match: re.Match[str]) -> tuple[Day, ...]:
    lead, until, number = match["lead"], match["until"], day.day or 0
    if lead and 1 <= int(lead) < number:
        return day._replace(day=int(lead)), day
    if until and number < int(until) <= 31:
        return day, day._replace(day=int(until))
    return (day,)


def _read(match: re.Match[str], lexicon: Lexicon) -> Day | None:
    if match["year"]:
        return _valid(int(match["year"]), int(match["ymonth"]), int(match["yday"]))
    one, two, mark = int(match["one"]), int(match["two"]), match["mark"]
    if not match["last"] and (mark == "-" or (mark == "." and not lexicon.language.dotted)):
        return None
    year = int(match["last"]) if match["last"] else None
    year = 2000 + year if year is not None and year < 100 else year
    month_first = mark == "/" and not lexicon.language.day_first
    day, swapped = ((two, one), (one, two)) if month_first else ((one, two), (two, one))
    return _valid(year, day[1], day[0]) or _valid(year, swapped[1], swapped[0])


def _valid(year: int | None, month: int, day: int) -> Day | None:
    return Day(year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
