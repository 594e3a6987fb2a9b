"""The queue's own decision, without a query: which post goes into which open slot, and why none goes into another.

Least recently sent goes first, never inside its gap, and only what the guards would let go out then. The slots are
filled in the order of time, as the engine will act, and what is planned already counts as said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from guards.catalogue import RULES
from guards.judge import Verdict
from notices.sentences import Sentence, say
from posts.content import fingerprint
from posts.models import Channel, Post
from scheduler.candidates import Docket, Occurrence, Series
from scheduler.recurrence import due_at
from scheduler.slots import Opening, suits

TOO_SOON = say("Too soon")
SKIPPED = say("Skipped")


@dataclass
class Lane:
    """A queued post on one of its channels: what became of it there since it was queued, and what stands against it."""

    post: Post
    channel: Channel
    series: Series
    texts: tuple[str, ...]
    last: datetime | None = None  # when it was last said there, or is planned to be before the slot that is filled
    numbers: set[int] = field(default_factory=set)  # of its publications there
    placed: bool = False  # what goes out once has had its turn
    had: set[datetime] = field(default_factory=set)  # times that it was given there and that somebody left out
    shut: bool = False  # nothing changes about the refusal within this run
    until: datetime | None = None  # it is refused before this
    why: Sentence = TOO_SOON

    @property
    def once(self) -> bool:
        return self.post.queue == Post.Queue.ONCE

    @property
    def number(self) -> int:
        """The first that no publication of this run has there."""
        return next(number for number in count() if number not in self.numbers)

    @property
    def used_up(self) -> bool:
        most = self.series.repeat.max_repeats if self.series.repeat else None
        return self.placed if self.once else most is not None and self.number > most

    @property
    def rank(self) -> tuple[bool, bool, float, int, int]:
        """What goes out once comes first, then what never went out, then what went out longest ago."""
        last = self.last.timestamp() if self.last and not self.once else 0.0
        return not self.once, bool(last), last, self.post.queue_place, self.post.pk

    def occurrence(self, at: datetime, number: int) -> Occurrence:
        return Occurrence(self.series, self.channel, at, number, self.texts, number % len(self.texts))

    def earliest_after(self, at: datetime) -> datetime:
        """Its own gap, on the wall clock: the rule's interval."""
        return at if self.series.repeat is None else due_at(at, self.series.workspace.zone, self.series.repeat, 1)


@dataclass(frozen=True)
class Fixed:
    """A publication that the queue works around: dated, touched by a person, or about to go out."""

    at: datetime
    occurrence: Occurrence


@dataclass(frozen=True)
class Fill:
    """A slot's date and the post that takes it, with the reason."""

    opening: Opening
    lane: Lane
    number: int
    why: Sentence


@dataclass(frozen=True)
class Gap:
    """A slot's date that nobody can fill, and the lanes that were refused."""

    opening: Opening
    refused: Sequence[tuple[Sentence, datetime | None]]


class Filling:
    """One run over the open slots of a workspace, from the first to the last. `fills` and `gaps` are what came of it.

    It knows nothing of an earlier run, and so comes to the same as long as nothing changes.
    """

    def __init__(self, lanes: Iterable[Lane], fixed: Sequence[Fixed], docket: Docket) -> None:
        self.fills: list[Fill] = []
        self.gaps: list[Gap] = []
        self._docket = docket
        self._lanes = {(lane.post.pk, lane.channel.pk): lane for lane in lanes}
        self._by_channel: defaultdict[int, list[Lane]] = defaultdict(list)
        for lane in self._lanes.values():
            self._by_channel[lane.channel.pk].append(lane)
        self._fixed = sorted(fixed, key=lambda one: one.at)
        # What is planned, in the order of time: by channel and content, and by post and channel.
        self._ahead: defaultdict[tuple[int, str], list[Occurrence]] = defaultdict(list)
        self._own: defaultdict[tuple[int | None, int], list[datetime]] = defaultdict(list)
        for one in (fixed.occurrence for fixed in self._fixed):
            self._ahead[one.channel.pk, fingerprint(one.text)].append(one)
            self._own[one.series.post_id, one.channel.pk].append(one.at)

    def run(self, openings: Iterable[Opening], occupied: Collection[tuple[int, date]]) -> None:
        """`openings` in the order of time; `occupied` are the slots and dates that have somebody for good."""
        used = {(one.occurrence.channel.pk, one.at) for one in self._fixed}
        waiting = iter(self._fixed)
        coming = next(waiting, None)
        for opening in openings:
            while coming and coming.at <= opening.at:
                self._said(coming.occurrence)
                coming = next(waiting, None)
            where = (opening.slot.channel_id, opening.at)
            if where not in used and (opening.slot.pk, opening.date) not in occupied and self._fill(opening):
                used.add(where)

    def _fill(self, opening: Opening) -> bool:
        """Whether a post was found for it; else it is a gap."""
        suiting = self._suiting(opening)
        for lane in sorted(suiting, key=lambda lane: lane.rank):
            if self._may(lane, opening.at):
                number = lane.number
                self.fills.append(Fill(opening, lane, number, _why(lane)))
                lane.numbers.add(number)
                self._said(lane.occurrence(opening.at, number))
                return True
        refused = [(lane.why, None if lane.shut else lane.until) for lane in suiting if not lane.used_up]
        self.gaps.append(Gap(opening, refused))
        return False

    def _suiting(self, opening: Opening) -> list[Lane]:
        return [lane for lane in self._by_channel[opening.slot.channel_id] if _open_to(lane, opening)]

    def _may(self, lane: Lane, at: datetime) -> bool:
        """Asks the guards, unless an earlier answer holds still: holds last from when they begin to their end."""
        if lane.shut or lane.used_up or (lane.until and at < lane.until):
            return False
        if at in lane.had:
            return _wait(lane, at, SKIPPED)
        return self._far_enough(lane, at) and self._passes(lane, at)

    def _passes(self, lane: Lane, at: datetime) -> bool:
        one = lane.occurrence(at, lane.number)
        verdict = self._docket.judge(one)
        if not verdict.allows:
            return _refuse(lane, verdict, at)
        after = self._next_of_its_content(one)
        if after is not None and self._docket.stops(after, one):
            return _wait(lane, after.at, TOO_SOON)
        return True

    def _far_enough(self, lane: Lane, at: datetime) -> bool:
        """Its own gap to what was said before, and to what is planned after."""
        if lane.last and at < (earliest := lane.earliest_after(lane.last)):
            return _wait(lane, earliest, TOO_SOON)
        planned = self._own[lane.post.pk, lane.channel.pk]
        place = bisect_right(planned, at)
        if place < len(planned) and planned[place] < lane.earliest_after(at):
            return _wait(lane, planned[place], TOO_SOON)
        return True

    def _next_of_its_content(self, one: Occurrence) -> Occurrence | None:
        """The next publication of the same words there, copies of the post included."""
        planned = self._ahead[one.channel.pk, fingerprint(one.text)]
        place = bisect_right(planned, one.at, key=lambda other: other.at)
        return planned[place] if place < len(planned) else None

    def _said(self, one: Occurrence) -> None:
        self._docket.said(one)
        lane = self._lanes.get((one.series.post_id or 0, one.channel.pk))
        if lane:
            lane.last = max(lane.last or one.at, one.at)
            lane.placed = True


def goes_on(lanes: Iterable[Lane], now: datetime) -> bool:
    """Whether a queued post still has turns to come."""
    return any(not lane.used_up and not is_over(lane, now) for lane in lanes)


def is_over(lane: Lane, now: datetime) -> bool:
    repeat, expires = lane.series.repeat, lane.series.expires_at
    ended = repeat and repeat.end_date and now.astimezone(lane.series.workspace.zone).date() > repeat.end_date
    return bool(ended or (expires and expires < now))


def _open_to(lane: Lane, opening: Opening) -> bool:
    starts_at = lane.series.starts_at
    return suits(opening.slot, lane.series.category_id) and (starts_at is None or opening.at >= starts_at)


def _shut(lane: Lane, why: Sentence) -> bool:
    lane.shut, lane.why = True, why
    return False


def _wait(lane: Lane, until: datetime, why: Sentence) -> bool:
    lane.until, lane.why = until, why
    return False


def _refuse(lane: Lane, verdict: Verdict, at: datetime) -> bool:
    deciding = verdict.deciding
    assert deciding is not None
    why = RULES[deciding.guard].title
    until = verdict.until
    return _wait(lane, until, why) if until and until > at else _shut(lane, why)


def _why(lane: Lane) -> Sentence:
    """Why this post and no other."""
    if lane.once:
        return say("It was the first in the queue of what goes out once.")
    if lane.last is None:
        return say("It was never sent on {channel}, and is the first of those in the queue.", channel=lane.channel.name)
    return say("Of all that may go out then, it was sent longest ago: on {when}.", when=lane.last)


def occurrences_of(lanes: Iterable[Lane], at: datetime) -> Iterator[Occurrence]:
    """One of each wording's post and channel, for a docket that is to know them all."""
    return (lane.occurrence(at, 0) for lane in lanes)
