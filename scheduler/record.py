"""The record of deeds, written in the transaction of the deed itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from notices.sentences import Sentence
from teams.models import AuditEntry, User, Workspace

REFRAIN = "Refrain"


def record(
    user: User | None, now: datetime, deeds: Iterable[tuple[str, models.Model, Sentence]], *, by: str = REFRAIN
) -> None:
    """(action, object, sentence) for each deed; the object is a workspace or in one. No user: `by` did it."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            workspace_id=thing.pk if isinstance(thing, Workspace) else thing.workspace_id,  # type: ignore[attr-defined]
            at=now,
            user=user,
            by=str(user) if user else by,
            action=action,
            object_type=thing._meta.model_name or "",
            object_id=str(thing.pk),
            sentence=sentence.as_json(),
        )
        for action, thing, sentence in deeds
    )
