"""The public entrance: reads the dates in a post and says from which day on its words would be wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .expiry import Judged, first_to_fail, settle
from .find import find
from .languages.recognise import languages_of
from .lexicon import lexicon
from .roles import judge
from .scene import Scene
from .spans import DatedSpan
from .text import Folded, fold

Answer = Literal["expired", "probably", "fine"]
SURE = 0.7


@dataclass(frozen=True)
class Reading:
    """What a text says about time, seen from the day it was first published.

    `stale_after` is the last day on which it still reads right, None when it never becomes wrong;
    `because` is the span that decides it.
    """

    language: str
    stale_after: date | None
    because: DatedSpan | None
    spans: tuple[DatedSpan, ...]
    confidence: float

    def answer_on(self, day: date) -> Answer:
        wrong = self.wrong_on(day)
        if wrong is None:
            return "fine"
        return "expired" if wrong.confidence >= SURE else "probably"

    def wrong_on(self, day: date) -> DatedSpan | None:
        """The words that do not read right any more: the first of those that are sure, or else of the others."""
        past = [span for span in self.spans if span.last_good and span.last_good < day]
        return min(past, key=lambda span: (span.confidence < SURE, span.last_good), default=None)


def read(text: str, language: str, anchor: date) -> Reading:
    """`language` may be empty, unknown or wrong: then the text's own words decide. `anchor` counts as "today"."""
    folded = fold(text)
    codes = languages_of(folded.text, language)
    judged = _judged(folded, codes, anchor)
    spans = tuple(_span(one, folded, text) for one in judged)
    decisive = first_to_fail(judged)
    if decisive is None:
        return Reading(codes[0], None, None, spans, 0.9)
    because = spans[judged.index(decisive)]
    return Reading(codes[0], because.last_good, because, spans, because.confidence)


def _judged(folded: Folded, codes: Sequence[str], anchor: date) -> list[Judged]:
    judged: list[Judged] = []
    scenes = [Scene(folded, lexicon(code), anchor) for code in codes]
    for number, scene in enumerate(scenes):
        for mention in find(folded, scene.lexicon, foreign=number > 0):
            if any(mention.start < other.end and other.start < mention.end for other, _ in judged):
                continue
            judgement = judge(mention, scene)
            if judgement:
                judged.append((mention, judgement))
    judged.sort(key=lambda one: one[0].start)
    return settle(judged)


def _span(judged: Judged, folded: Folded, text: str) -> DatedSpan:
    mention, judgement = judged
    start, end = folded.original_span(mention.start, mention.end)
    return DatedSpan(start, end, judgement.role, judgement.last_good, judgement.confidence, text[start:end])
