"""A day that lay behind when the words were first said: history, or a promise that was stale from the start."""

from datetime import date

from ..calendar import end_of_year
from ..scene import Scene
from ..spans import Judgement, Mention, Role

LOOKING_BACK = ("past", "done", "thanks")
LATELY = 2  # years; an older deadline may as well be told as history


def judge_past(mention: Mention, scene: Scene, last: date) -> Judgement:
    """A deadline or an invitation that is over: an old post that somebody takes up again."""
    if any(scene.about(cue, mention) for cue in LOOKING_BACK):
        return Judgement(Role.HISTORY)
    if scene.before("deadline", mention) or scene.after("deadline", mention):
        lately = scene.anchor.year - last.year <= LATELY
        return Judgement(Role.DEADLINE, last, 0.85 if lately else 0.6)
    if scene.about("invite", mention) or _stands_in_an_agenda(mention, scene):
        return Judgement(Role.EVENT, last, 0.6)
    return Judgement(Role.HISTORY)


def _stands_in_an_agenda(mention: Mention, scene: Scene) -> bool:
    return mention.days[-1].weekday is not None or scene.has_calendar(mention) or scene.after("clock", mention)


def judge_past_year(mention: Mention, scene: Scene, year: int) -> Judgement:
    """Advice for a year that is over, "tools for success in 2016": it may still be good, so somebody is asked."""
    if scene.about("advice", mention) and not any(scene.about(cue, mention) for cue in LOOKING_BACK):
        return Judgement(Role.YEAR_TAG, end_of_year(year), 0.6)
    return Judgement(Role.HISTORY)
