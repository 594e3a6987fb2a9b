"""One fix for all publications that are stopped for the same reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import ngettext

from guards.base import Fix
from scheduler import fixes, inbox
from scheduler.models import Publication
from scheduler.states import State
from scheduler.views.rows import Row
from scheduler.views.rows import shown as row_shown
from teams.models import Membership

AT_ONCE = 100
# Sending all of a backlog at once is not offered: it would flood the channels.
_LABELS = {
    "move": ("Move it to its first allowed time", "Move all {count} to their first allowed time"),
    "put_back": ("Put it into the next free time", "Put all {count} into the next free times"),
    "skip": ("Skip it", "Skip all {count}"),
    "keep": ("Keep it", "Keep all {count}"),
    "use_variation": ("Use another wording", "Use another wording for all {count}"),
    "trim": ("Trim it", "Trim all {count}"),
    "retire": ("Retire it", "Retire all {count}"),
    "end_series": ("End the series", "End all {count} series"),
}


@dataclass(frozen=True)
class Shown:
    """A group as the inbox shows it: its rows, and the fix that all of them share."""

    group: inbox.Group
    rows: list[Row]
    verb: str = ""
    label: str = ""


def shown(group: inbox.Group, membership: Membership, soon: bool) -> Shown:
    rows = [row_shown(row, membership) for row in group.rows]
    verb = _shared(group.rows) if len(rows) > 1 and membership.may("editor") and not soon else ""
    return Shown(group, rows, verb, label(verb, group.total) if verb else "")


def label(verb: str, count: int) -> str:
    one, many = _LABELS.get(verb, ("{count}", "{count}"))
    return ngettext(one, many, count).format(count=count)


def same_fix(found: QuerySet[Publication], verb: str) -> list[tuple[Publication, Fix]]:
    """Each publication with its own fix of this kind, for as many as are done at once."""
    if verb not in _LABELS:
        return []
    some = found.filter(state__in=[State.HELD, State.BLOCKED])[:AT_ONCE]
    pairs = ((row, next((fix for fix in fixes.offered(row) if fix.verb == verb), None)) for row in some)
    return [(row, fix) for row, fix in pairs if fix is not None]


def _shared(rows: Iterable[Publication]) -> str:
    """The first fix that all of them offer."""
    offered = [[fix.verb for fix in fixes.offered(row)] for row in rows]
    shared = (verb for verb in offered[0] if verb in _LABELS and all(verb in verbs for verbs in offered))
    return next(shared, "")
