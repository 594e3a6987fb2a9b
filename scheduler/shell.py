"""What every page's frame shows: the workspace, the counts beside the menu, and the state of publishing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from notices.models import Notice
from notices.sentences import Sentence, say
from notices.speak import speak
from scheduler.models import Pause, Publication, Pulse
from scheduler.pauses import scope, widest
from scheduler.states import State
from scheduler.toasts import pop_toast
from teams.models import Membership, Workspace

SILENT = timedelta(minutes=2)


@dataclass(frozen=True)
class StateOfPublishing:
    """`kind`: on, paused or silent. `sentence` is spoken already."""

    kind: str
    sentence: str
    pause: Pause | None = None


def shell(request: HttpRequest) -> dict[str, Any]:
    workspace: Workspace | None = getattr(request, "workspace", None)
    if workspace is None:
        return {}
    now = timezone.now()
    counts = _counts(workspace)
    memberships = Membership.objects.filter(user=request.user).select_related("workspace").order_by("workspace__name")  # type: ignore[misc]
    return {
        "shell": {
            "workspace": workspace,
            "membership": request.membership,  # type: ignore[attr-defined]
            "workspaces": [one.workspace for one in memberships],
            "counts": counts,
            "state": _state(workspace, now, lambda: counts["heard"]),
            "toast": partial(pop_toast, request),
            "nav": request.resolver_match.url_name if request.resolver_match else "",
        }
    }


def state_of_publishing(workspace: Workspace, now: datetime) -> StateOfPublishing:
    return _state(workspace, now, lambda: _heard().first())


def _state(workspace: Workspace, now: datetime, heard: Callable[[], datetime | None]) -> StateOfPublishing:
    everything = Q(network="", channel=None, category=None, post=None)
    pauses = Pause.in_force(now).filter(everything, Q(workspace=workspace) | Q(workspace=None))
    if paused := widest(pauses.select_related("workspace")):
        return StateOfPublishing("paused", speak(_paused(paused)), paused)
    last = heard()
    if last is None or now - last > SILENT:
        return StateOfPublishing("silent", speak(_silent(last)))
    return StateOfPublishing("on", speak(say("Publishing is on.")))


def _heard() -> QuerySet[Pulse, datetime]:
    """When the worker last did its work."""
    return Pulse.objects.filter(name="worker").values_list("at", flat=True)


def _counts(workspace: Workspace) -> dict[str, Any]:
    """All badges, the bell's, and when the worker was last heard of, in one query."""
    waiting = Publication.objects.filter(workspace=OuterRef("pk"))
    unread = Notice.objects.filter(workspace=OuterRef("pk"), read_at=None)
    counts = {
        "held": _count(waiting.filter(state=State.HELD)),
        "unconfirmed": _count(waiting.filter(state=State.UNCONFIRMED)),
        "unread": _count(unread),
        "heard": Subquery(_heard()[:1]),
    }
    found: dict[str, Any] = Workspace.objects.filter(pk=workspace.pk).values(**counts).get()
    return {**found, "notices": found["unread"]}


def _count(rows: QuerySet[Any]) -> Coalesce:
    grouped = rows.order_by().values("workspace").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(grouped), 0)


def _paused(pause: Pause) -> Sentence:
    until = say(" until {when}", when=pause.until) if pause.until else ""
    reason = say(": {reason}", reason=pause.reason) if pause.reason else ""
    return say(
        "{by} paused {scope} on {when}{until}{reason}.",
        by=pause.by, scope=scope(pause), when=pause.since, until=until, reason=reason,
    )  # fmt: skip


def _silent(last: datetime | None) -> Sentence:
    if last is None:
        return say("Nothing goes out: no worker has answered yet.")
    return say("Nothing goes out: the worker has been silent since {when}.", when=last)
