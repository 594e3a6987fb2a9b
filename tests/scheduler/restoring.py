"""The restore drill: publish, copy the database, publish more, put the copy back, and look at the network's ledger.

Run as a program it does so on SQLite, in a data folder of its own, and prints what it found as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "scheduler.settings"
    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from posts.models import Channel
from posts.sandbox.server import Server, serve
from scheduler.models import Publication
from scheduler.thaw import thaw
from teams.models import Workspace
from tests.kit import arrivals, run, scheduled

NETWORKS = ("sandbox", "sandbox_reading", "sandbox_silent")
BEFORE, SINCE = 2, 4  # posts on each network, before the copy and since


@dataclass
class Found:
    """What the drill saw; `doubled` counts texts that the network has more than once."""

    sent_before: int
    sent_since: int
    sent_frozen: int
    doubted: int
    states: dict[str, dict[str, int]]
    doubled: int = 0


def drill(sandbox: Server, copy: Callable[[], None], restore: Callable[[], None]) -> Found:
    """All times lie a little back, since the sandbox writes down its own."""
    start = timezone.now() - timedelta(minutes=10)
    workspace = Workspace.objects.create(name="Drill", slug="drill")
    for network in NETWORKS:
        channel = Channel.objects.create(workspace=workspace, network=network, handle=network, name=network)
        for number in range(BEFORE + SINCE):
            at = start + timedelta(minutes=0 if number < BEFORE else 2)
            scheduled(workspace, channel, at=at, now=start, text=f"The weaver's note {number} on {network}")
    before = run(start)
    copy()
    since = run(start + timedelta(minutes=3))
    restore()
    frozen = run(start + timedelta(minutes=4))
    doubted = thaw(None, start + timedelta(minutes=4)).count
    for minute in (5, 6, 7):
        run(start + timedelta(minutes=minute))
    texts = Counter(row.text for row in arrivals(sandbox))
    found = Found(before, since, frozen, doubted, {network: _states(network) for network in NETWORKS})
    found.doubled = sum(count > 1 for count in texts.values())
    return found


def _states(network: str) -> dict[str, int]:
    rows = Publication.objects.filter(channel__network=network)
    return dict(Counter(rows.values_list("state", flat=True)))


def main() -> None:
    file, backup = settings.DATA / "refrain.sqlite3", settings.DATA / "backup.sqlite3"
    call_command("migrate", verbosity=0)

    def copy() -> None:
        connection.close()  # the last connection to close empties the write-ahead log into the file
        shutil.copyfile(file, backup)

    def restore() -> None:
        connection.close()
        shutil.copyfile(backup, file)

    sandbox = serve("127.0.0.1", 0, Path(settings.DATA, "ledger.sqlite3"))
    sandbox.start()
    settings.SANDBOX_URL = sandbox.address
    try:
        print(json.dumps(asdict(drill(sandbox, copy, restore))))
    finally:
        sandbox.stop()


if __name__ == "__main__":
    main()
