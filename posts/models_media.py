"""The library of pictures and videos, which of them a post takes along, and uploads that are not whole yet."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.networks.fit import Piece
from posts.networks.parcel import Kind
from teams.models import Workspace


def media_storage() -> Storage:
    """The data folder, or what the settings name: known when it is asked for, not when the models are made."""
    return storages["media"]


class Media(models.Model):
    """A file of the library, cleaned when it came in. Its bytes never change; the same bytes are the same row."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="media")
    file = models.FileField(storage=media_storage, max_length=200)
    thumb = models.FileField(storage=media_storage, max_length=200, blank=True)  # none of a video
    kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in Kind])
    mime = models.CharField(max_length=30)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()  # bytes
    seconds = models.FloatField(null=True)
    sha256 = models.CharField(max_length=64)
    alt = models.TextField(_("description"), default="", blank=True)
    name = models.CharField(_("name"), max_length=120)  # as its owner called it; no path is ever made of it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workspace", "sha256"], name="media_kept_once"),)
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def piece(self) -> Piece:
        """What networks and guards need to know of it."""
        return Piece(Kind(self.kind), self.mime, self.size, self.width, self.height, self.alt, self.name, self.seconds)


class Attached(models.Model):
    """A file that a post takes along, in its place; with a network's name it is for that network alone."""

    post = models.ForeignKey("posts.Post", models.CASCADE, related_name="attachments")
    media = models.ForeignKey(Media, models.PROTECT, related_name="attachments")
    network = models.CharField(max_length=30, default="", blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "network", "position"], name="one_file_per_place"),
            models.UniqueConstraint(fields=["post", "network", "media"], name="each_file_once"),
        )
        ordering: ClassVar = ["network", "position"]

    def __str__(self) -> str:
        return f"{self.media_id} with post {self.post_id}"


class Upload(models.Model):
    """A file that comes in pieces; `received` bytes are there, and the next piece begins with that one."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["touched_at"], name="upload_left"),)

    def __str__(self) -> str:
        return f"{self.name}: {self.received} of {self.size}"
