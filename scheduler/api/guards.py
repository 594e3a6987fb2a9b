"""Guards: what each finds, why, and what this workspace has decided about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from guards.catalogue import RULES
from guards.choosing import choices, options_as_json
from guards.judge import Setting
from guards.models import GuardSetting, Policies
from guards.printed import spoken_manual
from notices.speak import speak
from posts.models import Category
from scheduler import rules
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Choice, Ref
from scheduler.rules import Levels, Scope, Wish

MOST_POSTS = 100
_NAME = OpenApiParameter("guard", str, OpenApiParameter.PATH, enum=list(RULES))
_POST = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The post's.")


class OwnBody(Body):
    """What to do with the guard's findings, and how it looks."""

    action = Choice(GuardSetting.Action.choices, allow_null=True, default=None, help_text="Null: inherited.")
    options = serializers.DictField(default=dict, help_text="What is left out is inherited.")


class SettingBody(OwnBody):
    """The same for the workspace, or closer for one category."""

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


class OwnShown(serializers.Serializer[Any]):
    action = serializers.ChoiceField(GuardSetting.Action.choices, allow_null=True)
    options = serializers.DictField()


class SettingShown(serializers.Serializer[Any]):
    action = serializers.ChoiceField(GuardSetting.Action.choices)
    options = serializers.DictField()
    category = serializers.IntegerField(allow_null=True)
    post = serializers.IntegerField(allow_null=True)
    said_by = serializers.CharField(
        help_text="Who decided the action: the default, the workspace, a category or the post."
    )
    options_said_by = serializers.DictField(child=serializers.CharField(), help_text="The same for each option.")
    own = OwnShown(help_text="What this level says itself; all else is inherited.")


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
    posts = SettingShown(many=True, help_text=f"Posts that are set otherwise, the latest {MOST_POSTS}.")


class Guards(WorkspaceView):
    """The guards ask whether something should go out: while it is written, in the forecast, just before sending."""

    serializer_class = GuardShown
    lookup_field = "guard"
    lookup_value_regex = "[a-z_]{1,40}"
    pagination_class = None
    scopes: ClassVar = {"update": "admin", "destroy": "admin"}

    def get_queryset(self) -> QuerySet[GuardSetting]:
        return GuardSetting.objects.filter(workspace=self.workspace).select_related("category", "post")

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
        _known(guard)
        given = self.read(SettingBody)
        return self._decide(guard, Scope(self.workspace, category=given["category"]), given)

    @extend_schema(parameters=[_NAME, OpenApiParameter("category", int)], responses={204: None})
    def destroy(self, request: Request, guard: str) -> Response:
        """Back to the guard's own setting, or a category's back to the workspace's."""
        wanted = request.query_params.get("category", "")
        if wanted and not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
            raise ValidationError({"category": [_("Write an id, which is a whole number.")]})
        category = get_object_or_404(self.workspace.categories, pk=int(wanted)) if wanted else None
        rules.reset(Scope(self.workspace, category=category), _known(guard), self.user, self.now)
        return Response(status=204)

    @extend_schema(parameters=[_NAME, _POST], request=OwnBody)
    @action(detail=True, methods=["put"], url_path="posts/(?P<id>[0-9]{1,18})")
    def for_post(self, request: Request, guard: str, id: str) -> Response:
        """Decide about a guard for one post: stricter than what it inherits, or with the scope `admin` as you like."""
        return self._decide(_known(guard), self._of_post(id), self.read(OwnBody))

    @extend_schema(parameters=[_NAME, _POST], responses={204: None})
    @for_post.mapping.delete
    def reset_for_post(self, request: Request, guard: str, id: str) -> Response:
        """One post back to what its category or the workspace says."""
        rules.reset(self._of_post(id), _known(guard), self.user, self.now)
        return Response(status=204)

    def _of_post(self, pk: str) -> Scope:
        return Scope(self.workspace, post=get_object_or_404(self.workspace.posts, pk=pk))

    def _decide(self, guard: str, scope: Scope, given: Mapping[str, Any]) -> Response:
        wish, levels = Wish(scope, guard, given["action"] or "", given["options"]), Levels(scope)
        if faults := rules.refusals(wish, levels):
            said = {name or "non_field_errors": [speak(one) for one in found] for name, found in faults.items()}
            raise ValidationError({"options": said})
        if rules.role_for(wish, levels) == "admin":
            self.need("admin")
        rules.decide(wish, self.user, self.now)
        return Response(self._shown([guard])[0])

    def _shown(self, names: Sequence[str]) -> Sequence[dict[str, Any]]:
        rows = [row for row in self.get_queryset().order_by("guard", "-pk") if row.guard in RULES]
        policies = Policies.of_rows(rows)
        whole = {row.guard: row for row in rows if row.place == (self.workspace.pk, None, None)}
        usual = policies.of(self.workspace.pk, None)
        return [
            _guard(name) | {
                "setting": _setting(usual[name], whole.get(name)),
                "categories": [_closer(policies, row) for row in rows if row.category_id and row.guard == name],
                "posts": [_closer(policies, row) for row in rows if row.post_id and row.guard == name][:MOST_POSTS],
            }
            for name in names
        ]  # fmt: skip


def _known(guard: str) -> str:
    if guard not in RULES:
        raise Http404
    return guard


def _guard(name: str) -> dict[str, Any]:
    rule = RULES[name]
    told = spoken_manual(rule)
    return {
        "guard": name,
        "title": speak(rule.title),
        "finds": told.finds,
        "why": told.why,
        "when_off": told.when_off,
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


def _closer(policies: Policies, row: GuardSetting) -> dict[str, Any]:
    category = row.post.category_id if row.post else row.category_id
    return _setting(policies.of(row.workspace_id, category, row.post_id)[row.guard], row)


def _setting(setting: Setting, row: GuardSetting | None) -> dict[str, Any]:
    options = options_as_json(setting.options)
    return {
        "action": "off" if setting.action is None else setting.action.word,
        "options": options,
        "category": row and row.category_id,
        "post": row and row.post_id,
        "said_by": speak(setting.source),
        "options_said_by": {name: speak(setting.sources.get(name, setting.source)) for name in options},
        "own": {"action": row.action or None, "options": row.options} if row else {"action": None, "options": {}},
    }
