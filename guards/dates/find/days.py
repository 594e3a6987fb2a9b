"""Calendar days: "12 June 2024", "June 3-5 and 8", "25.12.", "2024-06-12", "Sat 4th", and ranges of them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ..lexicon import Lexicon
from ..spans import Day, Kind, Mention
from ..text import DIGIT
from .numbers import find_numbers

NUMBER = re.compile(r"\d{1,2}")
JOIN_WIDTH = 24


def find_days(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """Neighbours such as "28 June" and "2 July" come joined as one range. Without a digit there is no day."""
    if not DIGIT.search(text):
        return
    singles = sorted([*_named(text, lexicon), *find_numbers(text, lexicon)], key=lambda one: one.start)
    waiting: Mention | None = None
    for mention in singles:
        if waiting and mention.start < waiting.end:
            continue
        if waiting and _is_range(text, waiting, mention, lexicon):
            waiting = _joined(waiting, mention)
            continue
        if waiting:
            yield waiting
        waiting = mention
    if waiting:
        yield waiting
    yield from _lone(text, lexicon)


def _named(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.dates.finditer(text):
        form = "m" if not lexicon.language.day_first and match["mmonth"] else "d"
        month = lexicon.language.months[match[form + "month"]]
        year = int(match[form + "year"]) if match[form + "year"] else None
        numbers = _rising(match[form + "days"], keep_last=form == "d")
        if not numbers:
            continue
        weekday = _weekday(match[form + "weekday"], lexicon) if len(numbers) == 1 else None
        days = tuple(Day(year, month, number, weekday) for number in numbers)
        yield Mention(*match.span(), Kind.DATE, days, ranged=_is_dashed(match[form + "days"], numbers))


def _lone(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    for match in lexicon.lone_days.finditer(text):
        written = match["days"] or match["more"]
        numbers = _rising(written, keep_last=False)
        if numbers:
            weekday = _weekday(match["weekday"], lexicon) if len(numbers) == 1 else None
            days = tuple(Day(day=number, weekday=weekday) for number in numbers)
            yield Mention(*match.span(), Kind.LONE_DAY, days, ranged=_is_dashed(written, numbers))


def _rising(written: str, keep_last: bool) -> list[int]:
    """The days of a list; "22, 14" is a day and an hour, so the list ends where it falls."""
    numbers = [int(found) for found in NUMBER.findall(written)]
    numbers = numbers[::-1] if keep_last else numbers
    kept = numbers[:1]
    for number in numbers[1:]:
        if number == kept[-1] or (number < kept[-1]) != keep_last:
            break
        kept.append(number)
    return kept[::-1] if keep_last else kept


def _is_dashed(written: str, numbers: list[int]) -> bool:
    return len(numbers) == 2 and "," not in written and "&" not in written


def _weekday(written: str | None, lexicon: Lexicon) -> int | None:
    word = re.match(r"[^\W\d_]+(?:-feira)?", written) if written else None
    return lexicon.day_words.get(word[0]) if word else None


def _is_range(text: str, first: Mention, second: Mention, lexicon: Lexicon) -> bool:
    gap = text[first.end : second.start]
    return len(gap) <= JOIN_WIDTH and len(first.days) == 1 and bool(lexicon.range_join.match(gap))


def _joined(first: Mention, second: Mention) -> Mention:
    year = second.days[-1].year if second.kind is Kind.DATE or second.detail == "full" else None
    start = first.days[0]
    days = (start._replace(year=start.year or year), *second.days)
    detail = "full" if "full" in (first.detail, second.detail) else "range"
    return replace(first, end=second.end, days=days, ranged=True, detail=detail)
