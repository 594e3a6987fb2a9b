"""Stops everything, or lets it go on, with one row in the database: web, workers and Redis need not be up."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notices.speak import speak
from scheduler import verbs
from scheduler.models import Pause


class Command(BaseCommand):
    help = "Stop all publishing of this instance (--all), or let it go on (--resume)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--all", action="store_true", help="nothing goes out any more, in any workspace")
        what.add_argument("--resume", action="store_true", help="end the pause that --all began")
        parser.add_argument("--reason", default="", help="what everybody is told")
        parser.add_argument(
            "--until", type=_time, help="when it ends by itself, e.g. 2026-12-24T18:00 (UTC) or …+01:00"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now, who = timezone.now(), f"{getpass.getuser()} (terminal)"
        if options["resume"]:
            self.stdout.write(_resume(who, now))
            return
        try:
            verbs.pause(None, None, now, by=who, reason=options["reason"], until=options["until"])
        except verbs.NotNow as why:
            raise CommandError(speak(why.sentence)) from None
        self.stdout.write("Everything is paused. What is being sent at this moment still arrives; nothing else does.")


def _resume(who: str, now: datetime) -> str:
    everything = Pause.in_force(now).filter(workspace=None, network="", channel=None, category=None, post=None)
    pauses = list(everything)
    if not pauses:
        raise CommandError("No pause of the whole instance is in force.")
    waiting = sum(verbs.resume(one, None, now, by=who) for one in pauses)
    return f"Resumed. {waiting} missed publications are held and wait in Guard; none of them goes out by itself."


def _time(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=timezone.get_default_timezone())
