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

from guards.common_words import DAYS, SMALL
from guards.likeness import SLOT, index
from guards.prepared import (
    FULL,
    HALF,
    LINK,
    MENTION,
    MENTION_ANYWHERE,
    MOST_OF_ONE,
    WORD,
    Prepared,
    bare,
    links_in,
    numbers_in,
    unmangled,
)

WIDTH, SLOTS = 2048, 64  # bits; a text of 150 letters has some 100 triples, and few links, numbers and mentions
LONGEST = 1023  # a larger size is taken for this
TINY = 1e-6  # what is left over when numbers are rounded
MOST_WORDS = 20_000  # remembered, some 700 bytes each
_MENTIONS = frozenset("@＠﹫")

_TRIPLES = (1 << WIDTH) - 1
_SLOTS = (1 << SLOTS) - 1
# Where in a word's sketch its parts begin: first its triples, then those that weigh in full, and so on.
_AT_FULL, _AT_REST = WIDTH, 2 * WIDTH
_AT_LINKS, _AT_SURE, _AT_MAYBE, _AT_MENTIONED = 0, SLOTS, 3 * SLOTS, 5 * SLOTS  # in the rest
_OF_MENTIONS = SLOTS  # numbers come first


class Sketch(NamedTuple):
    triples: int  # a bit for each that is there
    least: int  # their size (with weights, as Triples has it) is not less
    links: int  # a bit for each
    sure: int  # a bit for each number and mention that certainly counts
    maybe: int  # the same for those that may count


def sketch(text: str) -> Sketch:
    told = unmangled(text)
    triples, full, rest = _together(told)
    sure = rest >> _AT_SURE & (_SLOTS << SLOTS | _SLOTS)
    if not _MENTIONS.isdisjoint(told.lstrip()[:2]):  # those whom a text is addressed to may not count
        sure &= _SLOTS
    counted = full if rest >> _AT_MENTIONED else triples
    least = min(counted.bit_count() + full.bit_count(), LONGEST)
    return Sketch(triples, least, rest & _SLOTS, sure, rest >> _AT_MAYBE & (_SLOTS << SLOTS | _SLOTS))


def hopeless(text: str, sketches: Sequence[Sketch], wanted: float, wanted_linked: float) -> bool:
    """Certainly none of these is as much like it, nor, where it has a link, like it enough for one that has it too.

    Costs a tenth of making the text ready to be compared, and answers for most.
    """
    told = unmangled(text)
    _, full, rest = _together(told)
    most_size = sum(map(_SIZES.__getitem__, told.split()))
    return bool(full) and not _among(sketches, full, most_size, wanted_linked if rest & _SLOTS else wanted)


def _together(told: str) -> tuple[int, int, int]:
    packed = reduce(or_, map(_WORDS.__getitem__, told.split()), 0)
    return packed & _TRIPLES, packed >> _AT_FULL & _TRIPLES, packed >> _AT_REST


def _among(sketches: Sequence[Sketch], mine: int, size: int, wanted: float) -> list[int]:
    """The places of those that could share enough with a text of this size, which has all of `mine` in full."""
    # A bit that the other lacks stands for a triple, at least, that they do not share: here, twice.
    third, floor = wanted / 3, mine.bit_count() - size / 2 - TINY
    # What a text must share with one of each size (`index`, the other way round), and never more than all of it.
    all_from = size / third - 2 * size
    return [
        place
        for place, (its, other, _, _, _) in enumerate(sketches)
        if 2 * ((mine & its).bit_count() - floor)
        >= (third * (2 * other + size) if other < size else third * (2 * size + other) if other < all_from else size)
    ]


def slots(values: Iterable[str]) -> int:
    return reduce(or_, (1 << hash(value) % SLOTS for value in values), 0)


class Reach:
    """What another text must have in common with this one to be much like it."""

    def __init__(self, text: Prepared) -> None:
        triples = text.triples
        self._size, self._twice = triples.size, _bits(triples.twice)
        often = ({triple for triple, more in triples.often.items() if more > beyond} for beyond in range(MOST_OF_ONE))
        self._levels = [_bits(triples.any), self._twice, *(_bits(level) for level in often if level)]
        self._bits = sum(mask.bit_count() for mask in self._levels)
        self._numbers, self._mentions = slots(text.numbers), slots(text.mentions)

    def among(self, sketches: Sequence[Sketch], wanted: float) -> list[int]:
        """The places of the sketches that could be as much like it. A text without a triple is like itself alone."""
        if not self._size:
            return [place for place, its in enumerate(sketches) if not its.triples]
        return _among(sketches, self._twice, self._size, wanted)

    def shared(self, other: Sketch) -> float:
        """The index of what the two share is not above this."""
        lacking = self._bits - sum((mask & other.triples).bit_count() for mask in self._levels)
        return min(index(self._size - lacking, self._size, other.least), 0.99) if lacking else 1.0

    def most(self, other: Sketch, shared: float) -> float:
        """The likeness is not above this: what differs for certain is taken off."""
        if shared == 1.0:
            return shared
        numbers = _differ(self._numbers, other.sure & _SLOTS, other.maybe & _SLOTS)
        mentions = _differ(self._mentions, other.sure >> _OF_MENTIONS, other.maybe >> _OF_MENTIONS)
        return max(shared - SLOT * (numbers + mentions), 0.0)


def _differ(mine: int, sure: int, maybe: int) -> bool:
    """Has certainly each of the two one that the other lacks?"""
    return bool(mine & ~maybe) and bool(sure & ~mine)


def _bits(triples: Iterable[str]) -> int:
    return reduce(or_, map(_BITS.__getitem__, triples), 0)


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
        self[written], _SIZES[written] = _pack(written)
        return self[written]


class _Sizes(dict[str, int]):
    """For each word as it is written, its size in Triples' measure, at most."""

    def __missing__(self, written: str) -> int:
        if len(self) > MOST_WORDS:
            self.clear()
        size = self[written] = _pack(written)[1]
        return size


_BITS, _WORDS, _SIZES = _Bits(), _Words(), _Sizes()


def _pack(written: str) -> tuple[int, int]:
    """What `prepared` would find in these signs wherever they stand in a text; blanks part all that it looks for."""
    if written.isascii() and written.isalpha() and written.lower() not in DAYS:
        word = written.lower()
        bits = _bits_of_word(word)
        return (bits, HALF * len(word)) if word in SMALL else (bits | bits << _AT_FULL, FULL * len(word))
    told = written if written.isascii() else unicodedata.normalize("NFKC", written)
    links = list(links_in(told))
    if links:
        told = LINK.sub(" ", told)
    mentions = [bare(mention) for mention in MENTION_ANYWHERE.findall(told)] if "@" in told else []
    light = [part for link in links if link.tells for part in link.parts]
    heavy: list[str] = []
    numbers = set(numbers_in(told))
    for found in WORD.finditer(told):
        word, tag = bare(found[0]), found.start() > 0 and told[found.start() - 1] == "#"
        (light if tag or mentions or word in SMALL else heavy).append(word)
        numbers |= {word} & DAYS
    full, named = _bits_of(heavy), [mention[1:] for mention in mentions]
    triples = full | _bits_of(light) | _bits_of(named)
    size = FULL * sum(map(len, heavy + named)) + HALF * sum(map(len, light))
    rest = slots(link.canonical for link in links) << _AT_LINKS
    if mentions:
        rest |= _mentioned(told, mentions, bool(numbers))
    else:
        rest |= slots(numbers) << _AT_SURE | slots(numbers) << _AT_MAYBE
    return triples | full << _AT_FULL | rest << _AT_REST, size


def _mentioned(told: str, mentions: list[str], numbered: bool) -> int:
    """Which of the numbers beside a mention are its own depends on where it stands."""
    sure = slots(bare(mention) for mention in MENTION.findall(told)) << _OF_MENTIONS
    maybe = slots(mentions) << _OF_MENTIONS | (_SLOTS if numbered else 0)
    return sure << _AT_SURE | maybe << _AT_MAYBE | 1 << _AT_MENTIONED


def _bits_of(words: Iterable[str]) -> int:
    return reduce(or_, map(_bits_of_word, words), 0)


@lru_cache(maxsize=MOST_WORDS)
def _bits_of_word(word: str) -> int:
    padded, there = f" {word} ", 0
    for start in range(len(padded) - 2):
        there |= 1 << hash(padded[start : start + 3]) % WIDTH
    return there
