"""Changes the key under which channels' credentials are kept, and encrypts everything anew."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from notices.speak import speak
from posts import sealing
from posts.resealing import reseal


class Command(BaseCommand):
    help = "Encrypt all credentials anew under the first key. With --new, make one first. Everything may go on running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new", action="store_true", help="make a new first key in the data folder")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"] and settings.CREDENTIAL_KEYS:
            made = sealing.new_key()
            raise CommandError(
                f"The keys stand in REFRAIN_CREDENTIAL_KEYS. Put a new one before the others, for example {made}, "
                "restart everything, then run this without --new."
            )
        try:
            if options["new"]:
                sealing.add_key()
            done = reseal()
        except sealing.Unopened as error:
            raise CommandError(speak(error.sentence)) from None
        self.stdout.write(f"{done.changed} encrypted anew, {done.current} already were.")
        if done.shut:
            raise CommandError(f"{done.shut} cannot be opened with any key here: keep the old keys, or connect again.")
        self.stdout.write("The older keys open nothing any more and can be removed; keep them with your old backups.")
