"""The queue: fills the open slots of the coming days with queued posts, anew whenever something has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from guards.base import Moment
from posts import along as takes
from posts.models import Post
from scheduler.candidates import Docket, Occurrence, Series, with_facts
from scheduler.filling import Fill, Filling, Fixed, Lane, goes_on, occurrences_of
from scheduler.gaps import gap_as_json
from scheduler.models import Outlook, Publication, Slot
from scheduler.slots import fills, openings, take_back
from scheduler.states import SAID, State
from teams.models import Workspace

HORIZON = timedelta(days=14)
LEAD = timedelta(minutes=15)  # a person can still think better of it
OLD = timedelta(hours=1)
# As many queued posts are looked at while the reader waits; more by the next tick.
AT_ONCE = 100

COMING = (State.SCHEDULED, State.CLAIMED, State.HELD)
LEFT_OUT = (State.SKIPPED, State.CANCELLED, State.BLOCKED, State.FAILED)


def fill(workspace: Workspace, now: datetime) -> int:
    """Fill the open slots up to the horizon; returns how many publications were written or taken back.

    The number of queries is fixed. Two who fill at once wait for each other on the slots' locks, and the
    database keeps a slot's date from being filled twice in any case.
    """
    outlook, _ = Outlook.objects.get_or_create(workspace=workspace)
    with transaction.atomic():
        locked = Slot.objects.select_for_update(of=["self"], no_key=True).filter(workspace=workspace)
        slots = list(locked.select_related("channel", "category").order_by("pk"))
        lanes = _lanes(workspace, slots)
        board = _board(slots, lanes, now)
        filling = _filled(workspace, slots, lanes, board, now, now + HORIZON)
        changed = _write(workspace, filling, board.filled, now)
        _mark(lanes.values(), now)
        _note(outlook, filling, changed, now)
    return changed


def foresee(workspace: Workspace, now: datetime, until: datetime) -> tuple[Filling, list[Lane]]:
    """How the queue would go on up to then, with nothing written: the fills, the gaps, and where each post ends."""
    slots = list(Slot.objects.filter(workspace=workspace).select_related("channel", "category").order_by("pk"))
    lanes = _lanes(workspace, slots)
    return _filled(workspace, slots, lanes, _board(slots, lanes, now), now, until), list(lanes.values())


def fill_stale(now: datetime, most: int = 5) -> int:
    """The tick's duty: queues that a change, or an hour gone by, has made stale."""
    stale = (
        Q(outlook__queue_filled_at=None)
        | Q(outlook__queue_stale_since__isnull=False)
        | Q(outlook__queue_filled_at__lt=now - OLD)
    )
    workspaces = Workspace.objects.filter(stale, slots__isnull=False).distinct()
    return sum(
        fill(workspace, now)
        for workspace in workspaces.order_by(F("outlook__queue_filled_at").asc(nulls_first=True))[:most]
    )


def ready(workspace: Workspace, now: datetime) -> Outlook:
    """How the workspace's queue stands, filled first when that is quick."""
    outlook, _ = Outlook.objects.get_or_create(workspace=workspace)
    if is_stale(outlook, now) and in_queue(workspace)[: AT_ONCE + 1].count() <= AT_ONCE:
        fill(workspace, now)
        outlook.refresh_from_db()
    return outlook


def is_stale(outlook: Outlook, now: datetime) -> bool:
    filled = outlook.queue_filled_at
    return filled is None or outlook.queue_stale_since is not None or filled < now - OLD


def in_queue(workspace: Workspace) -> QuerySet[Post]:
    """The posts that wait for slots, in the order of the queue."""
    active = Post.objects.filter(workspace=workspace, status=Post.Status.ACTIVE).exclude(queue="")
    return active.order_by("queue_place", "pk")


@dataclass(frozen=True)
class Board:
    """What is planned on the channels: the queue's own work of before, what it works around, and taken dates."""

    filled: Sequence[Publication]
    fixed: Sequence[Fixed]
    occupied: frozenset[tuple[int, date]]


def _lanes(workspace: Workspace, slots: Sequence[Slot]) -> dict[tuple[int, int], Lane]:
    """Every queued post on each of its channels that has a slot, with what became of it there since it was queued."""
    places = {slot.channel_id for slot in slots}
    posts = in_queue(workspace).select_related("rule").prefetch_related("channels", "versions", "variations")
    takes.load(posts)
    lanes = {
        (post.pk, channel.pk): Lane(post, channel, Series.of(post, workspace), tuple(post.wordings(channel.network)))
        for post in posts
        for channel in post.channels.all()
        if channel.pk in places
    }
    rows = Publication.objects.filter(post__in={post for post, _ in lanes}, channel__in=places)
    facts = rows.values_list("post", "channel", "state", "due_at", "planned_for", "changed_at", "number")
    for post, channel, state, due, planned, changed, number in facts:
        if lane := lanes.get((post, channel)):
            _remember(lane, State(state), due, planned, changed, number)
    return lanes


def _remember(lane: Lane, state: State, due: datetime, planned: datetime, changed: datetime, number: int) -> None:
    if state in SAID:
        lane.last = max(lane.last or planned, planned)
    if state in LEFT_OUT:
        lane.had.add(due)
    # What was left out before the post was queued anew says nothing about this time.
    known = due if state not in LEFT_OUT else min(due, changed)
    if lane.series.starts_at and known >= lane.series.starts_at:
        lane.placed = True
        if state not in LEFT_OUT:
            lane.numbers.add(number)


def _board(slots: Sequence[Slot], lanes: dict[tuple[int, int], Lane], now: datetime) -> Board:
    places = {slot.channel_id for slot in slots}
    rows = list(with_facts(Publication.objects.filter(channel__in=places, state__in=COMING)).order_by("pk"))
    takes.load(row.post for row in rows)
    filled = [row for row in rows if _as_filled(row, now)]
    for row in filled:
        if lane := lanes.get((row.post_id, row.channel_id)):
            lane.numbers.discard(row.number)
            lane.placed = lane.placed and not lane.once
    mine = {row.pk for row in filled}
    around = [row for row in rows if row.pk not in mine and (row.state != State.HELD or row.next_attempt_at)]
    fixed = [Fixed(at, Occurrence.of(row, at)) for row in around if (at := _expected(row, now))]
    dates = Publication.objects.filter(slot__in=slots, slot_date__gte=now.date() - timedelta(days=2))
    taken = dates.exclude(state__in=[State.SKIPPED, State.CANCELLED]).values_list("pk", "slot", "slot_date")
    return Board(filled, fixed, frozenset((slot, day) for pk, slot, day in taken if day and pk not in mine))


def _as_filled(row: Publication, now: datetime) -> bool:
    """Nobody has touched it, and there is time yet: the queue may take it back."""
    untouched = row.slot_id and row.state == State.SCHEDULED and row.revision == 0 and row.planned_for == row.due_at
    return bool(untouched and row.planned_for > now + LEAD and row.variation is None and not row.overrides.all())


def _expected(row: Publication, now: datetime) -> datetime:
    """When it goes out, as far as anybody knows."""
    return max(now, row.next_attempt_at or row.planned_for) if row.state == State.HELD else max(now, row.planned_for)


def _filled(
    workspace: Workspace,
    slots: Sequence[Slot],
    lanes: dict[tuple[int, int], Lane],
    board: Board,
    now: datetime,
    until: datetime,
) -> Filling:
    open_ = [slot for slot in slots if slot.active]
    coming = openings(open_, workspace.zone, now + LEAD, until)
    known = [*(one.occurrence for one in board.fixed), *occurrences_of(lanes.values(), now)]
    filling = Filling(lanes.values(), board.fixed, Docket(known, now, Moment.FORECAST))
    filling.run(coming, board.occupied)
    return filling


def _write(workspace: Workspace, filling: Filling, before: Sequence[Publication], now: datetime) -> int:
    """Only what differs: a publication that stays the same stays the same row. Returns how many came and went."""
    there = {_identity(row.slot_id, row.slot_date, row.post_id, row.due_at, row.number): row.pk for row in before}
    new = {
        _identity(one.opening.slot.pk, one.opening.date, one.lane.post.pk, one.opening.at, one.number): one
        for one in filling.fills
    }
    gone = [pk for identity, pk in there.items() if identity not in new]
    rows = [_row(workspace, one) for identity, one in new.items() if identity not in there]
    taken = take_back(fills(now).filter(pk__in=gone)) if gone else 0
    Publication.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return taken + len(rows)


def _identity(*parts: object) -> tuple[object, ...]:
    return parts


def _row(workspace: Workspace, one: Fill) -> Publication:
    return Publication(
        workspace=workspace,
        post=one.lane.post,
        channel=one.lane.channel,
        slot=one.opening.slot,
        slot_date=one.opening.date,
        due_at=one.opening.at,
        planned_for=one.opening.at,
        next_attempt_at=one.opening.at,
        number=one.number,
        reason="queue",
        sentence=one.why.as_json(),
    )


def _mark(lanes: Iterable[Lane], now: datetime) -> None:
    """`planned_until` says of a queued post that it still has turns to come, as of a dated one that it has dates."""
    by_post: dict[int, list[Lane]] = {}
    for lane in lanes:
        by_post.setdefault(lane.post.pk, []).append(lane)
    changed = []
    for mine in by_post.values():
        post, on = mine[0].post, goes_on(mine, now)
        if on != (post.planned_until is not None):
            post.planned_until = now if on else None
            changed.append(post)
    Post.objects.bulk_update(changed, ["planned_until"], batch_size=500)


def _note(outlook: Outlook, filling: Filling, changed: int, now: datetime) -> None:
    """What changed meanwhile is looked at again; the forecast has not seen what was written."""
    mine = Outlook.objects.filter(pk=outlook.pk)
    mine.filter(queue_stale_since=outlook.queue_stale_since).update(queue_stale_since=None)
    fields: dict[str, Any] = {"queue_filled_at": now, "gaps": [gap_as_json(gap) for gap in filling.gaps]}
    fields |= {"stale_since": now} if changed else {}
    fields |= {"projected_at": None} if changed or outlook.queue_stale_since else {}
    mine.update(**fields)
