"""The role of a calendar day: an event, a deadline, a yearly habit, history, or a mere fraction."""

from dataclasses import replace
from datetime import date

from ..calendar import safe_date
from ..scene import Scene
from ..spans import Day, Judgement, Mention, Role
from .past import judge_past

JUST_PAST = 45  # a date without a year that lies this little behind was meant, not next year's
ANNOUNCING = ("on", "deadline", "from", "weekday")
FULL = ("full", "range")
NOT_DATES = {"24/7", "7/7", "24/24", "50/50", "9/11", "20/20", "1/2", "1/3", "1/4", "2/3", "3/4"}


def judge_day(mention: Mention, scene: Scene) -> Judgement | None:
    if scene.before("yearly", mention):
        return Judgement(Role.HABIT)
    if scene.before("since", mention):
        return Judgement(Role.HISTORY)
    last = _resolve(mention.days[-1], mention, scene)
    if last is None:
        return None
    if last < scene.anchor:
        return judge_past(mention, scene, last)
    role = Role.DEADLINE if _is_deadline(mention, scene) else Role.EVENT
    sure = 0.95 if mention.days[-1].year else 0.9
    return Judgement(role, last, sure, _first(mention, last, scene))


def judge_numbers(mention: Mention, scene: Scene) -> Judgement | None:
    """4/10 is a day only in the company of other words of time; otherwise it is a fraction, a score or a version."""
    if mention.detail in FULL:
        return judge_day(mention, scene)
    if scene.words(mention) in NOT_DATES or scene.after("ratio", mention):
        return Judgement(Role.FIGURE)
    if mention.detail == "part/" and not _stands_as_date(mention, scene):
        return Judgement(Role.FIGURE)
    if mention.detail == "part." and not _is_announced(mention, scene):
        return Judgement(Role.VERSION)
    judged = judge_day(mention, scene)
    return judged and replace(judged, confidence=min(judged.confidence, 0.8))


def judge_lone_day(mention: Mention, scene: Scene) -> Judgement | None:
    last = _next_numbered(mention.days[-1], scene.anchor)
    if last is None:
        return None
    role = Role.DEADLINE if _is_deadline(mention, scene) else Role.EVENT
    return Judgement(role, last, 0.8 if mention.days[-1].weekday is not None else 0.65)


def _stands_as_date(mention: Mention, scene: Scene) -> bool:
    if _is_announced(mention, scene) or scene.after("clock", mention) or scene.after("weekday", mention):
        return True
    words = scene.words(mention)
    return words.startswith("0") or "/0" in words or scene.is_title(mention)


def _is_announced(mention: Mention, scene: Scene) -> bool:
    return scene.has_calendar(mention) or any(scene.before(cue, mention) for cue in ANNOUNCING)


def _is_deadline(mention: Mention, scene: Scene) -> bool:
    return scene.before("deadline", mention) or scene.after("deadline", mention)


def _resolve(day: Day, mention: Mention, scene: Scene) -> date | None:
    """Without a year: the coming one, unless it has just been, or the sentence looks back on it."""
    anchor, month, number = scene.anchor, day.month or 1, day.day or 1
    if day.year:
        return safe_date(day.year, month, number)
    here = safe_date(anchor.year, month, number)
    later = safe_date(anchor.year + 1, month, number)
    before = safe_date(anchor.year - 1, month, number)
    if here and here >= anchor:
        looks_back = before and (anchor - before).days <= JUST_PAST and scene.about("past", mention)
        return before if looks_back else here
    if here and ((anchor - here).days <= JUST_PAST or scene.about("past", mention)):
        return later if later and _weekday_fits(day, later) and not _weekday_fits(day, here) else here
    return later


def _weekday_fits(day: Day, on: date) -> bool:
    return day.weekday is not None and on.weekday() == day.weekday


def _first(mention: Mention, last: date, scene: Scene) -> date | None:
    day = mention.days[0]
    if not mention.ranged or day.month is None or day.day is None:
        return None
    first = safe_date(day.year or last.year, day.month, day.day)
    return safe_date(last.year - 1, day.month, day.day) if first and first > last else first


def _next_numbered(day: Day, anchor: date) -> date | None:
    """The next such day of a month; with a weekday, in the first month where the two agree."""
    if day.day is None:
        return None
    months = ((anchor.year + (anchor.month - 1 + step) // 12, (anchor.month - 1 + step) % 12 + 1) for step in range(14))
    coming = [on for year, month in months if (on := safe_date(year, month, day.day)) and on >= anchor]
    fitting = [on for on in coming if day.weekday is None or on.weekday() == day.weekday]
    return next(iter(fitting or coming), None)
