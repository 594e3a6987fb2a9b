"""The shape of a language table: its words for time, and the words around them that tell what a date is for.

Every pattern is written folded: lower case, no accents, straight apostrophes, single spaces.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Language:
    code: str
    day_first: bool  # 4/10 is the fourth of October
    dotted: bool  # 24.12. is a date
    common: str  # everyday words, by which the language is recognised
    telling: str  # words of time that give it away in a short post
    months: Mapping[str, int]
    shy_months: frozenset[str]  # ordinary words too: they need a number, or a preposition and the end of the phrase
    weekdays: Mapping[str, int]
    bare_weekdays: bool  # "vendredi" alone is the coming Friday; English wants "on"
    short_weekdays: Mapping[str, int]  # read only beside a number, "on" or "this"
    plural: str  # the ending that makes a weekday every week's
    seasons: Mapping[str, str]
    counts: Mapping[str, int]  # number words; 0 for "a few"
    units: Mapping[str, str]  # word: minute, hour, day, week, month or year
    ordinal: str  # what may follow a day number
    of: str  # what may stand between day and month
    joins: str  # words between the two ends of a range
    also: str  # words between two days of a list
    parts: Mapping[str, int]  # "early" before a month: the day on which that part ends
    moments: Mapping[str, tuple[str, ...]]  # "week+1": next week
    countdowns: tuple[str, ...]  # with {n} for "three days", {d} for days or more, {h} for hours
    agos: tuple[str, ...]
    feasts: Mapping[str, str]  # pattern: name in the calendar
    before: Mapping[str, str]  # cue: pattern that ends where the date begins
    after: Mapping[str, str]  # cue: pattern that begins where the date ends
    about: Mapping[str, str] = field(default_factory=dict)  # cue: pattern anywhere in the same sentence
    rank: str = r"(?!)"  # what makes a number without a month a rank and no day: "le 10e" is a district
