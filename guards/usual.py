"""What a typical post of one channel earns, by time and weekday, and how much luck there is in one sending."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log, sqrt
from statistics import fmean, median

from guards.wear import LEAST_LUCK, LUCK

NEAREST = 100  # other posts, in time, that say what was usual then
FEWEST = 8
REACH = timedelta(days=90)
BLOCK = 28  # days over which a channel's level is taken for steady, to compare its weekdays
DOUBT = 10  # so many posts on a weekday count half against "every day is the same"
ENOUGH_NEW, NEW_SHARE = 20, 0.25  # new posts, and their share, that tell a channel's level without its repeats
PAIRS = 20  # sendings of one content after the other, before their spread is believed
NORMAL = 1.4826  # of the median deviation: the standard deviation, where all is normal


@dataclass(frozen=True)
class Reading:
    """One measured sending. `weekday` is the workspace's own, `content` tells whose it is, `first` that it was new."""

    at: datetime
    weekday: int
    earned: int
    views: int | None
    content: Hashable
    first: bool = True


class Usual:
    """One channel's level. Reactions are compared per view where the network tells views.

    It is told by what was new: repeats that wear out would lower the level that they are compared with. On a
    channel that mostly repeats, all of them together have to do.
    """

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._all = sorted(readings, key=lambda one: one.at)
        new = [one for one in self._all if one.first]
        self._basis = new if len(new) >= max(ENOUGH_NEW, len(self._all) * NEW_SHARE) else self._all
        self._times = [one.at for one in self._basis]
        self._by_views = bool(self._all) and all(one.views for one in self._all)
        logs = [self._log(one) for one in self._basis]
        self._weekdays = _weekdays(self._basis, _off_blocks(self._basis, logs))
        self._levels = [told - self._weekdays[one.weekday] for one, told in zip(self._basis, logs, strict=True)]

    def of(self, one: Reading) -> float | None:
        """What another post would have earned in its place; None: too few others were measured around then."""
        near = self._near(one)
        if len(near) < FEWEST or (self._by_views and not one.views):
            return None
        usual = exp(_middle(near) + self._weekdays[one.weekday])
        return usual * one.views if self._by_views and one.views else max(usual - 0.5, 0.0)

    def luck(self) -> float:
        """The robust spread of the log-index between two sendings of one content, without that of counting."""
        last: dict[Hashable, tuple[Reading, float]] = {}
        steps, counting = [], []
        levels = [self._log(one) - self._weekdays[one.weekday] for one in self._all]
        for one, off in zip(self._all, _off_blocks(self._all, levels), strict=True):
            if before := last.get(one.content):
                steps.append(off - before[1])
                counting.append((1 / (one.earned + 0.5) + 1 / (before[0].earned + 0.5)) / 2)
            last[one.content] = (one, off)
        if len(steps) < PAIRS:
            return LUCK
        centre = median(steps)
        spread = NORMAL * median(abs(step - centre) for step in steps)
        return sqrt(max(spread**2 / 2 - median(counting), LEAST_LUCK**2))

    def _log(self, one: Reading) -> float:
        told = log(one.earned + 0.5)
        return told - log(one.views) if self._by_views and one.views else told

    def _near(self, one: Reading) -> list[float]:
        """The levels of the other posts around it, as many before as after where there are."""
        place = bisect_left(self._times, one.at)
        start = max(0, min(place - NEAREST // 2, len(self._times) - NEAREST))
        around = range(start, min(start + NEAREST, len(self._times)))
        return [
            self._levels[other]
            for other in around
            if self._basis[other].content != one.content and abs(self._times[other] - one.at) <= REACH
        ]


def _off_blocks(readings: Sequence[Reading], logs: Sequence[float]) -> list[float]:
    blocks: defaultdict[int, list[float]] = defaultdict(list)
    for one, told in zip(readings, logs, strict=True):
        blocks[one.at.toordinal() // BLOCK].append(told)
    levels = {block: median(some) for block, some in blocks.items()}
    return [told - levels[one.at.toordinal() // BLOCK] for one, told in zip(readings, logs, strict=True)]


def _weekdays(readings: Sequence[Reading], flat: Sequence[float]) -> list[float]:
    """How far each weekday lies from the channel's level, drawn towards nothing where it was seen seldom."""
    days: defaultdict[int, list[float]] = defaultdict(list)
    for one, told in zip(readings, flat, strict=True):
        days[one.weekday].append(told)
    return [_middle(days[day]) * len(days[day]) / (len(days[day]) + DOUBT) if days[day] else 0.0 for day in range(7)]


def _middle(values: Sequence[float]) -> float:
    """The mean without the highest and the lowest tenth: hits and flops do not move it."""
    ranked = sorted(values)
    cut = len(ranked) // 10
    return fmean(ranked[cut : len(ranked) - cut])
