"""The last look before a request leaves: is there still time, and has nobody paused it since its intent was written?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from notices.sentences import Sentence, say
from posts.networks.base import NotSent
from scheduler import stop_file
from scheduler.models import Attempt
from scheduler.pauses import Pauses, place_of

EVERY = 2.0  # seconds between two readings of the pauses, of the five that a pause may take to be in force


class Untried(NotSent):
    """Known: nothing left, for the network was not even asked."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence, counts=False)


@dataclass(frozen=True)
class _Leave:
    """A request that may still leave, until `last_start` on the monotonic clock."""

    attempt: Attempt
    last_start: float
    begun: float


class LastLook:
    """Over all that one worker has on the way, where one request after the other may take a minute and more.

    The pauses are read by the thread that has the database, between two answers, and looked up by those that send.
    """

    def __init__(self) -> None:
        self._leaves: dict[int, _Leave] = {}
        self._paused: frozenset[int] = frozenset()
        self._read_at = monotonic()

    def over(self, attempts: Sequence[Attempt], last_start: float) -> None:
        """The pauses were read when these intents were written; for the others it is as it was."""
        if not self._leaves:
            self._read_at = monotonic()
        begun = monotonic()
        self._leaves |= {attempt.pk: _Leave(attempt, last_start, begun) for attempt in attempts}

    def done(self, attempts: Sequence[Attempt]) -> None:
        """These have their answers. For the rest the pauses are read again when it is time."""
        self._leaves = {pk: leave for pk, leave in self._leaves.items() if pk not in {one.pk for one in attempts}}
        if self._leaves and monotonic() - self._read_at >= EVERY:
            self.again()

    def end(self) -> None:
        self._leaves = {}

    def forbids(self, attempt: Attempt) -> Sentence | None:
        """Why it may not leave any more."""
        leave = self._leaves.get(attempt.pk)
        if attempt.pk in self._paused or stop_file.there():
            return say("It was paused before it was sent.")
        if leave is None or monotonic() > leave.last_start:
            return say("It waited too long behind others and was put back.")
        return None

    def again(self) -> None:
        leaves = list(self._leaves.values())
        latest = max(leaves, key=lambda leave: leave.begun)
        pauses = Pauses(latest.attempt.started_at + timedelta(seconds=monotonic() - latest.begun))
        paused = [leave.attempt.pk for leave in leaves if pauses.over(place_of(leave.attempt.publication))]
        self._paused, self._read_at = frozenset(paused), monotonic()
