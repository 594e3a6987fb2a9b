"""`python3 dev.py crash`: real Celery workers and beat, PostgreSQL and Redis; workers are killed while they publish.

Prints what the network's ledger says afterwards; ends with 1 when anything was doubled, lost or left stuck.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from tests.services import Services


def main() -> int:
    chosen = options()
    services = Services()
    try:
        database, redis = services.start()
        environment = os.environ | {
            "REFRAIN_DATABASE_URL": database,
            "REFRAIN_REDIS_URL": redis,
            "REFRAIN_DATA": str(services.folder / "refrain"),
            "REFRAIN_SECRET_KEY": "for the crash run alone",
            "REFRAIN_SANDBOX_URL": f"http://127.0.0.1:{chosen.port}",
            "REFRAIN_SEND_DEADLINE": "2",
            "REFRAIN_BATCH": "20",
            "REFRAIN_LOG": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "scheduler.settings",
        }
        print(f"Servers: {', '.join(services.versions)}.", flush=True)
        # A process of its own: Django reads its settings when it is first imported.
        return subprocess.run(
            [sys.executable, "-m", "tests.crash.processes", *sys.argv[1:]],
            env=environment,
            check=False,
        ).returncode
    finally:
        services.stop()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--due", type=int, default=500, help="publications that fall due meanwhile")
    parser.add_argument("--network", default="sandbox_reading", help="sandbox, sandbox_reading or sandbox_silent")
    parser.add_argument("--within", type=float, default=1.0, help="seconds of work before a worker is killed, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8771, help="for the sandbox network")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
