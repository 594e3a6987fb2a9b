"""Letting a restored or copied database work again: what may have gone out since the backup is asked after first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from notices.sentences import say
from posts.content import fingerprint
from posts.networks.base import Proof
from scheduler import instance, plan, tell
from scheduler.candidates import with_facts
from scheduler.models import Publication
from scheduler.moves import move
from scheduler.publish import ask_at
from scheduler.record import REFRAIN, record
from scheduler.settle import RESTORED
from scheduler.states import State
from teams.models import User, Workspace

PLANNED_AT_ONCE = 500


@dataclass(frozen=True)
class Doubt:
    """What may be out without this database knowing it; `asked` of these the networks can be asked about."""

    since: datetime
    count: int
    asked: int

    @property
    def looked_at(self) -> int:
        return self.count - self.asked


def doubt(now: datetime) -> Doubt:
    """What thawing would do, for whoever decides about it."""
    rows = list(_doubtful(now).select_related("channel"))
    asked = sum(row.channel.connector.proof is not Proof.NOTHING for row in rows)
    return Doubt(instance.current(now).alive_at, len(rows), asked)


def thaw(user: User | None, now: datetime, *, by: str = REFRAIN) -> Doubt:
    """Doubt everything whose time has come, then let the instance work. `by` names who it was without a user."""
    with transaction.atomic():
        while plan.extend(now, PLANNED_AT_ONCE) >= PLANNED_AT_ONCE:
            pass  # a series longer than the backup's horizon: what it would have written is doubtful too
        since = instance.current(now).alive_at
        rows = list(with_facts(_doubtful(now).select_for_update(of=["self"])).order_by("pk"))
        _doubt(rows, now)
        said = say("thawed Refrain; {count} publications may be out and are asked after", count=len(rows))
        record(user, now, [("thawed", one, said) for one in Workspace.objects.all()], by=by)
        tell.restored(rows)
        plan.touch({row.workspace_id for row in rows}, now)
        instance.take_over(now)  # last: whoever writes an intent locks its rows before it locks the instance
    return Doubt(since, len(rows), sum(row.next_attempt_at is not None for row in rows))


def _doubtful(now: datetime) -> QuerySet[Publication]:
    waiting = (State.SCHEDULED, State.CLAIMED, State.SENDING)
    return Publication.objects.filter(state__in=waiting, planned_for__lte=now)


def _doubt(rows: Sequence[Publication], now: datetime) -> None:
    claimed = [row for row in rows if row.state == State.CLAIMED]
    move(claimed, State.SCHEDULED, now, next_attempt_at=now)
    for row in rows:
        row.text = row.text or row.wording()[1]
        row.fingerprint, row.post_revision = fingerprint(row.text), row.post.revision
        row.reason = RESTORED
        row.sentence = say(
            "The database was restored from a backup, and this was planned for {when}: it may be out on {channel}.",
            when=row.planned_for,
            channel=row.channel.name,
        ).as_json()
        row.next_attempt_at = ask_at(row, now)
    pinned = ["text", "fingerprint", "post_revision", "reason", "sentence", "next_attempt_at"]
    move(rows, State.UNCONFIRMED, now, each=pinned)
