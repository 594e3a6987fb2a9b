"""The role of weekdays, months, seasons and quarters: an occasion, or every week and every year again."""

from datetime import date

from ..calendar import end_of_month, end_of_season, end_of_week, next_weekday, plus, safe_date
from ..scene import Scene
from ..spans import Judgement, Mention, Role

LOOKING_BACK = 4  # months


def judge_weekday(mention: Mention, scene: Scene) -> Judgement | None:
    if any((scene.before("last", mention), scene.after("last", mention), scene.before("since", mention))):
        return Judgement(Role.PERIOD, end_of_week(scene.anchor), 0.8)
    named = scene.before("this", mention) or scene.before("next", mention) or scene.after("next", mention)
    if not named and _is_every_week(mention, scene):
        return Judgement(Role.HABIT)
    if mention.detail in ("short", "cut") and not named and not _is_clear(mention, scene):
        return None
    if not named and scene.about("past", mention) and not scene.about("invite", mention):
        return Judgement(Role.PERIOD, end_of_week(scene.anchor), 0.65)
    if not named and not _is_occasion(mention, scene):
        return Judgement(Role.HABIT)
    role = Role.DEADLINE if scene.before("deadline", mention) else Role.EVENT
    return Judgement(role, _coming(mention, scene), 0.9 if named else 0.75)


def _coming(mention: Mention, scene: Scene) -> date:
    """The next such day; the one of next week when "next week" stands beside it."""
    weekday = mention.days[0].weekday or 0
    if scene.before("next_week", mention) or scene.after("next_week", mention):
        return plus(end_of_week(scene.anchor), 1 + weekday)
    strictly = scene.before("next", mention) or scene.after("next", mention)
    return next_weekday(plus(scene.anchor, 1) if strictly else scene.anchor, weekday)


def _is_every_week(mention: Mention, scene: Scene) -> bool:
    if mention.detail == "plural" or scene.in_tag(mention) or scene.after("habit", mention):
        return True
    if scene.before("wish", mention) or scene.before("habit", mention):
        return True
    return scene.is_title(mention) and not scene.after("part", mention)


def _is_clear(mention: Mention, scene: Scene) -> bool:
    """ "Sun" and "mar" are words of their own; only "on Sun" is a day."""
    announced = scene.before("on", mention) or scene.before("deadline", mention)
    if mention.detail == "cut":
        return announced
    return not scene.lexicon.language.day_first and (announced or scene.after("clock", mention))


def _is_announced(mention: Mention, scene: Scene) -> bool:
    return scene.before("on", mention) or scene.before("deadline", mention) or scene.after("part", mention)


def _is_occasion(mention: Mention, scene: Scene) -> bool:
    """A language that says "on Friday" wants its "on"; one that says "vendredi" does not."""
    if scene.lexicon.language.bare_weekdays:
        return True
    return _is_announced(mention, scene) or (scene.after("end", mention) and not scene.before("month_use", mention))


def judge_month(mention: Mention, scene: Scene) -> Judgement | None:
    if scene.before("since", mention):
        return Judgement(Role.HISTORY)
    if scene.before("yearly", mention):
        return Judgement(Role.HABIT)
    if mention.days[0].year:
        return _judge_month_of(mention, scene, mention.days[0].year)
    if scene.before("last", mention) or scene.after("last", mention) or _looks_back(mention, scene):
        return Judgement(Role.PERIOD, end_of_month(scene.anchor), 0.65)
    if not _is_month(mention, scene):
        return None
    month = mention.days[0].month or 1
    return _judge_month_of(mention, scene, scene.anchor.year + (month < scene.anchor.month))


def _judge_month_of(mention: Mention, scene: Scene, year: int) -> Judgement:
    last = _end(year, mention.days[0].month or 1, mention.count)
    if last < scene.anchor:
        return Judgement(Role.HISTORY)
    role = Role.DEADLINE if scene.before("deadline", mention) else Role.PERIOD
    return Judgement(role, last, 0.9 if mention.days[0].year else 0.75)


def _is_month(mention: Mention, scene: Scene) -> bool:
    if mention.count or scene.after("next", mention) or scene.before("this", mention) or scene.before("next", mention):
        return True
    if mention.detail in scene.lexicon.language.shy_months:
        return scene.before("month_surely", mention) or scene.after("month_use", mention)
    return scene.before("month", mention) or scene.after("month_use", mention)


def _looks_back(mention: Mention, scene: Scene) -> bool:
    behind = (scene.anchor.month - (mention.days[0].month or 1)) % 12
    return 0 < behind <= LOOKING_BACK and _is_month(mention, scene) and scene.about("past", mention)


def _end(year: int, month: int, part: int) -> date:
    end = end_of_month(date(min(year, 9999), month, 1))
    return end.replace(day=part) if 0 < part < end.day else end


def judge_season(mention: Mention, scene: Scene) -> Judgement | None:
    year, anchor = mention.days[0].year, scene.anchor
    if scene.before("since", mention):
        return Judgement(Role.HISTORY)
    if scene.before("last", mention) or scene.after("last", mention):
        return Judgement(Role.PERIOD, date(anchor.year, 12, 31), 0.6)
    if year is None:
        if not any((scene.before("this", mention), scene.before("next", mention), scene.after("next", mention))):
            return None
        return Judgement(Role.PERIOD, end_of_season(mention.detail, anchor), 0.85)
    start = safe_date(year, 12 if mention.detail == "winter" and anchor.year < year else 1, 1)
    last = end_of_season(mention.detail, start or anchor)
    return Judgement(Role.PERIOD, last, 0.9) if last >= anchor else Judgement(Role.HISTORY)


def judge_quarter(mention: Mention, scene: Scene) -> Judgement | None:
    day = mention.days[0]
    if day.year is None and mention.detail != "q":
        return None
    last = end_of_month(date(day.year or scene.anchor.year, day.month or 3, 1))
    return Judgement(Role.PERIOD, last, 0.7) if last >= scene.anchor else Judgement(Role.HISTORY)
