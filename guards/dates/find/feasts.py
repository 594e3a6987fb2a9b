"""Feasts by their names: "Merry Christmas", "#BlackFriday2019", "la Toussaint"."""

from collections.abc import Iterator

from ..lexicon import Lexicon
from ..spans import Day, Kind, Mention


def find_feasts(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.feasts.finditer(text):
        feast = next(lexicon.feast_names[group] for group in lexicon.feast_names if match[group] is not None)
        year = int(match["year"]) if match["year"] else None
        yield Mention(*match.span(), Kind.FEAST, (Day(year),), detail=feast)
