"""One text made ready to be compared: its letters in triples, and what fills the slots of a template.

What does not count is left out here: case, accents, signs, emoji, campaign tags, the names of those addressed.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from guards.common_words import DAYS, SMALL

FULL, HALF = 2, 1  # weights of a triple; half: small words, hashtags, the path of a link
MOST_OF_ONE = 8
STEM = 5
LONG_ENOUGH = 8  # words that say the same to whoever they are addressed

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"“”«»]+", re.IGNORECASE)
_MENTION = r"@\w+(?:[.@-]\w+)*"
MENTION = re.compile(rf"(?<![\w@]){_MENTION}")
_PLAIN_LINK = re.compile(r"(?:https?://)?([a-z0-9.-]+)(/[a-z0-9./_~-]*)?", re.ASCII | re.IGNORECASE)
MENTION_ANYWHERE = re.compile(rf"(?=({_MENTION}))")  # each one that could be, also inside another
WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"([^\W_]+)")
_ADDRESSEES = re.compile(rf"\s*\.?(?:{MENTION.pattern}[\s,:]*)+")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"(?<![^\W\d])v?(\d+(?:[.,:/h]\d+)*)", re.IGNORECASE)
_THOUSANDS = re.compile(r"[,.](?=\d{3}(?!\d))")
_ENDS_SENTENCE = re.compile(r"[.!?…:\n•→–—\"“«(\[|]")
_OPENS = re.compile(r"[“\"«‘']")
_QUOTED = re.compile(r"[“\"«]([^“”\"«»\n]{3,80})[”\"»]|(?<!\w)[‘']([^‘’'\n]{3,80})[’'](?!\w)")
# What a letter or sign becomes in a file that was read in the wrong encoding, perhaps twice: "â€™", "Ã©".
_FOREIGN = re.compile(r"[\x80-\xff€‚-™Œ-œŠšŸŽžƒˆ˜]{2,}")
_GARBLED = re.compile(r"[\x80-\x9f]|[ÂÃâÌÛ][^\w\s]")
_CAMPAIGN = re.compile(r"utm_\w+|mc_\w+|fbclid|gclid|igshid|ref|ref_src|si", re.IGNORECASE)


@dataclass(frozen=True)
class Prepared:
    """One text made ready for many comparisons."""

    plain: str  # all that is said, without case, accents, signs and campaign tags; equal: the same text
    heavy: tuple[str, ...]  # what weighs in full
    light: tuple[str, ...]
    links: frozenset[str]
    words: frozenset[str]
    stems: frozenset[str]
    run: str  # the words without spaces
    mentions: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    maybe_names: frozenset[str]
    pages: frozenset[str]  # the links that say by themselves where they lead

    @cached_property
    def triples(self) -> Triples:
        """Made when they are asked for: many a pair is told apart without them."""
        return _counted(self.heavy, self.light)


@dataclass(frozen=True)
class Triples:
    """How often each is there, counted by weight and up to MOST_OF_ONE."""

    size: int  # all together
    any: frozenset[str]
    twice: frozenset[str]  # or more
    often: dict[str, int]  # three times or more: how many beyond two

    def shared(self, other: Triples) -> int:
        often = sum(min(more, other.often[triple]) for triple, more in self.often.items() if triple in other.often)
        return len(self.any & other.any) + len(self.twice & other.twice) + often


@lru_cache(maxsize=1024)
def prepared(text: str) -> Prepared:
    told = unmangled(text)
    told = told if told.isascii() else unicodedata.normalize("NFKC", told)
    links = list(links_in(told))
    told = _unaddressed(LINK.sub(" ", told) if links else told)
    mentions = frozenset(map(bare, MENTION.findall(told))) if "@" in told else frozenset()
    body = MENTION.sub(" ", told) if mentions else told
    words = _read(body)
    pages = [link for link in links if link.tells]
    addresses = frozenset(link.canonical for link in links)
    return Prepared(
        plain=" ".join([*words.all, *sorted(mentions), *sorted(addresses)]) or text.strip(),
        heavy=(*words.heavy, *(mention[1:] for mention in mentions)),
        light=(*words.light, *(part for link in pages for part in link.parts)),
        links=addresses,
        words=frozenset(words.all),
        stems=frozenset([word[:STEM] for word in words.all]),
        run="".join(words.all),
        mentions=mentions,
        numbers=frozenset(numbers_in(body)) | DAYS.intersection(words.all),
        names=words.names | frozenset(_titles(body)),
        maybe_names=words.maybe_names,
        pages=frozenset(link.canonical for link in pages),
    )


def unmangled(text: str) -> str:
    """Without what a wrong encoding has left behind."""
    return text if text.isascii() or not _GARBLED.search(text) else _FOREIGN.sub(_mended, text)


def links_in(told: str) -> Iterator[Link]:
    return map(_link, LINK.findall(told)) if "://" in told or "ww." in told.lower() else iter(())


class Link(NamedTuple):
    host: str
    path: str
    query: str = ""

    @property
    def canonical(self) -> str:
        """The same for the same page, however its address is written."""
        host = self.host.casefold().removeprefix("www.")
        pairs = _pairs(self.query) if self.query else []
        query = urlencode(sorted(pair for pair in pairs if not _CAMPAIGN.fullmatch(pair[0])), errors="replace")
        return f"{host}{self.path.rstrip('/')}{query and '?'}{query}"

    @property
    def tells(self) -> bool:
        """A path of several parts or words names a page; what a shortener makes says nothing, and changes each time."""
        path = self.path.strip("/")
        return "/" in path or "-" in path or "_" in path

    @property
    def parts(self) -> list[str]:
        return WORD.findall(bare(self.path))


@lru_cache(maxsize=16_384)
def bare(text: str) -> str:
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


@lru_cache(maxsize=16_384)
def triples_of(word: str) -> tuple[str, ...]:
    """The letters of a word by threes, its edges included."""
    padded = f" {word} "
    return tuple(sys.intern(padded[start : start + 3]) for start in range(len(padded) - 2))


def numbers_in(body: str) -> Iterator[str]:
    for number in _NUMBER.findall(body) if _DIGIT.search(body) else ():
        yield _THOUSANDS.sub("", number).casefold().replace("h", ":").replace(",", ".")


def _mended(run: re.Match[str]) -> str:
    return " " if _GARBLED.search(run[0]) else run[0]


def _unaddressed(told: str) -> str:
    """Without those at its head whom a text is addressed to, when there is enough besides."""
    found = _ADDRESSEES.match(told) if "@" in told else None
    return told[found.end() :] if found and len(WORD.findall(told, found.end())) >= LONG_ENOUGH else told


@dataclass(frozen=True)
class _Words:
    all: list[str]
    heavy: list[str]
    light: list[str]
    names: frozenset[str]  # for certain
    maybe_names: frozenset[str]


def _read(body: str) -> _Words:
    """A capital tells nothing of a name where most words have it, and little where a sentence begins."""
    gap, *parts = _PARTS.split(body)
    heavy: list[str] = []
    light: list[str] = []
    tags, firsts, capitals = set(), set(), set()
    first, plain_inside, capital_inside = True, 0, 0
    for written, after in zip(parts[::2], parts[1::2], strict=True):
        plain, small, long, capital = _word(written)
        first = first or (gap != " " and _ENDS_SENTENCE.search(gap) is not None)
        tag = gap[-1:] == "#"
        (light if tag or small else heavy).append(plain)
        if tag:
            tags.add(plain)
        if first:
            if capital:
                firsts.add(plain)
        elif long and not tag:
            plain_inside += not small
            if capital:
                capital_inside += 1
                capitals.add(plain)
        first, gap = False, after
    firsts -= tags
    sure, maybe = (tags, firsts | capitals) if capital_inside * 2 > plain_inside else (tags | capitals, firsts)
    plains = [_word(written).plain for written in parts[::2]]
    return _Words(plains, heavy, light, frozenset(sure), frozenset(maybe))


class _Word(NamedTuple):
    plain: str
    small: bool
    long: bool
    capital: bool


@lru_cache(maxsize=16_384)
def _word(written: str) -> _Word:
    plain = bare(written)
    small, long = plain in SMALL, len(written) > 2
    return _Word(plain, small, long, long and not small and written[0].isupper())


def _counted(heavy: Iterable[str], light: Iterable[str]) -> Triples:
    full = Counter(chain.from_iterable(map(triples_of, heavy)))
    half = Counter(chain.from_iterable(map(triples_of, light)))
    twice = set(full)
    often = {triple: min(FULL * count, MOST_OF_ONE) - 2 for triple, count in full.items() if count > 1}
    for triple, count in half.items():
        together = FULL * full[triple] + HALF * count if triple in twice else HALF * count
        if together > 2:
            often[triple] = min(together, MOST_OF_ONE) - 2
    twice.update([triple for triple, count in half.items() if count > 1])
    any_ = frozenset(full.keys() | half.keys())
    return Triples(len(any_) + len(twice) + sum(often.values()), any_, frozenset(twice), often)


def _titles(body: str) -> Iterator[str]:
    """What stands in quotation marks, in one word."""
    for title in _QUOTED.findall(body) if _OPENS.search(body) else ():
        yield "".join(WORD.findall(bare("".join(title))))


def _link(written: str) -> Link:
    written = written.rstrip(".,;:!?)]}'’…")
    if plain := _PLAIN_LINK.fullmatch(written):
        return Link(plain[1], plain[2] or "")
    try:
        split = urlsplit(written if "://" in written else f"https://{written}")
    except ValueError:  # "http://[" is no address
        return Link("", written)
    return Link(split.netloc, split.path, split.query)


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query)
    except ValueError:  # more fields than anybody means
        return []
