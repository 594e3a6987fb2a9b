"""Importing a file of posts: choose it, see every line judged, leave lines out or mend them, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guards.base import Finding, Fix
from notices.speak import moment, speak
from posts.csv_bytes import Unreadable
from posts.models import Channel
from scheduler import imports
from scheduler.import_lines import Choices
from scheduler.models import Import, ImportLine
from scheduler.verbs import NotNow
from scheduler.views.import_form import ChoicesForm, FileForm
from scheduler.views.import_page import shown
from scheduler.views.paging import page_by
from teams.access import MemberRequest, member


@member("editor")
def bring(request: MemberRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        file, now = form.cleaned_data["file"], timezone.now()
        known = set(Import.objects.filter(workspace=request.workspace).values_list("pk", flat=True))
        try:
            batch = imports.read(request.workspace, request.user, file.name, file.read(), _usual(request), now)
        except Unreadable as refused:
            form.add_error("file", speak(refused.sentence))
        else:
            if batch.pk in known:
                messages.info(request, _known(batch))
            return redirect(batch)
    recent = (
        Import.objects.filter(workspace=request.workspace)
        .select_related("workspace")
        .annotate(made=Count("lines", filter=Q(lines__fate=ImportLine.Fate.IMPORTED)), all=Count("lines"))[:10]
    )
    status = 422 if form.errors else 200
    return render(request, "import_new.html", {"form": form, "recent": recent}, status=status)


@member("editor")
def show(request: MemberRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    choices = Choices.from_json(batch.choices)
    return _page(request, batch, ChoicesForm(request.workspace, choices=choices))


@require_POST
@member("editor")
def choose(request: MemberRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    form = ChoicesForm(request.workspace, request.POST)
    if not form.is_valid():
        return _page(request, batch, form, status=422)
    imports.preview(batch, timezone.now(), form.chosen())
    return redirect(batch)


@require_POST
@member("editor")
def take(request: MemberRequest, pk: int) -> HttpResponse:
    """Tick or untick the line that is named, or all of one fate."""
    batch = _batch(request, pk)
    fate = request.POST.get("fate")
    of = Q(fate=fate) if fate else Q(number=_number(request))
    numbers = set(batch.lines.filter(of).values_list("number", flat=True))
    imports.take(batch, numbers, wanted=request.POST.get("wanted") == "yes")
    return _again(request, batch)


@require_POST
@member("editor")
def mend(request: MemberRequest, pk: int) -> HttpResponse:
    """Do the fix of the line that is named, or the first fix of this kind in every line that offers one."""
    batch = _batch(request, pk)
    verb = request.POST.get("verb", "")
    of = Q() if request.POST.get("all") else Q(number=_number(request))
    lines = batch.lines.filter(of, fate__in=[ImportLine.Fate.REFUSED, ImportLine.Fate.HELD, ImportLine.Fate.READY])
    offered = {line.number: fix for line in lines if (fix := _offered(line, verb))}
    try:
        imports.mend(batch, offered, timezone.now())
    except NotNow as refused:
        messages.error(request, speak(refused.sentence))
    return _again(request, batch)


@require_POST
@member("editor")
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    try:
        posts = imports.confirm(batch, imports.wanted(batch), timezone.now(), request.user)
    except NotNow as refused:
        messages.error(request, speak(refused.sentence))
    else:
        said = ngettext(
            "{count} post is in the Library and scheduled.",
            "{count} posts are in the Library and scheduled.",
            len(posts),
        )
        messages.success(request, said.format(count=len(posts)))
    return redirect(batch)


@require_POST
@member("editor")
def discard(request: MemberRequest, pk: int) -> HttpResponse:
    """Forget a file that no post was made of."""
    batch = _batch(request, pk)
    if batch.confirmed_at is None:
        batch.delete()
        messages.success(request, _("The file is forgotten; nothing was imported."))
    return redirect("import", request.workspace.slug)


def _batch(request: MemberRequest, pk: int) -> Import:
    return get_object_or_404(Import.objects.select_related("workspace", "user"), workspace=request.workspace, pk=pk)


def _usual(request: MemberRequest) -> Choices:
    """The channels of the last import, or the only channel there is: what most people mean."""
    last = Import.objects.filter(workspace=request.workspace).first()
    mine = list(Channel.objects.filter(workspace=request.workspace, state=Channel.State.CONNECTED)[:2])
    only = tuple(channel.pk for channel in mine) if len(mine) == 1 else ()
    return Choices(channels=only or (Choices.from_json(last.choices).channels if last else ()))


def _imported(count: int) -> str:
    said = ngettext(
        "{count} post is in the Library and scheduled.", "{count} posts are in the Library and scheduled.", count
    )
    return said.format(count=count)


def _known(batch: Import) -> str:
    if batch.confirmed_at is None:
        return _("This file is here already, and waits for your yes.")
    return _("This file was imported on {when}, so no new post was made. This is that import.").format(
        when=moment(batch.confirmed_at)
    )


def _number(request: MemberRequest) -> int:
    told = request.POST.get("number", "")
    if not told.isdigit() or len(told) > 9:
        raise Http404
    return int(told)


def _offered(line: ImportLine, verb: str) -> Fix | None:
    fixes = (fix for kept in line.findings for fix in Finding.from_json(kept).fixes)
    return next((fix for fix in fixes if fix.verb == verb), None) if verb in imports.MENDS else None


def _again(request: MemberRequest, batch: Import) -> HttpResponse:
    """Back to the page of lines that the person was looking at."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "imports/_batch.html", shown(batch, _lines(request, batch), request.GET))
    query = request.GET.urlencode()
    return HttpResponseRedirect(batch.get_absolute_url() + (f"?{query}" if query else ""))


def _page(request: MemberRequest, batch: Import, form: ChoicesForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "import_preview.html",
        {"form": form, **shown(batch, _lines(request, batch), request.GET)},
        status=status,
    )


def _lines(request: MemberRequest, batch: Import) -> Any:
    rows = batch.lines.select_related("copy_of", "post")
    if request.GET.get("show") == "problems":
        rows = rows.exclude(fate__in=[ImportLine.Fate.READY, ImportLine.Fate.IMPORTED])
    return page_by(rows, "number", request.GET, "")
