"""The words for what the reader finds: a mention of time as it stands in the text, and its role once judged."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a mention of time is there for."""

    DEADLINE = "deadline"
    EVENT = "event"
    PERIOD = "period"
    GREETING = "greeting"
    DEICTIC = "deictic"
    COUNTDOWN = "countdown"
    YEAR_TAG = "year_tag"
    TARGET_YEAR = "target_year"
    YEARS_AGO = "years_ago"
    HOUR = "hour"

    # These stay true however often they are repeated.
    HISTORY = "history"
    HABIT = "habit"
    QUANTITY = "quantity"
    VERSION = "version"
    FIGURE = "figure"


@dataclass(frozen=True)
class DatedSpan:
    """Words about time, by their place in the original text; a harmless one has no last good day."""

    start: int
    end: int
    role: Role
    last_good: date | None
    confidence: float
    words: str


class Kind(StrEnum):
    """How a mention is written. The order is that of trust when two of the same length overlap."""

    DATE = "date"
    NUMBERS = "numbers"
    LONE_DAY = "lone_day"
    FEAST = "feast"
    COUNTDOWN = "countdown"
    AGO = "ago"
    MOMENT = "moment"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    WEEKDAY = "weekday"
    YEARS = "years"
    YEAR = "year"
    HOUR = "hour"


class Day(NamedTuple):
    """A day as it was written: what was left out is None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


@dataclass(frozen=True)
class Mention:
    """Words about time, by their place in the folded text, not yet judged."""

    start: int
    end: int
    kind: Kind
    days: tuple[Day, ...] = ()
    ranged: bool = False
    detail: str = ""  # a moment ("week+1"), a feast, a season, a unit
    count: int = 0


@dataclass(frozen=True)
class Judgement:
    """A mention's role, the last day on which it reads right, and how sure that is."""

    role: Role
    last_good: date | None = None
    confidence: float = 0.9
    first_good: date | None = None  # where a range begins
