"""Lets a restored or copied database work again, after saying what that means."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notices.speak import speak
from scheduler import instance
from scheduler.thaw import Doubt, doubt, thaw


class Command(BaseCommand):
    help = "Let this instance work again after its database was restored or copied. Asks first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        why = instance.check(now)
        if why is None:
            raise CommandError("Nothing is frozen.")
        self.stdout.write(f"{speak(why)}\n{_effect(doubt(now))}")
        self.stdout.write("If the original still runs somewhere, both would publish: then leave this one frozen.")
        if not options["yes"] and input("Thaw it? Type yes: ").strip().lower() != "yes":
            raise CommandError("It stays frozen.")
        thaw(None, timezone.now(), by=f"{getpass.getuser()} (terminal)")
        self.stdout.write("Thawed. Publishing goes on.")


def _effect(found: Doubt) -> str:
    return (
        f"The last that this database knows is of {found.since:%Y-%m-%d %H:%M:%S} UTC. Since then {found.count} "
        f"publications may have gone out. The networks are asked about {found.asked} of them; {found.looked_at} wait "
        "in Guard for somebody to look."
    )
