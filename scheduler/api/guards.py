"""Guards: what each finds, why, and what this workspace has decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from guards.base import Rule
from guards.catalogue import RULES
from guards.choosing import choices, manual, options_as_json, wrong
from guards.judge import Setting
from guards.models import GuardSetting, Policies
from notices.sentences import say
from notices.speak import speak
from posts.models import Category
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Choice, Ref
from scheduler.plan import touch
from scheduler.record import record

_NAME = OpenApiParameter("guard", str, OpenApiParameter.PATH, enum=list(RULES))


class SettingBody(Body):
    """What to do with the guard's findings, and how it looks; for the workspace, or closer for one category."""

    action = Choice(GuardSetting.Action.choices)
    options = serializers.DictField(default=dict, help_text="What is left out takes the guard's own value.")
    category = Ref(Category, allow_null=True, default=None)


class OptionShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(["number", "yes_or_no", "text", "texts"])
    label_text = serializers.CharField()
    unit = serializers.CharField()
    default = serializers.JSONField()
    low = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """A serializer has a `label` of its own."""
        found = super().get_fields()
        return {"label" if name == "label_text" else name: field for name, field in found.items()}


class SettingShown(serializers.Serializer[Any]):
    action = serializers.ChoiceField(GuardSetting.Action.choices)
    options = serializers.DictField()
    category = serializers.IntegerField(allow_null=True)
    said_by = serializers.CharField(help_text="Whose setting this is: the default, the workspace's, a category's.")


class GuardShown(serializers.Serializer[Any]):
    guard = serializers.ChoiceField(list(RULES))
    title = serializers.CharField()
    finds = serializers.CharField()
    why = serializers.CharField()
    when_off = serializers.CharField()
    overridable = serializers.BooleanField(help_text="Whether a named person may let something pass.")
    options = OptionShown(many=True)
    setting = SettingShown()
    categories = SettingShown(many=True, help_text="Categories that are set otherwise.")


class Guards(WorkspaceView):
    """The guards ask whether something should go out: while it is written, in the forecast, just before sending."""

    serializer_class = GuardShown
    lookup_field = "guard"
    lookup_value_regex = "[a-z_]{1,40}"
    pagination_class = None
    scopes: ClassVar = {"update": "admin", "destroy": "admin"}

    def get_queryset(self) -> QuerySet[GuardSetting]:
        return GuardSetting.objects.filter(workspace=self.workspace).select_related("category")

    @extend_schema(responses=GuardShown(many=True))
    def list(self, request: Request) -> Response:
        """Every guard with its manual, its options, and this workspace's setting."""
        return Response(self._shown(tuple(RULES)))

    @extend_schema(parameters=[_NAME])
    def retrieve(self, request: Request, guard: str) -> Response:
        """One guard."""
        return Response(self._shown([_known(guard)])[0])

    @extend_schema(parameters=[_NAME], request=SettingBody)
    def update(self, request: Request, guard: str) -> Response:
        """Decide about a guard, for the workspace or for one category."""
        given, rule = self.read(SettingBody), RULES[_known(guard)]
        if faults := wrong(rule, given["options"]):
            said = {name or "non_field_errors": [speak(one) for one in found] for name, found in faults.items()}
            raise ValidationError({"options": said})
        row, _made = GuardSetting.objects.update_or_create(
            workspace=self.workspace,
            category=given["category"],
            guard=guard,
            defaults={"action": given["action"], "options": given["options"]},
        )
        self._noted(row, rule)
        return Response(self._shown([guard])[0])

    @extend_schema(parameters=[_NAME, OpenApiParameter("category", int)], responses={204: None})
    def destroy(self, request: Request, guard: str) -> Response:
        """Back to the guard's own setting, or a category's back to the workspace's."""
        wanted = request.query_params.get("category", "")
        if wanted and not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
            raise ValidationError({"category": [_("Write an id, which is a whole number.")]})
        rows = self.get_queryset().filter(guard=_known(guard), category=int(wanted) if wanted else None)
        for row in rows.select_for_update(of=("self",)):
            self._noted(row, RULES[guard])
            row.delete()
        return Response(status=204)

    def _noted(self, row: GuardSetting, rule: Rule) -> None:
        touch([row.workspace_id], self.now)
        record(self.user, self.now, [("guard_set", row, say("set the guard “{guard}”", guard=rule.title))])

    def _shown(self, names: Sequence[str]) -> Sequence[dict[str, Any]]:
        policies, rows = Policies([self.workspace.pk]), list(self.get_queryset())
        usual = policies.of(self.workspace.pk, None)
        closer = [
            (row.guard, _setting(policies.of(row.workspace_id, row.category_id)[row.guard], row.category_id))
            for row in rows
            if row.category_id and row.guard in RULES
        ]
        return [
            _guard(name) | {
                "setting": _setting(usual[name], None),
                "categories": [setting for guard, setting in closer if guard == name],
            }
            for name in names
        ]  # fmt: skip


def _known(guard: str) -> str:
    if guard not in RULES:
        raise Http404
    return guard


def _guard(name: str) -> dict[str, Any]:
    rule = RULES[name]
    told = manual(rule)
    return {
        "guard": name,
        "title": speak(rule.title),
        "finds": _(told.finds),
        "why": _(told.why),
        "when_off": _(told.when_off),
        "overridable": rule.overridable,
        "options": [
            {
                "name": choice.name,
                "kind": choice.kind,
                "label": speak(choice.label),
                "unit": speak(choice.unit) if choice.unit else "",
                "default": choice.default,
                "low": choice.low,
                "high": choice.high,
            }
            for choice in choices(rule)
        ],
    }


def _setting(setting: Setting, category: int | None) -> dict[str, Any]:
    return {
        "action": "off" if setting.action is None else setting.action.word,
        "options": options_as_json(setting.options),
        "category": category,
        "said_by": speak(setting.source),
    }
