"""How well the guard “Worn out” tells wear from luck: simulated accounts, judged by the guard's own arithmetic.

`python -m benchmarks.wear` (some minutes on one core; `--accounts 4` for a rough look) prints docs/worn_out.md's table.

An account publishes one ordinary post a day and repeats 25 posts every 30 days, 12 publications each. It repeats
what did better than the usual the first time, so that some of its choices were luck. A post is seen by a random
number of people (gamma of shape 4 around the account's size, times its weekday), and each sending has a luck of its
own (lognormal) on top of the luck of counting (Poisson). Posts differ from each other by a lognormal of 0.7.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import sin, sqrt, tau
from random import Random
from statistics import fmean

from guards.base import Result
from guards.rules.worn_out import Options, worn
from guards.usual import Reading, Usual

RUNS, GAP, POSTS, BEFORE = 12, 30, 25, 60
START = datetime(2026, 1, 1, 9, tzinfo=UTC)
QUALITY = 0.7
SIZES = {"small": (300, 0.015), "medium": (3_000, 0.02), "large": (30_000, 0.015)}  # views, reactions per view
LUCKS = (0.3, 0.5, 0.7)

# What is left of a post's first freshness at its k-th repeat.
Freshness = Callable[[int], float]
HEALTHY: dict[str, Freshness] = {
    "steady": lambda k: 1.0,
    "settles at 80 %": lambda k: 1.0 if k == 0 else 0.8,
    "account falls 45 %": lambda k: 1.0,
}
WORN: dict[str, Freshness] = {
    "half-life 2": lambda k: 0.5 ** (k / 2),
    "half-life 4": lambda k: 0.5 ** (k / 4),
    "half-life 8": lambda k: 0.5 ** (k / 8),
    "cliff": lambda k: 1.0 if k < 5 else 0.25,
}
FALLING = "account falls 45 %"


@dataclass(frozen=True)
class World:
    """One kind of account and one fate of its repeated posts."""

    views: float
    rate: float
    luck: float
    fresh: Freshness
    falls: bool = False


@dataclass(frozen=True)
class Caught:
    """After how many sendings each rule spoke up on one post; RUNS + 1: never."""

    ours: int
    naive: int


def main(arguments: Sequence[str]) -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.wear", description=__doc__)
    options.add_argument("--accounts", type=int, default=24, help="simulated for each cell, of 25 repeated posts")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    for line in table(chosen.accounts, chosen.seed):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def table(accounts: int, seed: int) -> Iterator[str]:
    yield f"{accounts * POSTS} posts a cell, {RUNS} publications each, {GAP} days apart; seed {seed}."
    for told, views_are_told in (("tells", True), ("does not tell", False)):
        yield f"\nThe network {told} views:\n"
        yield "| account | luck | false alarms: naive | ours | caught, half-life 2 / 4 / 8 / cliff | repeats late |"
        yield "|---|--:|--:|--:|---|--:|"
        lines = []
        for size, (views, rate) in SIZES.items():
            rows = [_row(views, rate, luck, accounts, seed, views_are_told) for luck in LUCKS]
            lines += [(size, f"{luck}", row) for luck, row in zip(LUCKS, rows, strict=True)]
            lines.append((f"**{size}**", "all", [fmean(column) for column in zip(*rows, strict=True)]))
        yield from (_line(*one) for one in lines)


def _row(views: float, rate: float, luck: float, accounts: int, seed: int, told: bool) -> list[float]:
    """False alarms of both rules, the caught of each wear, and the delay for half-life 4."""

    def judged(name: str, fresh: Freshness) -> list[Caught]:
        world = World(views, rate, luck, fresh, falls=name == FALLING)
        random = Random(f"{seed} {views} {luck} {name}")
        return [one for _ in range(accounts) for one in judge(world, random, told)]

    healthy = [one for name, fresh in HEALTHY.items() for one in judged(name, fresh)]
    worn = {name: judged(name, fresh) for name, fresh in WORN.items()}
    caught = [fmean(one.ours <= RUNS for one in some) for some in worn.values()]
    worn_from = next(k for k in range(RUNS) if WORN["half-life 4"](k) <= 0.5) + 1
    late = fmean(max(0, one.ours - worn_from) for one in worn["half-life 4"])
    return [fmean(one.naive <= RUNS for one in healthy), fmean(one.ours <= RUNS for one in healthy), *caught, late]


def _line(size: str, luck: str, row: Sequence[float]) -> str:
    naive, ours, *caught, late = row
    shares = " / ".join(f"{share:.0%}" for share in caught)
    return f"| {size} | {luck} | {naive:.0%} | {ours:.1%} | {shares} | {late:.1f} |"


def judge(world: World, random: Random, views_are_told: bool) -> list[Caught]:
    """One account's year, looked at after each of its rounds with what is known by then."""
    days = range(-BEFORE, GAP * RUNS)
    ordinary = [_sent(world, random, day, random.lognormvariate(0, QUALITY), -1 - BEFORE - day) for day in days]
    series = [_series(world, random, content, ordinary) for content in range(1, POSTS + 1)]

    def told(one: Reading) -> Reading:
        return one if views_are_told else replace(one, views=None)

    ours, naive = [RUNS + 1] * POSTS, [RUNS + 1] * POSTS
    for k in range(RUNS):
        so_far = [[told(one) for one in some[: k + 1]] for some in series]
        earlier = (told(one) for one in ordinary if _day(one) < GAP * (k + 1))
        usual = Usual([*earlier, *(one for some in so_far for one in some)])
        luck = usual.luck()
        for place, some in enumerate(so_far):
            if ours[place] > RUNS and worn(list(_results(some, usual)), luck, Options()):
                ours[place] = k + 1
            if naive[place] > RUNS and k and some[k].earned < some[0].earned / 2:
                naive[place] = k + 1
    return [Caught(*both) for both in zip(ours, naive, strict=True)]


def _results(some: Sequence[Reading], usual: Usual) -> Iterator[Result]:
    for k, one in enumerate(some):
        if (level := usual.of(one)) is not None:
            yield Result(k, one.at, one.earned, level)


def _series(world: World, random: Random, content: int, ordinary: list[Reading]) -> list[Reading]:
    """A post that did better than the usual on its first day, which is why it was chosen; the others went out too."""
    day = content * GAP // POSTS
    while True:
        quality = random.lognormvariate(0, QUALITY)
        first = _sent(world, random, day, quality * world.fresh(0), content)
        if first.earned > world.rate * (first.views or 0) * _weekday(day) ** 0.5:
            later = (_sent(world, random, day + GAP * k, quality * world.fresh(k), content) for k in range(1, RUNS))
            return [first, *(replace(one, first=False) for one in later)]
        ordinary.append(replace(first, content=(content, len(ordinary))))


def _sent(world: World, random: Random, day: int, quality: float, content: int) -> Reading:
    fall = 1 - 0.45 * max(0, day) / (GAP * RUNS) if world.falls else 1.0
    seen = max(5, _poisson(random, random.gammavariate(4, world.views * _weekday(day) / 4)))
    luck = random.lognormvariate(-(world.luck**2) / 2, world.luck)
    expected = seen * world.rate * _weekday(day) ** 0.5 * fall * quality * luck
    at = START + timedelta(days=day)
    return Reading(at, at.weekday(), _poisson(random, expected), seen, content)


def _day(one: Reading) -> int:
    return (one.at - START).days


def _weekday(day: int) -> float:
    return 1 + 0.25 * sin(tau * (day % 7) / 7)


def _poisson(random: Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(random.gauss(mean, sqrt(mean))))
    count, left = 0, random.expovariate(1)
    while left < mean:
        count, left = count + 1, left + random.expovariate(1)
    return count


if __name__ == "__main__":
    main(sys.argv[1:])
