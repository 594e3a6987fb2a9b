"""Publications that take their worker down with them: found one at a time, and set apart for a person.

A worker that ends without a word leaves a whole batch behind, of which at most one is guilty. So what was lost once
is claimed alone from then on, and only what is lost a second time, with nothing beside it, is set apart.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Q

from notices.sentences import Sentence, say
from posts.networks.base import Unconfirmed
from scheduler import bulk, tell
from scheduler.models import Publication
from scheduler.moves import move
from scheduler.states import State

log = logging.getLogger(__name__)

REASON = "quarantine"
MOST_LOST = 2
MOST_STUMBLES = 3
AGAIN = timedelta(seconds=30)  # after we ourselves failed; an outage of ours must not use up every chance at once
SUSPECT = Q(lost__gt=0) | Q(stumbles__gt=0)
_one_suspect = Lock()
_unharmed: set[UUID] = set()  # claims of this process that the database's own trouble ended


class Stumbled(Unconfirmed):
    """Known: nothing, because Refrain itself failed while it sent."""


@contextmanager
def alone(claim: UUID, now: datetime) -> Iterator[None]:
    """A suspect has its process to itself among suspects: dying, it must take no other one with it.

    Where workers are threads of one process they wait here for each other.
    """
    if suspected(claim, now):
        with _one_suspect:
            yield
    else:
        yield


def suspected(claim: UUID, now: datetime) -> bool:
    return Publication.objects.filter(SUSPECT, claim=claim, lease_until__gt=now).exists()


@contextmanager
def in_hand(claim: UUID, now: datetime) -> Iterator[None]:
    """While the guards are asked about a batch. An error of our own gives it back, and is logged."""
    _give_back(now)
    try:
        yield
    except DatabaseError:
        _unharmed.add(claim)
        raise
    except Exception:
        log.exception("A batch failed, trace %s", trace(claim))
        _stumbled(claim, now)


def apart(due: list[Publication]) -> list[Publication]:
    """Of what is due: what may be claimed together. A suspect goes alone, and as soon as it is its turn."""
    if due and suspect(due[0]):
        return due[:1]
    return [row for row in due if not suspect(row)]


def suspect(row: Publication) -> bool:
    return bool(row.lost or row.stumbles)


def count_lost(rows: Iterable[Publication]) -> None:
    """One more loss for each row (not saved here): its worker ended, or fell silent for as long as a lease."""
    for row in rows:
        row.lost += 1
        if poisoned(row):
            _explain(row, row.claim)


def poisoned(row: Publication) -> bool:
    return row.lost >= MOST_LOST or row.stumbles >= MOST_STUMBLES


def hold(rows: Sequence[Publication], now: datetime) -> list[Publication]:
    """Set apart what `poisoned` says; its sentence is on it."""
    held = move(rows, State.HELD, now, each=["reason", "sentence", "lost", "stumbles"], next_attempt_at=None)
    for row in held:
        log.error("Set apart: %r, lost %s times, failed on %s times. %s", row, row.lost, row.stumbles, row.sentence)
    tell.quarantined(held)
    return held


def hold_unsent(row: Publication, now: datetime) -> None:
    """It was lost while it was sent, and the network says that it is not out: it is not sent once more."""
    last = max(row.attempts.all(), key=lambda attempt: attempt.started_at, default=None)
    _explain(row, last.claim if last else None)
    hold([row], now)


def answered(rows: Iterable[Publication], stumbled: Iterable[Publication]) -> None:
    """An answer, whatever it says, proves that these stop nobody; an error of our own is counted."""
    ours = {row.pk for row in stumbled}
    changed = [row for row in rows if suspect(row) or row.pk in ours]
    for row in changed:
        row.lost, row.stumbles = 0, row.stumbles + 1 if row.pk in ours else 0
    bulk.write(changed, ["lost", "stumbles"], {})


def trace(claim: UUID | None) -> str:
    """What the sentence on the page and the line in the log have in common."""
    return claim.hex[:8] if claim else "none"


def _give_back(now: datetime) -> None:
    """What was claimed when the database failed: that says nothing about the rows, and is no loss."""
    while _unharmed:
        claim = _unharmed.pop()
        rows = list(Publication.objects.filter(claim=claim, state=State.CLAIMED))
        move(rows, State.SCHEDULED, now, next_attempt_at=now)


def _stumbled(claim: UUID, now: datetime) -> None:
    ours = Publication.objects.filter(claim=claim, state=State.CLAIMED)
    rows = list(ours.select_related("post", "channel", "workspace"))
    for row in rows:
        row.stumbles += 1
        row.next_attempt_at = now + AGAIN * row.stumbles
        if poisoned(row):
            _explain(row, claim)
    hold([row for row in rows if poisoned(row)], now)
    others = [row for row in rows if not poisoned(row)]
    move(others, State.SCHEDULED, now, each=["stumbles", "next_attempt_at"])


def _explain(row: Publication, claim: UUID | None) -> None:
    row.reason, row.sentence = REASON, _sentence(row, trace(claim)).as_json()


def _sentence(row: Publication, traced: str) -> Sentence:
    if row.lost >= MOST_LOST:
        return say(
            "Twice the worker that had it in hand stopped without a word, so it is not tried again by itself. "
            "Whoever runs Refrain finds more in the log, under {trace}.",
            trace=traced,
        )
    return say(
        "Refrain itself failed on it three times, so it is not tried again by itself. "
        "Whoever runs Refrain finds more in the log, under {trace}.",
        trace=traced,
    )
