"""The forecast: how many of the planned go out, what will be held or blocked, and what can be done about it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from guards.catalogue import RULES
from notices.sentences import say, say_count
from notices.speak import speak
from scheduler import forecast as engine
from scheduler import outlook, projection
from scheduler.gaps import gaps
from scheduler.models import Outlook, Publication
from scheduler.outlook import PROBLEMS, Ahead
from scheduler.projection import Projection, stretches
from scheduler.run_out import run_outs
from scheduler.views import rows
from teams.access import MemberRequest, member
from teams.models import Membership

REACHES = (7, 30, 90)
GAPS = 10
ENDINGS = 12


@dataclass(frozen=True)
class Asked:
    """How far ahead, for which channel, and from which problem on."""

    days: int
    channel: int | None
    start: int

    @classmethod
    def of(cls, given: QueryDict) -> Asked:
        days = _number(given.get("days", ""))
        return cls(
            days if days in REACHES else 30, _number(given.get("channel", "")) or None, _number(given.get("from", ""))
        )

    def url(self, **changes: int) -> str:
        parts = {"days": self.days, "channel": self.channel, **changes}
        return "?" + urlencode({name: value for name, value in parts.items() if value})


@member()
def forecast(request: MemberRequest) -> HttpResponse:
    now, asked = timezone.now(), Asked.of(request.GET)
    if request.method == "POST":
        if not engine.recompute(request.workspace, now):
            messages.info(
                request, gettext("There is much planned: the forecast is being computed and will be here in a minute.")
            )
        return redirect(reverse("forecast", args=[request.workspace.slug]) + asked.url())
    template = "forecast/_forecast.html" if request.htmx else "forecast_show.html"  # type: ignore[attr-defined]
    return render(request, template, _context(request, asked, now))


def _context(request: MemberRequest, asked: Asked, now: datetime) -> dict[str, Any]:
    workspace = request.workspace
    computed = engine.ready(workspace, now)
    queue = projection.ready(workspace, computed, now)
    until = outlook.until(workspace, now, asked.days)
    ends = run_outs(workspace, queue, now, until, asked.channel)
    ahead = outlook.ahead(workspace, now, asked.days, asked.channel)
    found = outlook.problems(workspace, now, asked.days, asked.channel, asked.start)
    return {
        "asked": asked,
        "here": asked.url(),
        "reaches": [(days, asked.url(days=days)) for days in REACHES],
        "ahead": ahead,
        "sentence": _sentence(ahead, asked.days),
        "problems": [_problem(row, request.membership) for row in found[:PROBLEMS]],
        "earlier": asked.url(**{"from": max(asked.start - PROBLEMS, 0)}) if asked.start else "",
        "later": asked.url(**{"from": asked.start + PROBLEMS}) if len(found) > PROBLEMS else "",
        "endings": [(one.post, speak(one.sentence)) for one in ends[:ENDINGS]],
        "more_endings": max(len(ends) - ENDINGS, 0),
        "gaps": _gaps(computed, queue, asked, until, now),
        "queue": _queue(queue, asked, until),
        "guards": [(name, speak(rule.title)) for name, rule in RULES.items()],
        "computed_at": computed.computed_at,
        "updating": engine.is_stale(computed, now),
        "today": timezone.localdate(now),
        "can_edit": request.membership.may("editor"),
    }


def _gaps(computed: Outlook, queue: Projection, asked: Asked, until: datetime, now: datetime) -> dict[str, Any]:
    """Slots that nothing will fill, in these days and on this channel: each with its reason, later ones in sum."""
    near = [gap for gap in gaps(computed, now) if gap.at <= until and asked.channel in (None, gap.channel)]
    later = [one for one in stretches(queue, until) if asked.channel in (None, one.channel)]
    count = len(near) + sum(len(one.times) for one in later)
    told = [speak(one.sentence) for one in later]
    return {"shown": near[:GAPS], "count": count, "more": len(near) > GAPS, "later": told}


def _queue(queue: Projection, asked: Asked, until: datetime) -> str:
    """What the queue will add after what is written down, as it stands."""
    turns = [at for channel, at in queue.turns if at <= until and asked.channel in (None, channel)]
    if not turns or queue.since is None:
        return ""
    return speak(
        say_count(
            "As it stands, the queue will add {count} more after {day}.",
            "As it stands, the queue will add {count} more after {day}.",
            len(turns), day=timezone.localtime(queue.since).date(),
        )
    )  # fmt: skip


def _sentence(ahead: Ahead, days: int) -> str:
    total = ahead.total
    if total.planned == total.out:
        return speak(
            say_count(
                "{count} is planned in the next {days} days, and it goes out.",
                "{count} are planned in the next {days} days, and all go out.",
                total.planned, days=days,
            )
        )  # fmt: skip
    parts = [
        say_count("{count} goes out", "{count} go out", total.out),
        say_count("{count} will be held", "{count} will be held", total.held),
        say_count("{count} will be blocked", "{count} will be blocked", total.blocked),
        say_count("{count} is not looked at yet", "{count} are not looked at yet", total.unknown),
    ]
    told = ", ".join(speak(part) for part in parts if part.count)
    return speak(say("Of {planned} planned, {told}.", planned=total.planned, told=told))


def _problem(row: Publication, membership: Membership) -> dict[str, Any]:
    verdict = outlook.verdict_of(row)
    shown = rows.shown(row, membership)
    return {
        "row": row,
        "status": shown.status,
        "word": shown.word,
        "sentences": [speak(finding.message) for finding in outlook.stopping(verdict)],
        "until": verdict.until,
        "buttons": shown.buttons,
        "more": shown.more,
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
