"""What a post looks like to the date reader: folded, stripped of addresses, with the way back to the original."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

TAIL = r"(?:[/?#]\S{0,2000})?"
DOMAINS = "com|org|net|edu|gov|io|co|eu|fr|de|es|it|pt|nl|uk|be|ch|ca|us|info|app|dev|ly|me|tv|tech|social"
ADDRESS = re.compile(
    r"(?:https?:|www\.)\S{1,2000}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    rf"|(?<![\w.@-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{DOMAINS})(?![\w.]*\w){TAIL}"
    r"|(?<!\w)@[^\W\d]\w{0,60}",
    re.IGNORECASE,
)
DIGIT = re.compile(r"\d")
MARKED = re.compile(r"[.:@]\S")  # no address is without
HASHTAG = re.compile(r"#(\w{2,100})")
HUMP = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])|_|(?<=\d)(?=[A-Z])")
# Runs of spaces become one, and none is left at the beginning or the end of a line.
BLANK = re.compile(r"(?<=[ \n]) +|\A +| (?=\n)")
SAME = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("’‘ʼ´`′", "'")
    | dict.fromkeys("«»“”„", '"')
    | dict.fromkeys("\t\r\v\f\u2028\u0085", " ")
)
DROPPED = frozenset({"Mn", "Cf", "Cs"})
LONGEST = 100_000
KNOWN_LETTERS = 5_000
LIGATURE = 4  # letters that one sign may stand for; some stand for a whole sentence


@dataclass(frozen=True)
class Folded:
    """`text` is lower case, without accents, in compatibility form. Each of its letters knows where it stood."""

    text: str
    pieces: Sequence[str]  # what each letter of the original became, before runs of spaces were made one
    tags: tuple[tuple[int, int], ...] = ()

    @cached_property
    def origins(self) -> Sequence[int]:
        """Where the i-th letter stood; made when it is asked for, since most texts have no time in them."""
        stood = [index for index, piece in enumerate(self.pieces) for _ in piece]
        wide = "".join(self.pieces)
        if len(wide) != len(self.text):
            dropped = {place for run in BLANK.finditer(wide) for place in range(*run.span())}
            stood = [origin for place, origin in enumerate(stood) if place not in dropped]
        return [*stood, len(self.pieces)]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        return self.origins[start], max(self.origins[end], self.origins[end - 1] + 1)

    def in_tag(self, position: int) -> bool:
        origin = self.origins[position]
        index = bisect_right(self.tags, (origin, self.origins[-1]))
        return index > 0 and origin < self.tags[index - 1][1]


def fold(text: str) -> Folded:
    """Only the first 100,000 characters are read: no network takes more."""
    text = text[:LONGEST]
    pieces = list(text.translate(SAME).lower()) if text.isascii() else [LETTERS[letter] for letter in text]
    tags = _part_hashtags(text, pieces) if "#" in text else ()
    if MARKED.search(text):
        _blank_addresses(text, pieces)
    return Folded(BLANK.sub("", "".join(pieces)), pieces, tags)


def _blank_addresses(text: str, pieces: list[str]) -> None:
    for match in ADDRESS.finditer(text):
        start, end = match.span()
        pieces[start:end] = [" ", *[""] * (end - start - 1)]


def _part_hashtags(text: str, pieces: list[str]) -> tuple[tuple[int, int], ...]:
    """Spaces #BlackFriday2019 out, and returns where each hashtag begins and ends."""
    tags = []
    for match in HASHTAG.finditer(text):
        tags.append(match.span())
        for hump in HUMP.finditer(match[1]):
            index = match.start(1) + hump.start()
            pieces[index] = " " + pieces[index]
    return tuple(tags)


class _Letters(dict[str, str]):
    """Each letter's folded form, found once."""

    def __missing__(self, letter: str) -> str:
        if len(self) > KNOWN_LETTERS:
            self.clear()
        self[letter] = _fold_letter(letter)
        return self[letter]


LETTERS = _Letters()


def _fold_letter(letter: str) -> str:
    if letter in "\n…":
        return letter
    parts = unicodedata.normalize("NFKD", letter.translate(SAME))
    if len(parts) > LIGATURE:
        return " "
    kept = "".join(part for part in parts if unicodedata.category(part) not in DROPPED)
    return kept.translate(SAME).casefold()
