"""Telling people: notices inside the app, one per event; letters by e-mail, and the links in them that are used up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from teams.models import User, Workspace


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


class Letter(models.Model):
    """An e-mail, written with what it tells of and sent afterwards; given up after some tries."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when to try next; None: sent, or given up
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["due_at"], name="letter_due", condition=models.Q(due_at__isnull=False)),)

    def __str__(self) -> str:
        return self.subject


class UsedLink(models.Model):
    """A link in a letter that has done what it was for. Kept, so that it does it once."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"used at {self.at}"
