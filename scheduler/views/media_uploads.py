"""Large files in pieces, for the page's own script: begin, send each piece, finish. docs/media.md has the protocol."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from notices.speak import speak
from posts.media import uploads
from posts.media.taken import NotTaken
from posts.models import Upload
from scheduler.views.media import tile
from teams.access import MemberRequest, member


@require_POST
@member("editor")
def begin(request: MemberRequest) -> HttpResponse:
    name, size = request.POST.get("name", ""), request.POST.get("size", "")
    try:
        wanted = int(size) if size.isascii() and size.isdecimal() and len(size) < 15 else 0
        upload = uploads.begin(request.workspace, request.user, name, wanted, timezone.now())
    except NotTaken as refused:
        return _refused(refused)
    return JsonResponse(standing(upload), status=201)


@require_http_methods(["GET", "PUT"])
@member("editor")
def piece(request: MemberRequest, pk: UUID) -> HttpResponse:
    """PUT: the next piece, as the whole body, beginning at ?start. GET: how far it got."""
    if request.method == "GET":
        return JsonResponse(standing(get_object_or_404(Upload, workspace=request.workspace, pk=pk)))
    start = request.GET.get("start", "")
    try:
        place = int(start) if start.isascii() and start.isdecimal() and len(start) < 15 else -1
        upload = uploads.add(request.workspace, pk, place, request.body, timezone.now())
    except Upload.DoesNotExist:
        return HttpResponse(status=404)
    except uploads.Elsewhere as elsewhere:
        return JsonResponse({"received": elsewhere.received}, status=409)
    except NotTaken as refused:
        return _refused(refused)
    return JsonResponse(standing(upload))


@require_POST
@member("editor")
def finish(request: MemberRequest, pk: UUID) -> HttpResponse:
    try:
        kept = uploads.finish(request.workspace, pk, request.user, timezone.now())
    except Upload.DoesNotExist:
        return HttpResponse(status=404)
    except uploads.Elsewhere as elsewhere:
        return JsonResponse({"received": elsewhere.received}, status=409)
    except NotTaken as refused:
        return _refused(refused)
    return tile(request, kept)


def standing(upload: Upload) -> dict[str, object]:
    return {"id": str(upload.pk), "received": upload.received, "size": upload.size, "piece": uploads.PIECE}


def _refused(refused: NotTaken) -> HttpResponse:
    return HttpResponse(speak(refused.sentence), status=422, content_type="text/plain; charset=utf-8")
