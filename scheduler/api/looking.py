"""Looks ahead and back: the dry run, and the record of who did what."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from notices.speak import speak, speak_kept
from scheduler.api import spoken
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Text, shown
from scheduler.api.post_body import CheckBody, content_of, draft_of
from scheduler.api.publication_body import Finding
from scheduler.check import Judged, check
from scheduler.models import ACTIONS
from teams.models import AuditEntry


class DateShown(serializers.Serializer[Any]):
    channel = serializers.IntegerField()
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    verdict = serializers.ChoiceField(ACTIONS)
    findings = Finding(many=True)


class CheckShown(serializers.Serializer[Any]):
    """The strongest verdict on the first publications: what scheduling would say; then every date by itself."""

    verdict = serializers.ChoiceField(ACTIONS)
    findings = Finding(many=True)
    dates = DateShown(many=True)


class AuditFilters(Body):
    object_type = Text(max_length=20, required=False)
    object_id = Text(max_length=40, required=False)


class AuditShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    sentence = serializers.CharField()


class Check(WorkspaceView):
    """The dry run."""

    serializer_class = CheckShown
    pagination_class = None
    scopes: ClassVar = {"create": "read"}

    @extend_schema(request=CheckBody, responses={200: CheckShown})
    def create(self, request: Request) -> Response:
        """What the guards would say of this post on each of its dates. Nothing is saved."""
        given = self.read(CheckBody)
        post = given.pop("post")
        (outcome,) = check(self.workspace, [draft_of(content_of(given, self.workspace), post and post.pk)], self.now)
        if outcome.problems:
            raise ValidationError([speak(problem) for problem in outcome.problems])
        return Response({**spoken.verdict(outcome.verdict), "dates": [_date(one) for one in outcome.dates]})


class AuditLog(WorkspaceView):
    """Who did what, and when; never changed."""

    serializer_class = AuditShown
    filters = AuditFilters
    order = "-pk"

    def get_queryset(self) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(workspace=self.workspace)

    @extend_schema(parameters=[AuditFilters])
    def list(self, request: Request) -> Response:
        """The workspace's log, newest first."""
        return self.page(self.get_queryset().filter(**self.wanted()), _entry)


def _date(one: Judged) -> dict[str, Any]:
    return {"channel": one.channel.pk, "number": one.number, "at": shown(one.at), **spoken.verdict(one.verdict)}


def _entry(row: AuditEntry) -> dict[str, Any]:
    return {
        "id": row.pk,
        "at": shown(row.at),
        "by": row.by,
        "action": row.action,
        "object_type": row.object_type,
        "object_id": row.object_id,
        "sentence": speak_kept(row.sentence),
    }
