"""Whether the database has exactly the tables that this code was written for: after an upgrade old workers refuse."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from notices.sentences import Sentence, say

OURS = ("teams", "notices", "posts", "guards", "scheduler")


def written() -> set[tuple[str, str]]:
    """The migrations that this code brings along."""
    folders = {label: Path(apps.get_app_config(label).path, "migrations") for label in OURS}
    return {(label, file.stem) for label, folder in folders.items() for file in folder.glob("[0-9]*.py")}


def applied() -> set[tuple[str, str]]:
    """Those that the database has seen."""
    return {key for key in MigrationRecorder(connection).applied_migrations() if key[0] in OURS}


def why_not(code: set[tuple[str, str]], database: set[tuple[str, str]]) -> Sentence | None:
    """What keeps this code from working with this database, or None."""
    if database - code:
        return say("The database is newer than this worker's code. Stop this worker and start the new version.")
    if code - database:
        return say("The database is older than this worker's code. Run “manage.py migrate”, then it goes on by itself.")
    return None
