"""Lets everything go on that `manage.py pause --all` has stopped; what was missed meanwhile waits for a person."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from scheduler import stop_file, verbs
from scheduler.models import Pause


class Command(BaseCommand):
    help = "End the pause of the whole instance, and take away the file that stops the workers here."

    def handle(self, *args: Any, **options: Any) -> None:
        now, who = timezone.now(), f"{getpass.getuser()} (terminal)"
        try:
            pauses = list(Pause.of_everything(now))
            waiting = sum(verbs.resume(one, None, now, by=who) for one in pauses)
        except DatabaseError:
            said = "The database does not answer, so nothing is resumed and the workers stay stopped."
            raise CommandError(said) from None
        if not stop_file.take_away() and not pauses:
            raise CommandError("No pause of the whole instance is in force.")
        self.stdout.write(
            f"Resumed. {waiting} missed publications are held and wait in Guard; none of them goes out by itself."
        )
