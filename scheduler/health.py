"""How a post is doing, in a word with its reason, from what really happened to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from notices.sentences import Sentence, say, say_count
from posts.models import Post
from scheduler.models import Measurement, Publication
from scheduler.states import PLANNED, SAID, State

AGE = 72  # hours: the reactions at this age are compared, or at the nearest one that was measured
FEW = 3  # sendings below which nothing can be told
FALLEN = 0.7  # of what the earlier ones earned on average


@dataclass(frozen=True)
class Sent:
    """One time that it went out, or may have."""

    at: datetime
    channel: str
    url: str
    state: str
    reactions: int | None  # None: not measured
    taken_down_at: datetime | None = None


@dataclass(frozen=True)
class Health:
    """`word` is one of the faces: draft, healthy, watch, ended, paused."""

    word: str
    why: Sentence


def sendings(rows: Iterable[Publication], reactions: Mapping[int, int]) -> list[Sent]:
    """What went out, or may have, oldest first."""
    said = sorted((row for row in rows if row.state in SAID), key=lambda row: row.planned_for)
    return [
        Sent(row.planned_for, row.channel.name, row.url, row.state, reactions.get(row.pk), row.taken_down_at)
        for row in said
    ]


def reactions_of(post: Post) -> dict[int, int]:
    """By publication: likes, reposts and replies together, at the age nearest to AGE."""
    names = ("publication", "age_hours", "likes", "reposts", "replies")
    found: dict[int, tuple[int, int]] = {}
    for pk, age, *numbers in Measurement.objects.filter(publication__post=post).values_list(*names):
        known = [number for number in numbers if number is not None]
        away = abs(age - AGE)
        if known and (pk not in found or away < found[pk][0]):
            found[pk] = (away, sum(known))
    return {pk: total for pk, (_, total) in found.items()}


def health(post: Post, sent: Sequence[Sent], states: Mapping[str, int], paused: bool) -> Health:
    """`states`: how many of its publications stand where."""
    if post.status != Post.Status.ACTIVE:
        return _INACTIVE[Post.Status(post.status)]
    if trouble := _trouble(states):
        return Health("watch", trouble)
    if paused:
        return Health("paused", say("Its series is paused."))
    if not any(states.get(state) for state in PLANNED) and post.planned_until is None:
        return Health("ended", say("All its publications are through."))
    return _by_reactions([one.reactions for one in sent if one.reactions is not None])


_INACTIVE = {
    Post.Status.DRAFT: Health("draft", say("It is not scheduled yet.")),
    Post.Status.STOPPED: Health("ended", say("Somebody has stopped it.")),
    Post.Status.RETIRED: Health("ended", say("It is retired and will not go out again.")),
}
_TROUBLES: dict[State, Callable[[int], Sentence]] = {
    State.UNCONFIRMED: lambda count: say_count(
        "{count} publication may or may not be out.", "{count} publications may or may not be out.", count
    ),
    State.HELD: lambda count: say_count("{count} publication is held.", "{count} publications are held.", count),
    State.FAILED: lambda count: say_count("{count} publication failed.", "{count} publications failed.", count),
    State.BLOCKED: lambda count: say_count(
        "{count} publication was blocked.", "{count} publications were blocked.", count
    ),
}


def _trouble(states: Mapping[str, int]) -> Sentence | None:
    worst = next((state for state in _TROUBLES if states.get(state)), None)
    return _TROUBLES[worst](states[worst]) if worst else None


def _by_reactions(reactions: Sequence[int]) -> Health:
    if len(reactions) < FEW:
        return Health("healthy", say("Nothing stands against it; too few reactions to tell more."))
    *earlier, last = reactions
    average = sum(earlier) / len(earlier)
    if average and last < average * FALLEN:
        fallen = round(100 * (1 - last / average))
        return Health("watch", say("Reactions fell {percent} % below the average of the earlier ones.", percent=fallen))
    return Health("healthy", say("Its last reactions ({last}) are like the earlier ones.", last=last))


def gaps(sent: Sequence[Sent]) -> list[int]:
    """Days between one sending and the next, in order."""
    return [round((later.at - one.at) / timedelta(days=1)) for one, later in pairwise(sent)]
