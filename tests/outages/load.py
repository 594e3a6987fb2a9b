"""Writes publications that fall due one after another from now on: `python -m tests.outages.load NUMBER RATE`."""

from __future__ import annotations

import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from posts.models import Channel  # noqa: E402
from scheduler.schedule import schedule  # noqa: E402
from teams.models import Workspace  # noqa: E402
from tests.kit import a_post  # noqa: E402

AHEAD = timedelta(seconds=2)


def write(number: int, rate: float) -> None:
    """`number` posts, `rate` a second, each with words of its own, on channels that take no key."""
    workspace, _ = Workspace.objects.get_or_create(slug="outages", defaults={"name": "O", "grace_minutes": 24 * 60})
    places = [
        Channel.objects.get_or_create(
            workspace=workspace, network="sandbox_reading", handle=f"place-{n}", defaults={"name": f"Place {n}"}
        )[0]
        for n in range(5)
    ]
    now, before = timezone.now(), workspace.posts.count()
    posts = [
        a_post(
            workspace, places[n % 5], text=f"The weaver's note number {n}", reviewed_at=now,
            starts_at=now + AHEAD + timedelta(seconds=(n - before) / rate),
        )
        for n in range(before, before + number)
    ]  # fmt: skip
    schedule(posts, None, now)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    write(int(sys.argv[1]), float(sys.argv[2]))
