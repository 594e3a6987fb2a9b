"""The library of pictures and videos: what is there, taking more in, describing, deleting, and giving files out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from notices.sentences import Sentence, say, say_count
from notices.speak import speak
from posts.fitting import copy_of
from posts.media import addresses, library
from posts.media.fetching import keep_from
from posts.media.taken import SUFFIXES, NotTaken
from posts.models import Channel, Media
from posts.models_media import media_storage
from posts.networks.base import Refused
from posts.networks.fit import fit, misfits
from posts.networks.parcel import Kind
from scheduler.toasts import toast
from scheduler.views.paging import page_by
from teams.access import MemberRequest, member

PAGE = 48
# A file is a file: nothing in it runs, whatever somebody has hidden there, and no page may be made of it.
SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


class Described(forms.Form):
    alt = forms.CharField(
        label=_("Description"),
        help_text=_("What is to be seen, for those who cannot see it. Networks show it to them in its place."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = forms.CharField(label=_("Name"), max_length=library.LONGEST_NAME)

    def clean_alt(self) -> str:
        if fault := library.fault_of(self.cleaned_data["alt"]):
            raise forms.ValidationError(speak(fault))
        return library.described(self.cleaned_data["alt"])

    def clean_name(self) -> str:
        return library.shown_name(self.cleaned_data["name"])


@member()
def media(request: MemberRequest) -> HttpResponse:
    """The library; a POST takes in what was chosen, or what lies at an address."""
    if request.method == "POST":
        return _taken_in(request)
    rows = Media.objects.filter(workspace=request.workspace).annotate(uses=Count("attachments__post", distinct=True))
    if wanted := request.GET.get("q", "").strip():
        rows = rows.filter(name__icontains=wanted) | rows.filter(alt__icontains=wanted)
    summary = speak(say_count("{count} file", "{count} files", rows.count()))
    context = {
        "page": page_by(rows, "pk", request.GET, summary, falling=True, size=PAGE),
        "wanted": wanted,
        "used": library.used(request.workspace),
        "may_edit": request.membership.may("editor"),
        "slug": request.workspace.slug,
    }
    return render(request, "media_list.html", context)


@member()
def one(request: MemberRequest, pk: int) -> HttpResponse:
    shown = _file(request, pk)
    may = request.membership.may("editor")
    form = Described(request.POST or None, initial={"alt": shown.alt, "name": shown.name}, label_suffix="")
    if request.method == "POST" and may and form.is_valid():
        shown.alt, shown.name = form.cleaned_data["alt"], form.cleaned_data["name"]
        shown.save(update_fields=["alt", "name"])
        toast(request, speak(say("Saved.")))
        return redirect("media_file", request.workspace.slug, pk)
    posts = request.workspace.posts.filter(attachments__media=shown).distinct().order_by("-pk")[:20]
    context = {
        "media": shown, "form": form, "posts": posts, "may_edit": may, "slug": request.workspace.slug,
        "places": [_on(shown, channel) for channel in request.workspace.channels.all()],
    }  # fmt: skip
    return render(request, "media_show.html", context, status=422 if form.errors else 200)


@require_POST
@member("editor")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    try:
        library.drop(_file(request, pk))
    except library.InUse as refused:
        toast(request, speak(refused.sentence), kind="error")
        return redirect("media_file", request.workspace.slug, pk)
    toast(request, speak(say("The file is deleted.")))
    return redirect("media", request.workspace.slug)


@require_POST
@member("editor")
def add(request: MemberRequest) -> HttpResponse:
    """For the composer: one file or address, answered with its tile, or with a sentence (422)."""
    try:
        kept = take_in(request)
    except NotTaken as refused:
        return HttpResponse(speak(refused.sentence), status=422, content_type="text/plain; charset=utf-8")
    return tile(request, kept)


@member("editor")
def pick(request: MemberRequest) -> HttpResponse:
    """What the library holds, to choose from; for the composer's dialog."""
    rows = Media.objects.filter(workspace=request.workspace)[:PAGE]
    context = {"files": rows, "field": request.GET.get("field", "media"), "slug": request.workspace.slug}
    return render(request, "compose/_pick.html", context)


@member("editor")
def picked(request: MemberRequest, pk: int) -> HttpResponse:
    """The tile of a file that is here already."""
    return tile(request, _file(request, pk))


def tile(request: MemberRequest, kept: Media) -> HttpResponse:
    field = request.POST.get("field") or request.GET.get("field") or "media"
    return render(request, "compose/_file.html", {"one": kept, "field": field, "slug": request.workspace.slug})


def take_in(request: MemberRequest) -> Media:
    """The file or the address that was sent. Raises NotTaken."""
    now, file, url = timezone.now(), request.FILES.get("file"), request.POST.get("url", "").strip()
    if file is not None:
        return library.keep(request.workspace, file, file.name or "file", request.user, now)
    if url:
        return keep_from(request.workspace, url, request.user, now)
    raise NotTaken(say("Choose a file, or write the address of one."))


@require_safe
@member()
def content(request: MemberRequest, pk: int) -> HttpResponseBase:
    shown = _file(request, pk)
    return given_out(str(shown.file.name), shown.mime, shown.name, cached="private")


@require_safe
@member()
def small(request: MemberRequest, pk: int) -> HttpResponseBase:
    shown = _file(request, pk)
    if not shown.thumb:
        raise Http404
    return given_out(str(shown.thumb.name), "image/webp", shown.name, cached="private")


@require_safe
@member()
def as_sent(request: MemberRequest, pk: int, channel: int) -> HttpResponseBase:
    """As this channel would be sent it, to the byte."""
    mine = get_object_or_404(Channel, workspace=request.workspace, pk=channel)
    return _fitted(_file(request, pk), mine, cached="private")


@require_safe
def public(request: HttpRequest, token: str, suffix: str) -> HttpResponseBase:
    """For networks that fetch, with an address that we gave them a while ago."""
    allowed = addresses.read(token, timezone.now())
    if allowed is None:
        raise Http404
    channel = get_object_or_404(Channel, pk=allowed.channel)
    media = get_object_or_404(Media, pk=allowed.media, workspace=channel.workspace_id)
    return _fitted(media, channel, cached="public")


def given_out(path: str, mime: str, name: str, *, cached: str) -> FileResponse:
    """Shown where it is a picture; everything else is only handed over."""
    try:
        file = media_storage().open(path)
    except OSError:
        raise Http404 from None
    return _response(file, mime, name, cached)


def _fitted(shown: Media, channel: Channel, *, cached: str) -> HttpResponseBase:
    limits = channel.limits.media
    if any(misfits([shown.piece], limits, channel.name)):
        raise Http404
    try:
        copy = copy_of(shown, limits)
    except Refused:
        raise Http404 from None
    if copy is None:
        return given_out(str(shown.file.name), shown.mime, shown.name, cached=cached)
    return _response(copy.open("rb"), fit(shown.piece, limits).mime, shown.name, cached)


def _response(file: Any, mime: str, name: str, cached: str) -> FileResponse:
    suffix = SUFFIXES[mime]
    called = name.rpartition(".")[0] or name
    response = FileResponse(
        file, content_type=mime, as_attachment=not mime.startswith("image/"), filename=f"{called}{suffix}"
    )
    for header, value in {**SAFE, "Cache-Control": f"{cached}, max-age=86400"}.items():
        response.headers[header] = value
    return response


def _file(request: MemberRequest, pk: int) -> Media:
    return get_object_or_404(Media, workspace=request.workspace, pk=pk)


def _on(shown: Media, channel: Channel) -> dict[str, Any]:
    """How it would arrive on one channel, or why it would not."""
    limits = channel.limits.media
    why: Sentence | None = next(misfits([shown.piece], limits, channel.name), None)
    fitted = None if why else fit(shown.piece, limits)
    picture = fitted is not None and fitted.kind is not Kind.VIDEO
    return {"channel": channel, "why": why, "fit": fitted, "picture": picture}


def _taken_in(request: MemberRequest) -> HttpResponse:
    if not request.membership.may("editor"):
        raise Http404
    now, kept, refused = timezone.now(), 0, []
    for file in request.FILES.getlist("file")[:PAGE]:
        try:
            library.keep(request.workspace, file, file.name or "file", request.user, now)
            kept += 1
        except NotTaken as why:
            refused.append((file.name, why.sentence))
    if not request.FILES:
        try:
            take_in(request)
            kept += 1
        except NotTaken as why:
            refused.append((request.POST.get("url", ""), why.sentence))
    said = say_count("{count} file is in the library now.", "{count} files are in the library now.", kept)
    if refused:
        name, why_not = refused[0]
        said = say("“{name}”: {why}", name=library.shown_name(name), why=why_not) if name else why_not
    toast(request, speak(said), kind="error" if refused else "info")
    return redirect("media", request.workspace.slug)
