"""A language table made ready for reading: its words compiled into the few patterns that the finders use."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

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
    each: tuple[tuple[re.Pattern[str], str], ...]

    def name(self, words: str) -> str:
        return next(name for pattern, name in self.each if pattern.fullmatch(words))


@dataclass(frozen=True)
class Lexicon:
    language: Language
    dates: re.Pattern[str]
    lone_days: re.Pattern[str]
    months: re.Pattern[str]
    seasons: re.Pattern[str]
    weekdays: re.Pattern[str]
    moments: Names
    countdowns: re.Pattern[str]
    agos: re.Pattern[str]
    amount: re.Pattern[str]
    feasts: Names
    range_join: re.Pattern[str]
    day_words: Mapping[str, int]
    befores: Mapping[str, re.Pattern[str]]
    afters: Mapping[str, re.Pattern[str]]
    abouts: Mapping[str, re.Pattern[str]]


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
        countdowns=_counted(language.countdowns, language),
        agos=_counted(language.agos, language),
        amount=re.compile(rf"(?<![\w,.]){_amount(language, language.units)}"),
        feasts=_names(language.feasts.items()),
        range_join=re.compile(
            rf"(?: ?(?:-|/|→|>) ?|,? (?:{language.joins}) )(?:{_weekday(language)})?(?:{ARTICLE})?\Z"
        ),
        day_words=_day_words(language),
        befores=_befores(language),
        afters={
            cue: re.compile(rf"[ :]{{0,2}}(?:{words})(?:(?!\w)|(?<=\d))") for cue, words in language.after.items()
        },
        abouts={cue: re.compile(words) for cue, words in language.about.items()},
    )


def any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _names(table: Iterable[tuple[str, str]]) -> Names:
    """Every alternative is made to begin with a letter: the regex engine skips those at once that cannot match."""
    each = [(words, name) for patterns, name in table for words in alternatives(patterns)]
    starts = "|".join(sorted((start for words, _ in each for start in unfolded(words)), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.])(?:{starts})(?!\w|-end)")
    return Names(pattern, tuple((re.compile(words), name) for words, name in each))


def _befores(language: Language) -> dict[str, re.Pattern[str]]:
    cues = {**language.before, "weekday": rf"(?:{any_of(_day_words(language))})[.,]?"}
    return {cue: re.compile(rf"(?<!\w)(?:{words})[ :'(]{{0,3}}\Z") for cue, words in cues.items()}


def _weekdays(language: Language) -> re.Pattern[str]:
    long, short = any_of(language.weekdays), any_of(language.short_weekdays)
    return re.compile(rf"\b(?:(?P<weekday>{long})(?P<plural>{language.plural})?|(?P<short>{short}))\b")


def _amount(language: Language, units: Iterable[str]) -> str:
    number = rf"(?P<n>\d{{1,3}}|{any_of(language.counts)})"
    return rf"{number}(?: more| petits?| full| short)?(?: |-)?(?P<unit>{any_of(units)})\b"


def _units_of_days(language: Language) -> list[str]:
    return [word for word, unit in language.units.items() if unit not in ("minute", "hour")]


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
    numbers = _list(language, ", ?", slash="")
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


def _counted(templates: tuple[str, ...], language: Language) -> re.Pattern[str]:
    """{n} stands for any amount of time, {d} for one of days or more."""
    any_amount, days = _amount(language, language.units), _amount(language, _units_of_days(language))
    filled = (template.replace("{n}", any_amount).replace("{d}", days) for template in templates)
    starts = (start for template in filled for start in unfolded(re.sub(r"\?P<\w+>", "?:", template)))
    return re.compile(rf"(?<![\w,.])(?:{'|'.join(starts)})(?!\w)")
