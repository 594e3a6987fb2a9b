"""Adds the demo workspace to a database that lacks it, and says what it did."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from posts.sandbox.ledger import Ledger
from scheduler import demo
from scheduler.models import Publication
from teams.models import SignInLink


class Command(BaseCommand):
    help = "Add the demo workspace, with posts that go out in the sandbox during the next ten minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        ledger = Ledger(settings.DATA / "sandbox.sqlite3")
        try:
            workspace = demo.seed(now, ledger)
        finally:
            ledger.close()
        if workspace is None:
            self.stdout.write("The demo workspace is there already; nothing was added.")
            return
        rows = Publication.objects.filter(workspace=workspace)
        self.stdout.write(
            f"Added the workspace {workspace.name}: {workspace.posts.count()} posts, "
            f"{rows.said().count()} publications of the last months, {rows.planned().count()} to come."
        )
        if person := demo.person():
            link = f"{settings.PUBLIC_URL}/accounts/once/{SignInLink.issue(person, now)}/"
            self.stdout.write(f"Sign in as {person}, once and within twelve hours: {link}")
