"""The forecast: what will go out and what will not, what is missing, what runs out, and what would change it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from guards.base import Repeat
from guards.catalogue import RULES
from guards.choosing import wrong
from guards.models import GuardSetting
from notices.speak import speak
from posts.models import Category, Post
from scheduler import projection, what_if
from scheduler.api import spoken
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Choice, Ref, shown
from scheduler.api.post_body import RepeatBody
from scheduler.api.publication_body import Finding, PublicationShown, publication_json
from scheduler.api.queue import GapShown, gap_json
from scheduler.candidates import with_facts
from scheduler.forecast import REACH, coming, is_stale, ready
from scheduler.gaps import gaps
from scheduler.models import ACTIONS, Publication
from scheduler.outlook import Tally
from scheduler.projection import Stretch
from scheduler.run_out import RunOut, run_outs
from scheduler.what_if import Answer, Shift

FARTHEST = REACH.days


class ForecastFilters(Body):
    days = serializers.IntegerField(default=30, min_value=1, max_value=FARTHEST)


class FarGapShown(GapShown):
    """A slot's date that nothing fills; after the coming two weeks as the queue stands, without naming the slot."""

    slot = serializers.IntegerField(allow_null=True)


class RunOutShown(serializers.Serializer[Any]):
    """A series, or a queued post, that goes out for the last time."""

    post = serializers.IntegerField()
    last = serializers.DateTimeField()
    days = serializers.IntegerField(help_text="From today on.")
    number = serializers.IntegerField(help_text="Which repeat that is.")
    cause = serializers.ChoiceField(["count", "date", "expiry"])
    sentence = serializers.CharField()


class ForecastShown(serializers.Serializer[Any]):
    computed_at = serializers.DateTimeField(allow_null=True)
    stale = serializers.BooleanField(help_text="Something has changed since; it is computed again within seconds.")
    days = serializers.IntegerField()
    gaps = FarGapShown(many=True)
    run_outs = RunOutShown(many=True)
    next = serializers.URLField(allow_null=True)
    results = PublicationShown(many=True)


class WhatIfBody(Body):
    """Either a guard with an action and options, for the workspace or one category, or a post with another rule."""

    days = serializers.IntegerField(default=30, min_value=1, max_value=FARTHEST)
    guard = Choice([(name, name) for name in RULES], required=False)
    action = Choice(GuardSetting.Action.choices, required=False, help_text="With `guard`: usual is the guard's own.")
    options = serializers.DictField(required=False, help_text="With `guard`: what is left out takes its own value.")
    category = Ref(Category, allow_null=True, required=False, help_text="With `guard`: null is the whole workspace.")
    post = Ref(Post, required=False)
    repeat = RepeatBody(allow_null=True, required=False, help_text="With `post`; null: it does not repeat.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        of_a_guard, of_a_post = {"guard", "action", "options", "category"} & set(attrs), {"post", "repeat"} & set(attrs)
        if not ("guard" in attrs) ^ ({"post", "repeat"} <= set(attrs)) or (of_a_guard and of_a_post):
            raise serializers.ValidationError(_("Give either a guard, or a post and its repeat."))
        if faults := wrong(RULES[attrs["guard"]], attrs.get("options", {})) if of_a_guard else {}:
            said = {name or "non_field_errors": [speak(one) for one in found] for name, found in faults.items()}
            raise ValidationError({"options": said})
        return attrs


class TallyShown(serializers.Serializer[Any]):
    out = serializers.IntegerField()
    held = serializers.IntegerField()
    blocked = serializers.IntegerField()


class ShiftShown(serializers.Serializer[Any]):
    publication = serializers.IntegerField(allow_null=True, help_text="null: it is not planned yet.")
    post = serializers.IntegerField()
    channel = serializers.IntegerField()
    at = serializers.DateTimeField()
    before = serializers.ChoiceField(ACTIONS, allow_null=True, help_text="null: it would be a new one.")
    after = serializers.ChoiceField(ACTIONS, allow_null=True, help_text="null: it would not be planned any more.")
    findings = Finding(many=True)


class WhatIfShown(serializers.Serializer[Any]):
    """Counted over the same publications, the next first: at most 400, so that `until` may be sooner than asked."""

    sentence = serializers.CharField()
    looked_at = serializers.IntegerField()
    until = serializers.DateTimeField()
    before = TallyShown()
    after = TallyShown()
    changes = ShiftShown(many=True)


class Forecast(WorkspaceView):
    """The coming publications with their verdicts, chains included."""

    serializer_class = ForecastShown
    filters = ForecastFilters
    order = "planned_for"
    scopes: ClassVar = {"what_if": "read"}

    def get_queryset(self) -> QuerySet[Publication]:
        return with_facts(coming(self.workspace, self.now)).select_related("judgement")

    @extend_schema(parameters=[ForecastFilters], responses=ForecastShown)
    def list(self, request: Request) -> Response:
        """What will go out, be held or be blocked in the coming days, what is missing, and what runs out."""
        days = self.wanted()["days"]
        outlook, until = ready(self.workspace, self.now), self._until(days)
        queue = projection.ready(self.workspace, outlook, self.now)
        answer = self.page(self.get_queryset().filter(planned_for__lt=until), publication_json)
        near = [gap_json(one) for one in gaps(outlook, self.now) if one.at <= until]
        told = {
            "computed_at": shown(outlook.computed_at),
            "stale": is_stale(outlook, self.now),
            "days": days,
            "gaps": [*near, *(gap for one in projection.stretches(queue, until) for gap in _later(one))],
            "run_outs": [_run_out(one) for one in run_outs(self.workspace, queue, self.now, until)],
        }
        answer.data = told | answer.data
        return answer

    @extend_schema(request=WhatIfBody, responses={200: WhatIfShown})
    @action(detail=False, methods=["post"], url_path="what-if", pagination_class=None)
    def what_if(self, request: Request) -> Response:
        """What another setting of a guard, or another rule of a post, would change. Nothing is saved."""
        given = self.read(WhatIfBody)
        until = self._until(given["days"])
        ready(self.workspace, self.now)
        if "guard" in given:
            return Response(_answer(what_if.with_setting(self.workspace, self._setting(given), self.now, until)))
        rule = dict(given["repeat"] or {})
        rule.pop("by_sharing", None)  # moves nothing
        repeat = Repeat(**rule) if rule else None
        return Response(_answer(what_if.with_rule(given["post"], repeat, self.now, until)))

    def _setting(self, given: dict[str, Any]) -> GuardSetting:
        return GuardSetting(
            workspace=self.workspace,
            category=given.get("category"),
            guard=given["guard"],
            action=given.get("action", RULES[given["guard"]].default.word),
            options=given.get("options", {}),
        )

    def _until(self, days: int) -> datetime:
        return self.now + REACH * days / FARTHEST


def _later(one: Stretch) -> list[dict[str, Any]]:
    place = {"slot": None, "channel": one.channel, "category": one.category, "why": speak(one.sentence)}
    return [{**place, "at": shown(at)} for at in one.times]


def _run_out(one: RunOut) -> dict[str, Any]:
    return {
        "post": one.post.pk,
        "last": shown(one.last),
        "days": one.days,
        "number": one.number,
        "cause": one.cause,
        "sentence": speak(one.sentence),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "sentence": speak(answer.sentence),
        "looked_at": answer.looked_at,
        "until": shown(answer.until),
        "before": _tally(answer.before),
        "after": _tally(answer.after),
        "changes": [_shift(one) for one in answer.shifts],
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {"out": tally.out, "held": tally.held, "blocked": tally.blocked}


def _shift(one: Shift) -> dict[str, Any]:
    return {
        "publication": one.row.pk if one.row.pk > 0 else None,
        "post": one.row.post_id,
        "channel": one.row.channel_id,
        "at": shown(one.row.next_attempt_at or one.row.planned_for),
        "before": one.before and one.before.action.word,
        "after": one.after and one.after.action.word,
        "findings": spoken.findings(one.after) if one.after else [],
    }
