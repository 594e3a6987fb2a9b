"""Why a publication went out, or did not: the page behind every “Why?”."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from notices.sentences import Sentence
from scheduler import explaining, taking_down
from scheduler.candidates import with_facts
from scheduler.models import Publication
from scheduler.states import State
from scheduler.toasts import toast
from scheduler.verbs import NotNow
from scheduler.views.rows import shown
from teams.access import MemberRequest, member

OPEN = (State.SCHEDULED, State.HELD, State.BLOCKED, State.UNCONFIRMED, State.FAILED)


@member()
def explain(request: MemberRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = explaining.explain(request.workspace, pk, now)
    if found is None:
        raise Http404
    row, verdict, overrides = found.row, found.verdict, list(found.row.overrides.all())
    context = {
        "row": shown(row, request.membership),
        "publication": row,
        "planned": found.planned,
        "headline": explaining.headline(row, verdict, overrides),
        "steps": explaining.steps(verdict, overrides),
        "off": [title for _name, title in explaining.not_asked(verdict)] if verdict.checks else [],
        "pieces": explaining.marked(row.text or row.wording()[1], verdict),
        "overrides": overrides,
        "attempts": list(row.attempts.all()) if found.tried else [],
        "until": verdict.until,
        "passing": found.passing,
        "can_act": row.state in OPEN and not (found.planned and verdict.allows),
        "record": list(explaining.record_of(row)),
        "out": row.state == State.PUBLISHED,
        "hindrance": taking_down.hindrance(row),
        "may_edit": request.membership.may("editor"),
        "link": settings.PUBLIC_URL + row.get_absolute_url(),
        "judged_at": found.judged_at or now,
        "kept": json.dumps([check.as_json() for check in verdict.checks], indent=2, ensure_ascii=False),
    }
    return render(request, "occurrence_explain.html", context)


@member("editor")
def take_down(request: MemberRequest, pk: int) -> HttpResponse:
    """The words and what will happen, first; then the network is asked."""
    mine = with_facts(Publication.objects.filter(workspace=request.workspace))
    row, trouble = get_object_or_404(mine, pk=pk), Sentence("")
    if request.method == "POST":
        try:
            taking_down.take_down(row, request.user, timezone.now())
        except NotNow as no:
            trouble = no.sentence
        else:
            toast(request, _("It is down. The record says who took it down, and when."))
            return redirect(row)
    context = {"publication": row, "hindrance": taking_down.hindrance(row), "trouble": trouble}
    return render(request, "occurrence_take_down.html", context, status=422 if trouble.text else 200)
