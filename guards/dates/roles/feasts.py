"""The role of a feast: a greeting, a deadline, an occasion to sell, or only a word of the season."""

from datetime import date

from ..calendar import plus
from ..feasts import EITHER, feast_day, next_feast
from ..scene import Scene
from ..spans import Judgement, Mention, Role

NEAR = 35  # days ahead within which a feast is in the air
AT_HAND = 7
WISHED_FROM = 60
AHEAD = {
    "back_to_school": 120,
    "back_to_school_us": 90,
    "sales": 50,
    "winter_sales": 50,
    "summer_sales": 50,
    "new_year_month": 45,
    "holidays": 45,
}
ALWAYS_MEANT = {
    "black_friday",
    "cyber_monday",
    "giving_tuesday",
    "small_business",
    "singles_day",
    "winter_sales",
    "summer_sales",
    "sales",
    "back_to_school",
    "new_year_month",
    "new_year_week",
    "holidays",
    "beaujolais",
    "heritage_fr",
    "music_fr",
    "chinese_new_year",
    "eid_fitr",
    "eid_adha",
    "diwali",
}
GREETINGS = {"new_year_month", "new_year_week", "holidays"}


def judge_feast(mention: Mention, scene: Scene) -> Judgement | None:
    if scene.before("yearly", mention):
        return Judgement(Role.HABIT)
    year, day = mention.days[0].year, _day(mention, scene)
    if scene.before("since", mention):
        return Judgement(Role.HISTORY if year else Role.FIGURE)
    if day is None:
        return _judge_past_wish(mention, year) if year else Judgement(Role.FIGURE)
    day = max(day, scene.anchor)
    if scene.before("deadline", mention):
        return Judgement(Role.DEADLINE, day, 0.85)
    if year or scene.before("this", mention):
        return Judgement(Role.EVENT, day, 0.85)
    return _judge_without_year(mention, scene, day)


def _judge_past_wish(mention: Mention, year: int) -> Judgement:
    """A wish for a year that is over was never meant for later; a feast named with its year may be a memory."""
    if mention.detail in GREETINGS:
        return Judgement(Role.GREETING, _in_year(mention, year), 0.85)
    return Judgement(Role.HISTORY)


def _judge_without_year(mention: Mention, scene: Scene, day: date) -> Judgement:
    ahead = (day - scene.anchor).days
    if ahead <= WISHED_FROM and (mention.detail in GREETINGS or scene.before("wish", mention)):
        return Judgement(Role.GREETING, day, 0.85)
    if ahead <= AT_HAND:
        return Judgement(Role.EVENT, day, 0.75)
    if ahead <= AHEAD.get(mention.detail, NEAR) and _is_meant(mention, scene):
        return Judgement(Role.EVENT, day, 0.7)
    return Judgement(Role.FIGURE)


def _day(mention: Mention, scene: Scene) -> date | None:
    """ "Happy new year 2013" is read until its month of wishes is over, whichever side of midnight it is written on."""
    year = mention.days[0].year
    if year is None:
        return next_feast(mention.detail, scene.anchor)
    day = _in_year(mention, year)
    return day if plus(day, 3) >= scene.anchor else None


def _in_year(mention: Mention, year: int) -> date:
    return max(feast_day(one, year) or date.min for one in EITHER.get(mention.detail, (mention.detail,)))


def _is_meant(mention: Mention, scene: Scene) -> bool:
    return mention.detail in ALWAYS_MEANT or scene.about("seasonal", mention) or scene.in_tag(mention)
