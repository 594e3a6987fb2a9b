"""Why a publication went out, or did not: the page behind every “Why?”."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from scheduler import explaining
from scheduler.states import State
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
        "off": [title for _, title in explaining.not_asked(verdict)] if verdict.checks else [],
        "pieces": explaining.marked(row.text or row.wording()[1], verdict),
        "overrides": overrides,
        "attempts": list(row.attempts.all()) if found.tried else [],
        "until": verdict.until,
        "passing": found.passing,
        "can_act": row.state in OPEN and not (found.planned and verdict.allows),
        "record": list(explaining.record_of(row)),
        "link": settings.PUBLIC_URL + row.get_absolute_url(),
        "judged_at": found.judged_at or now,
        "kept": json.dumps([check.as_json() for check in verdict.checks], indent=2, ensure_ascii=False),
    }
    return render(request, "occurrence_explain.html", context)
