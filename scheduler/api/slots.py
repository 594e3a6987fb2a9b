"""Slots: the weekly posting times of the channels, which the queue fills."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from posts.models import Category, Channel
from scheduler import slots as verbs
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import BIGGEST_KEY, Body, Choice, Ref, YesOrNo
from scheduler.models import Slot

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@extend_schema_field(OpenApiTypes.STR)
class Clock(serializers.Field[Any, Any, Any, Any]):
    """A time of day on the workspace's clock, such as 09:30."""

    def to_internal_value(self, data: Any) -> time:
        try:
            if not isinstance(data, str) or len(data) != 5:
                raise ValueError(data)
            return time.fromisoformat(data)
        except ValueError:
            raise serializers.ValidationError(_("Write a time of day such as 09:30.")) from None

    def to_representation(self, value: time) -> str:
        return f"{value:%H:%M}"


class ChangeBody(Body):
    """What can be changed of a slot. It stays on its channel."""

    weekday = Choice([(day, day) for day in WEEKDAYS])
    at = Clock(help_text="On the workspace's clock, such as 09:30.")
    category = Ref(Category, allow_null=True, default=None, help_text="null: all posts of the queue.")
    active = YesOrNo(default=True, help_text="false: it keeps its place and is not filled.")


class SlotBody(ChangeBody):
    channel = Ref(Channel)


class SlotFilters(Body):
    channel = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST_KEY)


class SlotShown(SlotBody):
    id = serializers.IntegerField()
    channel = serializers.IntegerField()  # type: ignore[assignment]
    category = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]


class Slots(WorkspaceView):
    """A weekly posting time of a channel; of one category, or of all posts of the queue."""

    serializer_class = SlotShown
    filters = SlotFilters
    order = "pk"

    def get_queryset(self) -> QuerySet[Slot]:
        return verbs.of_workspace(self.workspace)

    @extend_schema(parameters=[SlotFilters])
    def list(self, request: Request) -> Response:
        """Slots of the workspace."""
        return self.page(self.get_queryset().filter(**self.wanted()), slot_json)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One slot, by its id."""
        return Response(slot_json(self._one(pk)))

    @extend_schema(request=SlotBody, responses={201: SlotShown})
    def create(self, request: Request) -> Response:
        """Add a slot; a channel has one at a time."""
        given = self.read(SlotBody)
        day = WEEKDAYS.index(given["weekday"])
        (made,) = verbs.add(given["channel"], [day], given["at"], given["category"], self.user, self.now)
        if not given["active"]:
            verbs.change(made, self.user, self.now, active=False)
        return Response(slot_json(made), status=201)

    @extend_schema(request=ChangeBody)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change its day, time or category, or switch it off or on. What fills it is planned anew."""
        slot, given = self._one(pk), self.read(ChangeBody, partial=True)
        if "weekday" in given:
            given["weekday"] = WEEKDAYS.index(given["weekday"])
        if given:
            verbs.change(slot, self.user, self.now, **given)
        return Response(slot_json(self._one(pk)))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Remove a slot. What the queue had put there is taken back, what a person has touched stays."""
        verbs.remove(self._one(pk), self.user, self.now)
        return Response(status=204)

    def _one(self, pk: str) -> Slot:
        return get_object_or_404(self.get_queryset(), pk=int(pk))


def slot_json(row: Slot) -> dict[str, Any]:
    return {
        "id": row.pk,
        "channel": row.channel_id,
        "weekday": WEEKDAYS[row.weekday],
        "at": f"{row.at:%H:%M}",
        "category": row.category_id,
        "active": row.active,
    }
