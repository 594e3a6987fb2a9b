"""When: publications, their attempts and judgements, pauses, measurements, and the engine's word about itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guards.base import Action
from guards.judge import Check, Verdict
from posts.models import Category, Channel, Post
from scheduler.models_engine import Breaker
from scheduler.models_import import Import, ImportLine
from scheduler.models_instance import Instance
from scheduler.models_queue import Slot
from scheduler.states import PLANNED, SAID, State
from teams.models import Workspace

__all__ = [
    "Attempt",
    "Breaker",
    "Import",
    "ImportLine",
    "Instance",
    "Judgement",
    "Measurement",
    "Outlook",
    "Override",
    "Pause",
    "Publication",
    "Pulse",
    "Slot",
]

ACTIONS = [(action.word, action.word) for action in Action]


class PublicationQuerySet(models.QuerySet["Publication"]):
    def due(self, now: datetime) -> PublicationQuerySet:
        return self.filter(state=State.SCHEDULED, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def planned(self) -> PublicationQuerySet:
        return self.filter(state__in=PLANNED)

    def said(self) -> PublicationQuerySet:
        return self.filter(state__in=SAID)


class Publication(models.Model):
    """One post, on one channel, at one time: the unit of state.

    `due_at` is its identity: computed from the rule, never changed. `planned_for` is when it is to go out
    (moving changes it), `next_attempt_at` when the engine looks at it next. `claim` and `revision` are the
    fence: whoever holds an old one has lost the right to move the row.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="publications")
    post = models.ForeignKey(Post, models.CASCADE, related_name="publications")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="publications")
    due_at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)  # 0: the first of its series, k: the k-th repeat
    slot = models.ForeignKey(Slot, models.SET_NULL, null=True, related_name="publications")  # that the queue filled
    slot_date = models.DateField(null=True)  # on which day of the workspace
    planned_for = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)  # None: not by itself

    state = models.CharField(max_length=12, choices=State.choices, default=State.SCHEDULED)
    revision = models.PositiveIntegerField(default=0)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # attempts that certainly brought nothing and count
    asked = models.PositiveSmallIntegerField(default=0)  # times that the network was asked what became of it
    lost = models.PositiveSmallIntegerField(default=0)  # times that a worker ended without a word while it had it
    stumbles = models.PositiveSmallIntegerField(default=0)  # times that Refrain itself failed on it
    changed_at = models.DateTimeField(default=timezone.now)

    variation = models.PositiveSmallIntegerField(null=True)  # which wording a person chose; None: its turn's
    text = models.TextField(default="")  # what went out, pinned with the intent; empty before
    fingerprint = models.CharField(max_length=32, default="")  # of that text
    along = models.JSONField(null=True)  # what went with it, as scheduler.parcels reads it; None: nothing
    post_revision = models.PositiveIntegerField(null=True)

    intended_at = models.DateTimeField(null=True)  # the first intent of a sending that may still be under way
    steps = models.JSONField(default=dict)  # what of it was done, as scheduler.steps keeps it

    judgement = models.ForeignKey("Judgement", models.SET_NULL, null=True, related_name="+")  # the one in force
    reason = models.CharField(max_length=40, default="")  # the deciding guard, or the engine's own word
    sentence = models.JSONField(null=True)  # why it stands where it stands, as a Sentence
    outlook = models.CharField(max_length=5, choices=ACTIONS, default="")  # what the forecast says; "" unknown
    outlook_checks = models.JSONField(default=list)

    remote_id = models.CharField(max_length=1000, default="")  # of a thread: of all parts, with commas between them
    url = models.CharField(max_length=500, default="")
    published_at = models.DateTimeField(null=True)
    taken_down_at = models.DateTimeField(null=True)  # from its network, by a person; it stays published: it was said
    taken_down_by = models.CharField(max_length=254, default="")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "channel", "due_at"], name="publication_once"),
            # What was left out gives its slot up to another post; the key above keeps the same one from coming back.
            models.UniqueConstraint(
                fields=["slot", "slot_date"],
                name="slot_filled_once",
                condition=Q(slot__isnull=False) & ~Q(state__in=["skipped", "cancelled"]),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "sending"], claim__isnull=False, lease_until__isnull=False)
                | (~Q(state__in=["claimed", "sending"]) & Q(claim__isnull=True)),
                name="claims_have_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="published_has_a_time"
            ),
        )
        indexes = (
            models.Index(fields=["next_attempt_at", "id"], name="publication_due", condition=Q(state="scheduled")),
            models.Index(fields=["lease_until"], name="publication_leased", condition=Q(lease_until__isnull=False)),
            models.Index(fields=["next_attempt_at"], name="publication_lifts", condition=Q(state="held")),
            models.Index(fields=["next_attempt_at"], name="publication_settles", condition=Q(state="unconfirmed")),
            models.Index(fields=["channel", "fingerprint"], name="publication_said", condition=~Q(fingerprint="")),
            models.Index(fields=["channel", "planned_for"], name="publication_on_channel"),
            models.Index(fields=["workspace", "planned_for"], name="publication_calendar"),
            models.Index(fields=["workspace", "state", "planned_for"], name="publication_by_state"),
        )

    def __str__(self) -> str:
        return f"publication {self.pk}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("explain", args=[self.workspace.slug, self.pk])

    @property
    def key(self) -> str:
        """The idempotency key: the same for every attempt at this publication, in every copy of the database."""
        return str(uuid5(NAMESPACE_URL, f"refrain:{self.post_id}:{self.channel_id}:{self.due_at.isoformat()}"))

    @property
    def open(self) -> bool:
        return self.state in PLANNED

    def wording(self) -> tuple[int, str]:
        """Which of the post's wordings is its turn, and the text."""
        texts = self.post.wordings(self.channel.network)
        turn = self.turn_of(len(texts))
        return turn, texts[turn]

    def turn_of(self, wordings: int) -> int:
        return (self.number if self.variation is None else self.variation) % wordings

    @property
    def let_pass(self) -> Iterable[Override]:
        """The overrides; a list where it came with one in bulk."""
        return self.__dict__["listed_overrides"] if "listed_overrides" in self.__dict__ else self.overrides.all()


class Judgement(models.Model):
    """What the guards said of a publication at one moment: every check with its numbers, kept as long as it."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="judgements")
    at = models.DateTimeField()
    moment = models.CharField(max_length=10)
    action = models.CharField(max_length=5, choices=ACTIONS)
    checks = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action} at {self.at}"

    @property
    def verdict(self) -> Verdict:
        return Verdict(tuple(Check.from_json(check) for check in self.checks))


class Override(models.Model):
    """A named person let a publication pass these guards, with a reason, on record."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="overrides")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    guards = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by}: {self.reason}"


class Deed(models.Model):
    """A fix that a person chose, with how things stood before it, so that it can be taken back."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="deeds")
    post = models.ForeignKey(Post, models.CASCADE, related_name="deeds")
    publication = models.ForeignKey(Publication, models.SET_NULL, null=True, related_name="deeds")
    batch = models.UUIDField(default=uuid4)  # the same for fixes that were chosen together
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    sentence = models.JSONField()
    before = models.JSONField(null=True)  # None: it cannot be taken back
    revision = models.PositiveIntegerField()  # of the publication, right after the fix
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["batch"], name="deed_batch"),
            models.Index(fields=["workspace", "-at"], name="deed_recent"),
        )
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.verb

    @property
    def undoable(self) -> bool:
        return self.before is not None and self.undone_at is None


class Attempt(models.Model):
    """One request to a network, written down before it leaves; its answer is evidence even when the lease is lost."""

    class Outcome(models.TextChoices):
        PUBLISHED = "published", _("published")
        NOT_SENT = "not_sent", _("nothing was sent")
        REFUSED = "refused", _("refused")
        CHANNEL_REFUSED = "channel_refused", _("the channel was refused")
        UNCONFIRMED = "unconfirmed", _("no proof")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="attempts")
    claim = models.UUIDField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=15, choices=Outcome.choices, default="")
    sentence = models.JSONField(null=True)
    remote_id = models.CharField(max_length=1000, default="")
    url = models.CharField(max_length=500, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["publication"], name="one_open_attempt", condition=Q(ended_at=None)),
        )
        ordering: ClassVar = ["started_at", "pk"]

    def __str__(self) -> str:
        return f"attempt at {self.publication_id}: {self.outcome or 'open'}"


class Pause(models.Model):
    """Nothing goes out in this scope until it is resumed. Exactly one scope is named; none: the whole instance.

    A post is paused whole, its first publication too; `repeats_only` pauses its series and lets the first one go.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="pauses")
    network = models.CharField(max_length=30, default="", blank=True)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="pauses")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="pauses")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="pauses")
    repeats_only = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=300, default="", blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, default="")

    class Meta:
        indexes = (models.Index(fields=["workspace"], name="pause_in_force", condition=Q(ended_at=None)),)

    def __str__(self) -> str:
        return f"pause by {self.by}"

    @classmethod
    def in_force(cls, now: datetime) -> models.QuerySet[Pause]:
        return cls.objects.filter(Q(until=None) | Q(until__gt=now), ended_at=None)

    @classmethod
    def of_everything(cls, now: datetime) -> models.QuerySet[Pause]:
        """Those of the whole instance."""
        return cls.in_force(now).filter(workspace=None, network="", channel=None, category=None, post=None)


class Measurement(models.Model):
    """What a publication had earned at one age; None: the network does not tell that number."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="measurements")
    at = models.DateTimeField()
    age_hours = models.PositiveIntegerField()
    likes = models.PositiveIntegerField(null=True)
    reposts = models.PositiveIntegerField(null=True)
    replies = models.PositiveIntegerField(null=True)
    views = models.PositiveIntegerField(null=True)
    clicks = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["publication", "age_hours"], name="measured_once_per_age"),)
        ordering: ClassVar = ["age_hours"]

    def __str__(self) -> str:
        return f"publication {self.publication_id} after {self.age_hours} h"


class Outlook(models.Model):
    """How fresh a workspace's forecast and queue are. `stale_since`: the last change not seen yet, if any."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="outlook")
    computed_at = models.DateTimeField(null=True)
    stale_since = models.DateTimeField(null=True)
    queue_filled_at = models.DateTimeField(null=True)
    queue_stale_since = models.DateTimeField(null=True)
    gaps = models.JSONField(default=list)  # coming slots that nothing fills, as scheduler.gaps reads them
    projected_at = models.DateTimeField(null=True)  # None: the queue has changed since
    projection = models.JSONField(default=dict)  # how the queue goes on after that, as scheduler.projection reads it

    def __str__(self) -> str:
        return f"forecast of {self.workspace_id}"


class Pulse(models.Model):
    """When each periodic duty last did its work: alive means work done, not process up."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
