"""How far a sending of several steps has got, kept with its publication: each step before the next one leaves.

Kept from the thread that sends, in a transaction of its own, and only while the publication stands as that thread
knows it: whoever lost it to somebody else sends nothing more.
"""

from __future__ import annotations

import logging

from django.db import DatabaseError

from notices.sentences import say
from posts.networks.base import Unconfirmed
from posts.networks.parcel import Steps
from scheduler.models import Publication

log = logging.getLogger(__name__)


class Kept(Steps):
    """The steps of one publication. What was kept came with its row; a sending of one step costs no query."""

    def __init__(self, row: Publication) -> None:
        self._row = row
        self._known: dict[str, str] = dict(row.steps)

    def kept(self, step: str) -> str | None:
        return self._known.get(step)

    def keep(self, step: str, value: str) -> None:
        if self._known.get(step) == value:
            return
        known = {**self._known, step: value}
        # The revision is the fence: every move of the row makes a new one.
        ours = Publication.objects.filter(pk=self._row.pk, revision=self._row.revision, state=self._row.state)
        try:
            kept = ours.update(steps=known)
        except DatabaseError as error:
            log.warning("a step of publication %s could not be kept: %s", self._row.pk, type(error).__name__)
            raise Unconfirmed(say("Refrain could not write down how far it got, and stopped.")) from error
        if not kept:
            raise Unconfirmed(say("Refrain took too long over this, and stopped before it was done."))
        self._known = known
