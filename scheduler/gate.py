"""The order between a pause and an intent: whichever is committed first, the other one sees it.

A batch passes the gate and only then reads the pauses, for the last time before it commits its intents; whoever
pauses shuts the gate first and opens it with the commit. The lock is PostgreSQL's advisory lock and no row: those
who pass share it, and one who waits to shut it is not kept waiting by others who come later. On SQLite every
transaction is alone anyway.
"""

from __future__ import annotations

from django.db import connection

KEY = 0x526566726169  # "Refrai", for nobody else to have by chance


def pass_through() -> None:
    """From here to the end of this transaction no pause can be committed."""
    _lock("pg_advisory_xact_lock_shared")


def shut() -> None:
    """Wait for the intents that are being committed; from here to the end of this transaction no other is."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [KEY])
