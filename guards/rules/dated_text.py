"""The words are out of date, or will be by the due time: "tools for 2016", "this Friday", "until 31 December".

It reads the dates in the text, counted from the day on which this content was first said, and tells the ones
that expire (a deadline, an event, a greeting, a countdown) from those that do not (history, habits, prices,
versions, figures of speech). Where it cannot be sure it asks, and remembers the answer until the day that it names.

Why: about one ordinary post in three holds words that become wrong by themselves, and a repeat says them again.
"See you this Friday" invites people to an evening that was months ago. Whoever set the repeat rule thought of
the message, not of the word.

When to turn it off: for a category of history, quotations or fiction, where old dates are the point. If it only
asks too often, switch off the question about unsure cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from guards.base import Action, Candidate, Finding, Fix, Span, option
from guards.dates.reading import SURE, Reading, read
from guards.dates.spans import DatedSpan, Role
from notices.sentences import Sentence, say

title = say("Dated text")
default = Action.HOLD
overridable = True

FINE_FOR = timedelta(days=90)  # as long as a review lasts by default
LONGEST_WORDS = 60
_read = lru_cache(maxsize=4096)(read)  # the dates of one series ask about the same text


@dataclass(frozen=True)
class Options:
    ask_when_unsure: bool = option(True, say("Ask too when words only may be out of date"), stricter="more")


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    if _is_fine(candidate):
        return
    wrong = _reading(candidate).wrong_on(candidate.day(candidate.at))
    if wrong is None or wrong.last_good is None:
        return
    if wrong.confidence >= SURE or options.ask_when_unsure:
        yield Finding(
            _message(candidate, wrong),
            tuple(_fixes(candidate, wrong.last_good)),
            (Span(wrong.start, wrong.end),),
        )


def saw(candidate: Candidate, options: Options) -> Sentence:
    if _is_fine(candidate):
        return say("A person said that the words are fine until {day}.", day=candidate.fine_until)
    last = _reading(candidate).stale_after
    if last is None:
        return say("Nothing in the text goes out of date.")
    if last < candidate.day(candidate.at):
        return say("Perhaps out of date since {day}; you do not want to be asked about that.", day=last)
    return say("Reads right until {day}.", day=last)


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    year = ordinary.day(ordinary.at).year - 1
    first_at = ordinary.at.replace(year=year, month=6, day=1)
    return replace(ordinary, text=f"{ordinary.text} (31/12/{year})", first_at=first_at), options


def _is_fine(candidate: Candidate) -> bool:
    """Has a person said so, for that day?"""
    return candidate.fine_until is not None and candidate.day(candidate.at) <= candidate.fine_until


def _reading(candidate: Candidate) -> Reading:
    return _read(candidate.text, candidate.language, candidate.day(_first_said(candidate)))


def _first_said(candidate: Candidate) -> datetime:
    """What "Friday" means was settled then, in this post or in an earlier copy of it."""
    told = [candidate.at, *(sending.at for sending in candidate.history)]
    return min([candidate.first_at, *told] if candidate.first_at else told)


def _message(candidate: Candidate, wrong: DatedSpan) -> Sentence:
    told = {"words": _shown(wrong.words), "day": candidate.day(candidate.at), "last": wrong.last_good}
    if wrong.confidence < SURE:
        return say("“{words}” (until {last}?) may be out of date by then ({day}): is it still right?", **told)
    if wrong.role is Role.YEARS_AGO:
        return say("“{words}” is wrong by then ({day}): it read right until {last}.", **told)
    return say("“{words}” is past by then ({day}): it read right until {last}.", **told)


def _shown(words: str) -> str:
    line = " ".join(words.split()).rstrip(".,;:")
    return line if len(line) <= LONGEST_WORDS else f"{line[: LONGEST_WORDS - 1]}…"


def _fixes(candidate: Candidate, last: date) -> Iterator[Fix]:
    yield Fix("edit", say("Edit the content"))
    if candidate.repeat is not None:
        yield _end(candidate, last)
    until = candidate.day(candidate.at) + FINE_FOR
    yield Fix("fine_until", say("It is fine until {day}", day=until), {"until": until.isoformat()})


def _end(candidate: Candidate, last: date) -> Fix:
    """A series cannot end before today, nor before it has begun."""
    begins = candidate.day(candidate.first_at or candidate.at)
    if last < max(begins, candidate.day(candidate.now)):
        return Fix("end_series", say("End the series"))
    return Fix("end_series_on", say("End the series on {day}", day=last), {"date": last.isoformat()})
