"""Another post said the same, or almost, on this channel a short time ago.

It compares the words, not the signs: a new emoji, another campaign tag or a corrected typo make no new post.
Posts from one template ("Thank you, @acme!", "Thank you, @globex!") are told apart by their names, numbers and
days, and never held for what they share. Where two are only related, it shows both and lets a person choose.

Why: a library fills over the years, and so does a team. The same article announced by two people in one week
looks careless, and X forbids posts that are "duplicative or substantially similar", scheduled or not.

When to turn it off: on a channel whose posts are meant to look alike, such as a weather report or a feed of
vacancies. For a single pair, let it pass with “Keep both” instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import floor

from guards.base import Action, Candidate, Finding, Fix, option
from guards.neighbours import Like, Neighbour, Neighbours
from notices.sentences import Sentence, days, say, say_count

title = say("Near duplicate")
default = Action.HOLD
overridable = True

DAY = timedelta(days=1)
LONGEST_QUOTE = 60
LONGEST_TEXT = 280


@dataclass(frozen=True)
class Options:
    window_days: int = option(
        14,
        say("How long another post that says the same is remembered"),
        unit=say("days"),
        low=1,
        high=40,
        stricter="more",
    )
    similar: int = option(85, say("Hold from this likeness on"), unit=say("percent"), low=70, high=100, stricter="less")
    ask_from: int = option(
        60, say("Show both texts from this likeness on"), unit=say("percent"), low=40, high=100, stricter="less"
    )


def problems(options: Options) -> Iterator[Sentence]:
    if options.ask_from > options.similar:
        yield say(
            "Both texts would be shown from {ask} % on, but from {hold} % on it is held already.",
            ask=options.ask_from,
            hold=options.similar,
        )


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    likes = _likes(candidate.text, candidate, options)
    same = [like for like in likes if like.likeness * 100 >= options.similar]
    if same:
        until = max(_end(candidate, like.neighbour.at, options) for like in same)
        yield Finding(_message(candidate, _nearest(same)), tuple(_fixes(candidate, options, until)), until=until)
    elif likes:
        edit = Fix("edit", say("Edit the content"))
        yield Finding(_both(candidate, _nearest(likes)), (edit,), soft=True)


def saw(candidate: Candidate, options: Options) -> Sentence:
    others = _near(candidate, options).texts()
    within = days(options.window_days)
    if not others:
        return say("No other post on {channel} within {within}.", channel=candidate.channel.name, within=within)
    return say_count(
        "Unlike the other post on {channel} within {within}.",
        "Unlike the {count} other posts on {channel} within {within}.",
        others,
        channel=candidate.channel.name,
        within=within,
    )


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    before = Neighbour(ordinary.text, ordinary.at - timedelta(days=options.window_days) / 2, post=0)
    return replace(ordinary, neighbours=Neighbours.these(before)), options


def _likes(text: str, candidate: Candidate, options: Options) -> list[Like]:
    return _near(candidate, options).alike(text, options.ask_from / 100, options.similar / 100)


def _near(candidate: Candidate, options: Options) -> Neighbours:
    """Said within the window before, or planned within it after (a move can bring that about)."""
    window = timedelta(days=options.window_days)
    before = candidate.local(candidate.at) + window
    change = _change_of_clocks(candidate, window)
    start = candidate.at - window
    if change is not None:
        return candidate.neighbours.between(start + change, before)
    near = candidate.neighbours.between(start - DAY, before)
    return near.unless(start + DAY, lambda at: _end(candidate, at, options) <= candidate.at)


def _change_of_clocks(candidate: Candidate, window: timedelta) -> timedelta | None:
    """By how much the clocks change during the window before; None: they do so at one of its ends."""
    now, then = candidate.local(candidate.at), candidate.local(candidate.at - window)
    ends = [{(end + step).utcoffset() or timedelta() for step in (-DAY, DAY)} for end in (now, then)]
    if any(len(end) > 1 for end in ends):
        return None
    return ends[0].pop() - ends[1].pop()


def _nearest(likes: Sequence[Like]) -> Like:
    return max(likes, key=lambda like: (like.likeness, like.neighbour.at))


def _end(candidate: Candidate, at: datetime, options: Options) -> datetime:
    """The same wall clock when the window is over for what was said then."""
    return candidate.local(at) + timedelta(days=options.window_days)


def _message(candidate: Candidate, like: Like) -> Sentence:
    return say(
        "{percent} % like “{other}”, sent {ago} before, on {when}.",
        other=_shortened(like.neighbour.text.strip().split("\n", 1)[0], LONGEST_QUOTE),
        **_numbers(candidate, like),
    )


def _both(candidate: Candidate, like: Like) -> Sentence:
    return say(
        "{percent} % like another post, sent {ago} before, on {when}. Is it the same message? “{other}”",
        other=_shortened(like.neighbour.text.strip(), LONGEST_TEXT),
        **_numbers(candidate, like),
    )


def _numbers(candidate: Candidate, like: Like) -> dict[str, object]:
    when = candidate.day(like.neighbour.at)
    ago = abs((candidate.day(candidate.at) - when).days)
    # Rounded down: what is said to be 85 % alike has reached 85.
    return {"percent": floor(like.likeness * 100 + 1e-9), "ago": days(ago), "when": when}


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def _fixes(candidate: Candidate, options: Options, until: datetime) -> Iterator[Fix]:
    yield Fix("move", say("Move to {when}", when=until), {"to": until.isoformat()})
    if (wording := _unlike_wording(candidate, options)) is not None:
        yield Fix("use_variation", say("Use another wording"), {"variation": wording})
    yield Fix("override", say("Keep both"))


def _unlike_wording(candidate: Candidate, options: Options) -> int | None:
    """One that is like nothing said lately, and was not itself sent lately."""
    window = timedelta(days=options.window_days)
    for turn, text in candidate.wordings.items():
        fresh = all(candidate.at - sending.at >= window for sending in candidate.variations.get(turn, ()))
        if fresh and not _likes(text, candidate, options):
            return turn
    return None
