"""What a body may hold: every field of one type only, nothing unknown, references inside the workspace only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from notices.speak import speak
from posts.content import LONGEST, clean, problems
from posts.models import Media
from posts.networks import NETWORKS
from posts.taking_along import MOST_FILES, MOST_PARTS
from scheduler.recurrence import at_wall_clock

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
BIGGEST_KEY = 2**63 - 1


class Body(serializers.Serializer[Any]):
    """A JSON object. Names that it does not know are refused by name, and so are those that are only read."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {field.field_name for field in self._writable_fields}
            strange = {name: self._why_not(str(name)) for name in data if name not in writable}
            if strange:
                raise serializers.ValidationError(strange)
        return super().to_internal_value(data)

    def _why_not(self, name: str) -> list[str]:
        if name in self.fields:
            return [_("This is only read.")]
        return [_("There is no field of this name here.")]


class Text(serializers.CharField):
    """A string and nothing that merely could be one."""

    default_error_messages = {"invalid": gettext_lazy("Write a text.")}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PostText(Text):
    """A text as it is published: blank edges and double forms of letters go, control characters are refused."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(trim_whitespace=False, **fields)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            faults = [speak(problem) for problem in problems(data)]
            if faults:
                raise serializers.ValidationError(faults)
            data = clean(data)
        return super().run_validation(data)


class Whole(serializers.IntegerField):
    """A JSON number without a fraction; "3" and true are none."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class YesOrNo(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError(_("Write true or false."))
        return data


class Choice(serializers.ChoiceField):
    """One of a few words."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Write a text."))
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field[Any, Any, Any, Any]):
    """An instant. Without an offset it is on the workspace's clock; answers carry that clock's offset."""

    default_error_messages = {  # noqa: RUF012
        "invalid": gettext_lazy("Write a time like 2026-12-15T10:00:00+01:00, between the years 2000 and 2200."),
    }

    def to_internal_value(self, data: Any) -> datetime:
        if not isinstance(data, str) or len(data) > 40 or len(data) < 16:
            self.fail("invalid")
        try:
            found = parse_datetime(data)
            if found is None:
                self.fail("invalid")
            zone: Any = get_current_timezone()
            at = at_wall_clock(found, zone) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid")
        if not EARLIEST <= at <= LATEST:
            self.fail("invalid")
        return at

    def to_representation(self, value: datetime) -> str | None:
        return shown(value)


class Day(serializers.DateField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.INT)
class Ref(serializers.Field[Any, Any, Any, Any]):
    """The id of something in this workspace. Another workspace's is as unknown as one that was never given."""

    def __init__(self, model: type[Model], **fields: Any) -> None:
        super().__init__(**fields)
        self.model = model

    def to_internal_value(self, data: Any) -> Any:
        if type(data) is not int or not 0 < data <= BIGGEST_KEY:
            raise serializers.ValidationError(_("Write an id, which is a whole number."))
        found = self._mine().filter(pk=data).first()
        if found is None:
            raise serializers.ValidationError(_("This workspace has none with the id {id}.").format(id=data))
        return found

    def to_representation(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def _mine(self) -> QuerySet[Any]:
        # None while the documentation is made, which looks up nothing.
        return self.model._default_manager.filter(workspace=self.context["workspace"])


class Versions(serializers.Field[Any, Any, Any, Any]):
    """{network: {"text": …, "thread": […], "media": […]}}, each of them only where it is another than the post's."""

    def to_internal_value(self, data: Any) -> dict[str, dict[str, Any]]:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError(_("Write an object: each network's name with its {“text”: …}."))
        wrong: dict[str, Any] = {}
        own: dict[str, dict[str, Any]] = {}
        for network, version in data.items():
            if network not in NETWORKS:
                wrong[network] = [_("Refrain knows these networks: {names}.").format(names=", ".join(NETWORKS))]
                continue
            inner = VersionBody(data=version, context=self.context)
            if inner.is_valid():
                own[network] = dict(inner.validated_data)
            else:
                wrong[network] = inner.errors
        if wrong:
            raise serializers.ValidationError(wrong)
        return own

    def to_representation(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return dict(value)


class VersionBody(Body):
    text = PostText(max_length=LONGEST, required=False)
    thread = serializers.ListField(child=PostText(max_length=LONGEST), required=False, max_length=MOST_PARTS)
    media = serializers.ListField(child=Ref(Media), required=False, max_length=MOST_FILES)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError({"text": [_("Say what is other there: text, thread or media.")]})
        return attrs


def shown(value: datetime | None) -> str | None:
    """As every answer writes an instant: on the active clock, with its offset."""
    return None if value is None else value.astimezone(get_current_timezone()).isoformat()
