"""`python3 dev.py bench`: the workloads on Refrain with all its guards, and beside it what a Django user would pick.

w1  a burst: all at one instant, the network answering at once and after 100 ms
w2  a steady stream of 50 a second for a minute
w3  what a tick and a claim of 100 cost with 10,000, 100,000 and 1,000,000 scheduled
w4  what an idle minute costs with 100,000 scheduled
w5  a burst in which the worker is killed
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import growth
from benchmarks.system import Bench, Outcome, System, Work
from benchmarks.systems import CELERY_ETA, DJANGO_CELERY_BEAT, REFRAIN

PATIENCE = 20.0


def w1(chosen: argparse.Namespace) -> None:
    work = Work(chosen.due, chosen.scheduled)
    runs = [(REFRAIN, delay) for delay in chosen.delays]
    runs += [(peer, 0.0) for peer in _peers(chosen)]
    done = []
    for system, delay in runs:
        with Bench(system, delay).ready() as bench:
            done.append((system, delay, bench.run(work, PATIENCE, at_most=chosen.at_most)))
            say(f"W1 {system.name}, answers after {delay * 1000:.0f} ms", done[-1][2])
    ours = done[0][2].per_second
    for system, _, outcome in done[len(chosen.delays) :]:
        print(f"W1 Refrain is {ours / outcome.per_second:.0f} × {system.name}.", flush=True)


def w2(chosen: argparse.Namespace) -> None:
    with Bench(REFRAIN).ready() as bench:
        say("W2 50 a second", bench.run(Work(50 * 60, chosen.scheduled, rate=50), PATIENCE))


def w3(chosen: argparse.Namespace) -> None:
    with Bench(REFRAIN).ready() as bench:
        bench.python("-m", growth.__name__, *map(str, chosen.sizes))


def w4(chosen: argparse.Namespace) -> None:
    with Bench(REFRAIN).ready() as bench:
        cost = bench.idle(Work(0, chosen.scheduled), 60)
        print(f"W4 idle: {cost.cpu / 60:.2%} of one core, largest process {cost.memory:.0f} MiB.", flush=True)


def w5(chosen: argparse.Namespace) -> None:
    for system in (REFRAIN, *_peers(chosen)):
        with Bench(system, 0.05, REFRAIN_SEND_DEADLINE="5").ready() as bench:
            say(
                f"W5 {system.name}, worker killed", bench.run(Work(2000, 2000), 45, kill_at=0.3, at_most=chosen.at_most)
            )


def _peers(chosen: argparse.Namespace) -> list[System]:
    return [] if chosen.alone else [CELERY_ETA, DJANGO_CELERY_BEAT]


def say(what: str, outcome: Outcome) -> None:
    print(
        f"{what}: {outcome.arrived} of {len(outcome.due)} arrived, {outcome.doubled} doubled; "
        f"{outcome.per_second:.1f} a second; "
        f"late p50 {outcome.lateness(0.5):.2f} s, p99 {outcome.lateness(0.99):.2f} s; "
        f"{outcome.used.cpu:.1f} s of CPU, largest process {outcome.used.memory:.0f} MiB.",
        flush=True,
    )


WORKLOADS = {"w1": w1, "w2": w2, "w3": w3, "w4": w4, "w5": w5}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workloads", nargs="*", metavar="workload", help="w1 to w5; all without any")
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--scheduled", type=int, default=100_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="for w3")
    parser.add_argument(
        "--delays", type=float, nargs="+", default=[0.0, 0.1], help="seconds until the network answers, for w1"
    )
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    parser.add_argument("--at-most", type=float, default=240, help="seconds after which a run is ended")
    chosen = parser.parse_args()
    if unknown := set(chosen.workloads) - set(WORKLOADS):
        sys.exit(f"There is no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}.")
    for name in chosen.workloads or WORKLOADS:
        WORKLOADS[name](chosen)


if __name__ == "__main__":
    main()
