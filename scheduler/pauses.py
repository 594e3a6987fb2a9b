"""Which pauses are in force for a publication, and how to say what they cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guards.base import Action, Finding, Fix, PauseFacts
from guards.judge import Check, Verdict
from notices.sentences import Sentence, say
from posts.networks import NETWORKS
from scheduler.models import Pause, Publication
from scheduler.states import State
from teams.models import Workspace


@dataclass(frozen=True)
class Place:
    """Where a publication belongs, for the question whether a pause covers it."""

    workspace: int
    network: str
    channel: int
    category: int | None
    post: int | None
    repeats: bool  # it is a repeat, not the first of its series


def place_of(row: Publication) -> Place:
    post = row.post
    return Place(row.workspace_id, row.channel.network, row.channel_id, post.category_id, row.post_id, row.number > 0)


class Pauses:
    """All pauses in force, read in one query."""

    def __init__(self, now: datetime) -> None:
        found = Pause.in_force(now).select_related("channel", "category", "post").order_by("since", "pk")
        self.rows = list(found)

    def over(self, place: Place) -> tuple[PauseFacts, ...]:
        return tuple(facts(row) for row in self.rows if covers(row, place))


def covers(pause: Pause, place: Place) -> bool:
    named = [
        (pause.workspace_id, place.workspace),
        (pause.network or None, place.network),
        (pause.channel_id, place.channel),
        (pause.category_id, place.category),
        (pause.post_id, place.post),
    ]
    all_of_it = place.repeats or not pause.repeats_only
    return all_of_it and all(wanted is None or wanted == actual for wanted, actual in named)


def held(verdict: Verdict, covering: Sequence[PauseFacts]) -> Verdict:
    """The verdict with these pauses in it: made after the guards were asked, or where the guard is turned off."""
    found = tuple(Finding(_since(pause), tuple(_fixes(pause)), until=pause.until) for pause in covering)
    return Verdict((*verdict.checks, Check("paused", Action.HOLD, found)))


def scope(pause: Pause) -> Sentence:
    if pause.post and pause.repeats_only:
        return say("the repeats of “{title}”", title=pause.post.title)
    if pause.post:
        return say("the post “{title}”", title=pause.post.title)
    if pause.channel:
        return say("the channel {channel}", channel=pause.channel.name)
    if pause.category:
        return say("the category {category}", category=pause.category.name)
    if pause.network:
        return say("everything on {network}", network=NETWORKS[pause.network].name)
    return say("the whole workspace") if pause.workspace_id else say("the whole of Refrain")


def facts(pause: Pause) -> PauseFacts:
    return PauseFacts(scope(pause), pause.by, pause.since, pause.until, pause.reason, pause.pk)


@dataclass(frozen=True)
class Effect:
    """What a pause would stop today, and what is on its way already and arrives."""

    today: int
    leaving: list[Publication]


def effect(workspace: Workspace, covered: Mapping[str, Any], now: datetime) -> Effect:
    """`covered` names the scope as `verbs.pause` takes it; nothing: the whole workspace."""
    lookups = {"network": "channel__network", "category": "post__category"}
    places = {lookups.get(name, name): value for name, value in covered.items() if name != "repeats_only"}
    rows = workspace.publications.filter(**places)
    if covered.get("repeats_only"):
        rows = rows.filter(number__gt=0)
    tonight = now.astimezone(workspace.zone).replace(hour=23, minute=59, second=59)
    today = rows.filter(state__in=[State.SCHEDULED, State.CLAIMED], planned_for__lte=tonight).count()
    return Effect(today, list(rows.filter(state=State.SENDING).select_related("post", "channel")[:10]))


def leaving(pauses: Sequence[Pause]) -> dict[int, list[Publication]]:
    """By pause, what it covers and is too late for: on its way at this moment, it still arrives."""
    rows = Publication.objects.filter(state=State.SENDING).select_related("post", "channel").order_by("pk")
    if all(pause.workspace_id for pause in pauses):
        rows = rows.filter(workspace__in={pause.workspace_id for pause in pauses})
    found = list(rows)
    return {pause.pk: [row for row in found if covers(pause, place_of(row))] for pause in pauses}


def widest(pauses: Iterable[Pause]) -> Pause | None:
    """The pause to name first: of the whole instance, then of a workspace, then the oldest of the others."""
    return min(pauses, key=lambda one: (one.workspace_id is not None, bool(_narrow(one)), one.since), default=None)


def _since(pause: PauseFacts) -> Sentence:
    paused = say("Paused by {who} on {when}", who=pause.by, when=pause.since)
    return say("{paused}: {reason}", paused=paused, reason=pause.reason) if pause.reason else paused


def _fixes(pause: PauseFacts) -> Iterator[Fix]:
    yield Fix("resume", say("Resume {scope}", scope=pause.scope), {"pause": pause.id})
    yield Fix("leave", say("Leave it paused"))


def _narrow(pause: Pause) -> object:
    return pause.post_id or pause.channel_id or pause.category_id or pause.network
