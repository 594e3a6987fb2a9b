"""The role of words that count from the day of writing: "today", "next week", "3 days left", "7 years ago"."""

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

MOST_DAYS = 800


def judge_moment(mention: Mention, scene: Scene) -> Judgement | None:
    unit, shift = _split(mention.detail)
    if unit == "day" and shift >= 0:
        return _judge_near_day(mention, scene, shift)
    if scene.before("habit", mention) or scene.before("wish", mention):
        return Judgement(Role.HABIT)
    if unit in ("month", "week") and shift == 0 and scene.anywhere("feature"):
        return Judgement(Role.FIGURE)
    if scene.before("figure", mention) and unit == "day":
        return Judgement(Role.FIGURE)
    last = last_good(unit, shift, scene.anchor)
    role = Role.DEADLINE if scene.before("deadline", mention) else Role.PERIOD
    role = Role.DEICTIC if unit in ("day", "live", "last") else role
    return Judgement(role, last, SURENESS.get(unit, 0.85)) if last else None


SURENESS = {"live": 0.6, "season": 0.6, "newyear": 0.6, "last": 0.75}


def _judge_near_day(mention: Mention, scene: Scene, shift: int) -> Judgement:
    """Today and tomorrow are also "nowadays", "some day" and "now, please"."""
    timed = scene.after("time", mention)
    figurative = scene.before("figure", mention) and not timed and not scene.before("occasion", mention)
    if figurative or scene.after("figure", mention):
        return Judgement(Role.FIGURE)
    if shift == 0 and not timed and scene.after("order_end", mention) and scene.before("order", mention):
        return Judgement(Role.FIGURE)
    role = Role.DEADLINE if scene.before("deadline", mention) else Role.DEICTIC
    return Judgement(role, plus(scene.anchor, shift), 0.9 if timed else 0.85)


def judge_countdown(mention: Mention, scene: Scene) -> Judgement | None:
    days = {"hour": 0, "day": 1, "week": 7, "month": 30, "year": 365}[mention.detail] * mention.count
    days = -(-mention.count // 24) if mention.detail == "hour" else days
    if days > MOST_DAYS or scene.before("habit", mention):
        return None
    return Judgement(Role.COUNTDOWN, plus(scene.anchor, days), 0.85)


def judge_ago(mention: Mention, scene: Scene) -> Judgement | None:
    """"7 years ago" is right until the year is over, "3 days ago" until the week is."""
    if mention.count == 0:
        return None
    ends = {
        "hour": scene.anchor,
        "day": scene.anchor,
        "week": end_of_week(scene.anchor),
        "month": end_of_month(scene.anchor),
        "year": end_of_year(scene.anchor.year),
    }
    return Judgement(Role.YEARS_AGO, ends[mention.detail], 0.65)


def last_good(unit: str, shift: int, anchor: date) -> date | None:
    """Looking back, a period serves until the present one ends."""
    ahead = max(shift, 0)
    if unit in ("day", "live", "last"):
        return plus(anchor, ahead)
    if unit in ("week", "weekend"):
        return end_of_week(anchor, ahead)
    if unit == "month":
        return end_of_month(anchor, ahead)
    if unit == "quarter":
        return end_of_quarter(anchor, ahead)
    if unit == "year":
        return end_of_year(anchor.year + ahead)
    if unit == "season":
        return next_on(plus(anchor, 365 * ahead), 6, 30)
    return _start_of_year(anchor)


def _start_of_year(anchor: date) -> date | None:
    near = anchor.month in (1, 12)
    return next_on(anchor, 1, 31) if near else None


def _split(detail: str) -> tuple[str, int]:
    for sign in "+-":
        unit, found, count = detail.partition(sign)
        if found:
            return unit, int(sign + count)
    return detail, 0
