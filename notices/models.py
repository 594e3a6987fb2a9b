"""Telling people: notices inside the app, one per event."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from teams.models import Workspace


class Notice(models.Model):
    """Something the members of a workspace should know. `event` and `about` together are told once while unread."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="notices")
    event = models.CharField(max_length=40)
    about = models.CharField(max_length=60, default="")
    sentence = models.JSONField()
    link = models.CharField(max_length=200, default="")  # a path inside the app
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "event", "about"], condition=models.Q(read_at=None), name="told_once_while_unread"
            ),
        )
        indexes = (models.Index(fields=["workspace", "-created_at"], name="notice_recent"),)
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.event
