"""The last look before a request leaves: is there still time, and has nobody paused it since its intent was written?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

from notices.sentences import Sentence, say
from posts.networks.base import NotSent
from scheduler import stop_file
from scheduler.models import Attempt, Publication
from scheduler.pauses import Pauses, place_of


class Untried(NotSent):
    """Known: nothing left, for the network was not even asked."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence, counts=False)


EVERY = 2.0  # seconds between two readings of the pauses, of the five that a pause may take to be in force


class LastLook:
    """Over one batch, whose requests leave one after the other and may take a minute and more.

    The pauses are read by the thread that has the database, between two answers, and looked up by those that send.
    """

    def __init__(self, attempts: Sequence[Attempt], last_start: float) -> None:
        """`last_start` is on the monotonic clock: nothing leaves after it."""
        self._attempts = list(attempts)
        self.last_start = last_start
        self._read_at = self._began = monotonic()
        self._paused: frozenset[int] = frozenset()
        self._over = False

    def close(self) -> None:
        """Whoever was to write the answers down is gone: what has not left stays."""
        self._over = True

    @property
    def now(self) -> datetime:
        return self._attempts[0].started_at + timedelta(seconds=monotonic() - self._began)

    def forbids(self, row: Publication) -> Sentence | None:
        """Why it may not leave any more."""
        if row.pk in self._paused or stop_file.there():
            return say("It was paused before it was sent.")
        if self._over or monotonic() > self.last_start:
            return say("It waited too long behind others and was put back.")
        return None

    def again(self) -> None:
        """Read the pauses anew when it is time."""
        if monotonic() - self._read_at < EVERY:
            return
        now = self.now
        rows = [attempt.publication for attempt in self._attempts]
        pauses = Pauses(now)
        self._paused = frozenset(row.pk for row in rows if pauses.over(place_of(row)))
        self._read_at = monotonic()
