"""Stops everything, with a file beside the workers and one row in the database: web and Redis need not be up."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from notices.speak import speak
from scheduler import stop_file, verbs
from scheduler.models import Pause
from scheduler.pauses import leaving


class Command(BaseCommand):
    help = "Stop all publishing of this instance (--all). `manage.py resume`, or --resume, lets it go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--all", action="store_true", help="nothing goes out any more, in any workspace")
        what.add_argument("--resume", action="store_true", help="end the pause that --all began")
        parser.add_argument("--reason", default="", help="what everybody is told")
        parser.add_argument(
            "--until", type=_time, help="when it ends by itself, e.g. 2026-12-24T18:00 (UTC) or …+01:00"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["resume"]:
            call_command("resume", stdout=self.stdout)
            return
        now, until = timezone.now(), options["until"]
        if until and until <= now:
            raise CommandError(speak(verbs.past(until).sentence))
        stop = stop_file.Stop(f"{getpass.getuser()} (terminal)", now, until, options["reason"])
        stop_file.put(stop)
        try:
            paused = verbs.pause(None, None, now, by=stop.by, reason=stop.reason, until=until)
        except DatabaseError as error:
            raise CommandError(_only_here(error)) from None
        self.stdout.write("Everything is paused. Nothing else leaves.")
        self._name_what_leaves(paused)

    def _name_what_leaves(self, paused: Pause) -> None:
        on_their_way = leaving([paused])[paused.pk]
        if not on_their_way:
            self.stdout.write("Nothing is being sent at this moment.")
            return
        self.stdout.write("What is being sent at this moment may still arrive:")
        for row in on_their_way:
            self.stdout.write(f"  “{row.post.title}” on {row.channel.name}")


def _only_here(error: DatabaseError) -> str:
    said = str(error).strip().splitlines()
    return (
        f"The workers that share {stop_file.place()} are stopped. The database does not answer "
        f"({said[0] if said else 'no reason given'}), so those on other machines are not told: without a database "
        "they send nothing either, but run this again as soon as it answers."
    )


def _time(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=timezone.get_default_timezone())
