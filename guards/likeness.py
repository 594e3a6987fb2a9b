"""How alike two posts are, from 0 to 1: the same words count for, another name, number or day in their place against.

What two texts share is measured in letter triples, so that a typo or an ending changes little. What one says
beyond the other weighs less than what each says in the other's stead (Tversky's index): a text that was cut
short is still that text. Posts made from one template share nearly all their words and differ in the message:
for each kind of slot that they fill differently, a quarter is taken off.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from guards.common_words import DAYS, SMALL

SAME = 0.85  # from here on a reader would call them the same post
RELATED = 0.60  # from here on a person had better look at both
SAME_LINK = 0.15  # less is enough when both lead to the same page
TWIN = 0.95  # an edit that changes nothing
FEW = 2  # letters, in one place: a typo, however short the text

SLOT = 0.25
# A capital where every word has one may be a name or not: enough to ask a person, not to rule a copy out.
MAYBE_NAME = 0.15
# What one text has more counts half as much as what both have instead of each other.
IN_STEAD, BESIDES = 2 / 3, 1 / 3
FULL, HALF = 2, 1  # weights of a triple; half: small words, hashtags, the path of a link
MOST_OF_ONE = 8
LONG_ENOUGH = 8  # words that say the same to whoever they are addressed
STEM = 5
SIGNATURE = 2048

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"“”«»]+", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@])@\w+(?:[.@-]\w+)*")
_ADDRESSEES = re.compile(rf"\s*\.?(?:{_MENTION.pattern}[\s,:]*)+")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?<![^\W\d])v?(\d+(?:[.,:/h]\d+)*)", re.IGNORECASE)
_THOUSANDS = re.compile(r"[,.](?=\d{3}(?!\d))")
_ENDS_SENTENCE = re.compile(r"[.!?…:\n•→–—\"“«(\[|]")
_QUOTED = re.compile(r"[“\"«]([^“”\"«»\n]{3,80})[”\"»]|(?<!\w)[‘']([^‘’'\n]{3,80})[’'](?!\w)")
# What a letter or sign becomes in a file that was read in the wrong encoding, perhaps twice: "â€™", "Ã©".
_FOREIGN = re.compile(r"[\x80-\xff€‚-™Œ-œŠšŸŽžƒˆ˜]{2,}")
_GARBLED = re.compile(r"[\x80-\x9f]|[ÂÃâÌÛ][^\w\s]")
_CAMPAIGN = re.compile(r"utm_\w+|mc_\w+|fbclid|gclid|igshid|ref|ref_src|si", re.IGNORECASE)


@dataclass(frozen=True)
class Prepared:
    """One text made ready for many comparisons."""

    plain: str  # all that is said, without case, accents, signs and campaign tags; equal: the same text
    triples: frozenset[str]  # each with a running number, so that what two share is one intersection
    outline: Outline
    words: frozenset[str]
    run: str  # the words without spaces
    mentions: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    maybe_names: frozenset[str]
    pages: frozenset[str]  # the links that say by themselves where they lead


@dataclass(frozen=True)
class Outline:
    """The little that is enough to see that most texts have nothing in common."""

    plain: int  # a hash
    size: int
    signature: int  # a bit for each triple
    bits: int
    links: frozenset[str]


@lru_cache(maxsize=2048)
def prepared(text: str) -> Prepared:
    return _prepare(text)


@lru_cache(maxsize=32_768)
def outline(text: str) -> Outline:
    """Small enough to be kept for all that a workspace's channels have said lately."""
    return prepared(text).outline


def similarity(one: Prepared, other: Prepared) -> float:
    """0: nothing in common; 1: the same text. Symmetric."""
    if one.plain == other.plain:
        return 1.0
    alike = _index(len(one.triples & other.triples), one.outline.size, other.outline.size)
    slots = _facts_differ(one, other) + _differ(one, other, "names")
    maybe = _differ(one, other, "maybe_names")
    return min(max(alike - SLOT * slots - MAYBE_NAME * maybe, 0.0), 0.99)


def at_most(one: Outline, other: Outline) -> float:
    """The similarity is not above this, and this costs a twentieth of it.

    A bit that only one of the two has stands for a triple, at least, that they do not share.
    """
    if one.plain == other.plain:
        return 1.0
    common = (one.signature & other.signature).bit_count()
    return _index(min(one.size - one.bits, other.size - other.bits) + common if common else 0, one.size, other.size)


def worth_a_look(one: Prepared, other: Prepared, related: float = RELATED) -> bool:
    """Would a person want to see the two side by side?"""
    return similarity(one, other) >= least(one.outline, other.outline, related)


def twins(one: Prepared, other: Prepared) -> bool:
    """Is one the other, edited: a typo mended, a sign put right?"""
    if similarity(one, other) >= TWIN:
        return True
    longer = max(len(one.plain), len(other.plain))
    return not _facts_differ(one, other) and _changed(one.plain, other.plain) <= max(FEW, (1 - TWIN) * longer)


def least(one: Outline, other: Outline, related: float = RELATED) -> float:
    """The similarity from which on two posts are worth a look: less for two that lead to the same page."""
    return related - SAME_LINK if one.links & other.links else related


def _index(shared: int, one: int, other: int) -> float:
    """Tversky's index, symmetric as Jimenez, Becerra and Gelbukh (2013) have it."""
    if not shared:
        return 0.0
    fewer, more = sorted((one - shared, other - shared))
    return shared / (shared + IN_STEAD * fewer + BESIDES * more)


def _facts_differ(one: Prepared, other: Prepared) -> int:
    """How many of these each side has otherwise than the other: whom, how many or when, and which page."""
    mentions = bool(one.mentions - other.mentions) and bool(other.mentions - one.mentions)
    numbers = bool(one.numbers - other.numbers) and bool(other.numbers - one.numbers)
    pages = bool(one.pages) and bool(other.pages) and not one.outline.links & other.outline.links
    return mentions + numbers + pages


def _differ(one: Prepared, other: Prepared, names: str) -> bool:
    return _lacks(other, getattr(one, names)) and _lacks(one, getattr(other, names))


def _lacks(text: Prepared, names: frozenset[str]) -> bool:
    """Is one of the names not in the text, in whatever form or spelling?"""
    missing = [name for name in names - text.words if name not in text.run]
    return any(len(name) < STEM or not any(word[:STEM] == name[:STEM] for word in text.words) for name in missing)


def _changed(one: str, other: str) -> int:
    """The letters between the first and the last that are not the same."""
    start = _same_at_start(one, other)
    end = _same_at_start(one[start:][::-1], other[start:][::-1])
    return max(len(one), len(other)) - start - end


def _same_at_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _prepare(text: str) -> Prepared:
    told = unicodedata.normalize("NFKC", _FOREIGN.sub(_mended, text))
    links = [_split(found) for found in _LINK.findall(told)]
    told = _LINK.sub(" ", told)
    addressees = _ADDRESSEES.match(told)
    if addressees and len(_WORD.findall(told, addressees.end())) >= LONG_ENOUGH:
        told = told[addressees.end() :]
    mentions = frozenset(map(_bare, _MENTION.findall(told)))
    body = _MENTION.sub(" ", told)
    words = list(_words(body))
    names, maybe_names = _names(words)
    names |= frozenset("".join(_WORD.findall(_bare("".join(title)))) for title in _QUOTED.findall(body))
    pages = [link for link in links if _tells(link)]
    parts = [(word.plain, HALF if word.tag or word.plain in SMALL else FULL) for word in words]
    parts += [(mention[1:], FULL) for mention in mentions]
    parts += [(part, HALF) for link in pages for part in _WORD.findall(_bare(link.path))]
    triples = frozenset(_triples(parts))
    canonical = frozenset(map(_canonical, links))
    plain = " ".join([word.plain for word in words] + sorted(mentions) + sorted(canonical)) or text.strip()
    return Prepared(
        plain=plain,
        triples=triples,
        outline=_outline(plain, triples, canonical),
        words=frozenset(word.plain for word in words),
        run="".join(word.plain for word in words),
        mentions=mentions,
        numbers=frozenset(_numbers(body)) | {word.plain for word in words if word.plain in DAYS},
        names=names,
        maybe_names=maybe_names,
        pages=frozenset(map(_canonical, pages)),
    )


def _mended(run: re.Match[str]) -> str:
    return " " if _GARBLED.search(run[0]) else run[0]


@dataclass(frozen=True)
class _Word:
    written: str
    plain: str
    tag: bool
    first: bool  # in its sentence

    @property
    def capital(self) -> bool:
        return self.written[0].isupper() and len(self.written) > 2 and self.plain not in SMALL


def _words(body: str) -> Iterator[_Word]:
    end, first = 0, True
    for found in _WORD.finditer(body):
        gap = body[end : found.start()]
        first = first or bool(_ENDS_SENTENCE.search(gap))
        yield _Word(found[0], _bare(found[0]), gap.endswith("#"), first)
        end, first = found.end(), False


def _names(words: list[_Word]) -> tuple[frozenset[str], frozenset[str]]:
    """What is a name for certain, and what may be one: a capital tells nothing where most words have it."""
    inside = [word for word in words if not word.first and not word.tag and len(word.written) > 2]
    capitals = frozenset(word.plain for word in inside if word.capital)
    tags = frozenset(word.plain for word in words if word.tag)
    firsts = frozenset(word.plain for word in words if word.first and word.capital) - tags
    headline = sum(word.capital for word in inside) * 2 > len([word for word in inside if word.plain not in SMALL])
    return (tags, firsts | capitals) if headline else (tags | capitals, firsts)


def _numbers(body: str) -> Iterator[str]:
    for number in _NUMBER.findall(body):
        yield _THOUSANDS.sub("", number).casefold().replace("h", ":").replace(",", ".")


def _triples(parts: list[tuple[str, int]]) -> Iterator[str]:
    counted: Counter[str] = Counter()
    for word, weight in parts:
        padded = f" {word} "
        for start in range(len(padded) - 2):
            counted[padded[start : start + 3]] += weight
    for triple, count in counted.items():
        for number in range(min(count, MOST_OF_ONE)):
            yield f"{triple}{number}"


def _outline(plain: str, triples: frozenset[str], links: frozenset[str]) -> Outline:
    bits = bytearray(SIGNATURE // 8)
    for triple in triples:
        place = hash(triple) % SIGNATURE
        bits[place >> 3] |= 1 << (place & 7)
    signature = int.from_bytes(bits, "little")
    return Outline(hash(plain), len(triples), signature, signature.bit_count(), links)


def _split(link: str) -> SplitResult:
    link = link.rstrip(".,;:!?)]}'’…")
    try:
        return urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:  # "http://[" is no address
        return SplitResult("", "", link, "", "")


def _canonical(link: SplitResult) -> str:
    host = link.netloc.casefold().removeprefix("www.")
    query = urlencode(sorted(pair for pair in _query(link) if not _CAMPAIGN.fullmatch(pair[0])), errors="replace")
    return f"{host}{link.path.rstrip('/')}{query and '?'}{query}"


def _query(link: SplitResult) -> list[tuple[str, str]]:
    try:
        return parse_qsl(link.query)
    except ValueError:  # more fields than anybody means
        return []


def _tells(link: SplitResult) -> bool:
    """A path of several parts or words names a page; what a shortener makes says nothing, and changes each time."""
    path = link.path.strip("/")
    return "/" in path or "-" in path or "_" in path


@lru_cache(maxsize=16_384)
def _bare(text: str) -> str:
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
