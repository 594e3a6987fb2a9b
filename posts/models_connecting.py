"""What connecting channels takes: apps registered at the networks, sign-ins under way, and the refreshing of keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from posts.networks.access import App
from posts.sealing import seal, unseal
from teams.models import User, Workspace, digest

SIGN_IN_LIFE = timedelta(minutes=15)


class NetworkApp(models.Model):
    """Who we are to a network: registered there by an administrator, or by ourselves where anybody may."""

    network = models.CharField(max_length=30)
    server = models.CharField(max_length=300, default="", blank=True)  # empty: the network's own
    client_id = models.CharField(max_length=500)
    redirect = models.CharField(max_length=300, default="", blank=True)  # the way back that we registered ourselves
    sealed = models.TextField(default="", blank=True, editable=False)  # posts.sealing: its secret
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["network", "server"], name="one_app_per_server"),)

    def __str__(self) -> str:
        return f"app at {self.server or self.network}"

    @property
    def app(self) -> App:
        """Raises Unopened."""
        server = self.server or settings.NETWORK_URLS.get(self.network, "")
        return App(self.client_id, unseal(self.sealed, self.place).get("secret", ""), server)

    def seal(self, secret: str) -> None:
        """Take this as its secret; the caller saves."""
        self.sealed = seal({"secret": secret} if secret else {}, self.place)

    @property
    def place(self) -> str:
        return f"app|{self.network}|{self.server}"


class SignIn(models.Model):
    """A sign-in at a network that a person has begun here. Its state is used once, in the same session, in time.

    `sealed` holds the PKCE verifier and what the connector keeps; once the person is back, the accounts to choose from.
    """

    digest = models.CharField(max_length=64, unique=True)  # of the state; once back, of the next secret
    session = models.CharField(max_length=64)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    # The one that is to be connected again; None: a new one.
    channel = models.ForeignKey("posts.Channel", models.CASCADE, null=True, related_name="+")
    network = models.CharField(max_length=30)
    server = models.CharField(max_length=300, default="")
    sealed = models.TextField(default="")
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["expires_at"], name="sign_in_old"),)

    def __str__(self) -> str:
        return f"sign-in at {self.network}"

    def seal(self, kept: Mapping[str, str]) -> None:
        self.sealed = seal(kept, self.place)

    def kept(self) -> dict[str, str]:
        """Raises Unopened."""
        return unseal(self.sealed, self.place)

    @classmethod
    def take(cls, text: str, session: str, user: User, now: datetime) -> SignIn | None:
        """The sign-in of this state, which is gone afterwards, whoever comes first. None: not theirs, or too late."""
        mine = cls.objects.filter(digest=digest(text), session=digest(session), user=user, expires_at__gt=now)
        found = mine.select_related("workspace", "channel").first()
        return found if found and cls.objects.filter(pk=found.pk).delete()[0] == 1 else None

    @property
    def place(self) -> str:
        return f"sign-in|{self.digest}"


class Refresh(models.Model):
    """The refreshing of one channel's credentials; whoever refreshes locks this row.

    The channel's own row stays free meanwhile, for the batches lock it. Who takes both takes this one first.
    """

    channel = models.OneToOneField("posts.Channel", models.CASCADE, primary_key=True, related_name="refresh")
    refreshed_at = models.DateTimeField(null=True)  # when it last worked
    due_at = models.DateTimeField(null=True)  # when it is next tried without anybody waiting; None: never
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    sentence = models.JSONField(null=True)  # what came of the last that failed

    class Meta:
        indexes = (models.Index(fields=["due_at"], name="refresh_due", condition=models.Q(due_at__isnull=False)),)

    def __str__(self) -> str:
        return f"refreshing of {self.channel_id}"


def redirect_address() -> str:
    """The way back from every network; never from the request, whose Host anybody may write."""
    return f"{settings.PUBLIC_URL}/oauth/callback/"
