"""Reads a file of posts: bytes in, lines with named cells out, or one clear sentence. Nothing is saved here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from notices.sentences import Sentence, say
from posts.csv_bytes import MEGABYTE, Unreadable, decoded
from posts.csv_columns import fields, meaning
from posts.csv_dates import Unclear, order_of, written

# Every line is judged on every date that it would go out, while a person waits: some seconds for this many.
MOST_LINES: Final = 2_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_NONE: Final = "\x1f"  # what a file of one column is split by: a sign that no text holds
_POSITIONS: Final = ("date", "text", "link")


@dataclass(frozen=True)
class Line:
    """One line of the file. `number` counts from the header, which is line 1, as a spreadsheet does."""

    number: int
    cells: dict[str, str]  # by field, byte for byte; blank cells are left out
    problem: Sentence | None = None


@dataclass(frozen=True)
class Sheet:
    """A file that could be read. `day_first`: what its own dates prove about 03/04 (None: nothing)."""

    columns: dict[str, str]  # field → the header as written; empty for a file without a header
    unknown: tuple[str, ...]  # headers that mean nothing here: their cells are not imported
    lines: tuple[Line, ...]
    day_first: bool | None


def read(data: bytes) -> Sheet:
    """Raises Unreadable. Holds at most MOST_LINES lines in memory, whatever the file has."""
    # The limit of Python's reader belongs to the whole process, so it is the same for everybody.
    csv.field_size_limit(MEGABYTE)
    text = decoded(data)
    text, delimiter = _delimiter(text)
    try:
        records = _records(text, delimiter)
        first = next(records)[1]
        if _positional(first):
            return _sheet(list(_POSITIONS), [], _records(text, delimiter))
        return _sheet(fields(first), first, records)
    except csv.Error as error:
        raise Unreadable(_unparsable(error)) from None


def _delimiter(text: str) -> tuple[str, str]:
    """The text and what parts its cells: Excel's own “sep=” line, or whichever makes the most known columns."""
    if text[:4].lower() == "sep=" and text[5:6] in {"\r", "\n"}:
        return text[5:].lstrip("\r\n"), text[4]
    best = max(_DELIMITERS, key=lambda delimiter: _score(text, delimiter))
    return text, best if _score(text, best)[1] > 1 else _NONE


def _score(text: str, delimiter: str) -> tuple[int, int]:
    try:
        header = next(_records(text, delimiter))[1]
    except (csv.Error, StopIteration):
        return 0, 0
    known = 3 if _positional(header) else len({meaning(cell) for cell in header} - {""})
    return known, len(header)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with its number. A quote that is never closed raises, and swallows nothing."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, record in enumerate(reader, 1):
        if any(cell.strip() for cell in record):
            yield number, record


def _positional(record: Sequence[str]) -> bool:
    """No header at all, but date, message and link in this order: Hootsuite's file."""
    if not 2 <= len(record) <= len(_POSITIONS) or any(map(meaning, record)):
        return False
    try:
        return bool(written(record[0], day_first=True))
    except Unclear:
        return order_of([record[0]]) is False


def _sheet(found: list[str], headers: Sequence[str], records: Iterator[tuple[int, list[str]]]) -> Sheet:
    lines = tuple(_line(number, record, found) for number, record in islice(records, MOST_LINES))
    more = sum(1 for _ in records)
    if more:
        raise Unreadable(_too_many(len(lines) + more))
    if not lines:
        raise Unreadable(say("This file has a header and no posts below it."))
    named = [(field, header.strip()) for field, header in zip(found, headers, strict=False)]
    return Sheet(
        columns={field: header for field, header in named if field},
        unknown=tuple(header for field, header in named if not field and header),
        lines=lines,
        day_first=order_of(_dates(lines)),
    )


def _line(number: int, record: list[str], found: Sequence[str]) -> Line:
    if any(cell.strip() for cell in record[len(found) :]):
        return Line(number, _cells(found, record), _ragged(len(record), len(found)))
    return Line(number, _cells(found, record))


def _cells(found: Sequence[str], record: Iterable[str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for field, cell in zip(found, record, strict=False):
        if field and cell.strip():
            cells[field] = f"{cells[field]}\n{cell}" if field in cells else cell
    return cells


def _dates(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        for field in ("date", "expires", "until"):
            if field in line.cells:
                yield line.cells[field]


def _ragged(cells: int, columns: int) -> Sentence:
    return say(
        "This line has {cells} cells, the header {columns}. A text with the separator in it needs quotes around it.",
        cells=cells,
        columns=columns,
    )


def _too_many(count: int) -> Sentence:
    return say(
        "This file has {count} posts; {most} is the most that is checked at once. Split it into several files.",
        count=count,
        most=MOST_LINES,
    )


def _unparsable(error: csv.Error) -> Sentence:
    if "field larger" in str(error):
        return say("One cell of this file is larger than 1 MB: that is no post. Look for a quote that is never closed.")
    return say(
        "The quotes in this file do not match: one is opened and never closed, or stands inside a text without being "
        "doubled. Save the file from a spreadsheet program again; it sets them right."
    )
