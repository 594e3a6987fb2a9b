"""`python3 dev.py crash`: workers are killed and frozen while they publish; the network's ledger tells what came of it.

Without an option: a thousand kills and two hundred freezes for each kind of network, on PostgreSQL. `--celery`: the
same with whole Celery workers and a beat. `--embedded`: `manage.py up` on SQLite, killed again and again.
Ends with 1 when anything was doubled, lost or left stuck. docs/crash_tests.md tells how to read what it prints.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.services import Services

FORMS = {"yard": "tests.crash.campaign", "celery": "tests.crash.processes", "embedded": "tests.crash.embedded"}


def main() -> int:
    chosen = options()
    with embedded(chosen) if chosen.form == "embedded" else servers(chosen) as environment:
        # A process of its own: Django reads its settings when it is first imported.
        command = [sys.executable, "-m", FORMS[chosen.form], *sys.argv[1:]]
        return subprocess.run(command, env=os.environ | environment, check=False).returncode


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py crash", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    form = parser.add_mutually_exclusive_group()
    form.set_defaults(form="yard")
    form.add_argument("--celery", dest="form", action="store_const", const="celery")
    form.add_argument("--embedded", dest="form", action="store_const", const="embedded")
    parser.add_argument("--kills", type=int, help="for each network; 1000, with the other forms 50")
    parser.add_argument("--freezes", type=int, default=200, help="for each network")
    parser.add_argument("--network", help="only this one: sandbox, sandbox_reading or sandbox_silent")
    parser.add_argument("--due", type=int, default=500, help="publications that fall due (--celery)")
    parser.add_argument(
        "--within", type=float, default=1.0, help="seconds of work before a kill, at most (--celery, --embedded)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8771, help="for the sandbox network; --embedded takes the next too")
    chosen = parser.parse_args()
    chosen.kills = chosen.kills if chosen.kills is not None else (1000 if chosen.form == "yard" else 50)
    return chosen


@contextmanager
def servers(chosen: argparse.Namespace) -> Iterator[Mapping[str, str]]:
    """PostgreSQL and Redis of this run's own."""
    services = Services()
    try:
        database, redis = services.start()
        print(f"Servers: {', '.join(services.versions)}.", flush=True)
        yield {
            **_own(str(services.folder / "refrain"), chosen.port),
            "REFRAIN_DATABASE_URL": database,
            "REFRAIN_REDIS_URL": redis,
            "REFRAIN_SEND_DEADLINE": "2",
            "REFRAIN_BATCH": "20",
        }
    finally:
        services.stop()


@contextmanager
def embedded(chosen: argparse.Namespace) -> Iterator[Mapping[str, str]]:
    with tempfile.TemporaryDirectory(prefix="refrain-") as folder:
        yield {
            **_own(folder, chosen.port),
            "REFRAIN_DATABASE_URL": f"sqlite:///{folder}/refrain.sqlite3",
            "REFRAIN_REDIS_URL": "",
            "REFRAIN_PORT": str(chosen.port + 1),
            "REFRAIN_SEND_DEADLINE": "1",
            "REFRAIN_BATCH": "10",
        }


def _own(folder: str, port: int) -> dict[str, str]:
    return {
        "REFRAIN_DATA": folder,
        "REFRAIN_SECRET_KEY": "for the crash run alone",
        "REFRAIN_SANDBOX_URL": f"http://127.0.0.1:{port}",
        "REFRAIN_LOG": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "scheduler.settings",
    }


if __name__ == "__main__":
    sys.exit(main())
