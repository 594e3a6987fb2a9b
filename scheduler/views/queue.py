"""The queue: what comes into which slot and why, the slots that nothing fills, and the order of what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Min, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from notices.sentences import say
from notices.speak import speak
from posts.models import Post
from scheduler import line
from scheduler import queue as engine
from scheduler.gaps import Gap, gaps
from scheduler.models import Publication
from scheduler.states import SAID, State
from scheduler.verbs import NotNow
from teams.access import MemberRequest, member
from teams.models import Workspace

SHOWN = 60  # coming slots
PAGE = 50  # posts
WAYS = {"sooner": line.sooner, "later": line.later}


@dataclass(frozen=True)
class Entry:
    """One coming slot: what fills it, or the gap."""

    at: datetime
    row: Publication | None = None
    gap: Gap | None = None

    @property
    def channel(self) -> str:
        return self.row.channel.name if self.row else self.gap.channel_name if self.gap else ""


@member()
def show(request: MemberRequest) -> HttpResponse:
    now, workspace = timezone.now(), request.workspace
    outlook = engine.ready(workspace, now)
    channels = list(workspace.channels.annotate(times=Count("slots", filter=Q(slots__active=True))))
    chosen = next((one for one in channels if str(one.pk) == request.GET.get("channel")), None)
    entries = _entries(workspace, gaps(outlook, now), chosen.pk if chosen else None, now)
    number = _number(request.GET.get("page", ""))
    posts = list(_posts(workspace)[(number - 1) * PAGE : number * PAGE + 1])
    context = {
        "channels": channels,
        "chosen": chosen,
        "days": _by_day(entries[:SHOWN], workspace),
        "more": len(entries) > SHOWN,
        "any_slots": any(one.times for one in channels),
        "empty": sum(1 for one in entries if one.gap),
        "posts": _told(posts[:PAGE]),
        "paging": _paging(number, len(posts) > PAGE),
        "updating": engine.is_stale(outlook, now),
        "can_edit": request.membership.may("editor"),
    }
    return render(request, "queue_show.html", context)


@require_POST
@member("editor")
def step(request: MemberRequest, pk: int, way: str) -> HttpResponse:
    """Let a post go sooner or later."""
    if way not in WAYS:
        raise Http404
    post = get_object_or_404(request.workspace.posts.select_related("workspace"), pk=pk)
    try:
        WAYS[way](post, request.user, timezone.now())
    except NotNow as no:
        messages.error(request, speak(no.sentence))
    page = request.POST.get("page", "")
    back = f"?page={page}" if page.isdecimal() else ""
    return redirect(reverse("queue", args=[request.workspace.slug]) + back + f"#post-{post.pk}")


def _entries(workspace: Workspace, empty: Sequence[Gap], channel: int | None, now: datetime) -> list[Entry]:
    rows = workspace.publications.filter(slot__isnull=False, planned_for__gt=now, state__in=engine.COMING)
    if channel:
        rows = rows.filter(channel=channel)
        empty = [gap for gap in empty if gap.channel == channel]
    filled = rows.select_related("channel", "post").order_by("planned_for", "pk")[: SHOWN + 1]
    found = [Entry(row.planned_for, row=row) for row in filled] + [Entry(gap.at, gap=gap) for gap in empty]
    return sorted(found, key=lambda one: one.at)


def _by_day(entries: Sequence[Entry], workspace: Workspace) -> list[tuple[date, list[Entry]]]:
    days = groupby(entries, lambda one: one.at.astimezone(workspace.zone).date())
    return [(day, list(some)) for day, some in days]


def _posts(workspace: Workspace) -> Any:
    """What goes out once stands before what comes again, as in the slots."""
    waiting = engine.in_queue(workspace).select_related("rule", "category").prefetch_related("channels")
    return waiting.order_by("-queue", "queue_place", "pk")


def _told(posts: Sequence[Post]) -> list[dict[str, Any]]:
    """Each post with when it comes next and came last, in one query."""
    planned, out = Q(state=State.SCHEDULED), Q(state__in=SAID)
    rows = Publication.objects.filter(post__in=[post.pk for post in posts]).values("post").order_by()
    facts = rows.annotate(
        next_at=Min("planned_for", filter=planned), last_at=Max("planned_for", filter=out), sent=Count("pk", filter=out)
    )
    told = {row["post"]: row for row in facts}
    return [told.get(post.pk, {}) | {"post": post, "rule": getattr(post, "rule", None)} for post in posts]


def _paging(number: int, more: bool) -> dict[str, Any] | None:
    if number == 1 and not more:
        return None
    return {
        "number": number,
        "summary": speak(say("Page {number}", number=number)),
        "earlier": f"?page={number - 1}" if number > 1 else "",
        "later": f"?page={number + 1}" if more else "",
    }


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
