"""The one row about this instance itself: whose database it is, how far it has come, and whether it may work."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

THE_ONE = 1


class Instance(models.Model):
    """`identity` is the name of the instance that works with this database, `born` the database's own name.

    `mark` grows with every heartbeat and every batch of intents, before any of them leaves; the machine keeps a
    copy of it outside. `alive_at` goes with it: in a restored database it is the time of the backup.
    """

    identity = models.CharField(max_length=200)
    born = models.UUIDField(default=uuid4)
    mark = models.BigIntegerField(default=0)
    alive_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    frozen_because = models.JSONField(null=True)  # a Sentence
    recovering_until = models.DateTimeField(null=True)
    refusal = models.JSONField(null=True)  # why some worker claims nothing, as a Sentence
    refused_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.identity
