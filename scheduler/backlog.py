"""What a pause left behind: kept, skipped, or put back one by one. It never goes out all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from guards.base import Moment
from notices.sentences import say
from scheduler import catch_up, verbs
from scheduler.candidates import Docket, Occurrence, moved_to, with_facts
from scheduler.models import Pause, Publication
from scheduler.moves import move
from scheduler.pauses import covers, place_of
from scheduler.plan import touch
from scheduler.record import record
from scheduler.states import State
from teams.models import User

SPACING = timedelta(hours=1)  # between two publications on one channel
FIRST = timedelta(minutes=15)
QUARTER = timedelta(minutes=15)
REACH = timedelta(days=60)
TRIES = 60

THEN = ("keep", "spread", "skip")


def missed_by(paused: Pause, now: datetime) -> list[Publication]:
    """What this pause kept back and whose time is over by more than the grace, oldest first."""
    rows = Publication.objects.filter(state=State.HELD, reason="paused", planned_for__lt=now)
    if paused.workspace_id:
        rows = rows.filter(workspace=paused.workspace_id)
    found = rows.select_related("channel", "post", "workspace").order_by("planned_for", "pk")
    return [row for row in found if covers(paused, place_of(row)) and now - row.planned_for > row.workspace.grace]


def end(paused: Pause, user: User, now: datetime, then: str) -> int:
    """Resume, and do with what was missed as the person chose; returns how many still wait."""
    with transaction.atomic():
        missed = [row.pk for row in missed_by(paused, now)]
        verbs.resume(paused, user, now)
        waiting = with_facts(Publication.objects.filter(pk__in=missed, state=State.HELD, reason="missed"))
        rows = list(waiting.order_by("planned_for", "pk"))
        if then == "skip":
            return len(rows) - skip(rows, user, now)
        if then == "spread":
            return len(rows) - put_back(rows, user, now)
        return len(rows)


def skip(rows: Sequence[Publication], user: User, now: datetime) -> int:
    with transaction.atomic():
        gone = move(rows, State.SKIPPED, now)
        record(user, now, [("skipped", row, say("skipped one of “{title}”", title=row.post.title)) for row in gone])
        touch({row.workspace_id for row in gone}, now)
    return len(gone)


def space_out(rows: Sequence[Publication], user: User, now: datetime) -> int:
    """Plan these for now and after, oldest first, as fast as a channel may catch up among all that is planned there."""
    said = catch_up.said_on({row.channel_id for row in rows}, {row.workspace_id for row in rows}, now)
    for channel, times in _taken(set(said) | {row.channel_id for row in rows}, now).items():
        for at in times:
            said[channel].add(at, late=True)
    with transaction.atomic():
        for row in sorted(rows, key=lambda row: (row.planned_for, row.pk)):
            turn = said[row.channel_id].turn(catch_up.Pace.of(row.workspace), now)
            said[row.channel_id].add(turn, late=True)
            verbs.move_to(row, turn, user, now)
    return len(rows)


def put_back(rows: Sequence[Publication], user: User, now: datetime) -> int:
    """Plan these anew for the next free times that the guards allow, an hour apart on each channel.

    Of one post's several missed publications on a channel only the newest comes back, the older are skipped.
    Returns how many wait no longer; what a guard would hold at any time stays where it is.
    """
    newest = {(row.post_id, row.channel_id): row for row in sorted(rows, key=lambda row: (row.planned_for, row.pk))}
    older = [row for row in rows if newest[row.post_id, row.channel_id] is not row]
    with transaction.atomic():
        placed = _places(list(newest.values()), now)
        for row, at in placed:
            verbs.move_to(row, at, user, now)
        return len(placed) + skip(older, user, now)


def _places(rows: Sequence[Publication], now: datetime) -> list[tuple[Publication, datetime]]:
    taken = _taken({row.channel_id for row in rows}, now)
    occurrences = [Occurrence.of(row, now) for row in rows]
    docket = Docket(occurrences, now, Moment.FORECAST)
    found = []
    for row, occurrence in zip(rows, occurrences, strict=True):
        at = _free(occurrence, docket, taken[row.channel_id], now)
        if at is not None:
            docket.said(moved_to(occurrence, at))
            taken[row.channel_id].append(at)
            found.append((row, at))
    return found


def _free(occurrence: Occurrence, docket: Docket, taken: list[datetime], now: datetime) -> datetime | None:
    at = _quarter(now + FIRST)
    for _ in range(TRIES):
        at = _gap(taken, at)
        if at > now + REACH:
            return None
        verdict = docket.judge(moved_to(occurrence, at))
        if verdict.allows:
            return at
        if verdict.until is None or verdict.until <= at:
            return None
        at = _quarter(verdict.until)
    return None


def _gap(taken: list[datetime], at: datetime) -> datetime:
    for other in sorted(taken):
        if abs(other - at) < SPACING:
            at = other + SPACING
    return at


def _quarter(at: datetime) -> datetime:
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole + QUARTER * -(-(at - whole) // QUARTER)


def _taken(channels: set[int], now: datetime) -> defaultdict[int, list[datetime]]:
    rows = Publication.objects.filter(channel__in=channels, state__in=[State.SCHEDULED, State.CLAIMED, State.SENDING])
    soon = rows.filter(planned_for__gt=now - SPACING, planned_for__lt=now + REACH)
    taken: defaultdict[int, list[datetime]] = defaultdict(list)
    for channel, at in soon.values_list("channel", "planned_for"):
        taken[channel].append(at)
    return taken
