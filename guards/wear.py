"""Whether a content has worn out: the arithmetic on the counts of its sendings, oldest first, without a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, lgamma, log, sqrt
from typing import Protocol

FEWEST = 3  # sendings with a result, before anything is said
LUCK, LEAST_LUCK = 0.6, 0.4  # the spread of one content's log-index from sending to sending: unknown, and at least
# What is believed before anything is known: most posts lie within a factor of two of the usual, and a repeat
# changes little. They keep a few lucky or unlucky sendings from looking like a trend.
LEVEL_SD, SLOPE_SD = 0.7, 0.35
LAST = 3  # sendings that tell whether anybody still reacts
NOBODY = 0.5  # of the usual: less than this is next to nothing
OUTSIDER = 1.6  # the Gamma prior's weight, in usual posts


class Counted(Protocol):
    """One sending that was measured: which one it was (0: the first), what it earned, and what is usual."""

    @property
    def number(self) -> int: ...
    @property
    def earned(self) -> int: ...
    @property
    def usual(self) -> float: ...


@dataclass(frozen=True)
class Decline:
    """The log of a content's index as a line over its sendings: where it ends, and what is known of its slope."""

    now: float
    slope: float
    slope_sd: float
    steps: int

    def below(self, share: float) -> float:
        """How sure it is that the content now stands below this share of where it began."""
        return _normal((log(share) - self.slope * self.steps) / (self.slope_sd * self.steps))


def decline(results: Sequence[Counted], luck: float) -> Decline:
    """The posterior of a log-linear decay: two normal priors, each sending weighed by how much its count can tell."""
    first = results[0].number
    s0 = 1 / LEVEL_SD**2
    s1 = b0 = b1 = 0.0
    s2 = 1 / SLOPE_SD**2
    for one in results:
        step, weight = one.number - first, 1 / (1 / (one.earned + 0.5) + luck**2)
        index = log((one.earned + 0.5) / (one.usual + 0.5))
        s0, s1, s2 = s0 + weight, s1 + weight * step, s2 + weight * step**2
        b0, b1 = b0 + weight * index, b1 + weight * step * index
    determinant = s0 * s2 - s1**2
    slope = (s0 * b1 - s1 * b0) / determinant
    level = (s2 * b0 - s1 * b1) / determinant
    steps = results[-1].number - first
    return Decline(level + slope * steps, slope, sqrt(s0 / determinant), steps)


def nobody_reacts(results: Sequence[Counted], luck: float) -> float:
    """How sure it is that the last sendings earned less than half of the usual: a Gamma posterior.

    The counts are divided by their over-dispersion, so that the luck of one sending is not taken for evidence.
    """
    earned = usual = OUTSIDER
    for one in results[-LAST:]:
        spread = 1 + max(one.usual, 0.5) * (exp(luck**2) - 1)
        earned, usual = earned + one.earned / spread, usual + one.usual / spread
    return _gamma(earned, NOBODY * usual)


def is_worn(results: Sequence[Counted], luck: float, share: float, sure: float, sure_of_nobody: float) -> bool:
    """What is still above the usual is not worn out, however far it has come down."""
    if len(results) < FEWEST:
        return False
    line = decline(results, luck)
    fallen = line.now < 0 and line.below(share) >= sure
    return fallen or nobody_reacts(results, luck) >= sure_of_nobody


def _normal(z: float) -> float:
    return (1 + erf(z / sqrt(2))) / 2


def _gamma(shape: float, x: float) -> float:
    """The regularised lower incomplete gamma function, by its series; x is small here."""
    term = total = 1 / shape
    place = shape
    while term > total * 1e-12:
        place += 1
        term *= x / place
        total += term
    return min(1.0, total * exp(shape * log(x) - x - lgamma(shape))) if x > 0 else 0.0
