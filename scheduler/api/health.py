"""How the instance itself is doing, for a monitor that asks."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notices.speak import speak
from scheduler.api.base import WorkspaceView
from scheduler.diagnosis import diagnose


class CheckedShown(serializers.Serializer[Any]):
    name = serializers.CharField(
        help_text="database, migrations, identity, clock, worker, beat, refusal, recovering, overdue or broker."
    )
    ok = serializers.BooleanField()
    sentence = serializers.CharField()
    fix = serializers.CharField(help_text="What to do about it; empty when all is well.")


class HealthShown(serializers.Serializer[Any]):
    ok = serializers.BooleanField(help_text="Whether all checks are.")
    checks = CheckedShown(many=True)


class Health(WorkspaceView):
    """Of the whole instance, the same for every workspace."""

    serializer_class = HealthShown

    @extend_schema(responses=HealthShown)
    def list(self, request: Request) -> Response:
        """What `manage.py doctor` says: a sentence for each part, and what to do where something is wrong."""
        checks = [
            {
                "name": one.name,
                "ok": one.fix is None,
                "sentence": speak(one.sentence),
                "fix": speak(one.fix) if one.fix else "",
            }
            for one in diagnose(self.now)
        ]
        return Response({"ok": all(check["ok"] for check in checks), "checks": checks})
