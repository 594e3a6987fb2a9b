"""A chip's own page, moving it to another time, and what else is done from the calendar."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guards.base import Fix
from notices.sentences import say
from notices.speak import speak
from scheduler import fixes
from scheduler.candidates import with_facts
from scheduler.fixes import Done
from scheduler.looks import Look
from scheduler.models import Publication
from scheduler.suggest import first_allowed, verdict_at
from scheduler.verbs import NotNow
from scheduler.views.calendar import Asked, context
from teams.access import MemberRequest, member

# What the calendar itself can do; everything else has its own page.
VERBS = frozenset({"move", "skip", "restore", "undo"})


class MoveForm(forms.Form):
    """A local time, or a day to which it goes at the hour it has, or an instant."""

    when = forms.DateTimeField(
        label=_("New time"),
        error_messages={"required": _("Choose a day and a time."), "invalid": _("Choose a day and a time.")},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "data-focus": True}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].required = not self.data.get("day")

    def time_for(self, publication: Publication) -> datetime:
        day: date | None = self.cleaned_data["day"]
        if day:
            local = timezone.localtime(publication.planned_for)
            return timezone.make_aware(datetime.combine(day, local.time()))
        when: datetime = self.cleaned_data["when"]
        return when


@member()
def glance(request: MemberRequest, pk: int) -> HttpResponse:
    """What a chip opens: its sentence, and what can be done about it."""
    look = Look(_publication(request, pk))
    shown = {"look": look, "can_edit": request.membership.may("editor"), "focus": request.GET.get("focus", "")}
    return render(request, _template(request, "glance"), shown)


@member("editor")
def move(request: MemberRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    publication = _publication(request, pk)
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        initial={"when": timezone.localtime(publication.planned_for)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            when = form.time_for(publication)
            done = fixes.apply(publication, "move", {"to": when.isoformat()}, request.user, now)
            return _answer(request, publication, done, now, _foreseen(pk, request, now))
        except NotNow as no:
            if "day" in request.POST:  # dropped there, so there is no form to go back to
                return _toast(request, {"text": speak(no.sentence), "kind": "error"})
            form.add_error("when", speak(no.sentence))
    return _form(request, publication, form, now)


@require_POST
@member("editor")
def act(request: MemberRequest, pk: int) -> HttpResponse:
    """Skip, restore, or take back, and show the calendar as it is then."""
    now = timezone.now()
    publication = _publication(request, pk)
    verb = request.POST.get("verb", "")
    try:
        if verb not in VERBS:
            raise NotNow(say("There is no such fix here."))
        values = json.loads(request.POST.get("values") or "{}")
        done = fixes.apply(publication, verb, values, request.user, now)
    except ValueError:
        return _toast(request, {"text": speak(say("This fix lacks a value, or has a wrong one.")), "kind": "error"})
    except NotNow as no:
        return _toast(request, {"text": speak(no.sentence), "kind": "error"})
    return _answer(request, publication, done, now)


def _publication(request: MemberRequest, pk: int) -> Publication:
    return get_object_or_404(with_facts(Publication.objects.filter(workspace=request.workspace)), pk=pk)


def _template(request: MemberRequest, name: str) -> str:
    in_dialog = request.htmx.target == "dialog"  # type: ignore[attr-defined]
    return f"calendar/_{name}.html" if in_dialog else f"calendar_{name}.html"


def _form(request: MemberRequest, publication: Publication, form: MoveForm, now: datetime) -> HttpResponse:
    allowed = first_allowed(publication, max(publication.planned_for, now), now)
    shown = {"look": Look(publication), "form": form, "allowed": allowed and timezone.localtime(allowed)}
    answer = render(request, _template(request, "move"), shown, status=422 if form.errors else 200)
    if request.htmx and form.errors:  # type: ignore[attr-defined]
        answer = render(request, "calendar/_move.html", shown, status=422)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog", "innerHTML"
    return answer


def _foreseen(pk: int, request: MemberRequest, now: datetime) -> str:
    """What the guards will say at the new time, when it is not yes."""
    moved = _publication(request, pk)
    verdict = verdict_at(moved, moved.planned_for, now)
    deciding = verdict.deciding
    if verdict.allows or deciding is None:
        return ""
    return speak(say("As it is, it will be held then: {why}", why=deciding.findings[0].message))


def _answer(
    request: MemberRequest, publication: Publication, done: Done, now: datetime, foreseen: str = ""
) -> HttpResponse:
    """A toast with a way back, and with it the calendar anew; without a script, the calendar's page."""
    text = " ".join(filter(None, [speak(done.sentence), foreseen]))
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, text)
        day = timezone.localdate(_publication(request, publication.pk).planned_for)
        return redirect(Asked.of(QueryDict(), request.workspace, now).url(day=day))
    answer = _toast(request, {"text": text, "undo": done.undo, "pk": publication.pk}, _behind(request, now))
    answer["HX-Trigger-After-Settle"] = json.dumps({"close-dialog": True, "refrain:moved": publication.pk})
    return answer


def _toast(request: MemberRequest, toast: dict[str, Any], behind: dict[str, Any] | None = None) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.error(request, toast["text"])
        return redirect("calendar", request.workspace.slug)
    undo: Fix | None = toast.get("undo")
    values = json.dumps(dict(undo.values)) if undo else ""
    return render(request, "calendar/_done.html", {"toast": toast, "values": values, **(behind or {})})


def _behind(request: MemberRequest, now: datetime) -> dict[str, Any] | None:
    """The calendar that the reader has open, if it is one."""
    current = urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
    asked = Asked.of(QueryDict(current.query), request.workspace, now)
    return context(request, asked, now) if current.path == asked.address else None
