"""The role of a feast: a greeting, a deadline, an occasion to sell, or only a word of the season."""

from datetime import date

from ..calendar import feast_day, next_feast, plus
from ..scene import Scene
from ..spans import Judgement, Mention, Role

NEAR = 35  # days ahead within which a feast is in the air
WISHED_FROM = 60
ALWAYS_MEANT = {
    "black_friday", "cyber_monday", "giving_tuesday", "small_business", "singles_day", "winter_sales", "summer_sales",
    "back_to_school", "new_year_month", "holidays", "beaujolais", "heritage_fr", "music_fr",
}  # fmt: skip


def judge_feast(mention: Mention, scene: Scene) -> Judgement | None:
    if scene.before("habit", mention):
        return Judgement(Role.HABIT)
    day = _day(mention, scene)
    if day is None:
        return Judgement(Role.HISTORY if mention.days[0].year else Role.FIGURE)
    ahead = (day - scene.anchor).days
    day = max(day, scene.anchor)
    if scene.before("since", mention):
        return Judgement(Role.HISTORY)
    if mention.days[0].year or scene.before("deadline", mention):
        return Judgement(Role.DEADLINE if scene.before("deadline", mention) else Role.EVENT, day, 0.85)
    if scene.before("wish", mention) and ahead <= WISHED_FROM:
        return Judgement(Role.GREETING, day, 0.85)
    if ahead <= NEAR and _is_meant(mention, scene):
        return Judgement(Role.EVENT, day, 0.7)
    return Judgement(Role.FIGURE)


def _day(mention: Mention, scene: Scene) -> date | None:
    """"Happy new year 2013" is read until its month of wishes is over, whichever side of midnight it is written on."""
    year = mention.days[0].year
    if year is None:
        return next_feast(mention.detail, scene.anchor)
    day = feast_day(mention.detail, year)
    return day if day and plus(day, 3) >= scene.anchor else None


def _is_meant(mention: Mention, scene: Scene) -> bool:
    return mention.detail in ALWAYS_MEANT or scene.about("seasonal", mention) or scene.in_tag(mention)
