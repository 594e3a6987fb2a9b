"""What is late: past the grace it waits for a person, within it comes oldest first and spaced, never as a flood.

Only what nobody was there for is late: a burst that the engine works through is not.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from notices.sentences import Sentence, minutes, say, times
from scheduler import tell
from scheduler.models import Publication
from scheduler.moves import move
from scheduler.states import SAID, State
from teams.models import Workspace

REASON = "catching_up"
ALONE = "left_alone"  # the network or the channel has a fault, and is given time
LATE = timedelta(minutes=2)  # an engine that is merely busy is later than its time by less
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Pace:
    """How fast a channel catches up."""

    per_hour: int
    apart: timedelta

    @classmethod
    def of(cls, workspace: Workspace) -> Pace:
        return cls(workspace.catch_up_per_hour, timedelta(minutes=workspace.catch_up_minutes))


@dataclass
class Said:
    """What a channel has sent in the last hour and what waits its turn there, in the order of time."""

    all: list[datetime] = field(default_factory=list)
    late: list[datetime] = field(default_factory=list)

    def add(self, at: datetime, late: bool) -> None:
        insort(self.all, at)
        if late:
            insort(self.late, at)

    def turn(self, pace: Pace, now: datetime) -> datetime:
        """The first time from now on that keeps the distance to all others and the number for each hour."""
        at = now
        while True:
            near = [other for other in self.all if abs(at - other) < pace.apart]
            around = [other for other in self.late if abs(at - other) < HOUR]
            if near:
                at = near[-1] + pace.apart
            elif len(around) >= pace.per_hour:
                at = around[0] + HOUR
            else:
                return at


def on_time(rows: Sequence[Publication], now: datetime) -> list[Publication]:
    """Those that are not past their grace; the others are held as missed, and each workspace is told once."""
    late = [row for row in rows if now - row.planned_for > row.workspace.grace]
    miss(late, _waited, now)
    gone = {row.pk for row in late}
    return [row for row in rows if row.pk not in gone]


def in_turn(rows: Sequence[Publication], now: datetime) -> list[Publication]:
    """Those that may go out at once. The rest waits its turn inside the grace, or is held when that comes too late."""
    late = sorted((row for row in rows if _late(row, now)), key=lambda row: (row.planned_for, row.pk))
    if not late:
        return list(rows)
    said = said_on({row.channel_id for row in late}, {row.workspace_id for row in late}, now)
    going = {row.pk for row in rows} - {row.pk for row in late}
    for row in rows:
        if row.pk in going:
            said[row.channel_id].add(now, late=False)
    waiting, missed = [], []
    for row in late:
        turn = said[row.channel_id].turn(Pace.of(row.workspace), now)
        if turn - row.planned_for > row.workspace.grace:
            missed.append(row)
            continue
        said[row.channel_id].add(turn, late=True)
        if turn > now:
            row.next_attempt_at = turn
            waiting.append(row)
        else:
            going.add(row.pk)
    miss(missed, _crowded, now)
    put_off(waiting, REASON, _turn_comes, now)
    return [row for row in rows if row.pk in going]


def put_off(
    rows: Sequence[Publication], reason: str, sentence: Callable[[Publication], Sentence], now: datetime
) -> None:
    """Back to scheduled until the `next_attempt_at` that is on each. It costs no try."""
    for row in rows:
        row.reason, row.sentence = reason, sentence(row).as_json()
    move(rows, State.SCHEDULED, now, each=["reason", "sentence", "next_attempt_at"])


def miss(late: Sequence[Publication], sentence: Callable[[Publication], Sentence], now: datetime) -> None:
    """Past the grace nothing goes out by itself. Of several missed repeats only the newest waits for a person."""
    if not late:
        return
    newest = {(row.post_id, row.channel_id): row for row in late}
    for row in late:
        row.reason, row.sentence = "missed", sentence(row).as_json()
    waiting = Publication.objects.filter(state=State.HELD, reason="missed", post__in={post for post, _ in newest})
    older = [row for row in late if newest[row.post_id, row.channel_id] is not row]
    older += [row for row in waiting if (row.post_id, row.channel_id) in newest]
    move(older, State.SKIPPED, now, each=["reason", "sentence"])
    tell.missed(move(list(newest.values()), State.HELD, now, each=["reason", "sentence"], next_attempt_at=None))


def said_on(channels: set[int], workspaces: set[int], now: datetime) -> defaultdict[int, Said]:
    """What left each channel in the last hour, or may have, and what waits there for its turn."""
    left = Q(state__in=SAID, attempts__started_at__gt=now - HOUR)
    waits = Q(state=State.SCHEDULED, reason=REASON, next_attempt_at__gt=now)
    rows = Publication.objects.filter(left | waits, channel__in=channels, workspace__in=workspaces)
    # Bounds the search by an index: nothing goes out later than the longest grace, a day.
    soon = rows.filter(planned_for__gt=now - HOUR - timedelta(days=1), planned_for__lte=now)
    found: defaultdict[int, Said] = defaultdict(Said)
    names = ("pk", "channel", "state", "planned_for", "next_attempt_at", "attempts__started_at")
    latest = {pk: facts for pk, *facts in soon.order_by("attempts__started_at").values_list(*names)}
    for channel, state, planned_for, turn, started_at in latest.values():
        at = turn if state == State.SCHEDULED else started_at
        found[channel].add(at, at - planned_for > LATE)
    return found


def too_late(row: Publication) -> Sentence:
    return say(
        "Was due on {when}, when nothing could go out; later than {grace} needs your word.",
        when=row.planned_for,
        grace=minutes(row.workspace.grace_minutes),
    )


def _waited(row: Publication) -> Sentence:
    """With the reason for which it was put off, where there was one."""
    said = too_late(row)
    if row.reason in (REASON, ALONE) and row.sentence:
        return say("{why} {late}", why=Sentence.from_json(row.sentence), late=said)
    return said


def _late(row: Publication, now: datetime) -> bool:
    """What a worker was lost with is later by our own lease, and comes one by one anyway."""
    allowed = LATE + timedelta(seconds=settings.LEASE) if row.lost else LATE
    return now - row.planned_for > allowed


def _turn_comes(row: Publication) -> Sentence:
    return say(
        "{channel} is catching up; its turn comes at {when}.", channel=row.channel.name, when=row.next_attempt_at
    )


def _crowded(row: Publication) -> Sentence:
    return say(
        "Was due on {when}. {channel} is catching up, {number} an hour at most, and its turn would come later than "
        "{grace}: that needs your word.",
        when=row.planned_for,
        channel=row.channel.name,
        number=times(row.workspace.catch_up_per_hour),
        grace=minutes(row.workspace.grace_minutes),
    )
