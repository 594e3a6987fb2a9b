"""Says in a sentence each what works and what does not, with the way to mend it; ends with 1 on trouble."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notices.speak import speak
from scheduler.diagnosis import diagnose


class Command(BaseCommand):
    help = "Look at the database, the broker, worker, beat, clocks and whose database this is. Exit code 1: trouble."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        found = diagnose(timezone.now())
        for one in found:
            self.stdout.write(f"{'ok   ' if one.fix is None else 'WRONG'}  {speak(one.sentence)}")
            if one.fix:
                self.stdout.write(f"       {speak(one.fix)}")
        if any(one.fix for one in found):
            sys.exit(1)
