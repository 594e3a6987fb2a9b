"""Pauses: nothing goes out in a scope until it is resumed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from notices.speak import speak
from posts.models import Category, Channel, Post
from posts.networks import NETWORKS
from scheduler import verbs
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Choice, Moment, Ref, Text, shown
from scheduler.models import Pause
from scheduler.pauses import scope

SCOPES = ("network", "channel", "category", "post")


class PauseBody(Body):
    """At most one of network, channel, category and post; none of them pauses the whole workspace."""

    network = Choice([(slug, one.name) for slug, one in NETWORKS.items()], required=False)
    channel = Ref(Channel, required=False)
    category = Ref(Category, required=False)
    post = Ref(Post, required=False)
    reason = Text(max_length=300, default="", allow_blank=True)
    until = Moment(allow_null=True, default=None, help_text="null: until it is resumed.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in SCOPES) > 1:
            raise serializers.ValidationError(_("Name at most one of network, channel, category and post."))
        return attrs


class PauseShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    scope = serializers.CharField(help_text="What is paused, in words.")
    network = serializers.CharField()
    channel = serializers.IntegerField(allow_null=True)
    category = serializers.IntegerField(allow_null=True)
    post = serializers.IntegerField(allow_null=True)
    instance = serializers.BooleanField(help_text="The whole of Refrain; only who runs it can resume it.")
    reason = serializers.CharField()
    by = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)


class Pauses(WorkspaceView):
    """A pause holds from the next request to a network on; what is being sent at that moment still arrives."""

    serializer_class = PauseShown
    order = "-pk"

    def get_queryset(self) -> QuerySet[Pause]:
        mine = Pause.in_force(self.now).filter(workspace=self.workspace)
        return mine.select_related("channel", "category", "post")

    def list(self, request: Request) -> Response:
        """The pauses in force here, one of the whole instance included."""
        rows = Pause.in_force(self.now).filter(Q(workspace=self.workspace) | Q(workspace=None))
        return self.page(rows.select_related("channel", "category", "post"), _pause)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One pause of this workspace, while it is in force."""
        return Response(_pause(get_object_or_404(self.get_queryset(), pk=int(pk))))

    @extend_schema(request=PauseBody, responses={201: PauseShown})
    def create(self, request: Request) -> Response:
        """Pause the workspace, a network, a channel, a category or a post."""
        made = verbs.pause(self.workspace, self.user, self.now, **self.read(PauseBody))
        return Response(_pause(made), status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Resume. What was missed meanwhile stays held and waits for a person; nothing comes in a flood."""
        verbs.resume(get_object_or_404(self.get_queryset(), pk=int(pk)), self.user, self.now)
        return Response(status=204)


def _pause(row: Pause) -> dict[str, Any]:
    return {
        "id": row.pk,
        "scope": speak(scope(row)),
        "network": row.network,
        "channel": row.channel_id,
        "category": row.category_id,
        "post": row.post_id,
        "instance": row.workspace_id is None,
        "reason": row.reason,
        "by": row.by,
        "since": shown(row.since),
        "until": shown(row.until),
    }
