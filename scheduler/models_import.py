"""A file of posts, kept with what the guards say of every line until a person says yes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from posts.models import Post
from teams.models import Workspace


class Import(models.Model):
    """One file, known by its content: the same file is never a second import. Nothing of it is a post by itself."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="imports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes
    columns = models.JSONField(default=dict)  # what was recognised: field → the header as written
    unknown = models.JSONField(default=list)  # headers that mean nothing here
    day_first = models.BooleanField(null=True)  # what the file's own dates prove about 03/04
    choices = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    judged_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  # when posts were last made of it

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workspace", "digest"], name="a_file_is_imported_once"),)
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("import_preview", args=[self.workspace.slug, self.pk])


class ImportLine(models.Model):
    """One line of the file, as it was written and as it was judged."""

    class Fate(models.TextChoices):
        READY = "ready", _("can be imported")
        COPY = "copy", _("copy of a post that exists")
        HELD = "held", _("would be held")
        REFUSED = "refused", _("refused")
        IMPORTED = "imported", _("imported")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # as a spreadsheet counts: the header is line 1
    cells = models.JSONField()
    problem = models.JSONField(null=True)  # a Sentence: why the line cannot even be read
    text = models.TextField(default="")
    starts_at = models.DateTimeField(null=True)
    fate = models.CharField(max_length=8, choices=Fate.choices, default=Fate.REFUSED)
    wanted = models.BooleanField(default=False)  # ticked: confirming makes a post of it
    findings = models.JSONField(default=list)  # guards.base.Finding and the action's word, strongest first
    problems = models.JSONField(default=list)  # Sentences: why it cannot be kept at all
    notes = models.JSONField(default=list)  # Sentences that keep nothing back
    dates = models.PositiveSmallIntegerField(default=0)  # on how many days it would go out, as far as was judged
    copy_of = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")  # what was made of it

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="import_line_once"),)
        indexes = (models.Index(fields=["batch", "fate"], name="import_line_by_fate"),)
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"line {self.number}"

    @property
    def may_be_taken(self) -> bool:
        return self.fate in TAKEABLE


TAKEABLE = frozenset({ImportLine.Fate.READY, ImportLine.Fate.COPY, ImportLine.Fate.HELD})
