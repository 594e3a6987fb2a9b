"""The guard inbox and what is done from it: fixes, their undoing, letting pass, settling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from guards.base import Fix
from notices.sentences import Sentence, say
from notices.speak import speak
from posts.models import Channel
from scheduler import fixes, forecast, inbox, undo, verbs
from scheduler.models import Deed, Publication
from scheduler.toasts import toast
from scheduler.views import together
from scheduler.views.rows import chosen, shown
from teams.access import MemberRequest, member

SOON_SHOWN = 100


@member()
def guard(request: MemberRequest) -> HttpResponse:
    now, tab = timezone.now(), request.GET.get("tab", "held")
    workspace = request.workspace
    reason, channel = request.GET.get("reason", ""), request.GET.get("channel", "")
    totals = inbox.totals(inbox.waiting(workspace, now, channel=channel))
    context = {
        "tab": tab if tab in ("soon", "solved") else "held",
        "total": sum(totals.values()),
        "reason": reason,
        "channel": channel,
        "filtered": bool(reason or channel),
        "channels": [
            (str(pk), name) for pk, name in Channel.objects.filter(workspace=workspace).values_list("pk", "name")
        ],
        "reasons": [(name, inbox.title(name)) for name in totals],
    }
    if context["tab"] == "solved":
        before = parse_datetime(request.GET.get("before", "").replace(" ", "+"))
        lines = inbox.solved(workspace, now, before, inbox.PAGE)
        context |= {
            "lines": lines,
            "may": request.membership.may("editor"),
            "older": lines[-1].at if len(lines) == inbox.PAGE else None,
        }
        context["soon_total"] = inbox.soon(workspace, now).count()
    else:
        context |= _listed(request, now, context["tab"] == "soon", totals)
    return render(request, "guard_inbox.html", context)


@require_POST
@member("editor")
def fix(request: MemberRequest, pk: int) -> HttpResponse:
    now, row = timezone.now(), _row(request, pk)
    verb, values = chosen(request.POST.get("fix", ""))
    _allowed(request, verb)
    batch = uuid4()
    try:
        done = fixes.apply(row, verb, values, request.user, now, batch)
    except verbs.NotNow as why:
        return _answer(request, pk, None, why.sentence, "error")
    undo_url = reverse("undo_deeds", args=[request.workspace.slug, batch]) if done.undo else ""
    said = say("“{title}”: {done}", title=row.post.title, done=done.sentence)
    return _answer(request, pk, done.sentence, said, "success", undo_url)


@member("approver")
def override(request: MemberRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.override(row, request.user, form.cleaned_data["reason"], timezone.now())
        except verbs.NotNow as why:
            form.add_error("reason", speak(why.sentence))
        else:
            toast(request, _("It may pass once. Your reason stays on record."))
            return HttpResponseRedirect(back(request))
    context = {"row": shown(row, request.membership), "form": form, "back": back(request)}
    return render(request, "guard/_override.html" if request.htmx else "guard_override.html", context)  # type: ignore[attr-defined]


@require_POST
@member("editor")
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """A person looked: out=yes, or out=no and it is sent again."""
    row, out = _row(request, pk), request.POST.get("out")
    if out not in ("yes", "no"):
        raise Http404
    try:
        done = fixes.apply(row, "is_out" if out == "yes" else "not_out", {}, request.user, timezone.now())
    except verbs.NotNow as why:
        return _answer(request, pk, None, why.sentence, "error")
    return _answer(request, pk, done.sentence, done.sentence, "success")


@require_POST
@member("editor")
def undo_last(request: MemberRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    last = Deed.objects.filter(publication=row, undone_at=None).order_by("-pk").first()
    return _taken_back(request, [last] if last else [])


@require_POST
@member("editor")
def undo_deeds(request: MemberRequest, batch: UUID) -> HttpResponse:
    deeds = Deed.objects.filter(workspace=request.workspace, batch=batch, undone_at=None)
    return _taken_back(request, list(deeds.select_related("publication").order_by("-pk")))


@member("editor")
def fix_group(request: MemberRequest) -> HttpResponse:
    """One fix for all of a reason, each with its own values: shown first, then done."""
    now, asked = timezone.now(), request.POST if request.method == "POST" else request.GET
    verb = asked.get("verb", "")
    _allowed(request, verb)
    pairs = together.same_fix(
        inbox.waiting(request.workspace, now, asked.get("reason", ""), asked.get("channel", "")), verb
    )
    if request.method == "POST":
        wanted = set(request.POST.getlist("row"))
        return _done_together(request, [(row, fix) for row, fix in pairs if str(row.pk) in wanted], now)
    context = {
        "pairs": pairs,
        "label": together.label(verb, len(pairs)),
        "asked": asked,
        "back": back(request),
    }
    return render(request, "guard/_together.html" if request.htmx else "guard_together.html", context)  # type: ignore[attr-defined]


class Reason(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why may it pass?"),
        help_text=gettext_lazy("At least 10 characters. Your name and this reason stay with the post for ever."),
        min_length=verbs.SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""}),
    )


def back(request: MemberRequest) -> str:
    """Where the person came from, if that is a page of ours; else the inbox."""
    for address in (request.POST.get("next"), request.headers.get("HX-Current-URL"), request.headers.get("Referer")):
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}) and request.path not in address:
            return address
    return reverse("guard", args=[request.workspace.slug])


def _listed(request: MemberRequest, now: datetime, soon: bool, totals: dict[str, int]) -> dict[str, object]:
    workspace, asked = request.workspace, request.GET
    reason, channel = asked.get("reason", ""), asked.get("channel", "")
    coming = inbox.soon(workspace, now)
    page = int(asked.get("page", "1")) if asked.get("page", "1").isdecimal() else 1
    first = (max(page, 1) - 1) * inbox.PAGE
    more = False
    if soon:
        forecast.ready(workspace, now)
        every = list(coming[:SOON_SHOWN])
        some = [row for row in every if _fits(row, reason, channel)]
        groups, count = inbox.grouped(some, {}), len(every)
    else:
        found = inbox.waiting(workspace, now, reason, channel)
        listed = list(found[first : first + inbox.PAGE + 1])
        some, more = listed[: inbox.PAGE], len(listed) > inbox.PAGE
        groups, count = inbox.grouped(some, totals), coming.count()
    return {
        "groups": [together.shown(group, request.membership, soon) for group in groups],
        "soon_total": count,
        "page": page,
        "earlier": page - 1 if page > 1 else None,
        "later": page + 1 if more else None,
        "checked": inbox.checked(workspace, now) if not some else 0,
    }


def _fits(row: Publication, reason: str, channel: str) -> bool:
    return reason in ("", inbox.reason_of(row)) and channel in ("", str(row.channel_id))


def _row(request: MemberRequest, pk: int) -> Publication:
    return get_object_or_404(inbox.rows(request.workspace), pk=pk)


def _allowed(request: MemberRequest, verb: str) -> None:
    needed = fixes.NEEDS.get(verb, "editor")
    if not request.membership.may(needed):
        if needed == "admin":
            raise PermissionDenied(_("This changes a guard for the whole workspace; it takes an admin. Ask one."))
        raise PermissionDenied(_("This widens a limit; it takes an approver. Ask one, or choose another fix."))


def _answer(
    request: MemberRequest, pk: int, done: Sentence | None, said: Sentence, kind: str, undo_url: str = ""
) -> HttpResponse:
    """The row as it now stands, with a toast; or, without a script, the page it was pressed on."""
    if not request.htmx:  # type: ignore[attr-defined]
        toast(request, speak(said), undo_url=undo_url, kind=kind)
        return HttpResponseRedirect(back(request))
    row = inbox.rows(request.workspace).filter(pk=pk).first()
    fresh = shown(row, request.membership, done=done) if row else None
    context = {"row": fresh, "text": speak(said), "kind": kind, "undo_url": undo_url}
    return render(request, "guard/_answer.html", context)


def _taken_back(request: MemberRequest, deeds: Sequence[Deed]) -> HttpResponse:
    now, sentence, kind = timezone.now(), say("Undone: all is as it was."), "success"
    try:
        for deed in deeds:
            undo.take_back(deed, request.user, now)
    except verbs.NotNow as why:
        sentence, kind = why.sentence, "error"
    if not deeds:
        sentence, kind = say("There is nothing to undo here."), "error"
    if not request.htmx:  # type: ignore[attr-defined]
        toast(request, speak(sentence), kind=kind)
        return HttpResponseRedirect(back(request))
    there = inbox.rows(request.workspace).filter(pk__in=[deed.publication_id for deed in deeds])[: inbox.PAGE]
    context = {"rows": [shown(row, request.membership) for row in there], "text": speak(sentence), "kind": kind}
    return render(request, "guard/_undone.html", context)


def _done_together(request: MemberRequest, pairs: Sequence[tuple[Publication, Fix]], now: datetime) -> HttpResponse:
    batch, done, left = uuid4(), 0, []
    for row, fix in pairs:
        try:
            fixes.apply(row, fix.verb, fix.values, request.user, now, batch)
            done += 1
        except verbs.NotNow as why:
            left.append(why.sentence)
    said = ngettext("{count} is done.", "{count} are done.", done).format(count=done)
    if left:
        many = ngettext("{count} could not be: {why}", "{count} could not be, the first because: {why}", len(left))
        said += " " + many.format(count=len(left), why=speak(left[0]))
    undo_url = reverse("undo_deeds", args=[request.workspace.slug, batch]) if done else ""
    toast(request, said, undo_url=undo_url, kind="error" if left else "success")
    return redirect("guard", request.workspace.slug)
