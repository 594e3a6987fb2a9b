"""The role of bare figures: a year tag, a target, history, a price, a version; and an hour that invites."""

from datetime import date

from ..calendar import end_of_year
from ..scene import Scene
from ..spans import Judgement, Mention, Role
from .past import judge_past_year

FAR = 2  # years ahead; beyond, only a stated target is a year
SHORT = 400  # a post in which the hour and the invitation may stand in different sentences


def judge_year(mention: Mention, scene: Scene) -> Judgement | None:
    year = mention.days[0].year or 0
    if scene.after("counted", mention):
        return Judgement(Role.QUANTITY)
    if scene.before("version", mention):
        return Judgement(Role.VERSION)
    if scene.before("since", mention):
        return Judgement(Role.HISTORY)
    if year <= scene.anchor.year:
        judge = judge_past_year if year < scene.anchor.year else _judge_this_year
        return judge(mention, scene, year)
    if year <= scene.anchor.year + FAR or scene.before("target", mention):
        return Judgement(Role.TARGET_YEAR, end_of_year(year), 0.8)
    return Judgement(Role.FIGURE)


def _judge_this_year(mention: Mention, scene: Scene, year: int) -> Judgement:
    if scene.about("done", mention) or (scene.before("within", mention) and scene.about("past", mention)):
        return Judgement(Role.HISTORY)
    if scene.in_tag(mention):
        return Judgement(Role.FIGURE)
    role = Role.DEADLINE if scene.before("deadline", mention) else Role.YEAR_TAG
    return Judgement(role, end_of_year(year), 0.75)


def judge_years(mention: Mention, scene: Scene) -> Judgement:
    """2024-25 is a season, over in June; 2021-2027 a programme, over in December."""
    first, last = (day.year or 0 for day in mention.days)
    end = date(last, 6, 30) if last == first + 1 else end_of_year(last)
    if end < scene.anchor or scene.before("since", mention):
        return Judgement(Role.HISTORY)
    return Judgement(Role.PERIOD, end, 0.65)


def judge_hour(mention: Mention, scene: Scene) -> Judgement | None:
    """An hour without a day is today's when the post invites; opening hours are a habit."""
    if scene.about("hours", mention):
        return Judgement(Role.HABIT)
    if scene.about("invite", mention) or (len(scene.text) < SHORT and scene.anywhere("invite")):
        return Judgement(Role.HOUR, scene.anchor, 0.55)
    return None
