"""What a post looks like to the date reader: folded, stripped of addresses, with the way back to the original."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

TAIL = r"(?:[/?#]\S{0,2000})?"
DOMAINS = "com|org|net|edu|gov|io|co|eu|fr|de|es|it|pt|nl|uk|be|ch|ca|us|info|app|dev|ly|me|tv|tech|social"
ADDRESS = re.compile(
    r"(?:https?:|www\.)\S{1,2000}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    rf"|(?<![\w.@-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{DOMAINS})(?![\w.]*\w){TAIL}"
    r"|(?<!\w)@[^\W\d]\w{0,60}",
    re.IGNORECASE,
)
HASHTAG = re.compile(r"#(\w{2,100})")
HUMP = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])|_|(?<=\d)(?=[A-Z])")
SAME = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("’‘ʼ´`′", "'")
    | dict.fromkeys("«»“”„", '"')
    | dict.fromkeys("\t\r\v\f\u2028", " ")
)
DROPPED = frozenset({"Mn", "Cf", "Cs"})
LONGEST = 100_000


@dataclass(frozen=True)
class Folded:
    """`text` is lower case, without accents, in compatibility form; `origins[i]` is where its i-th letter stood."""

    text: str
    origins: Sequence[int]
    tags: tuple[tuple[int, int], ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        return self.origins[start], max(self.origins[end], self.origins[end - 1] + 1)

    def in_tag(self, position: int) -> bool:
        return any(start <= position < end for start, end in self.tags)


def fold(text: str) -> Folded:
    """Only the first 100,000 characters are read: no network takes more."""
    text = text[:LONGEST]
    blanked = ADDRESS.sub(lambda match: " " * len(match[0]), text) if _may_hold_address(text) else text
    gaps, tags = _hashtags(blanked) if "#" in blanked else (frozenset[int](), [])
    letters: list[str] = []
    origins: list[int] = []
    places: dict[int, int] = {}
    edges = {edge for tag in tags for edge in tag}
    last = "\n"
    for index, char in enumerate(blanked):
        if index in gaps and last != " ":
            letters.append(" ")
            origins.append(index)
            last = " "
        if index in edges:
            places[index] = len(letters)
        for letter in _fold_letter(char):
            if letter == " " and last in " \n":
                continue
            letters.append(letter)
            origins.append(index)
            last = letter
    origins.append(len(text))
    size = len(letters)
    spots = tuple((places[start], places.get(end, size)) for start, end in tags)
    return Folded("".join(letters), origins, spots)


def _may_hold_address(text: str) -> bool:
    return "@" in text or "." in text or "://" in text


def _hashtags(text: str) -> tuple[frozenset[int], list[tuple[int, int]]]:
    """Where a space belongs in #BlackFriday2019, and where each hashtag begins and ends."""
    gaps: set[int] = set()
    tags: list[tuple[int, int]] = []
    for match in HASHTAG.finditer(text):
        tags.append(match.span())
        gaps.update(match.start(1) + hump.start() for hump in HUMP.finditer(match[1]))
    return frozenset(gaps), tags


@lru_cache(maxsize=4096)
def _fold_letter(char: str) -> str:
    if char == "\n":
        return char
    kept = (part for part in unicodedata.normalize("NFKD", char.translate(SAME)) if _is_kept(part))
    return "".join(kept).translate(SAME).casefold()


def _is_kept(part: str) -> bool:
    return unicodedata.category(part) not in DROPPED
