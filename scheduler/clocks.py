"""Whether the clocks can be believed: this machine's against the database's, and the database's against itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from notices.sentences import Sentence, say

MOST_APART = timedelta(seconds=2)
JUMP = timedelta(seconds=30)


@dataclass(frozen=True)
class Reading:
    """One look at three clocks; `took` is how long the look lasted, `steady` the monotonic clock, in seconds."""

    ours: datetime
    database: datetime
    took: float
    steady: float


def why_not(one: Reading) -> Sentence | None:
    """The sentence for a worker whose clock is not the database's. The answer's way back is no difference."""
    behind = one.database - one.ours
    if behind < -MOST_APART:
        return say(
            "A worker's clock is {seconds} s ahead of the database's, so it takes no work: set that clock.",
            seconds=round(-behind.total_seconds()),
        )
    if behind > MOST_APART + timedelta(seconds=one.took):
        return say(
            "A worker's clock is {seconds} s behind the database's, so it takes no work: set that clock.",
            seconds=round(behind.total_seconds()),
        )
    return None


def jumped(earlier: Reading, later: Reading) -> bool:
    """Whether the database's clock was set meanwhile, or the machine slept."""
    passed = timedelta(seconds=later.steady - earlier.steady)
    return abs(later.database - earlier.database - passed) > JUMP
