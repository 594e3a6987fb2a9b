"""A language table made ready for reading: its words compiled into the few patterns that the finders use."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .languages import LANGUAGES
from .languages.base import Language

CUE_WIDTH = 56
CLOCK = (
    r"(?:h\d\d|(?: ?(?:h|am|pm|uhr|ore|uur|a\.m|p\.m)| (?:ce?s?t|ee?s?t|utc|gmt|edt|pst|pdt|bst|cdt|brt|ist))\b"
    r"|[:.,]\d|[%€$£])"
)
YEAR = r"(?:19|20|21)\d\d(?![\w%€$£]|[.,:]\d)"
ARTICLE = r"(?:the|le|la|den|dem|der|el|il|lo|o|op|de|dia|am|als?|au|du) "


@dataclass(frozen=True)
class Lexicon:
    language: Language
    dates: re.Pattern[str]
    lone_days: re.Pattern[str]
    months: re.Pattern[str]
    seasons: re.Pattern[str]
    weekdays: re.Pattern[str]
    moments: re.Pattern[str]
    moment_names: Mapping[str, str]
    countdowns: re.Pattern[str]
    agos: re.Pattern[str]
    amount: re.Pattern[str]
    feasts: re.Pattern[str]
    feast_names: Mapping[str, str]
    range_join: re.Pattern[str]
    day_words: Mapping[str, int]
    befores: Mapping[str, re.Pattern[str]]
    afters: Mapping[str, re.Pattern[str]]
    abouts: Mapping[str, re.Pattern[str]]


@lru_cache(maxsize=None)
def lexicon(code: str) -> Lexicon:
    language = LANGUAGES[code]
    moments, moment_names = _named(language.moments)
    feasts, feast_names = _named({name: (pattern,) for pattern, name in language.feasts.items()}, rf"(?P<year> {YEAR})?")
    amount = rf"(?:\d{{1,3}}|{any_of(language.counts)})(?: |-)?(?:{any_of(language.units)})\b"
    return Lexicon(
        language=language,
        dates=_dates(language),
        lone_days=_lone_days(language),
        months=_months(language),
        seasons=re.compile(rf"\b(?P<season>{any_of(language.seasons)})\b(?:,? (?:{language.of})?(?P<year>{YEAR}))?"),
        weekdays=re.compile(rf"\b(?P<weekday>{any_of(language.weekdays)})(?P<plural>e?s)?\b"),
        moments=moments,
        moment_names=moment_names,
        countdowns=_counted(language.countdowns, amount),
        agos=_counted(language.agos, amount),
        amount=re.compile(rf"(?P<n>\d{{1,3}}|{any_of(language.counts)})(?: |-)?(?P<unit>{any_of(language.units)})\b"),
        feasts=feasts,
        feast_names=feast_names,
        range_join=re.compile(
            rf"(?: ?(?:-|/|→|>) ?|,? (?:{language.joins}) )(?:{_weekday(language)})?(?:{ARTICLE})?\Z"
        ),
        day_words={**language.weekdays, **language.short_weekdays},
        befores={cue: re.compile(rf"(?:^|(?<!\w))(?:{words})[ :'(]{{0,3}}\Z") for cue, words in language.before.items()},
        afters={cue: re.compile(rf"[ :]{{0,2}}(?:{words})(?!\w)") for cue, words in language.after.items()},
        abouts={cue: re.compile(words) for cue, words in language.about.items()},
    )


def any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _named(table: Mapping[str, tuple[str, ...]], tail: str = "") -> tuple[re.Pattern[str], dict[str, str]]:
    """One alternation with a numbered group for each name, and the way from group to name."""
    names = {f"g{index}": name for index, name in enumerate(table)}
    groups = (f"(?P<{group}>{'|'.join(table[name])})" for group, name in names.items())
    return re.compile(rf"(?<![\w.])(?:{'|'.join(groups)})(?!\w){tail}"), names


def _weekday(language: Language) -> str:
    words = any_of({**language.weekdays, **language.short_weekdays})
    return rf"(?:{words})\b[.,]{{0,2}} (?:{ARTICLE})?"


def _day(language: Language) -> str:
    return rf"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:{language.ordinal})?(?!{CLOCK})"


def _list(language: Language, comma: str) -> str:
    day, weekday = _day(language), _weekday(language)
    glue = rf"(?:{comma} ?(?:-|/|&|\+) ?|,? (?:{language.joins}|{language.also}) )"
    return rf"{day}(?:{glue}(?:{weekday})?(?:{ARTICLE})?{day}){{0,9}}"


def _dates(language: Language) -> re.Pattern[str]:
    """Day before month, and in a language that writes so, month before day: groups begin with d or m."""
    month, head, year = any_of(language.months), _date_head, _date_year
    day_month = rf"(?P<ddays>{_list(language, ', |')})[ .-]{{0,2}}{language.of}(?P<dmonth>{month})\b\.?"
    day_month = f"{head('d', language)}{day_month}{year('d', language)}"
    if language.day_first:
        return re.compile(day_month)
    chain = rf"(?:,(?= (?:\d{{1,2}},? ){{1,4}}(?:{language.also}|&) \d)|)"
    month_day = rf"(?P<mmonth>{month})\b[. ]{{0,2}}(?:the )?(?P<mdays>{_list(language, chain)})"
    return re.compile(f"{head('m', language)}{month_day}{year('m', language)}|{day_month}")


def _date_head(form: str, language: Language) -> str:
    return rf"(?<![\w$€£.,:/+-])(?:(?P<{form}weekday>{_weekday(language)}))?"


def _date_year(form: str, language: Language) -> str:
    return rf"(?:[,.]? ?{language.of}(?P<{form}year>{YEAR}))?(?!\w)"


def _lone_days(language: Language) -> re.Pattern[str]:
    """A day number without a month: "Sat 4th", "mercredi 10", "on the 12th"."""
    numbers = _list(language, ", |")
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


def _counted(templates: tuple[str, ...], amount: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![\w,.])(?:{template.replace('{n}', amount)})(?!\w)" for template in templates))
