"""What the cells of one line mean: text, times, channels by name, rule; and a sentence for each that is unclear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from notices.sentences import Sentence, say
from posts.csv_dates import Unclear, written

MORNING: Final = time(9)
DAY_END: Final = time(23, 59)
_UNITS: Final = (
    ("day", 1, ("d", "day", "days", "daily", "j", "jour", "jours", "quotidien", "quotidienne")),
    ("week", 1, ("w", "week", "weeks", "weekly", "semaine", "semaines", "hebdomadaire")),
    ("month", 1, ("m", "month", "months", "monthly", "mois", "mensuel", "mensuelle")),
    ("month", 12, ("y", "year", "years", "yearly", "an", "ans", "annee", "année", "années", "annuel")),
)
_LANGUAGES: Final = {
    "english": "en", "anglais": "en", "french": "fr", "français": "fr", "francais": "fr", "german": "de",
    "allemand": "de", "deutsch": "de", "spanish": "es", "espagnol": "es", "español": "es", "italian": "it",
    "italien": "it", "italiano": "it", "portuguese": "pt", "portugais": "pt", "dutch": "nl", "néerlandais": "nl",
}  # fmt: skip
_FOR_EVER: Final = re.compile(
    r"for ?ever|endless|never|no (?:end|limit)|unlimited|infinit\w*|sans (?:fin|limite)|illimité\w*|toujours|jamais|∞",
    re.I,
)
_COUNT: Final = re.compile(r"(\d+)\s*(?:x\b|times?\b|fois\b|repeats?\b|répétitions?\b|×)", re.I)
_EVERY: Final = re.compile(r"(\d+)?\s*([^\W\d]+)\b")
_NOTHING: Final = frozenset({"no", "non", "none", "never", "0", "false", "off", "aucun", "aucune", "-"})
_DAMAGED: Final = re.compile("�|Ã[©¨ª§´¹»¢®¯ ]|â€[™œ“”¦]")


@dataclass
class Values:
    """A line as understood. Naive times are on the workspace's clock. With `problems`, it is not imported."""

    text: str = ""
    at: datetime | None = None
    expires: datetime | None = None
    channels: tuple[str, ...] = ()
    language: str = ""
    category: str = ""
    interval: int | None = None
    unit: str = "day"
    repeats: int | None = None
    until: date | None = None
    repeating: bool = False  # the line itself says that it repeats, be it without an end
    problems: list[Sentence] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)


def values(cells: Mapping[str, str], day_first: bool | None) -> Values:
    found = Values()
    _text(found, cells)
    _times(found, cells, day_first)
    _rule(found, cells, day_first)
    _media(found, cells.get("media", ""))
    names = re.split(r"[,;|\n]", cells.get("channels", ""))
    found.channels = tuple(name.strip() for name in names if name.strip())
    found.category = cells.get("category", "").strip()
    _language(found, cells.get("language", "").strip())
    return found


def _text(found: Values, cells: Mapping[str, str]) -> None:
    text, link = cells.get("text", ""), cells.get("link", "").strip()
    if link and not re.match(r"https?://\S+$", link):
        found.problems.append(
            say("“{link}” is not a web address: it must begin with http:// or https://.", link=link[:80])
        )
    elif link and link not in text:
        text = f"{text}\n{link}" if text.strip() else link
    found.text = text
    if damage := _DAMAGED.search(text):
        found.problems.append(
            say(
                "“{sign}” stands where a letter was lost when the file was saved. Save it as UTF-8 again.",
                sign=damage[0],
            )
        )


def _times(found: Values, cells: Mapping[str, str], day_first: bool | None) -> None:
    told = f"{cells.get('date', '')} {cells.get('time', '')}".strip()
    try:
        if told:
            start = written(told, day_first)
            found.at = start.at if start.timed else datetime.combine(start.at, MORNING)
            if not start.timed:
                found.notes.append(say("No time of day is given, so {time} is taken.", time=MORNING))
    except Unclear as unclear:
        found.problems.append(unclear.sentence)
    try:
        if "expires" in cells:
            end = written(cells["expires"], day_first)
            found.expires = end.at if end.timed else datetime.combine(end.at, DAY_END)
    except Unclear as unclear:
        found.problems.append(unclear.sentence)


def _rule(found: Values, cells: Mapping[str, str], day_first: bool | None) -> None:
    every, repeats = cells.get("every", "").strip(), cells.get("repeats", "").strip()
    if every.casefold() in _NOTHING or repeats.casefold() in _NOTHING - {"never"}:
        return
    found.repeating = bool(every or repeats)
    if every:
        _interval(found, every, cells.get("unit", "").strip())
    if repeats:
        _count(found, repeats)
    if "until" in cells and not _FOR_EVER.fullmatch(cells["until"].strip()):
        _until(found, cells["until"], day_first)


def _interval(found: Values, every: str, unit: str) -> None:
    if counted := _COUNT.search(every):
        found.repeats = int(counted[1][:6])
        every = every.replace(counted[0], " ")
    words = re.sub(r"^(?:every|tous les|toutes les|chaque)\s+", "", every.strip(), flags=re.I)
    match = _EVERY.match(words) if not words.isdigit() else None
    name = (match[2] if match else unit or "days").casefold()
    number = int((match[1] if match else words)[:6]) if words.isdigit() or (match and match[1]) else 1
    for known, factor, names in _UNITS:
        if name in names and number:
            found.interval, found.unit = min(number, 9_999) * factor, known
            return
    found.problems.append(
        say("“{every}” cannot be read as an interval. Write a number of days, weeks or months, like “14 days”.",
            every=f"{every} {unit}".strip()[:60])
    )  # fmt: skip


def _count(found: Values, repeats: str) -> None:
    number = re.fullmatch(r"(\d{1,6})(?:\s*\w+)?", repeats)
    if number:
        found.repeats = int(number[1])
    elif not _FOR_EVER.search(repeats):
        found.problems.append(say("“{repeats}” is not a number of repeats.", repeats=repeats[:60]))


def _until(found: Values, until: str, day_first: bool | None) -> None:
    try:
        found.until = written(until, day_first).at.date()
    except Unclear as unclear:
        found.problems.append(unclear.sentence)


def _media(found: Values, media: str) -> None:
    for place in filter(None, (place.strip() for place in re.split(r"[,|\n]", media))):
        if not re.match(r"https?://", place, re.I):
            found.problems.append(
                say(
                    "“{place}” is a place on a computer. No file is read from there; empty this cell.", place=place[:80]
                )
            )
            return
    if media:
        found.notes.append(say("Its picture or video is not imported: only the text is."))


def _language(found: Values, language: str) -> None:
    told = _LANGUAGES.get(language.casefold(), language.replace("_", "-"))
    if told and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", told):
        found.problems.append(
            say("“{language}” is not a language. Write a code like “en” or “fr”.", language=language[:40])
        )
    elif told:
        found.language = told if "-" in told else told.lower()
