"""Words for spans of time: weekdays, months, seasons, quarters, and "today", "next week" and their like."""

import re
from collections.abc import Iterator

from ..lexicon import YEAR, Lexicon
from ..spans import Day, Kind, Mention
from ..text import DIGIT

QUARTER = re.compile(
    rf"(?<![\w.,$€£-])(?P<letter>[qths])(?P<number>[1-4])(?:[ -]?'?(?P<year>{YEAR}|\d\d(?![\d/])))?(?!\w)"
)

CUT = re.compile(r"(?<!\w)([^\W\d_]{3,12})(?:\.{2,3}|…) ?\Z")
CUT_WIDTH = 40


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
    for match in lexicon.moments.pattern.finditer(text):
        yield Mention(*match.span(), Kind.MOMENT, detail=lexicon.moments.name(match[0]))


def _weekdays(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.weekdays.finditer(text):
        weekday = lexicon.day_words[match["weekday"] or match["short"]]
        detail = "short" if match["short"] else match["plural"] and "plural"
        yield Mention(*match.span(), Kind.WEEKDAY, (Day(weekday=weekday),), detail=detail or "")
    yield from _cut_short(text, lexicon)


def _cut_short(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """A network's ellipsis in the middle of a weekday: "on Frid..."."""
    start = max(0, len(text) - CUT_WIDTH)
    cut = CUT.search(text, start)
    names = [name for name in lexicon.language.weekdays if cut and name.startswith(cut[1]) and name != cut[1]]
    if cut and names:
        day = Day(weekday=lexicon.language.weekdays[names[0]])
        yield Mention(*cut.span(1), Kind.WEEKDAY, (day,), detail="cut")


def _months(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.months.finditer(text):
        year = int(match["year"]) if match["year"] else None
        month = lexicon.language.months[match["month"]]
        part = lexicon.language.parts.get(match["part"], 0) if match["part"] else 0
        yield Mention(*match.span(), Kind.MONTH, (Day(year, month),), detail=match["month"], count=part)


def _quarters(text: str) -> Iterator[Mention]:
    """Q3 and T3 are quarters, H2 and S2 are halves."""
    for match in QUARTER.finditer(text) if DIGIT.search(text) else ():
        half = match["letter"] in "hs"
        number = int(match["number"])
        if half and number > 2:
            continue
        year = int(match["year"]) if match["year"] else None
        year = 2000 + year if year is not None and year < 100 else year
        yield Mention(*match.span(), Kind.QUARTER, (Day(year, number * (6 if half else 3)),), detail=match["letter"])
