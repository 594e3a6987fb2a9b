"""The forecast: how many of the planned go out, what will be held or blocked, and what can be done about it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from notices.sentences import say, say_count
from notices.speak import speak
from scheduler import forecast as engine
from scheduler import outlook
from scheduler.gaps import gaps
from scheduler.models import Outlook, Publication
from scheduler.outlook import PROBLEMS, Ahead
from scheduler.views import rows
from teams.access import MemberRequest, member
from teams.models import Membership

REACHES = (7, 30, 90)
GAPS = 10


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
        "endings": [
            (post, speak(_ending(post))) for post in outlook.endings(workspace, now, asked.days, asked.channel)
        ],
        "gaps": _gaps(computed, asked, now),
        "computed_at": computed.computed_at,
        "updating": engine.is_stale(computed, now),
        "today": timezone.localdate(now),
        "can_edit": request.membership.may("editor"),
    }


def _gaps(computed: Outlook, asked: Asked, now: datetime) -> dict[str, Any]:
    """Slots that nothing will fill, in these days and on this channel."""
    until = now + timedelta(days=asked.days)
    found = [gap for gap in gaps(computed, now) if gap.at <= until and asked.channel in (None, gap.channel)]
    return {"shown": found[:GAPS], "count": len(found), "more": len(found) > GAPS}


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


def _ending(post: Any) -> Any:
    words = {"title": post.title, "day": timezone.localtime(post.last).date(), "number": post.number}
    if post.rule.max_repeats:
        return say("“{title}” ends on {day}, with repeat {number} of {most}.", most=post.rule.max_repeats, **words)
    return say("“{title}” ends on {day}, with repeat {number}.", **words)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
