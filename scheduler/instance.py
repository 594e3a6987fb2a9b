"""Whether this database is ours and the newest that we knew; if not, the instance is frozen until a person thaws it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from notices.sentences import Sentence, say
from scheduler import witness
from scheduler.models import Instance
from scheduler.models_instance import THE_ONE

FOREIGN = say(
    "This database belongs to another instance: it was restored or copied, or this machine was given the wrong data "
    "folder. Nothing goes out until a person thaws it."
)
OLDER = say(
    "This database is older than what this machine has already done with it: a backup was restored. "
    "Nothing goes out until a person thaws it."
)


class Frozen(Exception):
    """Nothing may be claimed, settled or sent; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def current(now: datetime) -> Instance:
    """The row; a database that has none yet becomes ours."""
    found = Instance.objects.filter(pk=THE_ONE).first()
    return found or Instance.objects.get_or_create(pk=THE_ONE, defaults=_ours(now))[0]


def why_frozen(row: Instance) -> Sentence | None:
    if row.frozen_at:
        return Sentence.from_json(row.frozen_because) if row.frozen_because else OLDER
    if row.identity != witness.identity():
        return FOREIGN
    if row.mark < witness.seen(row.born):
        # Read again: between our reading the row and the file, another process may have raised both.
        row.refresh_from_db()
        return OLDER if row.mark < witness.seen(row.born) else None
    return None


def check(now: datetime) -> Sentence | None:
    """Why nothing may happen, or None. An older copy is marked as such, for machines that cannot know it."""
    row = current(now)
    why = why_frozen(row)
    if why == OLDER and row.frozen_at is None:
        freeze(row, OLDER, now)
    return why


def freeze(row: Instance, why: Sentence, now: datetime) -> None:
    """`alive_at` stays: it is the last that this database knows of the world."""
    mark = max(row.mark, witness.seen(row.born))
    thawed = Instance.objects.filter(pk=THE_ONE, frozen_at=None)
    thawed.update(frozen_at=now, frozen_because=why.as_json(), mark=mark)


def advance(now: datetime) -> None:
    """Raise the mark, in the caller's transaction and as its last deed; Frozen ends that transaction.

    The copy outside is written once this is committed and before anything leaves, so that a database which lacks
    what has left has a lower mark than the machine.
    """
    current(now)
    row = Instance.objects.select_for_update().get(pk=THE_ONE)
    if why := why_frozen(row):
        raise Frozen(why)
    row.mark, row.alive_at = row.mark + 1, now
    row.save(update_fields=["mark", "alive_at"])
    transaction.on_commit(partial(witness.note, row.born, row.mark))


def take_over(now: datetime) -> None:
    """From now on the database is ours, and newer than all that we knew of it."""
    row = Instance.objects.select_for_update().get(pk=THE_ONE)
    row.mark = max(row.mark, witness.seen(row.born)) + 1
    row.identity, row.frozen_at, row.frozen_because, row.alive_at = witness.identity(), None, None, now
    row.save(update_fields=["mark", "identity", "frozen_at", "frozen_because", "alive_at"])
    transaction.on_commit(partial(witness.note, row.born, row.mark))


def _ours(now: datetime) -> dict[str, object]:
    return {"identity": witness.identity(), "alive_at": now}
