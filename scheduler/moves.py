"""The one way in which publications change state: compare, and set, under the rows' locks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from scheduler import bulk
from scheduler.models import Publication
from scheduler.states import MOVES, State

_LEASED = (State.CLAIMED, State.SENDING)


class IllegalMove(Exception):
    """No such move exists from where the publication stands."""


def move(
    rows: Sequence[Publication], to: State, now: datetime, *, each: Collection[str] = (), **same: Any
) -> list[Publication]:
    """Move the rows that still stand as we know them, and return those; for the others somebody else was first.

    `same` holds values set on every row, `each` names attributes already set on the objects that differ from
    row to row. Raises IllegalMove for a move that is not in MOVES; nothing is changed then.
    """
    if not rows:
        return []
    for row in rows:
        if to not in MOVES[State(row.state)]:
            raise IllegalMove(f"{row.state} to {to}")
    if to not in _LEASED:
        same |= {"claim": None, "lease_until": None}
    if to not in (State.SCHEDULED, State.HELD, State.UNCONFIRMED):
        same["next_attempt_at"] = None
    elif "next_attempt_at" not in each and "next_attempt_at" not in same:
        raise TypeError(f"a move to {to} says when the engine looks again")
    with transaction.atomic():
        won = _still_ours(rows)
        bulk.write(won, list(each), {"state": to, "changed_at": now, **same}, counted="revision")
    for row in won:
        row.state, row.revision, row.changed_at = to, row.revision + 1, now
        for name, value in same.items():
            setattr(row, name, value)
    return won


def _still_ours(rows: Sequence[Publication]) -> list[Publication]:
    """Locks in the order of the primary key, so that two movers cannot wait for each other."""
    locked = Publication.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in rows]).order_by("pk")
    known = dict(locked.values_list("pk", "revision"))
    return [row for row in rows if known.get(row.pk) == row.revision]
