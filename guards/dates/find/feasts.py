"""Feasts by their names: "Merry Christmas", "#BlackFriday2019", "la Toussaint"."""

import re
from collections.abc import Iterator

from ..lexicon import YEAR, Lexicon
from ..spans import Day, Kind, Mention

FOLLOWING_YEAR = re.compile(rf" ({YEAR})")


def find_feasts(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.feasts.pattern.finditer(text):
        year = FOLLOWING_YEAR.match(text, match.end())
        end = year.end() if year else match.end()
        day = Day(int(year[1])) if year else Day()
        yield Mention(match.start(), end, Kind.FEAST, (day,), detail=lexicon.feasts.name(match[0]))
