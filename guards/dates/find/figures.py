"""Bare figures that may be a time: years, pairs of years, hours of the day."""

import re
from collections.abc import Iterator

from ..lexicon import YEAR, Lexicon
from ..spans import Day, Kind, Mention
from ..text import DIGIT

YEARS = re.compile(
    rf"(?<![\w.,:/$€£+-])(?P<from>(?:19|20|21)\d\d) ?[-/] ?(?P<to>{YEAR}|\d\d(?![\w/:-]|[.,]\d))|"
    rf"(?<![\w.,:/$€£+-])(?P<year>{YEAR})(?!-\d|/\d)"
)
CLOCK = r"(?::[0-5]\d)?(?: ?(?:[ap]m|a\.m|p\.m|h|uhr|uur)| (?:ce?s?t|[ep][sd]?t|utc|gmt|bst|o'clock))"
NAMED_HOUR = re.compile(r"\b(?:noon|midnight|midi|minuit)\b")
HOUR = re.compile(
    rf"(?<![\w:.,/$€£-])(?:\d{{1,2}}(?::[0-5]\d| ?h ?[0-5]?\d?| ?[ap]m)? ?- ?)?"
    rf"(?:[01]?\d|2[0-3])(?:{CLOCK}| ?[h:.][0-5]\d(?: ?[ap]m)?)(?![\w:/]|[.,]\d)|{NAMED_HOUR.pattern}"
)


def find_figures(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    if not DIGIT.search(text):
        yield from (Mention(*match.span(), Kind.HOUR) for match in NAMED_HOUR.finditer(text))
        return
    for match in YEARS.finditer(text):
        if match["year"]:
            yield Mention(*match.span(), Kind.YEAR, (Day(int(match["year"])),))
        else:
            first, last = int(match["from"]), int(match["to"])
            last = first - first % 100 + last if last < 100 else last
            if first < last:
                yield Mention(*match.span(), Kind.YEARS, (Day(first), Day(last)), ranged=True)
    for match in HOUR.finditer(text):
        yield Mention(*match.span(), Kind.HOUR)
