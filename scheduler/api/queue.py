"""The queue as it will fill the coming slots, and the slots that nothing fills."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notices.speak import speak
from scheduler import queue
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import shown
from scheduler.api.publication_body import PublicationShown, publication_json
from scheduler.candidates import with_facts
from scheduler.gaps import Gap, gaps
from scheduler.models import Publication


class GapShown(serializers.Serializer[Any]):
    """A coming slot that nothing fills."""

    slot = serializers.IntegerField()
    channel = serializers.IntegerField()
    category = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    why = serializers.CharField()


class QueueShown(serializers.Serializer[Any]):
    filled_at = serializers.DateTimeField(allow_null=True)
    stale = serializers.BooleanField(help_text="Something has changed since; it is filled again within seconds.")
    gaps = GapShown(many=True)
    next = serializers.URLField(allow_null=True)
    results = PublicationShown(many=True)


class Queue(WorkspaceView):
    """What will fill the slots of the coming two weeks. Posts join it with `"queue"`, and leave it by being stopped."""

    serializer_class = QueueShown
    order = "planned_for"

    def get_queryset(self) -> QuerySet[Publication]:
        mine = Publication.objects.filter(workspace=self.workspace, slot__isnull=False, planned_for__gt=self.now)
        return with_facts(mine.filter(state__in=queue.COMING)).select_related("judgement")

    @extend_schema(responses=QueueShown)
    def list(self, request: Request) -> Response:
        """The coming slots with what fills them (`sentence` says why this one), and those that nothing fills."""
        outlook = queue.ready(self.workspace, self.now)
        answer = self.page(self.get_queryset(), publication_json)
        told = {
            "filled_at": shown(outlook.queue_filled_at),
            "stale": queue.is_stale(outlook, self.now),
            "gaps": [gap_json(gap) for gap in gaps(outlook, self.now)],
        }
        answer.data = told | answer.data
        return answer


def gap_json(gap: Gap) -> dict[str, Any]:
    return {
        "slot": gap.slot,
        "channel": gap.channel,
        "category": gap.category,
        "at": shown(gap.at),
        "why": speak(gap.why),
    }
