"""Stopping everything, or a part of it, and letting it go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from notices.speak import speak
from posts.models import Category, Channel, Post
from posts.networks import NETWORKS
from scheduler import backlog, verbs
from scheduler.models import Pause
from scheduler.pauses import effect, leaving, scope
from scheduler.toasts import toast
from scheduler.views.guard import back
from teams.access import MemberRequest, member
from teams.models import Workspace

EVERYTHING = ("all", gettext_lazy("Everything in this workspace"))
SERIES_LISTED = 50
NAMED = 10
LISTED = 50


@member()
def pause(request: MemberRequest) -> HttpResponse:
    """The panel for everybody to see what is paused; pausing takes an editor."""
    now, may = timezone.now(), request.membership.may("editor")
    asked = request.GET.get("scope", "all")
    form = PauseForm(request.workspace, request.POST or None, initial={"scope": asked})
    if request.method == "POST" and may and form.is_valid():
        try:
            made = verbs.pause(request.workspace, request.user, now, **form.wanted())
        except verbs.NotNow as why:
            form.add_error("until", speak(why.sentence))
        else:
            toast(request, _paused(made))
            return HttpResponseRedirect(back(request))
    covered = form.scope_of(asked if form.knows(asked) else "all")
    in_force = Pause.in_force(now).filter(workspace=request.workspace).select_related("channel", "category", "post")
    context = {
        "form": form,
        "may": may,
        "effect": effect(request.workspace, covered, now),
        "pauses": [(one, scope(one)) for one in in_force.order_by("since")],
        "back": back(request),
    }
    if request.htmx:  # type: ignore[attr-defined]
        part = "pause/_effect.html" if request.GET.get("part") == "effect" else "pause/_panel.html"
        return render(request, part, context)
    return render(request, "pause_new.html", context)


@member("editor")
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = Pause.objects.filter(workspace=request.workspace, ended_at=None)
    paused = get_object_or_404(found.select_related("channel", "category", "post", "workspace"), pk=pk)
    if request.method == "POST":
        then = request.POST.get("then", "keep")
        try:
            waiting = backlog.end(paused, request.user, now, then if then in backlog.THEN else "keep")
        except verbs.NotNow as why:
            toast(request, speak(why.sentence), kind="error")
        else:
            toast(request, _resumed(waiting))
        return redirect("home", request.workspace.slug)
    missed = backlog.missed_by(paused, now)
    context = {
        "pause": paused,
        "scope": scope(paused),
        "missed": missed[:LISTED],
        "count": len(missed),
        "rest": max(len(missed) - LISTED, 0),
        "back": back(request),
    }
    return render(request, "pause/_resume.html" if request.htmx else "pause_resume.html", context)  # type: ignore[attr-defined]


class PauseForm(forms.Form):
    field_order = ("scope", "until", "reason")
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("Leave it empty to stop until somebody resumes."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=300)

    def __init__(self, workspace: Workspace, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._workspace = workspace
        self.groups = list(_scopes(workspace))
        self.fields["scope"] = forms.ChoiceField(label=_("What stops"), choices=[EVERYTHING, *self.groups])
        self.order_fields(self.field_order)

    def knows(self, chosen: str) -> bool:
        return any(chosen == value for _name, those in self.groups for value, _label in those)

    def scope_of(self, chosen: str) -> dict[str, Any]:
        kind, _colon, pk = chosen.partition(":")
        if kind == "network":
            return {"network": pk}
        mine: dict[str, Any] = {
            "channel": self._workspace.channels,
            "category": self._workspace.categories,
            "post": self._workspace.posts,
        }
        if kind == "repeats":
            return {"post": self._workspace.posts.get(pk=pk), "repeats_only": True}
        return {kind: mine[kind].get(pk=pk)} if kind in mine else {}

    def wanted(self) -> dict[str, Any]:
        kept = self.cleaned_data
        return self.scope_of(kept["scope"]) | {"until": kept["until"], "reason": kept["reason"]}


def _scopes(workspace: Workspace) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    channels = list(Channel.objects.filter(workspace=workspace))
    categories = Category.objects.filter(workspace=workspace)
    series = Post.objects.filter(workspace=workspace, status=Post.Status.ACTIVE, rule__isnull=False).order_by("-pk")
    networks = sorted({channel.network for channel in channels})
    yield _("One channel"), [(f"channel:{one.pk}", one.name) for one in channels]
    yield _("One category"), [(f"category:{one.pk}", one.name) for one in categories]
    yield _("One network"), [(f"network:{slug}", NETWORKS[slug].name) for slug in networks]
    listed = list(series[:SERIES_LISTED])
    yield _("One post with all its repeats"), [(f"post:{one.pk}", one.title) for one in listed]
    yield _("The repeats of one post, not its first publication"), [(f"repeats:{one.pk}", one.title) for one in listed]


def _paused(made: Pause) -> str:
    """What stopped, and by name what was on its way already."""
    said = _("Paused: {scope}.").format(scope=speak(scope(made)))
    names = [
        _("“{title}” ({channel})").format(title=row.post.title, channel=row.channel.name)
        for row in leaving([made])[made.pk]
    ]
    if not names:
        return said
    late = ngettext(
        "{count} is being sent right now and may still arrive: {names}",
        "{count} are being sent right now and may still arrive: {names}",
        len(names),
    ).format(count=len(names), names=", ".join(names[:NAMED]))
    return f"{said} {late}"


def _resumed(waiting: int) -> str:
    if not waiting:
        return _("Publishing goes on. Nothing was left behind.")
    return ngettext(
        "Publishing goes on. {count} missed publication waits in Guard; it does not go out by itself.",
        "Publishing goes on. {count} missed publications wait in Guard; none goes out by itself.",
        waiting,
    ).format(count=waiting)
