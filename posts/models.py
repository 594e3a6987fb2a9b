"""What is said and where: channels, posts with their versions and variations, categories, repeat rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.limits import effective
from posts.links.health import Health, Sign, State, Strike
from posts.models_connecting import NetworkApp, Refresh, SignIn
from posts.models_media import Attached, Media, Upload
from posts.networks import NETWORKS
from posts.networks.base import Account, Connector, Limits, NotSent
from posts.networks.sandbox import Sandbox
from posts.sealing import Unopened, seal, unseal
from teams.models import Workspace

__all__ = [
    "Approval", "Attached", "Category", "Channel", "LinkHealth", "Media", "NetworkApp", "Post", "Refresh",
    "RepeatRule", "SignIn", "Upload", "Variation", "Version",
]  # fmt: skip


class Category(models.Model):
    """A content bucket, with a colour of its own."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="categories")
    name = models.CharField(_("name"), max_length=60)
    colour = models.CharField(_("colour"), max_length=7, default="#5B6B7B")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workspace", "name"], name="category_named_once"),)
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """One connected account on one network."""

    class State(models.TextChoices):
        CONNECTED = "connected", _("connected")
        DOWN = "down", _("refused by the network")
        DISCONNECTED = "disconnected", _("disconnected")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="channels")
    network = models.CharField(_("network"), max_length=30)
    handle = models.CharField(_("account"), max_length=120)
    name = models.CharField(_("name"), max_length=120)
    server = models.CharField(max_length=300, default="", blank=True)  # the address to call; empty: the network's own
    remote_id = models.CharField(max_length=300, default="", blank=True)  # the network's own id of the account
    state = models.CharField(max_length=12, choices=State.choices, default=State.CONNECTED)
    trouble = models.JSONField(null=True)  # a Sentence: what the network said when it refused the channel
    sealed = models.TextField(default="", blank=True, editable=False)  # posts.sealing: what it signs in with
    family = models.CharField(
        max_length=32, default="", blank=True
    )  # those with the same share the tokens of one sign-in
    expires_at = models.DateTimeField(null=True)  # when that has to be refreshed; None: never
    told = models.JSONField(null=True)  # posts.limits: what the network said of its limits, and when
    own_limits = models.JSONField(default=dict, blank=True)  # what a person typed instead
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "network", "server", "handle"],
                condition=models.Q(remote_id=""),
                name="channel_connected_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "network", "server", "remote_id"],
                condition=~models.Q(remote_id=""),
                name="account_connected_once",
            ),
        )
        indexes = (models.Index(fields=["family"], name="channel_family", condition=~models.Q(family="")),)
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def connector(self) -> Connector:
        return NETWORKS[self.network]

    @property
    def address(self) -> str:
        """Where its network is called."""
        if isinstance(self.connector, Sandbox):
            return str(settings.SANDBOX_URL)
        return self.server or settings.NETWORK_URLS.get(self.network, "") or self.connector.address

    @property
    def account(self) -> Account:
        """Raises NotSent where the credentials cannot be opened."""
        return Account(self.address, self.handle, self.remote_id, self.credentials(), settings.SEND_DEADLINE)

    def credentials(self) -> dict[str, str]:
        """What it signs in with. Raises NotSent when the key that opens it is not there: the posts wait."""
        try:
            return unseal(self.sealed, self.place)
        except Unopened as error:
            raise NotSent(error.sentence, retry_after=60, counts=False) from None

    def seal(self, credentials: Mapping[str, str]) -> None:
        """Take these as its credentials; the caller saves `sealed`. It has to have its number already."""
        self.sealed = seal(credentials, self.place)

    @property
    def limits(self) -> Limits:
        """What holds here; `posts.limits.known` says of each where it comes from."""
        return effective(self.connector.limits, self.told, self.own_limits)

    @property
    def place(self) -> str:
        assert self.pk
        return f"channel|{self.workspace_id}|{self.pk}|credentials"


class Post(models.Model):
    """What a person wrote. Whether it repeats is said by its rule; what became of it, by its publications.

    In the queue `starts_at` is the moment from which on it may go out, and the rule's interval its own least gap.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        STOPPED = "stopped", _("stopped")
        RETIRED = "retired", _("retired")

    class Queue(models.TextChoices):
        """How a post without dates of its own goes out: into the next open slot, or again and again."""

        ONCE = "once", _("once")
        EVERGREEN = "evergreen", _("evergreen")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Who last changed the words; None: whoever wrote the post.
    worded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("text"))
    rest = models.JSONField(default=list)  # the further posts of its thread, in order
    attached = models.PositiveSmallIntegerField(default=0)  # files, of all networks: 0 saves looking for them
    language = models.CharField(_("language"), max_length=12)
    category = models.ForeignKey(Category, models.SET_NULL, null=True, blank=True, related_name="posts")
    channels: models.ManyToManyField[Channel, models.Model] = models.ManyToManyField(Channel, related_name="posts")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    queue = models.CharField(max_length=9, choices=Queue.choices, default="", blank=True)  # "": it has dates of its own
    queue_place = models.PositiveIntegerField(default=0)  # the smaller, the sooner; posts of one place by age
    starts_at = models.DateTimeField(_("first publication"), null=True, blank=True)
    expires_at = models.DateTimeField(_("not after"), null=True, blank=True)
    reviewed_at = models.DateTimeField(default=timezone.now)  # when a person last looked at it
    fine_until = models.DateField(null=True, blank=True)  # a person said: these words are right up to this day
    allowed_more = models.PositiveIntegerField(default=0)  # sendings allowed beyond the workspace's cap
    reactions_kept_at = models.DateTimeField(null=True)  # when a person kept it although reactions had fallen
    revision = models.PositiveIntegerField(default=1)  # of the content; every edit makes a new one
    key = models.UUIDField(null=True, editable=False)  # of the form that it came from: sent twice, it is one post
    planned_until = models.DateTimeField(null=True)  # publications are written down up to here; None: to the end
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["workspace", "key"], name="one_post_per_form"),
            models.CheckConstraint(
                condition=models.Q(queue="") | ~models.Q(status="active") | models.Q(starts_at__isnull=False),
                name="queued_from_a_moment_on",
            ),
        )
        indexes = (
            models.Index(fields=["workspace", "status", "-id"], name="post_library"),
            models.Index(fields=["planned_until"], name="post_to_plan", condition=models.Q(status="active")),
            models.Index(fields=["workspace", "queue_place", "id"], name="post_queue", condition=~models.Q(queue="")),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The first words, for lists."""
        first = self.text.strip().split("\n", 1)[0]
        return first if len(first) <= 60 else first[:59].rsplit(" ", 1)[0] + "…"

    def wordings(self, network: str) -> list[str]:
        """The texts that repeats use in turn on this network: its own version or the text, then the variations."""
        version = next((version.text for version in self.texts_by_network if version.network == network), None)
        return [version or self.text, *(variation.text for variation in self.texts_in_turn)]

    @property
    def texts_by_network(self) -> Iterable[Version]:
        """Its versions; lists that came with it in bulk cost a fraction of what querysets do, for each post."""
        return self.__dict__["listed_versions"] if "listed_versions" in self.__dict__ else self.versions.all()

    @property
    def texts_in_turn(self) -> Iterable[Variation]:
        return self.__dict__["listed_variations"] if "listed_variations" in self.__dict__ else self.variations.all()

    @property
    def files(self) -> Iterable[Attached]:
        """What it takes along, in order; of many posts at once posts.along.load reads them."""
        if not self.attached:
            return ()
        if "listed_files" in self.__dict__:
            return list(self.__dict__["listed_files"])
        known = "attachments" in getattr(self, "_prefetched_objects_cache", {})
        return self.attachments.all() if known else self.attachments.select_related("media")


class Version(models.Model):
    """What a post has of its own for one network. Without a text of its own it says what the post says."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="versions")
    network = models.CharField(max_length=30)
    text = models.TextField(_("text"), default="", blank=True)
    rest = models.JSONField(null=True)  # the further posts of the thread there; None: as the post's
    own_media = models.BooleanField(default=False)  # its own files, perhaps none; otherwise the post's

    class Meta:
        constraints = (models.UniqueConstraint(fields=["post", "network"], name="one_version_per_network"),)

    def __str__(self) -> str:
        return f"{self.post} for {self.network}"


class Variation(models.Model):
    """One of several interchangeable texts, used in turn by repeats."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="variations")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["post", "position"], name="one_variation_per_position"),)
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.text[:40]


class Approval(models.Model):
    """A yes that was asked for, and the answer. It was given for `words`, to the letter, and for no others."""

    class Answer(models.TextChoices):
        WAITING = "", _("waiting")
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("changes asked for")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="approvals")
    asked_by = models.CharField(max_length=120, default="")
    asked_at = models.DateTimeField(null=True)  # None: given unasked
    reminded_at = models.DateTimeField(null=True)

    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING, blank=True)
    words = models.CharField(max_length=64, default="")  # posts.approvals.words_of, at the time of the answer
    revision = models.PositiveIntegerField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=120, default="")
    reason = models.CharField(max_length=500, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post"], condition=models.Q(answer=""), name="asked_once_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(answer="") | ~models.Q(words="") & models.Q(answered_at__isnull=False),
                name="answers_are_for_some_words",
            ),
        )
        indexes = (models.Index(fields=["workspace", "id"], name="approval_waiting", condition=models.Q(answer="")),)
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"post {self.post_id}: {self.answer or 'waiting'}"


class RepeatRule(models.Model):
    """Every `interval` units after the start, `max_repeats` more times (so one more publication than that)."""

    class Unit(models.TextChoices):
        DAY = "day", _("days")
        WEEK = "week", _("weeks")
        MONTH = "month", _("months")

    post = models.OneToOneField(Post, models.CASCADE, related_name="rule")
    interval = models.PositiveIntegerField(_("every"), default=30, validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices, default=Unit.DAY)
    max_repeats = models.PositiveIntegerField(_("at most"), null=True, blank=True, default=5)
    end_date = models.DateField(_("until"), null=True, blank=True)
    skip_short_months = models.BooleanField(_("leave out months without that day"), default=False)
    by_sharing = models.BooleanField(_("share the first one again"), default=False)  # where the network can

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(interval__gte=1), name="rule_moves_on"),
            models.CheckConstraint(
                condition=models.Q(max_repeats__isnull=False) | models.Q(end_date__isnull=False), name="rule_ends"
            ),
        )

    def __str__(self) -> str:
        return f"every {self.interval} {self.unit}"

    @property
    def interval_days(self) -> int:
        """The shortest time between two publications, in days."""
        return self.interval * {"day": 1, "week": 7, "month": 28}[self.unit]


class LinkHealth(models.Model):
    """What is known of one link in a workspace's posts. `landed` and `title`: where and how it was first found."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="links")
    key = models.CharField(max_length=64)  # of the canonical address
    url = models.TextField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State], default=State.UNKNOWN)
    sign = models.CharField(max_length=20, default="")  # what the last visit that told anything saw
    detail = models.CharField(max_length=300, default="")
    landed = models.TextField(default="")
    title = models.CharField(max_length=300, default="")
    description = models.CharField(max_length=400, default="")  # what the page says of itself; a card shows it
    strikes = models.JSONField(default=list)  # [sign, time]: failed visits since it was last alive
    accepted = models.TextField(default="")  # the landing and title that a person called fine
    last_seen = models.TextField(default="")  # the same of the last visit
    checked_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)  # when it is to be visited next; None: when a post needs it

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workspace", "key"], name="link_known_once"),)
        indexes = (models.Index(fields=["wanted_at"], name="link_wanted", condition=models.Q(wanted_at__isnull=False)),)

    def __str__(self) -> str:
        return self.url

    @property
    def health(self) -> Health:
        strikes = tuple(Strike(Sign(sign), datetime.fromisoformat(at)) for sign, at in self.strikes)
        sign = Sign(self.sign) if self.sign else None
        return Health(State(self.state), sign, self.detail, self.landed, self.title, strikes, self.accepted)

    @health.setter
    def health(self, known: Health) -> None:
        self.state, self.sign, self.detail = known.state, known.sign or "", known.detail[:300]
        self.landed, self.title, self.accepted = known.landed, known.title, known.accepted
        self.strikes = [[strike.sign, strike.at.isoformat()] for strike in known.strikes]
