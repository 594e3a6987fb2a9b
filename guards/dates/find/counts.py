"""Counts of days: "3 days left", "J-3", "in two weeks", "7 years ago"."""

import re
from collections.abc import Iterator

from ..lexicon import Lexicon
from ..spans import Kind, Mention

COUNTED_DOWN = re.compile(r"(?<![\w-])(?:j|d|t|g|dia|jour|day) ?- ?(\d{1,3})(?![\w-]|\.\d)")


def find_counts(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in COUNTED_DOWN.finditer(text):
        yield Mention(*match.span(), Kind.COUNTDOWN, detail="day", count=int(match[1]))
    if not lexicon.amount.search(text):
        return
    for pattern, kind in ((lexicon.countdowns, Kind.COUNTDOWN), (lexicon.agos, Kind.AGO)):
        for match in pattern.finditer(text):
            amount = lexicon.amount.search(match[0])
            if amount:
                count = int(amount["n"]) if amount["n"].isdigit() else lexicon.language.counts[amount["n"]]
                yield Mention(*match.span(), kind, detail=lexicon.language.units[amount["unit"]], count=count)
