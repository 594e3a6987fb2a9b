"""`python -m benchmarks.judging`: what judging costs, with every guard on and 500 earlier posts on each channel.

Prints µs of CPU for each publication, and queries for the whole batch: for the first batch of a process, which
remembers nothing yet, and for the next one.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.services import Services


def main(measured: str = "benchmarks.judging_batches") -> int:
    """`measured` is the module that does the work, with a database and a Redis to do it with."""
    services = Services()
    try:
        database, redis = services.start()
        environment = os.environ | {
            "REFRAIN_DATABASE_URL": database,
            "REFRAIN_REDIS_URL": redis,
            "REFRAIN_DATA": str(services.folder / "refrain"),
            "REFRAIN_SECRET_KEY": "for the benchmark alone",
            "REFRAIN_LOG": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "scheduler.settings",
        }
        print(f"Servers: {', '.join(services.versions)}.", flush=True)
        # A process of its own: Django reads its settings when it is first imported.
        command = [sys.executable, "-m", measured, *sys.argv[1:]]
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        services.stop()


if __name__ == "__main__":
    sys.exit(main())
