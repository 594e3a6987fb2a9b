"""Prints the manual of all guards, as it stands in docs/."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from guards.printed import printed


class Command(BaseCommand):
    help = "Print the manual of all guards as Markdown, as docs/guards.md and docs/guards.fr.md have it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES], default="en")

    def handle(self, **options: Any) -> None:
        with translation.override(options["language"]):
            self.stdout.write(printed(), ending="")
