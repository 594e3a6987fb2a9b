"""The notices of a workspace: unread first, and marking them read."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from notices.models import Notice
from teams.access import MemberRequest, member

MOST = 100


@member()
def notices(request: MemberRequest) -> HttpResponse:
    unread_first = (F("read_at").desc(nulls_first=True), "-created_at", "-pk")
    rows = list(Notice.objects.filter(workspace=request.workspace).order_by(*unread_first)[:MOST])
    unread = [row for row in rows if row.read_at is None]
    read = [row for row in rows if row.read_at is not None]
    return render(request, "notice_list.html", {"unread": unread, "read": read})


@require_POST
@member()
def read(request: MemberRequest) -> HttpResponse:
    """One, or all that are unread: they are the team's, so read by one is read by all."""
    mine = Notice.objects.filter(workspace=request.workspace, read_at=None)
    chosen = request.POST.get("notice", "")
    if chosen:
        mine = mine.filter(pk=int(chosen)) if chosen.isascii() and chosen.isdigit() else mine.none()
    mine.update(read_at=timezone.now())
    return redirect("notices", request.workspace.slug)
