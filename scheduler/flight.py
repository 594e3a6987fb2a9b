"""Requests on their way: side by side, and one at a time for each channel."""

from __future__ import annotations

import logging
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from types import TracebackType

from django.conf import settings
from django.db import connection

from notices.sentences import say
from posts.networks.base import ChannelRefused, KeyExpired, Message, NotSent, Receipt, SendError
from scheduler.last_look import LastLook, Untried
from scheduler.models import Attempt, Publication
from scheduler.parcels import packed
from scheduler.quarantine import Stumbled
from scheduler.refreshing import with_good_keys
from scheduler.traces import where

log = logging.getLogger(__name__)

GATHER = 0.25  # seconds that the first answer waits for others, to be written down with them


@dataclass(frozen=True)
class Errand:
    """One request that has its intent written and may leave."""

    publication: Publication
    attempt: Attempt
    message: Message


@dataclass(frozen=True)
class Answer:
    errand: Errand
    outcome: Receipt | SendError


class Flight:
    """What one worker has on the way. True while anything is. Left early, it lets nothing more leave."""

    def __init__(self) -> None:
        self._answers: SimpleQueue[Answer | LastLook] = SimpleQueue()  # a look: a lane of its has come to its end
        self._errands = 0
        self._lanes: Counter[LastLook] = Counter()

    def __enter__(self) -> Flight:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for look in self._lanes:
            look.close()

    def __bool__(self) -> bool:
        return bool(self._errands or self._lanes)

    @property
    def full(self) -> bool:
        """Whether more would only wait here: it can as well be claimed later, or by somebody else."""
        return bool(self._lanes.total() > settings.SENDERS // 2)

    def launch(self, errands: Sequence[Errand], last_start: float) -> int:
        """Let these leave; returns how many they are.

        `last_start` is on the monotonic clock: nothing leaves after it, since the lease might run out before the
        answer, and then somebody else would think the request lost while it is on its way.
        """
        lanes: defaultdict[int, list[Errand]] = defaultdict(list)
        for errand in errands:
            lanes[errand.publication.channel_id].append(errand)
        look = LastLook([errand.attempt for errand in errands], last_start)
        self._errands += len(errands)
        self._lanes += Counter({look: len(lanes)})
        for lane in lanes.values():
            _senders().submit(_run_lane, lane, look, self._answers)
        return len(errands)

    def land(self) -> list[Answer]:
        """The answers that come within a moment; the pauses are read again when it is time."""
        for look in self._lanes:
            look.again()
        landed: list[Answer] = []
        ended: list[LastLook] = []
        until = monotonic() + GATHER
        while len(landed) + len(ended) < self._errands + self._lanes.total():
            try:
                one = self._answers.get(timeout=max(until - monotonic(), 0))
            except Empty:
                break
            landed.append(one) if isinstance(one, Answer) else ended.append(one)
        self._errands -= len(landed)
        self._lanes -= Counter(ended)
        return landed


def _run_lane(lane: Sequence[Errand], look: LastLook, answers: SimpleQueue[Answer | LastLook]) -> None:
    shut: SendError | None = None
    for errand in lane:
        outcome = shut or _send_one(errand, look)
        answers.put(Answer(errand, outcome))
        if isinstance(outcome, (NotSent, ChannelRefused)) and not look.forbids(errand.publication):
            # The network asks to be left alone, or cannot be reached: the rest of the lane need not try.
            shut = Untried(outcome.sentence)
    connection.close()  # a refresh may have opened one for this thread, which then sends for others and needs none
    answers.put(look)


def _send_one(errand: Errand, look: LastLook) -> Receipt | SendError:
    channel = errand.publication.channel
    if why := look.forbids(errand.publication):
        return Untried(why)
    try:
        message = packed(errand.publication, errand.message)
        return with_good_keys(channel, look.now, partial(_leave, errand.publication, message, look))
    except KeyExpired as error:
        return ChannelRefused(error.sentence)
    except SendError as error:
        return error
    except Exception as error:
        log.error("the connector of %s failed: %s", channel.network, where(error))
        return Stumbled(say("Refrain failed while it sent this; it may be out."))


def _leave(row: Publication, message: Message, look: LastLook) -> Receipt:
    if why := look.forbids(row):  # asked again: packing takes its time, and so does a refresh
        raise Untried(why)
    channel = row.channel
    # Counted from the look: a process that is stopped right after it sends nothing when it wakes.
    account = replace(channel.account, until=look.last_start + settings.SEND_DEADLINE)
    return channel.connector.publish(account, message)


_pool: list[ThreadPoolExecutor] = []
# A fork has the list without the threads.
os.register_at_fork(after_in_child=_pool.clear)


def _senders() -> ThreadPoolExecutor:
    """The threads live as long as the process: each keeps its connections open from one batch to the next."""
    if not _pool:
        _pool.append(ThreadPoolExecutor(settings.SENDERS, thread_name_prefix="send"))
    return _pool[0]
