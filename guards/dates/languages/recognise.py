"""Which languages a text is in, by its everyday words."""

import re
from collections.abc import Iterable, Mapping

from . import LANGUAGES
from .base import Language

WORD = re.compile(r"[^\W\d_]{1,20}")
READ = 4000  # characters; a post's beginning gives its language away
FALLBACK = "en"
FEW = 3


def languages_of(folded: str, declared: str) -> list[str]:
    """The post's language, and a second when the text mixes two. The declared one loses only to twice its votes."""
    spoken = [SPEAKERS[word] for word in WORD.findall(folded, 0, READ) if word in SPEAKERS]
    votes = _counted(spoken)
    code = declared[:2].lower()
    best = max(votes, key=lambda one: (votes[one], one == code, one == FALLBACK), default=None)
    if best is None:
        return [code] if code in LANGUAGES else [FALLBACK, "fr"]
    first = code if votes.get(code, 0) * 2 >= votes[best] or (code in LANGUAGES and votes[best] < FEW) else best
    apart = _counted(codes for codes in spoken if first not in codes)
    second = max(apart, key=apart.__getitem__, default=None)
    enough = max(FEW, votes.get(first, 0) / 2) if votes.get(first) == votes[best] else 1
    return [first, second] if second and apart[second] >= enough else [first]


def _counted(spoken: Iterable[tuple[str, ...]]) -> dict[str, int]:
    votes: dict[str, int] = {}
    for codes in spoken:
        for code in codes:
            votes[code] = votes.get(code, 0) + 1
    return votes


def _speakers(languages: Mapping[str, Language]) -> dict[str, tuple[str, ...]]:
    speakers: dict[str, tuple[str, ...]] = {}
    for code, language in languages.items():
        for word in {*language.common.split(), *language.weekdays, *language.months, *language.telling.split()}:
            speakers[word] = (*speakers.get(word, ()), code)
    return speakers


SPEAKERS = _speakers(LANGUAGES)
