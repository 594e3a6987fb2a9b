"""The long form of the crash tests: a thousand kills for each kind of network, and the figures; on PostgreSQL."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from posts.sandbox.server import Server, serve  # noqa: E402
from teams.models import Workspace  # noqa: E402
from tests.crash.__main__ import options  # noqa: E402
from tests.crash.books import Books, attempts, states  # noqa: E402
from tests.crash.supply import Supply  # noqa: E402
from tests.crash.worker import LEASE, SETTLE_AFTER  # noqa: E402
from tests.crash.yard import AT_RANDOM, Stuck, Yard, everywhere  # noqa: E402

SLACK = 60.0  # seconds, beside the lease and the settling, in which a lost publication has to be settled


def main(chosen: argparse.Namespace) -> int:
    call_command("migrate", verbosity=0)
    networks = [chosen.network] if chosen.network else ["sandbox", "sandbox_reading", "sandbox_silent"]
    return max([run(network, chosen) for network in networks])


def run(network: str, chosen: argparse.Namespace) -> int:
    call_command("flush", verbosity=0, interactive=False)
    sandbox = serve("127.0.0.1", 0, Path(settings.DATA) / f"{network}.sqlite3")
    sandbox.start()
    workspace = Workspace.objects.create(name="Crash", slug="crash", grace_minutes=24 * 60)
    started = time.monotonic()
    try:
        with Yard(sandbox.address, Supply.of_all_kinds(workspace, network), chosen.seed) as yard:
            yard.kill(spread(network, chosen.kills))
            yard.freeze(spread(network, chosen.freezes, on_the_way=True))
            yard.finish()
    except Stuck as stuck:
        print(f"{network}: nothing moved any more; {stuck}")
    wrong = report(network, yard, sandbox, time.monotonic() - started)
    sandbox.stop()
    return wrong


def spread(network: str, total: int, *, on_the_way: bool = False) -> dict[str, int]:
    """A fifth at random moments, the others in equal shares at every point."""
    points = everywhere(network, 1, at_random=0, on_the_way=on_the_way)
    points.pop(AT_RANDOM)
    each = -(-total * 4 // 5 // len(points))
    return everywhere(network, each, at_random=total // 5, on_the_way=on_the_way) if total else {}


def report(network: str, yard: Yard, sandbox: Server, seconds: float) -> int:
    ledger, found = list(sandbox.ledger.all()), states()
    books = Books.compared(ledger)
    recoveries = yard.recoveries()
    average, most = attempts()
    bound = LEASE + SETTLE_AFTER[network] + SLACK
    print(f"{network}: {yard.kills.total()} kills, {yard.freezes.total()} freezes, {seconds:.0f} s.")
    print(
        f"  {sum(found.values())} publications due: {', '.join(f'{n} {state}' for state, n in sorted(found.items()))}."
    )
    print(f"  Ledger: {len(ledger)} arrivals. {books.figures}.")
    print(f"  Attempts for each: {average:.2f} on average, {most} at most.")
    if recoveries:
        p50, p99 = (recoveries[int(len(recoveries) * share)] for share in (0.5, 0.99))
        print(f"  {len(recoveries)} lost their worker and were settled after", end=" ")
        print(f"p50 {p50:.1f} s, p99 {p99:.1f} s (bound {bound:.1f} s).")
    for kind, lines in books.wrong.items():
        print(f"  {kind}: {'; '.join(lines[:10])}")
    print(f"  {yard.stumbles} duties were broken off by a deadlock and done again.")
    if yard.fallen:
        print(f"  {len(yard.fallen)} workers ended by themselves, with {sorted(set(yard.fallen))}.")
    for point, count in sorted(yard.kills.items()):
        print(f"    {count:5} kills  {point}")
    sys.stdout.flush()
    late = bool(recoveries) and p99 > bound
    return 1 if books.wrong or yard.fallen or late else 0


if __name__ == "__main__":
    sys.exit(main(options()))
