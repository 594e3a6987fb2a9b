"""Which publications are taken next: a few of each of some channels, in turn between the workspaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Min, Window
from django.db.models.functions import RowNumber

from posts.models import Channel
from scheduler import instance, quarantine, stop_file
from scheduler.models import Pause, Publication
from scheduler.moves import move
from scheduler.states import State

# So many of one channel go out one after the other, before other channels have their turn.
OF_ONE_CHANNEL = 8


def claim_due(now: datetime, most: int) -> UUID | None:
    """Take up to `most` due publications for one batch. None: nothing is free.

    A channel that another batch has just taken is left to it.
    """
    if stop_file.in_force(now) and not Pause.of_everything(now).exists():  # which holds them, and says so
        return None
    claim = uuid4()
    with transaction.atomic():
        if instance.check(now):
            return None
        chosen = _enough(_in_turn(now), most)
        ours = Channel.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=chosen)
        due = _first_of_each(list(ours.values_list("pk", flat=True)), now, most) if chosen else []
        taken = move(quarantine.apart(due), State.CLAIMED, now, claim=claim, lease_until=now + lease())
    return claim if taken else None


def lease() -> timedelta:
    return timedelta(seconds=settings.LEASE)


@dataclass(frozen=True)
class _Queue:
    """What is due on one channel."""

    channel: int
    length: int


def _in_turn(now: datetime) -> Iterator[_Queue]:
    """The channels that have something due and are free: one of each workspace, then the next of each.

    Within a workspace the one that waits longest comes first.
    """
    due = Publication.objects.due(now).order_by().values("workspace", "channel")
    waiting = due.annotate(first=Min("next_attempt_at"), length=Count("pk")).order_by("first", "channel")
    queues: defaultdict[int, list[_Queue]] = defaultdict(list)
    busy = set(_just_taken(now))
    for workspace, channel, length in waiting.values_list("workspace", "channel", "length"):
        if channel not in busy:
            queues[workspace].append(_Queue(channel, length))
    turns = chain.from_iterable(zip_longest(*queues.values()))
    return (queue for queue in turns if queue is not None)


def _enough(queues: Iterator[_Queue], most: int) -> list[int]:
    """So many channels that a few of each make a batch."""
    chosen = []
    while most > 0 and (queue := next(queues, None)):
        chosen.append(queue.channel)
        most -= min(queue.length, OF_ONE_CHANNEL)
    return chosen


def _first_of_each(channels: Sequence[int], now: datetime, most: int) -> list[Publication]:
    """Asked again what is free: until the channels were locked, somebody else may have taken them."""
    turn = Window(RowNumber(), partition_by=F("channel"), order_by=("next_attempt_at", "pk"))
    due = Publication.objects.due(now).filter(channel__in=set(channels) - set(_just_taken(now)))
    first = due.annotate(turn=turn).filter(turn__lte=OF_ONE_CHANNEL).order_by("next_attempt_at", "pk")
    wanted = list(first.values_list("pk", flat=True)[:most])
    return list(Publication.objects.due(now).filter(pk__in=wanted).select_for_update(skip_locked=True))


def _just_taken(now: datetime) -> Iterable[int]:
    """The channels of batches under way; not of those so old that their worker may have died."""
    young = now + lease() - timedelta(seconds=settings.SEND_DEADLINE / 2)
    leased = Publication.objects.filter(lease_until__gt=young)
    return leased.order_by().values_list("channel", flat=True).distinct()
