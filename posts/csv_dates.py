"""Dates and times as people and spreadsheets write them, in English and French."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from notices.sentences import Sentence, say

_MONTHS: Final = (
    ("january", "janvier"), ("february", "fevrier"), ("march", "mars"), ("april", "avril"), ("may", "mai"),
    ("june", "juin"), ("july", "juillet"), ("august", "aout"), ("september", "septembre"), ("october", "octobre"),
    ("november", "novembre"), ("december", "decembre"),
)  # fmt: skip
_YEAR_FIRST: Final = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_NUMBERS: Final = re.compile(r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})(?!\d)")
_DAY_NAMED: Final = re.compile(
    r"(?:[a-z]+\.?,? )?(?P<day>\d{1,2})(?:st|nd|rd|th|er)? (?P<name>[a-z]{3,9})\.?,? (?P<year>\d{4})"
)
_NAME_FIRST: Final = re.compile(
    r"(?:[a-z]+, )?(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})"
)
_TIME: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:(?::|h|\.)(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,6})?)?| ?h)?"
    r" ?(?P<half>[ap]\.?m\.?)? ?(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?"
)
_SERIAL: Final = re.compile(r"\d{5}(?:[.,]\d+)?")


class Unclear(Exception):
    """This is no date that can be relied on; `sentence` says what to do about it."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


@dataclass(frozen=True)
class Written:
    """A date as written: naive means on the wall clock of the workspace. `timed`: a time of day was written too."""

    at: datetime
    timed: bool


def written(text: str, day_first: bool | None) -> Written:
    """`day_first` decides 03/04: 3 April or (False) 4 March; None: not known. Raises Unclear."""
    told = _plain(text)
    if _SERIAL.fullmatch(told):
        raise Unclear(
            say(
                "“{written}” is a date as Excel counts it inside. Format the cells as dates and save again.",
                written=text,
            )
        )
    for pattern in (_YEAR_FIRST, _NUMBERS, _DAY_NAMED, _NAME_FIRST):
        if found := pattern.match(told):
            rest = re.sub(r"^[ t,]*(?:at |a |- )?", "", told[found.end() :])
            try:
                return _with_time(_day(found, day_first, text), rest, text)
            except ValueError:
                raise Unclear(say("“{written}” is not a date that exists.", written=text)) from None
    raise Unclear(_unknown(text))


def order_of(texts: Iterable[str]) -> bool | None:
    """Whether these dates name the day first, as far as one of them can only be read in one way."""
    found = [match for text in texts if (match := _NUMBERS.match(_plain(text))) and match["sign"] != "."]
    day_first = any(int(match["one"]) > 12 for match in found)
    month_first = any(int(match["two"]) > 12 for match in found)
    return day_first if day_first != month_first else None


def _plain(text: str) -> str:
    told = unicodedata.normalize("NFKD", text.strip().casefold())
    return " ".join("".join(sign for sign in told if not unicodedata.combining(sign)).split())


def _day(found: re.Match[str], day_first: bool | None, text: str) -> datetime:
    parts = found.groupdict()
    if "name" in parts:
        return datetime(int(parts["year"]), _month(parts["name"], text), int(parts["day"]))  # noqa: DTZ001
    if "one" not in parts:
        return datetime(int(parts["year"]), int(parts["month"]), int(parts["day"]))  # noqa: DTZ001
    one, two = int(parts["one"]), int(parts["two"])
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if parts["sign"] == "." or one > 12 or one == two:
        day_first = True
    elif two > 12:
        day_first = False
    if day_first is None:
        raise Unclear(_two_ways(text, year, one, two))
    day, month = (one, two) if day_first else (two, one)
    return datetime(year, month, day)  # noqa: DTZ001


def _two_ways(text: str, year: int, one: int, two: int) -> Sentence:
    return say(
        "“{written}” may mean {day_first} or {month_first}. Say above which comes first, the day or the month.",
        written=text,
        day_first=datetime(year, two, one).date(),  # noqa: DTZ001
        month_first=datetime(year, one, two).date(),  # noqa: DTZ001
    )


def _month(name: str, text: str) -> int:
    found = [place for place, names in enumerate(_MONTHS, 1) if any(full.startswith(name) for full in names)]
    if len(found) != 1:
        raise Unclear(_unknown(text))
    return found[0]


def _with_time(day: datetime, rest: str, text: str) -> Written:
    if not rest:
        return Written(day, timed=False)
    found = _TIME.fullmatch(rest)
    if not found or not (found["minute"] or found["half"] or "h" in rest):
        raise Unclear(_unknown(text))
    hour, half = int(found["hour"]), found["half"]
    if half and not 1 <= hour <= 12:
        raise ValueError
    if half:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    at = day.replace(hour=hour, minute=int(found["minute"] or 0), second=int(found["second"] or 0))
    return Written(at.replace(tzinfo=_zone(found["zone"])) if found["zone"] else at, timed=True)


def _zone(name: str) -> timezone:
    if name in {"z", "utc", "gmt"}:
        return UTC
    digits = name[1:].replace(":", "").ljust(4, "0")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-away if name[0] == "-" else away)


def _unknown(text: str) -> Sentence:
    return say("“{written}” cannot be read as a date. Write it like 2026-12-31 09:30.", written=text[:60])
