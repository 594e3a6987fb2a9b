"""Which languages a text is in, by its everyday words."""

import re
from collections import Counter
from collections.abc import Mapping

from . import LANGUAGES
from .base import Language

WORD = re.compile(r"[^\W\d_]{1,20}")
READ = 4000  # characters; a post's beginning gives its language away
FALLBACK = "en"
FEW = 3


def languages_of(folded: str, declared: str) -> list[str]:
    """The post's language, and a second when the text mixes two. The declared one loses only to twice its votes."""
    spoken = [SPEAKERS[word] for word in WORD.findall(folded, 0, READ) if word in SPEAKERS]
    votes = Counter(code for codes in spoken for code in codes)
    code = declared[:2].lower()
    best = max(votes, key=lambda one: (votes[one], one == code, one == FALLBACK), default=None)
    if best is None:
        return [code] if code in LANGUAGES else [FALLBACK, "fr"]
    first = code if votes[code] * 2 >= votes[best] or (code in LANGUAGES and votes[best] < FEW) else best
    apart = Counter(one for codes in spoken if first not in codes for one in codes)
    enough = max(FEW, votes[first] / 2) if votes[first] == votes[best] else 1
    return [first, *(one for one, count in apart.most_common(1) if count >= enough)]


def _speakers(languages: Mapping[str, Language]) -> dict[str, tuple[str, ...]]:
    speakers: dict[str, tuple[str, ...]] = {}
    for code, language in languages.items():
        for word in {*language.common.split(), *language.weekdays, *language.months, *language.telling.split()}:
            speakers[word] = (*speakers.get(word, ()), code)
    return speakers


SPEAKERS = _speakers(LANGUAGES)
