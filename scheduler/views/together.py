"""One fix for all publications that are stopped for the same reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import npgettext

from guards.base import Fix
from scheduler import fixes, inbox
from scheduler.models import Publication
from scheduler.states import State
from scheduler.views.rows import Row
from scheduler.views.rows import shown as row_shown
from teams.models import Membership

AT_ONCE = 100
BACKLOG = ("put_back", "spaced", "skip")  # the first shared fix of what was missed, and the other two ways
# Sending all of a backlog at once is not offered: it would flood the channels.
_LABELS: dict[str, Callable[[int], str]] = {
    "move": lambda count: npgettext(
        "together", "Move it to its first allowed time", "Move all {count} to their first allowed time", count
    ),
    "put_back": lambda count: npgettext(
        "together", "Put it into the next free time", "Put all {count} into the next free times", count
    ),
    "spaced": lambda count: npgettext(
        "together", "Send it in its turn", "Send all {count}, one after the other", count
    ),
    "skip": lambda count: npgettext("together", "Skip it", "Skip all {count}", count),
    "keep": lambda count: npgettext("together", "Keep it", "Keep all {count}", count),
    "keep_going": lambda count: npgettext("together", "Keep it", "Keep all {count}", count),
    "check_link": lambda count: npgettext("together", "Check its link again", "Check the links of all {count}", count),
    "use_variation": lambda count: npgettext(
        "together", "Use another wording", "Use another wording for all {count}", count
    ),
    "trim": lambda count: npgettext("together", "Trim it", "Trim all {count}", count),
    "retire": lambda count: npgettext("together", "Retire it", "Retire all {count}", count),
    "end_series": lambda count: npgettext("together", "End the series", "End all {count} series", count),
}


@dataclass(frozen=True)
class Shown:
    """A group as the inbox shows it: its rows, and the fix that all of them share."""

    group: inbox.Group
    rows: list[Row]
    verb: str = ""
    label: str = ""
    others: Sequence[tuple[str, str]] = ()  # what else is offered for a backlog: (verb, label)


def shown(group: inbox.Group, membership: Membership, soon: bool) -> Shown:
    rows = [row_shown(row, membership) for row in group.rows]
    verb = _shared(group.rows) if len(rows) > 1 and membership.may("editor") and not soon else ""
    if not verb:
        return Shown(group, rows)
    offered = BACKLOG if verb == BACKLOG[0] else ()
    others = [(other, label(other, group.total)) for other in offered if other != verb]
    return Shown(group, rows, verb, label(verb, group.total), others)


def label(verb: str, count: int) -> str:
    said = _LABELS.get(verb)
    return said(count).format(count=count) if said else str(count)


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
