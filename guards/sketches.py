"""The little of a text that is enough to see that it has not much in common with another: cheap, and never wrong.

A sketch is put together from those of its words, which are remembered, since most words come again: so a text that
nobody has asked about before costs some µs. It may promise more than there is in common, and never less.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from guards.common_words import SMALL
from guards.likeness import index
from guards.prepared import LINK, MENTION_ANYWHERE, MOST_OF_ONE, WORD, Prepared, bare, links_in, unmangled

WIDTH, LINKS = 2048, 64  # bits; a text of 150 letters has some 100 triples
LONGEST = 1023  # a larger size is taken for this
MOST_WORDS = 20_000  # remembered, some 700 bytes each
MOST_TEXTS = 65_536  # the same: what some hundred busy channels have said lately

_TRIPLES = (1 << WIDTH) - 1
_LINKS = (1 << LINKS) - 1
# Where in a word's sketch its parts begin: first its triples, then those that weigh in full, and so on.
_AT_FULL, _AT_LINKS, _AT_MENTIONS = WIDTH, 2 * WIDTH, 2 * WIDTH + LINKS


class Sketch(NamedTuple):
    triples: int  # a bit for each that is there
    least: int  # their size (with weights, as Triples has it) is not less
    links: int  # a bit for each


@lru_cache(maxsize=MOST_TEXTS)
def sketch(text: str) -> Sketch:
    told = reduce(or_, map(_WORDS.__getitem__, unmangled(text).split()), 0)
    triples, full = told & _TRIPLES, told >> _AT_FULL & _TRIPLES
    # Those whom a text is addressed to may not count at all.
    sure = full if told >> _AT_MENTIONS else triples
    return Sketch(triples, min(sure.bit_count() + full.bit_count(), LONGEST), told >> _AT_LINKS & _LINKS)


def bits_of_links(links: Iterable[str]) -> int:
    return reduce(or_, (1 << hash(link) % LINKS for link in links), 0)


class Reach:
    """What another text must have in common with this one to be much like it."""

    def __init__(self, text: Prepared) -> None:
        triples = text.triples
        self._size, self._twice = triples.size, _bits(triples.twice)
        often = ({triple for triple, more in triples.often.items() if more > beyond} for beyond in range(MOST_OF_ONE))
        self._levels = [_bits(triples.any), self._twice, *(_bits(level) for level in often if level)]
        self._bits = sum(mask.bit_count() for mask in self._levels)

    def among(self, sketches: Sequence[Sketch], wanted: float) -> list[int]:
        """The places of the sketches that could be as much like it. A text without a triple is like itself alone."""
        if not self._size:
            return [place for place, its in enumerate(sketches) if not its.triples]
        # A bit that the other lacks stands for a triple, at least, that they do not share: here, twice.
        mine, needs = self._twice, _needs(self._size, wanted)
        floor = mine.bit_count() - self._size / 2
        return [
            place for place, (its, size, _) in enumerate(sketches) if (mine & its).bit_count() - needs[size] >= floor
        ]

    def most(self, other: Sketch) -> float:
        """The likeness is not above this."""
        lacking = self._bits - sum((mask & other.triples).bit_count() for mask in self._levels)
        return min(index(self._size - lacking, self._size, other.least), 0.99) if lacking else 1.0


def _bits(triples: Iterable[str]) -> int:
    return reduce(or_, map(_BITS.__getitem__, triples), 0)


@lru_cache(maxsize=256)
def _needs(size: int, wanted: float) -> list[float]:
    """Half of what a text must share with one of each size, and never more than all: it may be the same text."""
    needs = (wanted * (2 * min(size, other) + max(size, other)) / 3 for other in range(LONGEST + 1))
    return [min(need - 1e-6, size) / 2 for need in needs]


class _Bits(dict[str, int]):
    def __missing__(self, triple: str) -> int:
        if len(self) > MOST_WORDS:
            self.clear()
        bit = self[triple] = 1 << hash(triple) % WIDTH
        return bit


class _Words(dict[str, int]):
    """For each word as it is written: its triples, those that count in full, its links, and whether it mentions."""

    def __missing__(self, written: str) -> int:
        if len(self) > MOST_WORDS:
            self.clear()
        packed = self[written] = _pack(written)
        return packed


_BITS, _WORDS = _Bits(), _Words()


def _pack(written: str) -> int:
    """What `prepared` would find in these signs wherever they stand in a text; blanks part all that it looks for."""
    if written.isalnum() and written.isascii():
        word = written.lower()
        return _bits_of_word(word) * (1 if word in SMALL else 1 | 1 << _AT_FULL)
    told = written if written.isascii() else unicodedata.normalize("NFKC", written)
    links = list(links_in(told))
    if links:
        told = LINK.sub(" ", told)
    light = [part for link in links if link.tells for part in link.parts]
    mentions = [bare(mention)[1:] for mention in MENTION_ANYWHERE.findall(told)] if "@" in told else []
    heavy: list[str] = []
    for found in WORD.finditer(told):
        word, tag = bare(found[0]), found.start() > 0 and told[found.start() - 1] == "#"
        (light if tag or mentions or word in SMALL else heavy).append(word)
    full = _bits_of(heavy)
    packed = full | _bits_of(light) | _bits_of(mentions) | full << _AT_FULL
    if links:
        packed |= bits_of_links(link.canonical for link in links) << _AT_LINKS
    return packed | (1 << _AT_MENTIONS if mentions else 0)


def _bits_of(words: Iterable[str]) -> int:
    return reduce(or_, map(_bits_of_word, words), 0)


@lru_cache(maxsize=MOST_WORDS)
def _bits_of_word(word: str) -> int:
    padded, there = f" {word} ", 0
    for start in range(len(padded) - 2):
        there |= 1 << hash(padded[start : start + 3]) % WIDTH
    return there
