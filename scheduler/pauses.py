"""Which pauses are in force for a publication, and how to say what they cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guards.base import PauseFacts
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


def place_of(row: Publication) -> Place:
    return Place(row.workspace_id, row.channel.network, row.channel_id, row.post.category_id, row.post_id)


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
    return all(wanted is None or wanted == actual for wanted, actual in named)


def scope(pause: Pause) -> Sentence:
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
    rows = workspace.publications.filter(**{lookups.get(name, name): value for name, value in covered.items()})
    tonight = now.astimezone(workspace.zone).replace(hour=23, minute=59, second=59)
    today = rows.filter(state__in=[State.SCHEDULED, State.CLAIMED], planned_for__lte=tonight).count()
    return Effect(today, list(rows.filter(state=State.SENDING).select_related("post", "channel")[:10]))


def widest(pauses: Iterable[Pause]) -> Pause | None:
    """The pause to name first: of the whole instance, then of a workspace, then the oldest of the others."""
    return min(pauses, key=lambda one: (one.workspace_id is not None, bool(_narrow(one)), one.since), default=None)


def _narrow(pause: Pause) -> object:
    return pause.post_id or pause.channel_id or pause.category_id or pause.network
