"""Prints a link that signs somebody in once, for whoever has lost a password or never had one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from teams.models import SignInLink, User


class Command(BaseCommand):
    help = "Print a link that signs somebody in once, within the hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", nargs="?", help="whose account; the first person's when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        people = User.objects.filter(is_active=True).order_by("pk")
        wanted = options["email"]
        user = people.filter(email=wanted.strip().lower()).first() if wanted else people.first()
        if user is None:
            known = (
                f"Nobody here has the address {wanted}." if wanted else "There is nobody yet: open the page, sign up."
            )
            raise CommandError(known)
        self.stdout.write(f"{settings.PUBLIC_URL}/accounts/once/{SignInLink.issue(user, timezone.now())}/")
