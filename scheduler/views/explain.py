"""Why a publication went out, or did not: the page behind every “Why?”."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from guards.judge import Verdict
from scheduler import explaining, inbox
from scheduler.states import State
from scheduler.views.rows import shown
from teams.access import MemberRequest, member

OPEN = (State.SCHEDULED, State.HELD, State.BLOCKED, State.UNCONFIRMED, State.FAILED)


@member()
def explain(request: MemberRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    row = get_object_or_404(inbox.rows(request.workspace), pk=pk)
    verdict = row.judgement.verdict if row.judgement else Verdict(())
    planned = row.state == State.SCHEDULED
    if planned:
        row, verdict = explaining.foreseen(row, now)
    overrides = list(row.overrides.all())
    context = {
        "row": shown(row, request.membership),
        "publication": row,
        "planned": planned,
        "headline": explaining.headline(row, verdict, overrides),
        "steps": explaining.steps(verdict, overrides),
        "off": explaining.off(verdict) if verdict.checks else [],
        "pieces": explaining.marked(row.text or row.wording()[1], verdict),
        "overrides": overrides,
        "attempts": [] if row.post_revision is None else list(row.attempts.all()),
        "until": verdict.until,
        "can_act": row.state in OPEN and not (planned and verdict.allows),
        "record": list(explaining.record_of(row)),
        "link": settings.PUBLIC_URL + row.get_absolute_url(),
        "judged_at": now if planned or row.judgement is None else row.judgement.at,
        "kept": json.dumps([check.as_json() for check in verdict.checks], indent=2, ensure_ascii=False),
    }
    return render(request, "occurrence_explain.html", context)
