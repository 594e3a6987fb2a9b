"""How long a text is, in the ways in which networks count."""

import unicodedata

import regex

_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3")


def code_points(text: str) -> int:
    """Code points after NFC, so that "é" counts one however it was typed."""
    return len(unicodedata.normalize("NFC", text))


def utf16_units(text: str) -> int:
    """UTF-16 code units, as JavaScript and Telegram count: an emoji is two or more."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def graphemes(text: str) -> int:
    """What a reader takes for one character (UAX 29): a family of four is one, and so is CR LF."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def emoji_as_bytes(text: str) -> int:
    """Code points as `code_points`, but an emoji takes as much as it has UTF-8 bytes, as Threads counts."""
    whole = unicodedata.normalize("NFC", text)
    found = (one[0] for one in _GRAPHEME.finditer(whole))
    return sum(len(one.encode("utf-8", "surrogatepass")) if _EMOJI.search(one) else len(one) for one in found)
