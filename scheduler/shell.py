"""What every page's frame shows: the workspace, the counts beside the menu, and the state of publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from notices.models import Notice
from notices.sentences import Sentence, say
from notices.speak import speak
from scheduler import stop_file
from scheduler.consents import waiting
from scheduler.models import Pause, Publication
from scheduler.pauses import scope, widest
from scheduler.states import State
from scheduler.toasts import pop_toast
from scheduler.trouble import Trouble, signs, trouble
from teams.access import memberships
from teams.models import Workspace


@dataclass(frozen=True)
class StateOfPublishing:
    """`kind`: on, paused, frozen, silent, refused or recovering. `sentence` is spoken already."""

    kind: str
    sentence: str
    pause: Pause | None = None


@dataclass(frozen=True)
class Frame:
    counts: dict[str, int]
    state: StateOfPublishing


def shell(request: HttpRequest) -> dict[str, Any]:
    workspace: Workspace | None = getattr(request, "workspace", None)
    if workspace is None:
        return {}
    now = timezone.now()
    framed = frame(request, now)
    return {
        "shell": {
            "workspace": workspace,
            "membership": request.membership,  # type: ignore[attr-defined]
            "workspaces": [one.workspace for one in memberships(request)],
            "counts": framed.counts,
            "state": framed.state,
            "toast": partial(pop_toast, request),
            "nav": request.resolver_match.url_name if request.resolver_match else "",
        }
    }


def pause_of_everything(workspace: Workspace, now: datetime) -> Pause | None:
    """The pause, of the workspace or of the instance, under which nothing at all goes out."""
    everything = Q(network="", channel=None, category=None, post=None)
    pauses = Pause.in_force(now).filter(everything, Q(workspace=workspace) | Q(workspace=None))
    return widest(pauses.select_related("workspace"))


def state_of_publishing(
    workspace: Workspace, now: datetime, trouble: Trouble | None, is_paused: bool = True
) -> StateOfPublishing:
    """`is_paused` False: it is known that no pause is in force."""
    if trouble and trouble.kind == "frozen":
        return StateOfPublishing(trouble.kind, speak(trouble.sentence))
    if is_paused and (paused := pause_of_everything(workspace, now)):
        said = " ".join(speak(one) for one in [_paused(paused), trouble and trouble.sentence] if one)
        return StateOfPublishing("paused", said, paused)
    if stop := stop_file.in_force(now):
        return StateOfPublishing("paused", speak(_stopped(stop)))
    if trouble:
        return StateOfPublishing(trouble.kind, speak(trouble.sentence))
    return StateOfPublishing("on", speak(say("Publishing is on.")))


def frame(request: HttpRequest, now: datetime) -> Frame:
    """The badges and the state, read once for a request: a page that shows them itself asks no second time."""
    known: Frame | None = getattr(request, "_frame", None)
    if known is None:
        workspace: Workspace = request.workspace  # type: ignore[attr-defined]
        seen = _read(workspace, now)
        counts = {name: seen[name] for name in ("held", "unconfirmed", "approvals")} | {"notices": seen["unread"]}
        counts["waiting"] = counts["held"] + counts["unconfirmed"]
        known = Frame(counts, state_of_publishing(workspace, now, trouble(seen, now), seen["paused"]))
        request._frame = known  # type: ignore[attr-defined]
    return known


def _read(workspace: Workspace, now: datetime) -> dict[str, Any]:
    """All badges, and the signs of trouble, in one query."""
    rows = Publication.objects.filter(workspace=OuterRef("pk"))
    unread = Notice.objects.filter(workspace=OuterRef("pk"), read_at=None)
    found = Workspace.objects.filter(pk=workspace.pk).values(
        held=_count(rows.filter(state=State.HELD)),
        unconfirmed=_count(rows.filter(state=State.UNCONFIRMED)),
        unread=_count(unread),
        approvals=_count(waiting(workspace)),
        paused=Exists(Pause.in_force(now)),
        **signs(),
    )
    return dict(found.get())


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("workspace").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _paused(pause: Pause) -> Sentence:
    until = say(" until {when}", when=pause.until) if pause.until else ""
    reason = say(": {reason}", reason=pause.reason) if pause.reason else ""
    return say(
        "{by} paused {scope} on {when}{until}{reason}.",
        by=pause.by, scope=scope(pause), when=pause.since, until=until, reason=reason,
    )  # fmt: skip


def _stopped(stop: stop_file.Stop) -> Sentence:
    by = stop.by or say("Somebody on the server")
    since = say(" on {when}", when=stop.since) if stop.since else ""
    until = say(" until {when}", when=stop.until) if stop.until else ""
    reason = say(": {reason}", reason=stop.reason) if stop.reason else ""
    return say("{by} stopped the workers{since}{until}{reason}.", by=by, since=since, until=until, reason=reason)
