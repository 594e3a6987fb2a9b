"""How long a text is, in the ways in which networks count."""

import unicodedata

import regex

_GRAPHEME = regex.compile(r"\X")


def code_points(text: str) -> int:
    """Code points after NFC, so that "é" counts one however it was typed."""
    return len(unicodedata.normalize("NFC", text))


def utf16_units(text: str) -> int:
    """UTF-16 code units, as JavaScript and Telegram count: an emoji is two or more."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def graphemes(text: str) -> int:
    """What a reader takes for one character (UAX 29): a family of four is one, and so is CR LF."""
    return sum(1 for _ in _GRAPHEME.finditer(text))
