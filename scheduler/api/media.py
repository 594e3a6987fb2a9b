"""The library of pictures and videos, and uploads of large files in pieces."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from notices.speak import speak
from posts.media import library, uploads
from posts.media.fetching import keep_from
from posts.media.taken import NotTaken
from posts.models import Media as File
from posts.models import Upload
from posts.networks.parcel import Kind
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Text, Whole, shown
from scheduler.api.parsers import StrictJSON
from teams.problems import Problem

LARGEST_NUMBER = 10**13


class Bytes(BaseParser):
    """A piece of a file, as the whole body."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return bytes(stream.read())


class UrlBody(Body):
    url = Text(max_length=2000)


class MediaChange(Body):
    alt = Text(max_length=library.LONGEST_ALT, allow_blank=True, required=False, trim_whitespace=False)
    name = Text(max_length=library.LONGEST_NAME, required=False)


class NewUpload(Body):
    name = Text(max_length=300)
    size = Whole(min_value=1, max_value=LARGEST_NUMBER, help_text="Bytes of the whole file.")


@extend_schema_serializer(component_name="Media")
class MediaShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField([kind.value for kind in Kind])
    mime = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    size = serializers.IntegerField(help_text="Bytes, as kept: cleaned of everything that is no picture.")
    seconds = serializers.FloatField(allow_null=True)
    sha256 = serializers.CharField()
    alt = serializers.CharField(help_text="Its description for those who cannot see it.")
    name = serializers.CharField()
    created_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="Upload")
class UploadShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    size = serializers.IntegerField()
    received = serializers.IntegerField(help_text="The next piece begins with this byte.")
    piece = serializers.IntegerField(help_text="Bytes that one piece may have at most.")


class Media(WorkspaceView):
    """Pictures and videos, cleaned when they come in. The same file is one row, however often it is sent."""

    serializer_class = MediaShown
    order = "-pk"
    parser_classes = (StrictJSON, MultiPartParser)
    asking = frozenset({"create"})  # reading a picture takes its time, and so does a web site

    def get_queryset(self) -> QuerySet[File]:
        return File.objects.filter(workspace=self.workspace)

    def list(self, request: Request) -> Response:
        """Files of the workspace, newest first."""
        return self.page(self.get_queryset(), media_json)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One file's facts."""
        return Response(media_json(get_object_or_404(self.get_queryset(), pk=int(pk))))

    @extend_schema(
        request={
            "application/json": UrlBody,
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}, "alt": {"type": "string"}},
            },
        },
        responses={201: MediaShown},
    )
    def create(self, request: Request) -> Response:
        """Take a file in: up to 5 MB as a form, or by its public address; for more see uploads."""
        try:
            kept = self._taken_in(request)
        except NotTaken as refused:
            raise ValidationError({"file": [speak(refused.sentence)]}) from None
        return Response(media_json(kept), status=201)

    @extend_schema(request=MediaChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Describe or rename it. A description is part of what its posts say: an approval of them ends with it."""
        kept, given = get_object_or_404(self.get_queryset(), pk=int(pk)), self.read(MediaChange, partial=True)
        kept.alt = library.described(given.get("alt", kept.alt))
        kept.name = library.shown_name(given.get("name", kept.name))
        kept.save(update_fields=["alt", "name"])
        return Response(media_json(kept))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete it for good. What a post uses is not deleted (409)."""
        try:
            library.drop(get_object_or_404(self.get_queryset(), pk=int(pk)))
        except library.InUse as refused:
            raise Problem(409, speak(refused.sentence)) from None
        return Response(status=204)

    def _taken_in(self, request: Request) -> File:
        given: Any = request.data
        file = given.get("file") if hasattr(given, "get") else None
        if not isinstance(file, UploadedFile):
            return keep_from(self.workspace, self.read(UrlBody)["url"], self.user, self.now)
        kept = library.keep(self.workspace, io.BytesIO(file.read()), file.name or "file", self.user, self.now)
        if alt := library.described(str(given.get("alt", ""))):
            kept.alt = alt
            kept.save(update_fields=["alt"])
        return kept


class Uploads(WorkspaceView):
    """Large files in pieces: begin, PUT each piece with the byte it begins with, finish. GET tells how far it got."""

    serializer_class = UploadShown
    lookup_value_regex = "[0-9a-f-]{36}"
    asking = frozenset({"finish"})

    def get_queryset(self) -> QuerySet[Upload]:
        return Upload.objects.filter(workspace=self.workspace)

    def get_parsers(self) -> list[Any]:
        return [Bytes()] if self.request and self.request.method == "PUT" else [StrictJSON()]

    @extend_schema(request=NewUpload, responses={201: UploadShown})
    def create(self, request: Request) -> Response:
        """Begin: say how large the file is. It is refused here already when there is no room for it."""
        given = self.read(NewUpload)
        try:
            begun = uploads.begin(self.workspace, self.user, given["name"], given["size"], self.now)
        except NotTaken as refused:
            raise ValidationError({"size": [speak(refused.sentence)]}) from None
        return Response(upload_json(begun), status=201)

    def retrieve(self, request: Request, pk: str) -> Response:
        """How far it got."""
        return Response(upload_json(get_object_or_404(self.get_queryset(), pk=UUID(pk))))

    @extend_schema(
        parameters=[OpenApiParameter("start", int, required=True, description="The byte that the piece begins with.")],
        request={"application/octet-stream": OpenApiTypes.BINARY},
    )
    def update(self, request: Request, pk: str) -> Response:
        """One piece, as the whole body. In the wrong place it is a 409 that says where to go on."""
        get_object_or_404(self.get_queryset(), pk=UUID(pk))
        start = request.query_params.get("start", "")
        if not (start.isascii() and start.isdecimal() and len(start) < 14):
            raise ValidationError({"start": [_("Write a whole number.")]})
        try:
            data: Any = request.data
            grown = uploads.add(self.workspace, UUID(pk), int(start), data, self.now)
        except uploads.Elsewhere as elsewhere:
            raise _elsewhere(elsewhere) from None
        except NotTaken as refused:
            raise ValidationError({"": [speak(refused.sentence)]}) from None
        return Response(upload_json(grown))

    @extend_schema(request=None, responses={201: MediaShown})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """The whole file is there: take it in. Refused or taken, the upload is over."""
        get_object_or_404(self.get_queryset(), pk=UUID(pk))
        try:
            kept = uploads.finish(self.workspace, UUID(pk), self.user, self.now)
        except uploads.Elsewhere as elsewhere:
            raise _elsewhere(elsewhere) from None
        except NotTaken as refused:
            raise ValidationError({"file": [speak(refused.sentence)]}) from None
        return Response(media_json(kept), status=201)


def media_json(kept: File) -> dict[str, Any]:
    names = ("kind", "mime", "width", "height", "size", "seconds", "sha256", "alt", "name")
    told = {name: getattr(kept, name) for name in names}
    return {"id": kept.pk, **told, "created_at": shown(kept.created_at)}


def upload_json(upload: Upload) -> dict[str, Any]:
    return {"id": str(upload.pk), "size": upload.size, "received": upload.received, "piece": uploads.PIECE}


def _elsewhere(elsewhere: uploads.Elsewhere) -> Problem:
    said = _("The upload stands at byte {received}: go on there.").format(received=elsewhere.received)
    return Problem(409, said, received=elsewhere.received)
