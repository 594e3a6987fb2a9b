"""Publications: one post, on one channel, at one time; what becomes of it, why, and what a person can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from notices.speak import speak, speak_kept
from scheduler import explaining, fixes, taking_down, verbs
from scheduler.api import spoken
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import shown
from scheduler.api.publication_body import (
    ExplainShown,
    FixBody,
    FixShown,
    MoveBody,
    OverrideBody,
    PublicationFilters,
    PublicationShown,
    SettleBody,
    publication_json,
)
from scheduler.candidates import with_facts
from scheduler.models import Attempt, Override, Publication
from scheduler.passing import Passing

# These let something out that a guard or the network's silence kept back.
OF_AN_APPROVER = frozenset({"release", "is_out", "not_out"})


class Publications(WorkspaceView):
    """The unit of state. Skip one, cancel one, move one; stop the series at its post, pause by scope."""

    serializer_class = PublicationShown
    filters = PublicationFilters
    order = "planned_for"
    asking = frozenset({"take_down"})
    scopes: ClassVar = {"release": "publish", "override": "publish", "settle": "publish"}

    def get_queryset(self) -> QuerySet[Publication]:
        return with_facts(Publication.objects.filter(workspace=self.workspace)).select_related("judgement")

    @extend_schema(parameters=[PublicationFilters])
    def list(self, request: Request) -> Response:
        """Publications of the workspace, by the time at which they are to go out."""
        names = {
            "state": "state",
            "channel": "channel",
            "post": "post",
            "since": "planned_for__gte",
            "before": "planned_for__lt",
        }
        wanted = {names[name]: value for name, value in self.wanted().items()}
        return self.page(self.get_queryset().filter(**wanted), publication_json)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One publication, with what the guards last said of it."""
        return Response(publication_json(self._one(pk)))

    @extend_schema(responses=ExplainShown)
    @action(detail=True, methods=["get"], pagination_class=None)
    def explain(self, request: Request, pk: str) -> Response:
        """Why it stands where it stands: every guard with its numbers, every request to the network, every override.

        For one that is still to come the guards are asked now, as in the forecast.
        """
        found = explaining.explain(self.workspace, int(pk), self.now)
        if found is None:
            raise Http404
        row, overrides = found.row, list(found.row.overrides.all())
        return Response(
            {
                "publication": publication_json(row),
                "sentence": speak(explaining.headline(row, found.verdict, overrides)),
                **spoken.verdict(found.verdict),
                "judged_at": shown(found.judged_at),
                "checks": spoken.trace(found.verdict),
                "not_asked": [name for name, _title in explaining.not_asked(found.verdict)],
                "passing": _passing(found.passing),
                "attempts": [_attempt(one) for one in row.attempts.all()] if found.tried else [],
                "overrides": [_override(one) for one in overrides],
            }
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Let it go out as soon as the guards agree; they are asked again first."""
        return self._do(pk, lambda row: verbs.release(row, self.user, self.now))

    @extend_schema(request=OverrideBody)
    @action(detail=True, methods=["post"])
    def override(self, request: Request, pk: str) -> Response:
        """Let it pass the guards that hold it, and only those, with a reason that stays on record."""
        reason = self.read(OverrideBody)["reason"]
        return self._do(pk, lambda row: verbs.override(row, self.user, reason, self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """Leave this one out; the series goes on."""
        return self._do(pk, lambda row: verbs.skip(row, self.user, self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Take this one back for good; the series goes on."""
        return self._do(pk, lambda row: verbs.cancel(row, self.user, self.now))

    @extend_schema(request=SettleBody)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Say what became of an unconfirmed one: it is out, or it is not and may be sent."""
        out = self.read(SettleBody)["out"]
        return self._do(pk, lambda row: verbs.settle(row, out, self.user, self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-down")
    def take_down(self, request: Request, pk: str) -> Response:
        """Take a published one down from its network. It stays published, for the guards too, and is measured no more.

        409 with the network's words where it refuses, cannot, or does not answer; then nothing has changed here. One
        that is down already is answered as it stands.
        """
        return self._do(pk, lambda row: taking_down.take_down(row, self.user, self.now))

    @extend_schema(request=MoveBody)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Let it go out at another time. The series keeps its own dates."""
        when = self.read(MoveBody)["to"]
        return self._do(pk, lambda row: verbs.move_to(row, when, self.user, self.now))

    @extend_schema(request=FixBody, responses=FixShown)
    @action(detail=True, methods=["post"])
    def fix(self, request: Request, pk: str) -> Response:
        """Do a fix that a finding offered: its `verb` with its `values`. The answer holds the fix that undoes it.

        Fixes that let something out, or widen a limit, need the scope `publish`; those that change what a guard
        does for the whole workspace need `admin`.
        """
        given, row = self.read(FixBody), self._one(pk)
        if given["verb"] in OF_AN_APPROVER or given["verb"] in fixes.NEEDS:
            self.need("admin" if fixes.NEEDS.get(given["verb"]) == "admin" else "publish")
        done = fixes.apply(row, given["verb"], given["values"], self.user, self.now)
        left = self.get_queryset().filter(pk=row.pk).first()
        return Response(
            {
                "sentence": speak(done.sentence),
                "undo": spoken.fix(done.undo) if done.undo else None,
                "publication": publication_json(left) if left else None,
            }
        )

    def _do(self, pk: str, verb: Callable[[Publication], None]) -> Response:
        verb(self._one(pk))
        return Response(publication_json(self._one(pk)))

    def _one(self, pk: str) -> Publication:
        return get_object_or_404(self.get_queryset(), pk=int(pk))


def _passing(passing: Passing) -> dict[str, Any]:
    limits = [
        {"guard": one.guard, "option": one.option.name, "value": one.value, "sentence": speak(one.sentence)}
        for one in passing.limits
    ]
    return {"at": shown(passing.at), "at_once": passing.at_once, "limits": limits}


def _attempt(one: Attempt) -> dict[str, Any]:
    return {
        "started_at": shown(one.started_at),
        "ended_at": shown(one.ended_at),
        "outcome": one.outcome,
        "sentence": speak_kept(one.sentence),
        "url": one.url,
    }


def _override(one: Override) -> dict[str, Any]:
    return {"by": one.by, "reason": one.reason, "guards": one.guards, "at": shown(one.at)}
