"""From the bytes of a file to its text: UTF-8, or a sentence that says what the file is instead."""

from __future__ import annotations

import codecs
from typing import Final

from notices.sentences import Sentence, say

LARGEST: Final = 10 * 2**20
MEGABYTE: Final = 2**20
_NOT_TEXT: Final = {
    b"PK\x03\x04": say("a workbook (Excel, LibreOffice) or a ZIP archive"),
    b"PK\x05\x06": say("an empty ZIP archive"),
    b"\xd0\xcf\x11\xe0": say("an old Excel workbook"),
    b"%PDF": say("a PDF document"),
    b"\x1f\x8b": say("a compressed archive"),
    b"\x89PNG": say("an image"),
    b"\xff\xd8\xff": say("an image"),
    b"GIF8": say("an image"),
    b"{\\rtf": say("a text document with formatting (RTF)"),
    b"<!DOCTYPE": say("a web page: perhaps the download asked to sign in first"),
    b"<html": say("a web page: perhaps the download asked to sign in first"),
}
_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF_32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# In these places Windows-1252 has signs that are rare inside words, and Mac OS Roman has é, è, à, ç.
_MAC_LETTERS: Final = frozenset(b"\x87\x88\x89\x8a\x8d\x8e\x8f\x90\x94\x9d\x9e")


class Unreadable(Exception):
    """The whole file is refused; `sentence` says why, and how to save it so that it can be read."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def decoded(data: bytes) -> str:
    """The text of the file, without its byte order mark. Raises Unreadable; no encoding is ever guessed silently."""
    _refuse_by_look(data)
    encoding = next((name for mark, name in _UTF_16.items() if data.startswith(mark)), "utf-8-sig")
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Unreadable(_broken(data, error.start, encoding)) from None
    if "\0" in text:
        raise Unreadable(_with_nul(data))
    if not text.strip():
        raise Unreadable(say("This file is empty."))
    return text


def _refuse_by_look(data: bytes) -> None:
    if len(data) > LARGEST:
        raise Unreadable(too_large(len(data)))
    if data.startswith(_UTF_32):
        raise Unreadable(say("This file is UTF-32, which hardly any program reads. {how}", how=_HOW))
    for mark, what in _NOT_TEXT.items():
        if data[: len(mark)].lower() == mark.lower():
            raise Unreadable(say("This is not a CSV file but {what}. {how}", what=what, how=_HOW))


def too_large(size: int) -> Sentence:
    return say(
        "This file has {size} MB; {largest} MB is the most that is read at once. Split it into several files.",
        size=-(-size // MEGABYTE),
        largest=LARGEST // MEGABYTE,
    )


def _broken(data: bytes, place: int, encoding: str) -> Sentence:
    if encoding != "utf-8-sig":
        return say("This file says that it is UTF-16 but breaks off inside a character. {how}", how=_HOW)
    line = data.count(b"\n", 0, place) + 1
    if _mostly_utf_8(data):
        return say("Line {line} of this file holds a broken character; the rest is UTF-8. {how}", line=line, how=_HOW)
    return say("This file is not UTF-8: it looks like {encoding}. {how}", encoding=_likely(data), how=_HOW)


def _mostly_utf_8(data: bytes) -> bool:
    read = data.decode("utf-8", "replace")
    broken = read.count("\ufffd")
    return sum(sign > "\x7f" for sign in read) - broken > 3 * broken


def _likely(data: bytes) -> str:
    mac = sum(byte in _MAC_LETTERS for byte in data)
    western = sum(byte >= 0xC0 for byte in data)
    return "Mac OS Roman" if mac > western else "Windows-1252 (Western European)"


def _with_nul(data: bytes) -> Sentence:
    if data.count(b"\0") > len(data) // 4:
        return say("This file looks like UTF-16 without the mark that says so. {how}", how=_HOW)
    return say(
        "Line {line} of this file holds a NUL, a sign that no text may hold: the file is damaged. {how}",
        line=data.count(b"\n", 0, data.index(b"\0")) + 1,
        how=_HOW,
    )


_HOW: Final = say(
    "In Excel save it as “CSV UTF-8 (comma delimited)”; in LibreOffice as “Text CSV” with the character set UTF-8; "
    "in Google Sheets download it as CSV. Nothing was read."
)
