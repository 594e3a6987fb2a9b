"""What each mention of time is there for, by the words around it, and until when it reads right."""

from collections.abc import Callable, Mapping

from ..scene import Scene
from ..spans import Judgement, Kind, Mention
from .days import judge_day, judge_lone_day, judge_numbers
from .feasts import judge_feast
from .figures import judge_hour, judge_year, judge_years
from .moments import judge_ago, judge_countdown, judge_moment
from .periods import judge_month, judge_quarter, judge_season, judge_weekday

JUDGES: Mapping[Kind, Callable[[Mention, Scene], Judgement | None]] = {
    Kind.DATE: judge_day,
    Kind.NUMBERS: judge_numbers,
    Kind.LONE_DAY: judge_lone_day,
    Kind.FEAST: judge_feast,
    Kind.COUNTDOWN: judge_countdown,
    Kind.AGO: judge_ago,
    Kind.MOMENT: judge_moment,
    Kind.MONTH: judge_month,
    Kind.QUARTER: judge_quarter,
    Kind.SEASON: judge_season,
    Kind.WEEKDAY: judge_weekday,
    Kind.YEARS: judge_years,
    Kind.YEAR: judge_year,
    Kind.HOUR: judge_hour,
}


def judge(mention: Mention, scene: Scene) -> Judgement | None:
    """None: not about time after all."""
    return JUDGES[mention.kind](mention, scene)
