"""When a post expires: on the day its first claim becomes false."""

from collections.abc import Sequence
from dataclasses import replace

from .spans import Judgement, Kind, Mention, Role

DATES = {Kind.DATE, Kind.NUMBERS, Kind.LONE_DAY}
LIST_GAP = 60
WEEKDAY_GAP = 9
SAME_OCCASION = 45  # days
Judged = tuple[Mention, Judgement]


def settle(judged: Sequence[Judged]) -> list[Judged]:
    """The judgements once they have been compared: dates outrank the weekdays, hours and counts that go with them."""
    settled = _weekdays_together(judged)
    settled = _tie_to_dates(settled)
    settled = _lists_to_their_last(settled)
    return _soft_only_alone(settled)


def first_to_fail(judged: Sequence[Judged]) -> Judged | None:
    claims = [one for one in judged if one[1].last_good is not None]
    return min(claims, key=lambda one: (one[1].last_good, -one[1].confidence), default=None)


def _weekdays_together(judged: Sequence[Judged]) -> list[Judged]:
    """ "Saturday and Sunday" is over on Sunday; "Monday to Friday" is every week when its Monday is."""
    settled = list(judged)
    for index in range(1, len(settled)):
        (before, first), (mention, judgement) = settled[index - 1], settled[index]
        if {before.kind, mention.kind} != {Kind.WEEKDAY} or mention.start - before.end > WEEKDAY_GAP:
            continue
        if first.role is Role.HABIT:
            settled[index] = (mention, first)
        elif first.last_good and judgement.last_good and first.last_good < judgement.last_good:
            settled[index - 1] = (before, replace(first, last_good=judgement.last_good))
    return settled


def _tie_to_dates(judged: Sequence[Judged]) -> list[Judged]:
    """ "Sunday" beside "26-28 June" and "in 4 days" before it speak of that range."""
    ranges = [judgement for mention, judgement in judged if mention.kind in DATES and judgement.last_good]
    tied = []
    for mention, judgement in judged:
        bound = next((one for one in ranges if mention.kind in TIED and _covers(one, mention, judgement)), None)
        tied.append((mention, replace(judgement, last_good=bound.last_good) if bound else judgement))
    return tied


TIED = {Kind.WEEKDAY, Kind.COUNTDOWN, Kind.MONTH, Kind.FEAST}


def _covers(claim: Judgement, mention: Mention, judgement: Judgement) -> bool:
    if judgement.last_good is None or claim.last_good is None:
        return False
    if mention.kind is Kind.WEEKDAY:
        near = judgement.role is Role.EVENT and 0 <= (claim.last_good - judgement.last_good).days <= SAME_OCCASION
        return (near and claim.last_good.weekday() == judgement.last_good.weekday()) or _within(claim, judgement)
    if mention.kind is Kind.MONTH:
        return (claim.last_good.year, claim.last_good.month) == (judgement.last_good.year, judgement.last_good.month)
    if mention.kind is Kind.FEAST:
        return abs((claim.last_good - judgement.last_good).days) <= 1 or _within(claim, judgement)
    return _within(claim, judgement)


def _within(claim: Judgement, judgement: Judgement) -> bool:
    last, day = claim.last_good, judgement.last_good
    return bool(last and day and claim.first_good and claim.first_good <= day <= last)


def _lists_to_their_last(judged: Sequence[Judged]) -> list[Judged]:
    """A run of plain dates close together is one list, good until its last."""
    run: list[int] = []
    settled = list(judged)
    for index, (mention, judgement) in enumerate(judged):
        if mention.kind not in DATES or judgement.role is not Role.EVENT:
            continue
        if run and mention.start - judged[run[-1]][0].end > LIST_GAP:
            _level(settled, run)
            run = []
        run.append(index)
    _level(settled, run)
    return settled


def _level(settled: list[Judged], run: Sequence[int]) -> None:
    days = [day for index in run if (day := settled[index][1].last_good)]
    for index in run if len(days) > 1 else ():
        mention, judgement = settled[index]
        settled[index] = (mention, replace(judgement, last_good=max(days)))


def _soft_only_alone(judged: Sequence[Judged]) -> list[Judged]:
    """An hour beside a day belongs to that day, beside a habit to the habit; so does "World Such Day"."""
    dated = any(judgement.confidence >= FIRM and _speaks_of_days(mention, judgement) for mention, judgement in judged)
    return [one for one in judged if not (dated and one[1].role in SOFT and one[1].confidence < FIRM)]


SOFT = {Role.HOUR, Role.EVENT, Role.DEADLINE, Role.COUNTDOWN}
FIRM = 0.62


def _speaks_of_days(mention: Mention, judgement: Judgement) -> bool:
    return judgement.last_good is not None or judgement.role is Role.HABIT or mention.kind in DATES
