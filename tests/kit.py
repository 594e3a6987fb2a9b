"""Short words for tests: write a post, schedule it, let the engine run at a given time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from posts.models import Channel, Post, RepeatRule, Variation
from posts.sandbox.ledger import Row
from posts.sandbox.server import Server
from scheduler import claims, publish, settle
from scheduler.flight import Answer, Errand, Flight
from scheduler.models import Publication
from scheduler.schedule import schedule
from teams.models import Workspace


def a_post(
    workspace: Workspace, *channels: Channel, text: str = "Answer comments within the hour.", **fields: Any
) -> Post:
    """A draft. `repeat` is a dict of the rule's fields, `variations` a list of texts."""
    repeat, variations = fields.pop("repeat", None), fields.pop("variations", [])
    post = Post.objects.create(workspace=workspace, text=text, language=fields.pop("language", "en"), **fields)
    post.channels.set(channels)
    if repeat:
        RepeatRule.objects.create(post=post, **repeat)
    for position, wording in enumerate(variations):
        Variation.objects.create(post=post, position=position, text=wording)
    return post


def scheduled(
    workspace: Workspace, *channels: Channel, at: datetime, now: datetime | None = None, **fields: Any
) -> Post:
    post = a_post(workspace, *channels, starts_at=at, reviewed_at=fields.pop("reviewed_at", now or at), **fields)
    schedule([post], None, now or at)
    return post


def some_places(workspace: Workspace, count: int) -> list[Channel]:
    """So many channels more."""
    made = workspace.channels.count()
    rows = [
        Channel(workspace=workspace, network="sandbox", handle=f"place-{n}", name=f"Place {n}")
        for n in range(made, made + count)
    ]
    return Channel.objects.bulk_create(rows)


def run(now: datetime) -> int:
    """What the workers do at this moment, until nothing is due any more. Returns how many requests left."""
    settle.rescue(now)
    settle.lift(now)
    settle.settle(settle.due_to_ask(now, 1000), now)
    sent = 0
    while claim := claims.claim_due(now, settings.BATCH):
        sent += publish.publish(claim, now)
    return sent


def only(post: Post) -> Publication:
    return Publication.objects.get(post=post)


def states(post: Post) -> list[str]:
    return list(Publication.objects.filter(post=post).order_by("due_at", "pk").values_list("state", flat=True))


def arrivals(sandbox: Server) -> list[Row]:
    """All that the sandbox network ever accepted, doubles included, oldest first."""
    return list(sandbox.ledger.all())


def everything(errands: Sequence[Errand], last_start: float) -> list[Answer]:
    """Send these, and wait for all that the network says."""
    flight, answers = Flight(), list[Answer]()
    flight.launch(errands, last_start)
    while flight:
        answers += flight.land()
    return answers
