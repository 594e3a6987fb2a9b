"""Home: is it running, what needs me, what goes out next."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import time_format

from notices.sentences import Sentence, say, say_count
from posts.models import Channel
from scheduler import inbox, today
from scheduler.models import Publication
from scheduler.shell import frame
from scheduler.states import State
from scheduler.views.rows import shown
from teams.access import MemberRequest, member

NEEDS = 7


@member()
def home(request: MemberRequest) -> HttpResponse:
    now, workspace = timezone.now(), request.workspace
    left, following = today.still_today(workspace, now)
    channels = list(Channel.objects.filter(workspace=workspace))
    needing, total = inbox.needing(workspace, now, NEEDS)
    days, evergreen = today.week(workspace, now), today.evergreen(workspace, now)
    down = [channel for channel in channels if channel.state != Channel.State.CONNECTED]
    framed = frame(request, now)
    asked = framed.counts["approvals"] if request.membership.may("approver") else 0
    context = {
        "running": framed.state.kind == "on",
        "asked": asked,
        "state": _state(left, following, now),
        "rows": [shown(row, request.membership, _best(row)) for row in needing],
        "total": total,
        "down": down,
        "evergreen": evergreen,
        "quiet": not (needing or down or evergreen.unread or asked),
        "days": days,
        "most": max((one.most for one in days), default=1),
        "lately": today.lately(workspace, now),
        "first_run": not (channels and evergreen.posts),
        "channels": channels,
    }
    return render(request, "home.html", context)


def _best(row: Publication) -> int:
    """One fix is the best; of what nobody knows, either answer may be right."""
    return 2 if row.state == State.UNCONFIRMED else 1


def _state(left: int, following: Publication | None, now: datetime) -> Sentence:
    """What goes out today, and the next one; when it is not today, its day is said too."""
    if following is None:
        return say("Nothing is planned.")
    when: datetime | str = following.planned_for
    if timezone.localtime(following.planned_for).date() == timezone.localtime(now).date():
        when = time_format(timezone.localtime(following.planned_for), "TIME_FORMAT")
    following_said = say("next {when} on {channel}", when=when, channel=following.channel.name)
    if not left:
        return say("Nothing more goes out today; {next}.", next=following_said)
    return say_count(
        "{count} post goes out today; {next}.", "{count} posts go out today; {next}.", left, next=following_said
    )
