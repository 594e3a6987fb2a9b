"""`python3 dev.py outages`: PostgreSQL and Redis are hurt under a whole Refrain at work, one way after another.

Prints for each how long it took until posts went out again, and at the end what the network's ledger says; ends
with 1 when anything was doubled, lost or left stuck, or took longer than a minute. A worker or beat that ends is
started again, as Docker does it; that is counted and no failure.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from dataclasses import asdict, dataclass

from tests.outages.faults import FAULTS
from tests.outages.house import House

AGAIN = 60.0  # seconds after a fault has ended
STEADY = 30.0  # of publications that are due at any time
SETTLING = 120.0


@dataclass(frozen=True)
class Recovery:
    fault: str
    again: float | None  # seconds; None: not within AGAIN

    @property
    def sentence(self) -> str:
        return f"{self.fault}: " + (
            "not again within a minute." if self.again is None else f"again {self.again:.1f} s."
        )


@dataclass(frozen=True)
class Report:
    recoveries: list[Recovery]
    due: int
    doubled: list[str]
    lost: list[str]
    stuck: int
    ended: int

    @property
    def good(self) -> bool:
        late = [one for one in self.recoveries if one.again is None]
        return not (late or self.doubled or self.lost or self.stuck)


def main() -> int:
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    house = House(chosen.rate, chosen.log)
    try:
        report = run(house, chosen)
    finally:
        house.close()
    print(
        f"{report.due} due: {len(report.doubled)} doubled, {len(report.lost)} lost, {report.stuck} stuck, "
        f"{report.ended} processes started again."
    )
    if chosen.json:
        print(json.dumps(asdict(report) | {"good": report.good}))
    return 0 if report.good else 1


def run(house: House, chosen: argparse.Namespace) -> Report:
    house.open(STEADY)
    began = time.time()
    house.next_arrival(began, AGAIN)
    recoveries = []
    for fault in chosen.faults:
        for _ in range(chosen.times):
            recoveries.append(hurt(house, fault, chosen.seconds))
            print(recoveries[-1].sentence, flush=True)
    stuck = house.settled(SETTLING)
    if stuck or chosen.log != "CRITICAL":
        print(house.log.read_text(errors="replace")[-20000:])
    due = sum(1 for at in house.planned().values() if at <= time.time())
    return Report(recoveries, due, house.doubled(), house.lost(), stuck, house.ended)


def hurt(house: House, fault: str, seconds: float) -> Recovery:
    if house.ahead() < STEADY / 2:
        house.load(STEADY)
    FAULTS[fault](house, seconds)
    return Recovery(fault, house.next_arrival(time.time(), AGAIN))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py outages", description=__doc__)
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS), metavar="FAULT")
    parser.add_argument("--times", type=int, default=10, help="how often each comes")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each lasts")
    parser.add_argument("--rate", type=float, default=4.0, help="publications that fall due in a second")
    parser.add_argument("--log", default="CRITICAL", help="WARNING shows what the worker and beat had to say")
    parser.add_argument("--json", action="store_true", help="the report once more, in one line")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
