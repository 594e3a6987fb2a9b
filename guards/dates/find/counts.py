"""Counts of days: "3 days left", "J-3", "in two weeks", "7 years ago"."""

import re
from collections.abc import Iterator
from itertools import islice

from ..lexicon import CUE_WIDTH, Frame, Lexicon, compiled
from ..spans import Kind, Mention

COUNTED_DOWN = re.compile(r"(?<![\w-])(?:j|d|t|g|dia|jour|day) ?- ?(\d{1,3})(?![\w-]|\.\d)")

MOST_AMOUNTS = 60  # each is held against every frame


def find_counts(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in COUNTED_DOWN.finditer(text):
        yield Mention(*match.span(), Kind.COUNTDOWN, detail="day", count=int(match[1]))
    for amount in islice(lexicon.amount.finditer(text), MOST_AMOUNTS):
        unit = lexicon.language.units[amount["unit"]]
        count = int(amount["n"]) if amount["n"].isdigit() else lexicon.language.counts[amount["n"]]
        for frames, kind in ((lexicon.countdowns, Kind.COUNTDOWN), (lexicon.agos, Kind.AGO)):
            spans = [span for frame in frames if unit in frame.units and (span := _framed(text, amount, frame))]
            if spans:
                start, end = max(spans, key=lambda span: span[1] - span[0])
                yield Mention(start, end, kind, detail=unit, count=count)


def _framed(text: str, amount: re.Match[str], frame: Frame) -> tuple[int, int] | None:
    start, end = amount.span()
    after = compiled(frame.after).match(text, end, end + CUE_WIDTH)
    before = after and compiled(frame.before).search(text, max(0, start - CUE_WIDTH), start)
    return (before.start(), after.end()) if before and after else None
