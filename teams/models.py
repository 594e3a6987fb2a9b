"""Who: people, their workspaces and roles, API tokens, and the record of who did what."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

SIGN_IN_LINK_LIFE = timedelta(hours=1)  # manage.py sign_in_link prints another


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        """E-mail addresses are kept in small letters; people type them as they like."""
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address. `language` and `theme` empty: as the browser says."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True, choices=settings.LANGUAGES)
    is_active = models.BooleanField(default=True)
    letters = models.BooleanField(_("write to me"), default=True)  # by e-mail, of what waits
    sessions = models.PositiveIntegerField(default=0)  # counted up: all sessions from before are over
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        return self.is_superuser

    def sign_out_everywhere(self) -> None:
        self.sessions = models.F("sessions") + 1
        self.save(update_fields=["sessions"])
        self.refresh_from_db(fields=["sessions"])

    def get_session_auth_hash(self) -> str:
        return digest(f"{super().get_session_auth_hash()} {self.sessions}")

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for kept in super().get_session_auth_fallback_hash():
            yield digest(f"{kept} {self.sessions}")


class Workspace(models.Model):
    """One brand or client, isolated from all others. Days and wall clocks are those of its zone."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC")
    language = models.CharField(_("language of new posts"), max_length=5, default="en", choices=settings.LANGUAGES)
    grace_minutes = models.PositiveIntegerField(_("how late a post may still go out by itself, in minutes"), default=15)
    # After a standstill a channel says three things an hour at most, five minutes apart: three fit into the
    # default grace, and no network takes them for a flood.
    catch_up_per_hour = models.PositiveSmallIntegerField(_("late posts in an hour, on one channel"), default=3)
    catch_up_minutes = models.PositiveSmallIntegerField(_("minutes between late posts, on one channel"), default=5)
    needs_approval = models.BooleanField(_("posts need approval before they go out"), default=False)
    four_eyes = models.BooleanField(_("nobody approves their own words"), default=False)
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="workspaces"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)


class Membership(models.Model):
    """A person's role in a workspace; each role may do all that the ones below it may."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        ADMIN = "admin", _("administrator")
        APPROVER = "approver", _("approver")
        EDITOR = "editor", _("editor")
        VIEWER = "viewer", _("viewer")

    RANK: ClassVar[list[str]] = ["viewer", "editor", "approver", "admin", "owner"]

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "workspace"], name="one_role_per_person"),)

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace}"

    def may(self, role: str) -> bool:
        """Whether this member may do what `role` may."""
        return self.RANK.index(self.role) >= self.RANK.index(role)


class ApiToken(models.Model):
    """A key to the API, for one workspace. Only its SHA-256 is kept: 256 random bits need no slow hash."""

    SCOPES: ClassVar[list[str]] = ["read", "write", "publish", "admin"]

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="tokens")
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    start = models.CharField(max_length=12)  # shown, so that a person can tell tokens apart
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.start}… ({self.name})"

    @classmethod
    def issue(
        cls, workspace: Workspace, user: User, name: str, scopes: list[str], **fields: Any
    ) -> tuple[ApiToken, str]:
        """Make a token; the text is given here and never again."""
        text = "rfn_" + secrets.token_urlsafe(32)
        token = cls.objects.create(
            workspace=workspace, user=user, name=name, scopes=scopes, start=text[:10], digest=digest(text), **fields
        )
        return token, text

    @classmethod
    def find(cls, text: str, now: datetime) -> ApiToken | None:
        """The live token that this text is, whose owner is still an active member."""
        usable = models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        return (
            cls.objects.filter(usable, digest=digest(text), revoked_at=None, user__is_active=True)
            .filter(user__memberships__workspace=models.F("workspace"))
            .select_related("workspace", "user")
            .first()
        )


class SignInLink(models.Model):
    """A link that signs one person in once, printed on the terminal of whoever runs Refrain.

    Opening it is enough, without a button: it was shown to nobody else. It is worth nothing after its first
    use, after an hour, and once a newer one was printed for the same person.
    """

    user = models.ForeignKey(User, models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sign-in link for {self.user}"

    @classmethod
    def issue(cls, user: User, now: datetime) -> str:
        text = secrets.token_urlsafe(24)
        cls.objects.filter(user=user).delete()
        cls.objects.create(user=user, digest=digest(text), expires_at=now + SIGN_IN_LINK_LIFE)
        return text

    @classmethod
    def use(cls, text: str, now: datetime) -> User | None:
        """The person whose link this is; the link is gone afterwards, whoever comes first."""
        link = cls.objects.filter(digest=digest(text), expires_at__gt=now, user__is_active=True).first()
        taken = link is not None and cls.objects.filter(pk=link.pk).delete()[0] == 1
        return link.user if link and taken else None


class IdempotencyKey(models.Model):
    """A request to the API that is done once, however often it is sent. `status` None: it is being worked on."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # of the method, the address and the body
    created_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="")
    content_type = models.CharField(max_length=60, default="")
    headers = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workspace", "key"], name="one_answer_per_key"),)
        indexes = (models.Index(fields=["workspace", "created_at"], name="idempotency_old"),)

    def __str__(self) -> str:
        return self.key


class AuditEntry(models.Model):
    """Who did what, and when: written in the transaction of the deed, never changed."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="audit")
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.SET_NULL, null=True)  # None: Refrain itself
    by = models.CharField(max_length=120)
    action = models.CharField(max_length=40)
    object_type = models.CharField(max_length=20)
    object_id = models.CharField(max_length=40)
    sentence = models.JSONField()  # what was done, as a Sentence

    class Meta:
        indexes = (
            models.Index(fields=["workspace", "-at"], name="audit_recent"),
            models.Index(fields=["workspace", "object_type", "object_id"], name="audit_about"),
        )

    def __str__(self) -> str:
        return f"{self.by}: {self.action} {self.object_type} {self.object_id}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
