"""Reads a moment as people type it, in English and French: "15 Dec 10:00", "tomorrow 9am", "demain 9h", ISO."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notices.sentences import Sentence, say

LONGEST = 60  # characters; nobody needs more to say when
FURTHEST = 20  # years


@dataclass(frozen=True)
class Moment:
    """An instant in UTC; `note` says what a change of the clocks does to the time that was typed."""

    at: datetime
    note: Sentence | None = None


class NotATime(ValueError):
    """It cannot be read, does not exist or is past; `sentence` says which."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def read(text: str, now: datetime, zone: ZoneInfo, *, day_first: bool = True) -> Moment:
    """The moment to come that was typed, by the clock of `zone`. `day_first`: 5/12 is the fifth of December.

    A weekday is the next one, a day without its year the next such day, a time alone today's or tomorrow's.
    """
    plain = _plain(text)
    if len(plain) > LONGEST:
        raise _unclear()
    today = now.astimezone(zone)
    try:
        moment = _instant(plain) or _distance(plain, now) or on_the_clock(_local(plain, today, day_first), zone)
    except OverflowError:
        raise _unclear() from None
    if moment.at <= now - timedelta(minutes=1):
        raise NotATime(say("{when} is past. Choose a time to come.", when=moment.at))
    if moment.at.year > now.year + FURTHEST:
        raise NotATime(say("{when} is too far away.", when=moment.at))
    return moment


def on_the_clock(local: datetime, zone: ZoneInfo) -> Moment:
    """A naive time as the clocks of the zone show it; one that they skip moves on by the gap (RFC 5545, 3.3.5)."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    at = first.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local:
        skipped = say("The clocks go forward then and skip {typed}, so this means {when}.", typed=local.time(), when=at)
        return Moment(at, skipped)
    if first.utcoffset() != second.utcoffset():
        return Moment(
            at, say("The clocks go back then and show {typed} twice; this means the first.", typed=local.time())
        )
    return Moment(at)


_MONTHS = (
    ("january", "janvier"), ("february", "fevrier"), ("march", "mars"), ("april", "avril"), ("may", "mai"),
    ("june", "juin"), ("july", "juillet"), ("august", "aout"), ("september", "septembre"), ("october", "octobre"),
    ("november", "novembre"), ("december", "decembre"),
)  # fmt: skip
_WEEKDAYS = (
    ("monday", "lundi"), ("tuesday", "mardi"), ("wednesday", "mercredi"), ("thursday", "jeudi"),
    ("friday", "vendredi"), ("saturday", "samedi"), ("sunday", "dimanche"),
)  # fmt: skip
_NEAR = {
    "today": 0, "aujourd'hui": 0, "tomorrow": 1, "demain": 1, "day after tomorrow": 2, "apres-demain": 2,
    "apres demain": 2,
}  # fmt: skip
_FILLING = re.compile(r"\b(?:at|on|the|this|of|le|ce|de|a(?!\.))\b|,")
_CLOCK = re.compile(
    r"(?<![\d/.-])(?:(?P<word>noon|midi|midnight|minuit)"
    r"|(?P<hour>\d{1,2})(?:\s?h\s?(?P<past>\d{2})?|[:](?P<minute>\d{2})(?::\d{2})?)?\s?(?P<half>a\.?m\.?|p\.?m\.?)?)(?![\d/.-])(?=\s|$)"
)
_UNITS = {
    "minute": 1,
    "min": 1,
    "hour": 60,
    "heure": 60,
    "h": 60,
    "day": 1440,
    "jour": 1440,
    "week": 10080,
    "semaine": 10080,
}
_DISTANCE = re.compile(rf"(?:in|dans)\s+(\d{{1,4}})\s?({'|'.join(_UNITS)})s?")


def _plain(text: str) -> str:
    """Without case, accents and odd spaces."""
    letters = unicodedata.normalize("NFKD", text.strip().casefold().replace("’", "'"))
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).split())


def _instant(plain: str) -> Moment | None:
    """ISO with its own offset."""
    try:
        found = datetime.fromisoformat(plain.upper())
    except ValueError:
        return None
    return Moment(found.astimezone(UTC)) if found.tzinfo else None


def _distance(plain: str, now: datetime) -> Moment | None:
    found = _DISTANCE.fullmatch(plain)
    return Moment(now + timedelta(minutes=int(found[1]) * _UNITS[found[2]])) if found else None


def _local(plain: str, today: datetime, day_first: bool) -> datetime:
    if (iso := _iso(plain)) is not None:
        return iso
    words = " ".join(_FILLING.sub(" ", plain).split())
    clock, rest = _clock(words)
    if clock is None:
        raise (
            NotATime(say("At what time? Write for example “15 Dec 10:00”."))
            if _day(rest, today, day_first)
            else _unclear()
        )
    if not rest:
        later = datetime.combine(today.date(), clock)
        return later if later > today.replace(tzinfo=None) else later + timedelta(days=1)
    day = _day(rest, today, day_first)
    if day is None:
        raise _unclear()
    local = datetime.combine(day, clock)
    a_week_on = _DAYS.get(rest.rstrip(".")) is not None and local <= today.replace(tzinfo=None)
    return local + timedelta(days=7) if a_week_on else local


def _iso(plain: str) -> datetime | None:
    try:
        return datetime.fromisoformat(plain.upper()) if len(plain) > 10 else None
    except ValueError:
        return None


def _clock(words: str) -> tuple[time | None, str]:
    """The time of day and the words without it. A bare number is the hour only when nothing else can be."""
    for found in sorted(_CLOCK.finditer(words), key=_sureness, reverse=True):
        rest = " ".join((words[: found.start()] + words[found.end() :]).split())
        if _sureness(found) or rest in _NEAR or (len(rest) > 3 and rest in _DAYS):  # "mar 15" is in March
            return _time(found), rest
    return None, words


def _sureness(found: re.Match[str]) -> bool:
    return bool(found["word"] or found["minute"] or found["half"] or "h" in found[0])


def _time(found: re.Match[str]) -> time:
    if found["word"]:
        return time(12 if found["word"] in ("noon", "midi") else 0)
    hour, minute = int(found["hour"]), int(found["minute"] or found["past"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise _no_such_time(found[0])
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise _no_such_time(found[0]) from None


_NAMES = {
    name[:end]: month for month, both in enumerate(_MONTHS, 1) for name in both for end in range(3, len(name) + 1)
}
_NAMES |= {"jui": 0}  # juin or juillet
_DAYS = {name[:end]: day for day, both in enumerate(_WEEKDAYS) for name in both for end in range(3, len(name) + 1)}
_NAMED = re.compile(
    r"(?:(?P<weekday>[a-z]{3,})\.?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th|er)?\s+(?P<month>[a-z]+)\.?(?:\s+(?P<year>\d{4}))?"
)
_MONTH_FIRST = re.compile(
    r"(?:(?P<weekday>[a-z]{3,})\.?\s+)?(?P<month>[a-z]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s+(?P<year>\d{4}))?"
)
_NEXT = re.compile(r"^next | prochain$")
_NUMBERS = re.compile(r"(?P<one>\d{1,2})[/.](?P<two>\d{1,2})(?:[/.](?P<year>\d{4})?)?")
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")


def _day(words: str, today: datetime, day_first: bool) -> date | None:
    if words in _NEAR:
        return today.date() + timedelta(days=_NEAR[words])
    if found := _ISO_DAY.fullmatch(words):
        return _date(int(found["year"]), int(found["month"]), int(found["day"]), words)
    if found := _NUMBERS.fullmatch(words):
        day, month = (found["one"], found["two"]) if day_first else (found["two"], found["one"])
        return _to_come(found["year"], int(month), int(day), today, words)
    return _weekday(words, today) or _named(words, today)


def _weekday(words: str, today: datetime) -> date | None:
    if (day := _DAYS.get(words.rstrip("."))) is not None:
        return today.date() + timedelta(days=(day - today.weekday()) % 7)
    if (day := _DAYS.get(_NEXT.sub("", words))) is not None:
        return today.date() + timedelta(days=(day - today.weekday() - 1) % 7 + 1)
    return None


def _named(words: str, today: datetime) -> date | None:
    found = _NAMED.fullmatch(words) or _MONTH_FIRST.fullmatch(words)
    month = _NAMES.get(found["month"]) if found else None
    if not found or not month or (found["weekday"] and found["weekday"] not in _DAYS):
        return None
    day = _to_come(found["year"], month, int(found["day"]), today, words)
    if found["weekday"] and _DAYS[found["weekday"]] != day.weekday():
        raise NotATime(say("{day} is another day of the week than you wrote.", day=day))
    return day


def _to_come(year: str | None, month: int, day: int, today: datetime, words: str) -> date:
    if year:
        return _date(int(year), month, day, words)
    # 29 February comes every eighth year at the rarest.
    for later in range(9):
        try:
            found = date(today.year + later, month, day)
        except ValueError:
            continue
        if found >= today.date():
            return found
    raise _no_such_day(words)


def _date(year: int, month: int, day: int, words: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_such_day(words) from None


def _unclear() -> NotATime:
    return NotATime(say("This is not a time that can be read. Write for example “15 Dec 10:00” or “tomorrow 9:00”."))


def _no_such_day(words: str) -> NotATime:
    return NotATime(say("There is no such day: {words}.", words=words))


def _no_such_time(words: str) -> NotATime:
    return NotATime(say("There is no such time of day: {words}.", words=words.strip()))
