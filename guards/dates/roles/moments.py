"""The role of words that count from the day of writing: "today", "next week", "3 days left", "7 years ago"."""

from collections.abc import Callable
from datetime import date

from ..calendar import (
    end_of_month,
    end_of_quarter,
    end_of_week,
    end_of_year,
    next_on,
    plus,
)
from ..scene import Scene
from ..spans import Judgement, Mention, Role

MOST_DAYS = 200  # a year from now is a figure of speech
HALF_A_DAY = 12
A_FEW = 4
DAYS = {"minute": 0, "hour": 0, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}


def judge_moment(mention: Mention, scene: Scene) -> Judgement | None:
    unit, shift = _split(mention.detail)
    if _is_figure(mention, scene, unit, shift):
        return Judgement(Role.FIGURE)
    if unit == "day" and scene.before("weekday", mention):
        return None
    if scene.before("habit", mention) or (unit == "weekend" and scene.before("wish", mention)):
        return Judgement(Role.HABIT)
    last = last_good(unit, shift, scene.anchor)
    role = Role.DEADLINE if scene.before("deadline", mention) else ROLES.get(unit, Role.PERIOD)
    sure = 0.9 if unit in ("now", "day") and scene.after("time", mention) else SURENESS.get(unit, 0.85)
    return Judgement(role, last, sure) if last else None


ROLES = {
    "now": Role.DEICTIC,
    "day": Role.DEICTIC,
    "live": Role.DEICTIC,
    "last": Role.DEADLINE,
    "soon": Role.DEADLINE,
    "named": Role.EVENT,
}
SURENESS = {"live": 0.6, "season": 0.6, "newyear": 0.6, "last": 0.75, "soon": 0.6, "named": 0.6}


def _is_figure(mention: Mention, scene: Scene, unit: str, shift: int) -> bool:
    """Today and tomorrow are also "nowadays", "some day" and "now, please"."""
    if unit == "now":
        return _is_nowadays(mention, scene)
    if unit == "day" and shift == 1:
        meant = scene.after("time", mention) or scene.after("owner", mention) or scene.before("occasion", mention)
        return scene.after("someday", mention) or (scene.before("someday", mention) and not meant)
    if unit == "day" and shift < 0:
        return scene.before("unreal", mention) or scene.after("unreal", mention)
    return unit in ("month", "week") and shift == 0 and scene.anywhere("feature")


def _is_nowadays(mention: Mention, scene: Scene) -> bool:
    if scene.after("nowadays", mention):
        return True
    if scene.after("time", mention):
        return False
    if scene.before("nowadays", mention) and not scene.before("occasion", mention):
        return True
    return scene.after("order_end", mention) and scene.before("order", mention)


def judge_countdown(mention: Mention, scene: Scene) -> Judgement | None:
    days = DAYS[mention.detail] * (mention.count or A_FEW)
    if mention.detail == "hour" and mention.count > HALF_A_DAY:
        days = -(-mention.count // 24)
    if days > MOST_DAYS or scene.before("habit", mention):
        return None
    return Judgement(Role.COUNTDOWN, plus(scene.anchor, days), 0.85 if mention.count else 0.6)


def judge_ago(mention: Mention, scene: Scene) -> Judgement | None:
    """ "7 years ago" is right until the year is over, "3 days ago" until the week is."""
    if mention.count == 0 and mention.detail in ("month", "year"):
        return Judgement(Role.HISTORY)
    unit = {"minute": "day", "hour": "day", "fortnight": "week"}.get(mention.detail, mention.detail)
    return Judgement(Role.YEARS_AGO, last_good(unit, -1, scene.anchor), 0.65)


def last_good(unit: str, shift: int, anchor: date) -> date | None:
    """Looking back, a period serves until the present one ends."""
    ahead = max(shift, 0)
    ends: dict[str, Callable[[], date | None]] = {
        "week": lambda: end_of_week(anchor, ahead),
        "weekend": lambda: end_of_week(anchor, ahead),
        "month": lambda: end_of_month(anchor, ahead),
        "quarter": lambda: end_of_quarter(anchor, ahead),
        "year": lambda: end_of_year(anchor.year + ahead),
        "season": lambda: next_on(plus(anchor, 365 * ahead), 6, 30),
        "newyear": lambda: _start_of_year(anchor),
    }
    return ends[unit]() if unit in ends else plus(anchor, ahead)


def _start_of_year(anchor: date) -> date | None:
    near = anchor.month in (1, 12)
    return next_on(anchor, 1, 31) if near else None


def _split(detail: str) -> tuple[str, int]:
    for sign in "+-":
        unit, found, count = detail.partition(sign)
        if found:
            return unit, int(sign + count)
    return detail, 0
