"""People react to this content less and less, or not at all any more, against what is usual on its channel.

It compares what each sending had earned two or three days later with a typical post of the same channel, weekday
and time, so that a quiet season or a change of the network's rules is not taken for wear. It speaks up when it is
91 % sure that the content has lost two fifths of what it began with, never before the third result, and stays
silent about what still does better than the usual post. Where the network tells views, reactions count per view.

Why: repetition helps before it harms. In a review of 37 experiments liking rose up to about ten exposures and
fell after that (Schmidt and Eisend 2015, Journal of Advertising 44), and the annoyance of too many fades sooner
than the memory of what was said (Kronrod and Huber 2018, International Journal of Research in Marketing 36), so
a rest is worth offering. People repeat their lucky posts: "less than half of the first" would call most healthy
ones worn, and so it is not what is asked here.

When to turn it off: for content that nobody is meant to react to, such as opening hours, or on a channel whose
reactions mean nothing to you.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from guards.base import Action, Candidate, Finding, Fix, Reception, Result, option
from guards.wear import FEWEST, is_worn
from notices.sentences import Sentence, days, say, say_count

title = say("Worn out")
default = Action.HOLD
overridable = True

SURE_OF_NOBODY = 0.9
SHOWN = 6  # counts in the sentence: the first and the last ones
NEWS = 3  # results since a person kept it that make it worth asking again


@dataclass(frozen=True)
class Options:
    left: int = option(
        60,
        say("Hold when less than this is left of the first reactions"),
        unit=say("percent"),
        low=20,
        high=90,
        stricter="more",
    )
    sure: int = option(91, say("How sure it must be"), unit=say("percent"), low=80, high=99, stricter="less")
    rest_days: int = option(90, say("How long a rest is offered"), unit=say("days"), low=7, high=90)
    ask_again_days: int = option(
        90, say("Ask again about what was kept after"), unit=say("days"), low=7, high=730, stricter="less"
    )


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    results, luck = candidate.reception.results, candidate.reception.luck
    if worn(results, luck, options) and not _is_kept(candidate, options):
        yield Finding(
            say(
                "Reactions have fallen: {counts} against {usual} for your usual post.",
                counts=_counts(results),
                usual=round(results[-1].usual),
            ),
            tuple(_fixes(options)),
        )


def saw(candidate: Candidate, options: Options) -> Sentence:
    results = candidate.reception.results
    if len(results) < FEWEST:
        return say_count(
            "Too little to tell: {count} result so far, and {needed} are needed.",
            "Too little to tell: {count} results so far, and {needed} are needed.",
            len(results),
            needed=FEWEST,
        )
    told = {"counts": _counts(results), "usual": round(results[-1].usual)}
    if worn(results, candidate.reception.luck, options):
        assert candidate.kept_at is not None
        when = candidate.day(candidate.kept_at)
        return say("{counts} against {usual} for your usual post; a person kept it on {when}.", when=when, **told)
    return say("{counts} against {usual} for your usual post: no fall that luck does not explain.", **told)


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    fallen = (120, 60, 20, 5, 2, 1)
    results = tuple(Result(number, ordinary.now, earned, 40.0) for number, earned in enumerate(fallen))
    return replace(ordinary, reception=Reception(results)), options


def worn(results: Sequence[Result], luck: float, options: Options) -> bool:
    return is_worn(results, luck, options.left / 100, options.sure / 100, SURE_OF_NOBODY)


def _is_kept(candidate: Candidate, options: Options) -> bool:
    """A person's word holds for a while, and only until there is as much news as it takes to tell anything."""
    kept = candidate.kept_at
    if kept is None or candidate.at > candidate.local(kept) + timedelta(days=options.ask_again_days):
        return False
    return sum(result.at > kept for result in candidate.reception.results) < NEWS


def _counts(results: Sequence[Result]) -> str:
    told = [str(result.earned) for result in results]
    return ", ".join(told if len(told) <= SHOWN else [told[0], "…", *told[-(SHOWN - 1) :]])


def _fixes(options: Options) -> Iterator[Fix]:
    yield Fix("edit", say("Rewrite"))
    yield Fix("rest", say("Rest for {days}", days=days(options.rest_days)), {"days": options.rest_days})
    again = {"days": options.ask_again_days}
    yield Fix("keep_going", say("Keep it, and ask again in {days}", days=days(options.ask_again_days)), again)
