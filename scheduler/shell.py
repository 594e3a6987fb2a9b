"""What every page's frame shows: the workspace, the counts beside the menu, and the state of publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone

from notices.models import Notice
from notices.sentences import Sentence, say
from notices.speak import speak
from scheduler.models import Pause, Publication, Pulse
from scheduler.pauses import scope, widest
from scheduler.states import State
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
    memberships = Membership.objects.filter(user=request.user).select_related("workspace").order_by("workspace__name")  # type: ignore[misc]
    return {
        "shell": {
            "workspace": workspace,
            "membership": request.membership,  # type: ignore[attr-defined]
            "workspaces": [one.workspace for one in memberships],
            "counts": _counts(workspace, now),
            "state": state_of_publishing(workspace, now),
            "nav": request.resolver_match.url_name if request.resolver_match else "",
        }
    }


def state_of_publishing(workspace: Workspace, now: datetime) -> StateOfPublishing:
    everything = Q(network="", channel=None, category=None, post=None)
    pauses = Pause.in_force(now).filter(everything, Q(workspace=workspace) | Q(workspace=None))
    if paused := widest(pauses.select_related("workspace")):
        return StateOfPublishing("paused", speak(_paused(paused)), paused)
    pulse = Pulse.objects.filter(name="worker").first()
    if pulse is None or now - pulse.at > SILENT:
        return StateOfPublishing("silent", speak(_silent(pulse)))
    return StateOfPublishing("on", speak(say("Publishing is on.")))


def _counts(workspace: Workspace, now: datetime) -> dict[str, int]:
    """All badges in one grouped query, and the bell's in another."""
    waiting = Publication.objects.filter(workspace=workspace, state__in=[State.HELD, State.UNCONFIRMED])
    counts: dict[str, int] = waiting.aggregate(
        held=Count("pk", filter=Q(state=State.HELD)), unconfirmed=Count("pk", filter=Q(state=State.UNCONFIRMED))
    )
    return counts | {"notices": Notice.objects.filter(workspace=workspace, read_at=None).count()}


def _paused(pause: Pause) -> Sentence:
    until = say(" until {when}", when=pause.until) if pause.until else ""
    reason = say(": {reason}", reason=pause.reason) if pause.reason else ""
    return say(
        "{by} paused {scope} on {when}{until}{reason}.",
        by=pause.by, scope=scope(pause), when=pause.since, until=until, reason=reason,
    )  # fmt: skip


def _silent(pulse: Pulse | None) -> Sentence:
    if pulse is None:
        return say("Nothing goes out: no worker has answered yet.")
    return say("Nothing goes out: the worker has been silent since {when}.", when=pulse.at)
