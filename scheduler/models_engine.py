"""What the engine keeps for itself: the channels and networks that it leaves alone for a while."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from posts.models import Channel


class Breaker(models.Model):
    """How a channel, or a whole network, has answered lately, and until when it is left alone.

    `open_until` None: it is published to. In the past: one publication may try whether it is well again.
    """

    channel = models.OneToOneField(Channel, models.CASCADE, null=True, related_name="breaker")
    network = models.CharField(max_length=30, unique=True, null=True)  # of the whole network; then no channel
    failures = models.PositiveIntegerField(default=0)  # one after the other, without an answer between
    openings = models.PositiveIntegerField(default=0)  # each makes the next wait twice as long
    failed_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)  # when it was last tried, to a minute
    open_until = models.DateTimeField(null=True)
    probing = models.BooleanField(default=False)  # one is on its way, and the others wait for its answer
    sentence = models.JSONField(null=True)  # what it said last, as a Sentence

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(channel=None, network__isnull=False) | Q(channel__isnull=False, network=None),
                name="breaker_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"breaker of {self.network or self.channel_id}"
