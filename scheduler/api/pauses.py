"""Pauses: nothing goes out in a scope until it is resumed."""

from __future__ import annotations

from collections.abc import Iterable
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
from scheduler.api.fields import Body, Choice, Moment, Ref, Text, YesOrNo, shown
from scheduler.models import Pause, Publication
from scheduler.pauses import leaving, scope

SCOPES = ("network", "channel", "category", "post")


class PauseBody(Body):
    """At most one of network, channel, category and post; none of them pauses the whole workspace."""

    network = Choice([(slug, one.name) for slug, one in NETWORKS.items()], required=False)
    channel = Ref(Channel, required=False)
    category = Ref(Category, required=False)
    post = Ref(Post, required=False)
    repeats_only = YesOrNo(default=False, help_text="With a post: pause its repeats, and let the first one go.")
    reason = Text(max_length=300, default="", allow_blank=True)
    until = Moment(allow_null=True, default=None, help_text="null: until it is resumed.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in SCOPES) > 1:
            raise serializers.ValidationError(_("Name at most one of network, channel, category and post."))
        if attrs["repeats_only"] and "post" not in attrs:
            raise serializers.ValidationError({"repeats_only": [_("Name the post whose repeats are paused.")]})
        return attrs


class LeavingShown(serializers.Serializer[Any]):
    publication = serializers.IntegerField()
    title = serializers.CharField()
    channel = serializers.CharField()


class PauseShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    scope = serializers.CharField(help_text="What is paused, in words.")
    network = serializers.CharField()
    channel = serializers.IntegerField(allow_null=True)
    category = serializers.IntegerField(allow_null=True)
    post = serializers.IntegerField(allow_null=True)
    repeats_only = serializers.BooleanField(help_text="The post's first publication is not paused.")
    instance = serializers.BooleanField(help_text="The whole of Refrain; only who runs it can resume it.")
    reason = serializers.CharField()
    by = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    leaving = LeavingShown(many=True, help_text="What was on its way already; it may still arrive.")


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
        late = leaving(list(rows))
        found = rows.select_related("channel", "category", "post")
        return self.page(found, lambda row: self._shown(row, late[row.pk]))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One pause of this workspace, while it is in force."""
        row = get_object_or_404(self.get_queryset(), pk=int(pk))
        return Response(self._shown(row, leaving([row])[row.pk]))

    @extend_schema(request=PauseBody, responses={201: PauseShown})
    def create(self, request: Request) -> Response:
        """Pause the workspace, a network, a channel, a category or a post."""
        made = verbs.pause(self.workspace, self.user, self.now, **self.read(PauseBody))
        return Response(self._shown(made, leaving([made])[made.pk]), status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Resume. What was missed meanwhile stays held and waits for a person; nothing comes in a flood."""
        verbs.resume(get_object_or_404(self.get_queryset(), pk=int(pk)), self.user, self.now)
        return Response(status=204)

    def _shown(self, row: Pause, late: Iterable[Publication]) -> dict[str, Any]:
        """Of the pause of the whole instance, what is on its way elsewhere is nobody's business here."""
        mine = [one for one in late if one.workspace_id == self.workspace.pk]
        return {**_pause(row), "leaving": [_leaving(one) for one in mine]}


def _leaving(row: Publication) -> dict[str, Any]:
    return {"publication": row.pk, "title": row.post.title, "channel": row.channel.name}


def _pause(row: Pause) -> dict[str, Any]:
    return {
        "id": row.pk,
        "scope": speak(scope(row)),
        "network": row.network,
        "channel": row.channel_id,
        "category": row.category_id,
        "post": row.post_id,
        "repeats_only": row.repeats_only,
        "instance": row.workspace_id is None,
        "reason": row.reason,
        "by": row.by,
        "since": shown(row.since),
        "until": shown(row.until),
    }
