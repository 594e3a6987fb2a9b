"""Files of posts: a verdict on every line before anything is saved, then posts of the lines one wants."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from guards.base import Finding as Found
from notices.speak import speak, speak_kept
from posts.csv_bytes import Unreadable
from posts.models import Channel
from scheduler import imports
from scheduler.api import spoken
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Choice, Moment, Whole, shown
from scheduler.api.parsers import Csv, StrictJSON
from scheduler.api.publication_body import FixOffered
from scheduler.import_lines import Choices
from scheduler.models import ACTIONS, Import, ImportLine

MOST_LINES = 10_000


class ImportFilters(Body):
    """What holds for every line that does not say otherwise."""

    channels = serializers.RegexField(
        r"^[0-9]{1,18}(,[0-9]{1,18}){0,99}$", required=False, help_text="Ids with commas between them."
    )
    language = serializers.RegexField(r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})?$", required=False)
    first_at = Moment(required=False, help_text="When the first line without a date goes out.")
    spacing = serializers.IntegerField(default=1, min_value=1, max_value=365)
    spacing_unit = Choice([("day", "day"), ("hour", "hour")], default="day")
    day_first = serializers.BooleanField(required=False, help_text="Whether 03/04 is 3 April.")


class ConfirmBody(Body):
    lines = serializers.ListField(
        child=Whole(min_value=2, max_value=2**31 - 1),
        required=False,
        max_length=MOST_LINES,
        help_text="The numbers of the lines to make posts of. Usual: those that are `wanted`.",
    )


class LineFinding(serializers.Serializer[Any]):
    action = serializers.ChoiceField(ACTIONS)
    message = serializers.CharField()
    fixes = FixOffered(many=True)
    until = serializers.DateTimeField(allow_null=True)


class LineShown(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="As a spreadsheet counts: the header is line 1.")
    fate = serializers.ChoiceField(ImportLine.Fate.choices)
    wanted = serializers.BooleanField()
    text = serializers.CharField()
    starts_at = serializers.DateTimeField(allow_null=True)
    dates = serializers.IntegerField(help_text="On how many days it would go out, as far as was judged.")
    problems = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    findings = LineFinding(many=True)
    copy_of = serializers.IntegerField(allow_null=True)
    post = serializers.IntegerField(allow_null=True, help_text="What was made of it.")


class ImportShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    judged_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Headers that mean nothing here.")


class PreviewShown(ImportShown):
    lines = LineShown(many=True)


class ConfirmShown(serializers.Serializer[Any]):
    posts = serializers.ListField(child=serializers.IntegerField())


class Imports(WorkspaceView):
    """Nothing of a file becomes a post before it is confirmed; the same file is one import, however often sent."""

    serializer_class = ImportShown
    filters = ImportFilters
    order = "-pk"
    parser_classes = (StrictJSON, Csv, MultiPartParser)

    def get_queryset(self) -> QuerySet[Import]:
        return Import.objects.filter(workspace=self.workspace)

    def list(self, request: Request) -> Response:
        """Files of this workspace, newest first."""
        return self.page(self.get_queryset(), _import)

    @extend_schema(responses=PreviewShown)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One file with the verdict on each of its lines."""
        return Response(_preview(get_object_or_404(self.get_queryset(), pk=int(pk))))

    @extend_schema(
        parameters=[ImportFilters],
        request={
            "text/csv": OpenApiTypes.BINARY,
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            },
        },
        responses={201: PreviewShown},
    )
    def create(self, request: Request) -> Response:
        """Read a CSV file, and judge each line. Nothing is scheduled; confirm it to make posts."""
        name, data = self._file()
        try:
            batch = imports.read(self.workspace, self.user, name, data, self._choices(), self.now)
        except Unreadable as unreadable:
            raise ValidationError({"file": [speak(unreadable.sentence)]}) from None
        return Response(_preview(batch), status=201)

    @extend_schema(request=ConfirmBody, responses=ConfirmShown)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Make scheduled posts of the lines: all of them, or none. A line becomes one post, however often asked."""
        batch = get_object_or_404(self.get_queryset(), pk=int(pk))
        numbers = self.read(ConfirmBody).get("lines")
        wanted = imports.wanted(batch) if numbers is None else set(numbers)
        made = imports.confirm(batch, wanted, self.now, self.user)
        return Response({"posts": [post.pk for post in made]})

    def _file(self) -> tuple[str, bytes]:
        found = self.request.data
        if isinstance(found, bytes):
            return "import.csv", found
        file = found.get("file") if hasattr(found, "get") else None
        if not isinstance(file, UploadedFile):
            raise ValidationError({"file": [_("Send a CSV file, as text/csv or as the field “file” of a form.")]})
        return file.name or "import.csv", file.read()

    def _choices(self) -> Choices:
        given = self.wanted()
        ids = {int(one) for one in given.get("channels", "").split(",") if one}
        known = set(Channel.objects.filter(workspace=self.workspace, pk__in=ids).values_list("pk", flat=True))
        if unknown := sorted(ids - known):
            said = _("This workspace has none with the id {id}.").format(id=unknown[0])
            raise ValidationError({"channels": [said]})
        first_at = given.get("first_at")
        return Choices(
            channels=tuple(sorted(known)),
            language=given.get("language", ""),
            first_at=first_at and first_at.astimezone(self.workspace.zone).replace(tzinfo=None),
            spacing=given["spacing"],
            spacing_unit=given["spacing_unit"],
            day_first=given.get("day_first"),
        )


def _import(batch: Import) -> dict[str, Any]:
    return {
        "id": batch.pk,
        "name": batch.name,
        "created_at": shown(batch.created_at),
        "judged_at": shown(batch.judged_at),
        "confirmed_at": shown(batch.confirmed_at),
        "unknown": batch.unknown,
    }


def _preview(batch: Import) -> dict[str, Any]:
    return _import(batch) | {"lines": [_line(line) for line in batch.lines.all()]}


def _line(line: ImportLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "fate": line.fate,
        "wanted": line.wanted,
        "text": line.text,
        "starts_at": shown(line.starts_at),
        "dates": line.dates,
        "problems": [speak_kept(one) for one in ([line.problem] if line.problem else []) + line.problems],
        "notes": [speak_kept(one) for one in line.notes],
        "findings": [_finding(one) for one in line.findings],
        "copy_of": line.copy_of_id,
        "post": line.post_id,
    }


def _finding(kept: dict[str, Any]) -> dict[str, Any]:
    found = Found.from_json(kept)
    return {
        "action": kept["action"],
        "message": speak(found.message),
        "fixes": [spoken.fix(one) for one in found.fixes],
        "until": shown(found.until),
    }
