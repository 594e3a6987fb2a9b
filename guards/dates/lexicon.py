"""A language table made ready for reading: its words compiled into the few patterns that the finders use."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from .languages import LANGUAGES
from .languages.base import Language
from .patterns import alternatives, unfolded

CUE_WIDTH = 56
CLOCK = (
    r"(?:h\d\d|(?: ?(?:h|am|pm|uhr|ore|uur|a\.m|p\.m)| (?:ce?s?t|ee?s?t|utc|gmt|edt|pst|pdt|bst|cdt|brt|ist))\b"
    r"|[:.,]\d|[%€$£])"
)
YEAR = r"(?:19|20|21)\d\d(?![\w%€$£]|[.,:]\d)"
ARTICLE = r"(?:the|le|la|den|dem|der|el|il|lo|o|op|de|dia|am|als?|au|du) "


@dataclass(frozen=True)
class Names:
    """Many patterns looked for at once, each with the name of what it stands for."""

    pattern: re.Pattern[str]
    each: tuple[tuple[str, str], ...]

    def name(self, words: str) -> str:
        return next(name for pattern, name in self.each if compiled(pattern).fullmatch(words))


# What {n}, {d} and {h} stand for in a template: any amount of time, one of days or more, one within a day.
HOURS, DAYS = frozenset({"minute", "hour"}), frozenset({"day", "week", "fortnight", "month", "year"})
UNITS = {"{n}": HOURS | DAYS, "{d}": DAYS, "{h}": HOURS}


class Frame(NamedTuple):
    """What stands around an amount of time and makes a countdown of it: "only ... left"."""

    before: str
    after: str
    units: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    language: Language
    dates: re.Pattern[str]
    lone_days: re.Pattern[str]
    months: re.Pattern[str]
    seasons: re.Pattern[str]
    weekdays: re.Pattern[str]
    moments: Names
    countdowns: tuple[Frame, ...]
    agos: tuple[Frame, ...]
    amount: re.Pattern[str]
    feasts: Names
    range_join: re.Pattern[str]
    day_words: Mapping[str, int]
    befores: Mapping[str, str]
    afters: Mapping[str, str]
    abouts: Mapping[str, str]


@cache
def lexicon(code: str) -> Lexicon:
    language = LANGUAGES[code]
    return Lexicon(
        language=language,
        dates=_dates(language),
        lone_days=_lone_days(language),
        months=_months(language),
        seasons=re.compile(rf"\b(?P<season>{any_of(language.seasons)})\b(?:,? (?:{language.of})?(?P<year>{YEAR}))?"),
        weekdays=_weekdays(language),
        moments=_names((words, name) for name, patterns in language.moments.items() for words in patterns),
        countdowns=_frames(language.countdowns),
        agos=_frames(language.agos),
        amount=re.compile(_amount(language)),
        feasts=_names(language.feasts.items()),
        range_join=re.compile(
            rf"(?: ?(?:-|/|→|>) ?|,? (?:{language.joins}) )(?:{_weekday(language)})?(?:{ARTICLE})?\Z"
        ),
        day_words=_day_words(language),
        befores=_befores(language),
        afters={cue: rf"[ :]{{0,2}}(?:{words})(?:(?!\w)|(?<=\d))" for cue, words in language.after.items()},
        abouts=language.about,
    )


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """On first use: all the cues of a language take a tenth of a second, and most are never asked for."""
    return re.compile(pattern)


def any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _names(table: Iterable[tuple[str, str]]) -> Names:
    """Every alternative is made to begin with a letter: the regex engine skips those at once that cannot match."""
    each = [(words, name) for patterns, name in table for words in alternatives(patterns)]
    starts = "|".join(sorted((start for words, _ in each for start in unfolded(words)), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.])(?:{starts})(?!\w|-end)")
    return Names(pattern, tuple(each))


def _befores(language: Language) -> dict[str, str]:
    cues = {**language.before, "weekday": rf"(?:{any_of(_day_words(language))})[.,]?"}
    return {cue: rf"(?<!\w)(?:{words})[ :'(]{{0,3}}\Z" for cue, words in cues.items()}


def _weekdays(language: Language) -> re.Pattern[str]:
    long, short = any_of(language.weekdays), any_of(language.short_weekdays)
    return re.compile(rf"\b(?:(?P<weekday>{long})(?P<plural>{language.plural})?|(?P<short>{short}))\b")


def _amount(language: Language) -> str:
    number = rf"(?P<n>\d{{1,3}}|{any_of(language.counts)})"
    return rf"(?<![\w,.]){number}(?: more| petits?| full| short)?(?: |-)?(?P<unit>{any_of(language.units)})\b"


def _day_words(language: Language) -> dict[str, int]:
    return {**language.weekdays, **language.short_weekdays}


def _weekday(language: Language) -> str:
    words = any_of(_day_words(language))
    return rf"(?:{words})\b[.,]{{0,2}} (?:{ARTICLE})?"


def _day(language: Language) -> str:
    return rf"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:{language.ordinal})?(?!{CLOCK})"


def _list(language: Language, comma: str, slash: str = "|/") -> str:
    day, weekday = _day(language), _weekday(language)
    glue = rf"(?:{comma}| ?(?:-|&|\+{slash}) ?|,? (?:{language.joins}|{language.also}) )"
    return rf"{day}(?:{glue}(?:{weekday})?(?:{ARTICLE})?{day}){{0,9}}+"


def _dates(language: Language) -> re.Pattern[str]:
    """Day before month, and in a language that writes so, month before day: groups begin with d or m."""
    month, head, year = any_of(language.months), _date_head, _date_year
    day_month = rf"(?P<ddays>{_list(language, ', ?')})[ .-]{{0,2}}{language.of}(?P<dmonth>{month})(?!\w)\.?"
    day_month = f"{head('d', language)}{day_month}{year('d', language)}"
    if language.day_first:
        return re.compile(day_month)
    chain = rf",(?= (?:\d{{1,2}},? ){{1,4}}(?:{language.also}|&) \d) "
    month_day = rf"(?P<mmonth>{month})(?![^\W\d])[. ]{{0,2}}(?:the )?(?P<mdays>{_list(language, chain)})"
    return re.compile(f"{head('m', language)}{month_day}{year('m', language)}|{day_month}")


def _date_head(form: str, language: Language) -> str:
    return rf"(?<![\w$€£.,:/+-])(?:(?P<{form}weekday>{_weekday(language)}))?"


def _date_year(form: str, language: Language) -> str:
    return rf"(?:[,.]? ?{language.of}(?P<{form}year>{YEAR}))?(?!\w)"


def _lone_days(language: Language) -> re.Pattern[str]:
    """A day number without a month: "Sat 4th", "mercredi 10", "on the 12th"."""
    numbers = rf"(?!\d{{1,2}}{language.rank}){_list(language, ', ?', slash='')}"
    ordinal = "" if language.day_first else rf"(?=\d{{1,2}}{language.ordinal})"
    end = r"(?= ?(?:[.,!?;:)\n\]-]|\Z)| (?:at|a|@|um|alle|as|om|de|des|from|we|in|pour|for)\b)"
    return re.compile(
        rf"(?<!\w)(?:(?P<weekday>{_weekday(language)})(?P<days>{ordinal}{numbers})(?![\w%€])"
        rf"|(?P<prefix>{language.before['lone_day']}) (?P<more>{ordinal}{numbers}){end})"
    )


def _months(language: Language) -> re.Pattern[str]:
    parts = any_of(language.parts)
    return re.compile(
        rf"(?<![\w$€£])(?:(?P<part>{parts})[- ](?:{language.of})?)?"
        rf"(?P<month>{any_of(language.months)})\b\.?(?:,? ?(?:{language.of})?(?P<year>{YEAR}))?(?!\w)"
    )


def _frames(templates: tuple[str, ...]) -> tuple[Frame, ...]:
    return tuple(_frame(template) for template in templates)


def _frame(template: str) -> Frame:
    mark = next(mark for mark in UNITS if mark in template)
    before, after = template.split(mark)
    return Frame(rf"(?<![\w,.])(?:{before})\Z", rf"(?:{after})(?!\w)", UNITS[mark])
