"""Which languages a text is in, by its everyday words."""

import re
from collections import Counter
from collections.abc import Mapping

from . import LANGUAGES
from .base import Language

WORD = re.compile(r"[^\W\d_]{1,20}")
READ = 4000  # characters; a post's beginning gives its language away
FALLBACK = "en"


def languages_of(folded: str, declared: str) -> list[str]:
    """The post's language, and a second when the text mixes two. The declared one loses only to twice its votes."""
    votes = _votes(folded)
    code = declared[:2].lower()
    best = max(votes, key=lambda one: (votes[one], one == code, one == FALLBACK), default=None)
    if best is None:
        return [code] if code in LANGUAGES else [FALLBACK, "fr"]
    first = code if votes.get(code, 0) * 2 >= votes[best] else best
    if code in LANGUAGES and votes[best] < 3:
        first = code
    others = [one for one in votes if one != first and votes[one] >= max(3, votes[first] / 2)]
    return [first, *sorted(others, key=lambda one: -votes[one])[:1]]


def _votes(folded: str) -> Counter[str]:
    votes: Counter[str] = Counter()
    for word in WORD.findall(folded, 0, READ):
        for code in SPEAKERS.get(word, ()):
            votes[code] += 1
    return votes


def _speakers(languages: Mapping[str, Language]) -> dict[str, tuple[str, ...]]:
    speakers: dict[str, tuple[str, ...]] = {}
    for code, language in languages.items():
        for word in {*language.common.split(), *language.weekdays, *language.months, *language.telling.split()}:
            speakers[word] = (*speakers.get(word, ()), code)
    return speakers


SPEAKERS = _speakers(LANGUAGES)
