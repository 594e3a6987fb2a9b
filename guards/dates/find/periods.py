"""Words for spans of time: weekdays, months, seasons, quarters, and "today", "next week" and their like."""

import re
from collections.abc import Iterator

from ..lexicon import YEAR, Lexicon
from ..spans import Day, Kind, Mention

QUARTER = re.compile(rf"(?<![\w.,$€£-])(?:(?P<letter>[qths])(?P<number>[1-4]))(?:[ -]?'?(?P<year>{YEAR}|\d\d(?![\d/])))?(?!\w)")


def find_periods(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    yield from _moments(text, lexicon)
    yield from _weekdays(text, lexicon)
    yield from _months(text, lexicon)
    for match in lexicon.seasons.finditer(text):
        year = int(match["year"]) if match["year"] else None
        season = lexicon.language.seasons[match["season"]]
        yield Mention(*match.span(), Kind.SEASON, (Day(year),), detail=season)
    yield from _quarters(text)


def _moments(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.moments.finditer(text):
        group = match.lastgroup
        if group:
            yield Mention(*match.span(), Kind.MOMENT, detail=lexicon.moment_names[group])


def _weekdays(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.weekdays.finditer(text):
        weekday = lexicon.language.weekdays[match["weekday"]]
        yield Mention(*match.span(), Kind.WEEKDAY, (Day(weekday=weekday),), detail=match["plural"] or "")
    cut = CUT_SHORT.search(text[-40:])
    if cut:
        names = [name for name in lexicon.language.weekdays if name.startswith(cut[1]) and name != cut[1]]
        start = max(0, len(text) - 40)
        if names:
            day = Day(weekday=lexicon.language.weekdays[names[0]])
            yield Mention(start + cut.start(1), start + cut.end(1), Kind.WEEKDAY, (day,))


CUT_SHORT = re.compile(r"(?<!\w)([^\W\d_]{3,12})\.{2,3} ?\Z")


def _months(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.months.finditer(text):
        year = int(match["year"]) if match["year"] else None
        month = lexicon.language.months[match["month"]]
        part = lexicon.language.parts.get(match["part"], 0) if match["part"] else 0
        yield Mention(*match.span(), Kind.MONTH, (Day(year, month),), detail=match["month"], count=part)


def _quarters(text: str) -> Iterator[Mention]:
    """Q3 and T3 are quarters, H2 and S2 are halves."""
    for match in QUARTER.finditer(text):
        half = match["letter"] in "hs"
        number = int(match["number"])
        if half and number > 2:
            continue
        year = int(match["year"]) if match["year"] else None
        year = 2000 + year if year is not None and year < 100 else year
        yield Mention(*match.span(), Kind.QUARTER, (Day(year, number * (6 if half else 3)),), detail=match["letter"])
