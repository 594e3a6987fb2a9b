"""Prints the page of all networks, as it stands in docs/."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from posts.networks.printed import printed


class Command(BaseCommand):
    help = "Print what every network can, as Markdown, as docs/networks.md has it."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        self.stdout.write(printed(), ending="")
