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
from guards.prepared import (
    LINK, MENTION_ANYWHERE, MOST_OF_ONE, WORD, Prepared, bare, canonical, links_in, parts_of, tells, triples_of,
    unmangled,
)  # fmt: skip

WIDTH, LINKS = 2048, 64  # bits; a text of 150 letters has some 100 triples
LONGEST = 1023  # a larger size is taken for this
MOST_WORDS = 20_000  # remembered, some 400 bytes each

_TRIPLES = (1 << WIDTH) - 1
_LINKS = (1 << LINKS) - 1
# Where in a word's sketch its parts begin: first its triples, then those that weigh in full, and so on.
_AT_FULL, _AT_LINKS, _AT_MENTIONS = WIDTH, 2 * WIDTH, 2 * WIDTH + LINKS


class Sketch(NamedTuple):
    triples: int  # a bit for each that is there
    least: int  # their size (with weights, as Triples has it) is not less
    links: int  # a bit for each


def sketch(text: str) -> Sketch:
    told = reduce(or_, map(_WORDS.__getitem__, unmangled(text).split()), 0)
    triples, full = told & _TRIPLES, told >> _AT_FULL & _TRIPLES
    # Those whom a text is addressed to may not count at all.
    sure = full if told >> _AT_MENTIONS else triples
    return Sketch(triples, min(sure.bit_count() + full.bit_count(), LONGEST), told >> _AT_LINKS & _LINKS)


def bits_of_links(links: Iterable[str]) -> int:
    return reduce(or_, (1 << hash(link) % LINKS for link in links), 0)


class Reach:
    """What another text must have in common with this one to be so much like it."""

    def __init__(self, text: Prepared, wanted: float) -> None:
        triples = text.triples
        self._size, self._twice = triples.size, bits(triples.twice)
        often = ({triple for triple, more in triples.often.items() if more > beyond} for beyond in range(MOST_OF_ONE))
        self._levels = [bits(triples.any), self._twice, *(bits(level) for level in often if level)]
        self._bits = sum(mask.bit_count() for mask in self._levels)
        self._needs = _needs(triples.size, wanted)

    def among(self, sketches: Sequence[Sketch]) -> list[int]:
        """The places of the sketches that could be like it. A text without a triple is like itself alone."""
        if not self._size:
            return [place for place, its in enumerate(sketches) if not its.triples]
        # A bit that the other lacks stands for a triple, at least, that they do not share: here, twice.
        mine, needs = self._twice, self._needs
        floor = mine.bit_count() - self._size / 2
        return [
            place
            for place, (its, size, _) in enumerate(sketches)
            if (mine & its).bit_count() - needs[size] >= floor
        ]

    def most(self, other: Sketch) -> float:
        """The likeness is not above this."""
        lacking = self._bits - sum((mask & other.triples).bit_count() for mask in self._levels)
        return min(index(self._size - lacking, self._size, other.least), 0.99) if lacking else 1.0


def bits(triples: Iterable[str]) -> int:
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
    told = written if written.isascii() else unicodedata.normalize("NFKC", written)
    links = list(links_in(told))
    if links:
        told = LINK.sub(" ", told)
    light = [part for link in links if tells(link) for part in parts_of(link)]
    mentions = [bare(mention)[1:] for mention in MENTION_ANYWHERE.findall(told)] if "@" in told else []
    heavy = []
    for found in WORD.finditer(told):
        word, tag = bare(found[0]), told[: found.start()].endswith("#")
        (light if tag or mentions or word in SMALL else heavy).append(word)
    full = bits(triple for word in heavy for triple in triples_of(word))
    packed = full | bits(triple for word in (*light, *mentions) for triple in triples_of(word))
    packed |= full << _AT_FULL | bits_of_links(map(canonical, links)) << _AT_LINKS
    return packed | (1 << _AT_MENTIONS if mentions else 0)
