"""The text names something or someone on the workspace's list: a closed product, a former colleague or client.

It finds whole names however they are written: capitals, accents and spaces do not matter, and "Tool Name" is
also found in #ToolName, @toolname and toolname.com. A name inside another word is none: "Vine" is not in
"Vineyard". A link that has the name in its host or its path names it too, because readers see it and land
there; what follows a "?" or a "#" in a link is for machines, and does not count.

Why: old posts outlive what they praise. A list of tools that recommends one closed last year makes every
other line of it doubtful.

When to turn it off: leave the list empty. A name that is also an everyday word ("Vine", "Slack") finds too
much; put the longer form on the list ("Vine app").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from guards.base import Action, Candidate, Finding, Fix, Span, option
from notices.sentences import Sentence, say, say_count

title = say("Retired name")
default = Action.HOLD
overridable = True

# Thai, Lao, Burmese, Khmer, Japanese and Chinese are written without spaces, and Korean adds to its words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
WORD = re.compile(rf"[^\W_{UNSPACED}]")
BETWEEN = r"[\s_\u2010-]"
TAG = re.compile(r"[#@＃＠]\S+")
LINK = re.compile(r"(?:https?://|www\.)[^\s?#]+(?P<query>[?#]\S*)?|(?<![\w-])[\w-]++(?:\.[\w-]++)+", re.IGNORECASE)
# Letters that Unicode does not take apart, though people without the key for them do.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "œ": "oe", "æ": "ae", "’": "'", "ʼ": "'"})


@dataclass(frozen=True)
class Options:
    names: tuple[str, ...] = option((), say("Names that no post may mention any more"), stricter="more")


def problems(options: Options) -> Iterator[Sentence]:
    for name in options.names:
        if len(re.sub(BETWEEN, "", "".join(map(_fold, name)))) < 2:
            yield say("“{written}” is too short for a name: it would be found in nearly every text.", written=name)


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    if not options.names:
        return
    text = _Folded.of(candidate.text)
    found = {name: spans for name in options.names if (spans := tuple(_places(text, name)))}
    if found:
        yield Finding(
            say_count(
                "This content names {names}, which is on your list of retired names.",
                "This content names {names}, which are on your list of retired names.",
                len(found),
                names=", ".join(found),
            ),
            (Fix("edit", say("Edit the content")), Fix("retire", say("Retire this content"))),
            tuple(sorted({span for spans in found.values() for span in spans}, key=lambda span: span.start)),
        )


def saw(candidate: Candidate, options: Options) -> Sentence:
    if not options.names:
        return say("The list of retired names is empty.")
    return say_count(
        "The name on your list is not in the text.",
        "None of the {count} names on your list is in the text.",
        len(options.names),
    )


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    names = options.names or ("Vine",)
    return replace(ordinary, text=f"{ordinary.text}: {names[0]}"), replace(options, names=names)


@dataclass(frozen=True)
class _Folded:
    """A text without case and accents; `origins` has the place of each letter in the text as it was written."""

    written: str
    letters: str
    origins: tuple[int, ...]
    tags: tuple[Span, ...]
    links: tuple[Span, ...]
    queries: tuple[Span, ...]

    @classmethod
    def of(cls, text: str) -> _Folded:
        pairs = [(letter, place) for place, character in enumerate(text) for letter in _fold(character)]
        links = list(LINK.finditer(text))
        return cls(
            text,
            "".join(letter for letter, _ in pairs),
            tuple(place for _, place in pairs),
            tuple(Span(*tag.span()) for tag in TAG.finditer(text)),
            tuple(Span(*link.span()) for link in links),
            tuple(Span(*link.span("query")) for link in links if link["query"]),
        )

    def span(self, start: int, end: int) -> Span:
        """The written place of some letters, with the accents that follow the last."""
        return Span(self.origins[start], self.origins[end] if end < len(self.letters) else len(self.written))

    def edge(self, place: int) -> bool:
        """Does a word begin or end between the letter at `place` and the one before?"""
        if place in (0, len(self.letters)):
            return True
        before, after = self.origins[place - 1], self.origins[place]
        if before == after:  # inside one written character, such as a ligature
            return False
        words = WORD.match(self.letters[place - 1]) and WORD.match(self.letters[place])
        return not words or (_inside(self.span(place, place + 1), self.tags) and self._hump(place))

    def _hump(self, place: int) -> bool:
        """Does a new word begin here in #SuchATag2026?"""
        before, after, *then = (self.written[origin] for origin in self.origins[place - 1 : place + 2])
        if before.isdigit() != after.isdigit():
            return True
        return after.isupper() and (not before.isupper() or any(letter.islower() for letter in then))


def _places(text: _Folded, name: str) -> Iterator[Span]:
    words = [re.escape(word) for word in re.split(f"{BETWEEN}+", "".join(map(_fold, name))) if word]
    if not words:
        return
    apart = re.compile(f"{BETWEEN}+".join(words))
    for found in re.finditer(f"(?=({f'{BETWEEN}*'.join(words)}))", text.letters):
        start, end = found.span(1)
        span = text.span(start, end)
        whole = text.edge(start) and text.edge(end) and not _inside(span, text.queries)
        if whole and (apart.fullmatch(found[1]) or _inside(span, text.tags) or _inside(span, text.links)):
            yield span


def _inside(span: Span, others: tuple[Span, ...]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in others)


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """A character without case and accents, in the letters it stands for: none, one, or several ("ﬁ")."""
    return _bare(_bare(character).casefold()).translate(PLAIN)


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter) and not _unseen(letter))


def _unseen(letter: str) -> bool:
    """Zero-width characters, soft hyphens and the selectors that follow an emoji."""
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"
