"""A publication as JSON, and what its actions take."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from notices.speak import speak_kept
from scheduler import fixes
from scheduler.api import spoken
from scheduler.api.fields import BIGGEST_KEY, Body, Choice, Moment, Text, YesOrNo, shown
from scheduler.models import ACTIONS, Publication
from scheduler.states import State


class PublicationFilters(Body):
    state = Choice(State.choices, required=False)
    channel = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST_KEY)
    post = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST_KEY)

    def get_fields(self) -> dict[str, Any]:
        """`from` and `to` are no names that a class can have."""
        found = super().get_fields()
        found["from"] = Moment(required=False, source="since", help_text="Planned for this time or later.")
        found["to"] = Moment(required=False, source="before", help_text="Planned for before this time.")
        return found


class OverrideBody(Body):
    reason = Text(max_length=500, help_text="At least ten characters; it stays on record.")


class SettleBody(Body):
    out = YesOrNo(help_text="Whether it is out.")


class MoveBody(Body):
    to = Moment()


class FixBody(Body):
    verb = Text(max_length=40)
    values = serializers.DictField(default=dict)


class FixOffered(serializers.Serializer[Any]):
    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    values = serializers.DictField()


class Span(serializers.Serializer[Any]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class Finding(serializers.Serializer[Any]):
    """What a guard saw, as characters of the text where it can be pointed at, and what would help."""

    guard = serializers.CharField()
    action = serializers.ChoiceField(ACTIONS)
    message = serializers.CharField()
    evidence = Span(many=True)
    fixes = FixOffered(many=True)
    until = serializers.DateTimeField(allow_null=True, help_text="When it lifts by itself.")


class Trace(serializers.Serializer[Any]):
    guard = serializers.CharField()
    title = serializers.CharField()
    action = serializers.ChoiceField(ACTIONS)
    saw = serializers.CharField(help_text="What it looked at, when it found nothing.")
    findings = Finding(many=True)
    options = serializers.DictField()
    source = serializers.CharField(help_text="Whose setting this is.")  # type: ignore[assignment]
    overridden = serializers.BooleanField()


@extend_schema_serializer(component_name="Publication")
class PublicationShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    post = serializers.IntegerField()
    channel = serializers.IntegerField()
    number = serializers.IntegerField(help_text="0: the first of its series; k: the k-th repeat.")
    slot = serializers.IntegerField(allow_null=True, help_text="The slot that the queue filled with it.")
    due_at = serializers.DateTimeField(help_text="When the rule says; never changes.")
    planned_for = serializers.DateTimeField(help_text="When it is to go out; moving changes it.")
    state = serializers.ChoiceField(State.choices)
    reason = serializers.CharField(help_text="The deciding guard, or the engine's own word.")
    sentence = serializers.CharField(help_text="Why it stands where it stands.")
    text = serializers.CharField(help_text="What went out, or would now.")
    verdict = serializers.CharField(help_text="What the guards last said; empty when not asked yet.")
    findings = Finding(many=True)
    fixes = FixOffered(many=True)
    published_at = serializers.DateTimeField(allow_null=True)
    taken_down_at = serializers.DateTimeField(allow_null=True, help_text="When a person took it down; it was out.")
    taken_down_by = serializers.CharField()
    url = serializers.CharField()
    remote_id = serializers.CharField()


class AttemptShown(serializers.Serializer[Any]):
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    sentence = serializers.CharField()
    url = serializers.CharField()


class OverrideShown(serializers.Serializer[Any]):
    by = serializers.CharField()
    reason = serializers.CharField()
    guards = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()


class LimitShown(serializers.Serializer[Any]):
    guard = serializers.CharField()
    option = serializers.CharField()
    value = serializers.IntegerField(help_text="The nearest with which this guard would let it pass.")
    sentence = serializers.CharField()


class PassingShown(serializers.Serializer[Any]):
    """What would make it pass, beside the fixes of the findings."""

    at = serializers.DateTimeField(allow_null=True, help_text="When it would; null: time alone does not help.")
    at_once = serializers.BooleanField(help_text="Asked now, the guards would let it pass.")
    limits = LimitShown(many=True)


class ExplainShown(serializers.Serializer[Any]):
    publication = PublicationShown()
    sentence = serializers.CharField(help_text="The plainest answer to “why?”.")
    verdict = serializers.ChoiceField(ACTIONS)
    findings = Finding(many=True)
    judged_at = serializers.DateTimeField(allow_null=True)
    checks = Trace(many=True)
    not_asked = serializers.ListField(child=serializers.CharField(), help_text="Guards that are off here.")
    passing = PassingShown()
    attempts = AttemptShown(many=True)
    overrides = OverrideShown(many=True)


class FixShown(serializers.Serializer[Any]):
    sentence = serializers.CharField()
    undo = FixOffered(allow_null=True)
    publication = PublicationShown(allow_null=True)


def publication_json(row: Publication) -> dict[str, Any]:
    verdict = fixes.verdict_on(row)
    return {
        "id": row.pk,
        "post": row.post_id,
        "channel": row.channel_id,
        "number": row.number,
        "slot": row.slot_id,
        "due_at": shown(row.due_at),
        "planned_for": shown(row.planned_for),
        "state": row.state,
        "reason": row.reason,
        "sentence": speak_kept(row.sentence),
        "text": row.text or row.wording()[1],
        "verdict": row.outlook if row.state == State.SCHEDULED else verdict.action.word if verdict.checks else "",
        "findings": spoken.findings(verdict),
        "fixes": [spoken.fix(one) for one in fixes.offered(row)],
        "published_at": shown(row.published_at),
        "taken_down_at": shown(row.taken_down_at),
        "taken_down_by": row.taken_down_by,
        "url": row.url,
        "remote_id": row.remote_id,
    }
