"""What a guard would have said of what went out lately, with the settings of today or with others.

Each publication is judged as it stood: its text as it went out, at its planned time, with what had been said before.
What its post says of itself (its rule, its expiry, a person's word) is taken as it is today: it is not kept otherwise.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from guards.base import Candidate, Echo, Moment, Other, Sending
from guards.catalogue import RULES
from guards.judge import judge
from guards.likeness import twins
from guards.models import Policies
from guards.neighbours import Neighbours, Saying, Sayings
from guards.prepared import prepared
from guards.wear import FEWEST
from scheduler.candidates import channel_facts, repeat_of
from scheduler.models import Publication
from scheduler.neighbourhood import MOST as NEIGHBOURS
from scheduler.neighbourhood import REACH
from scheduler.results import Receptions
from scheduler.rules import Scope
from scheduler.states import State

DAYS = 90
MOST = 2000  # newest: what a page may ask for has to be answered soon
ON_A_CHANNEL = 4000  # newest, that they are compared with
KEPT_FOR = 600  # seconds
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hindsight:
    """Of so many publications, those that a guard would have caught: the action's word by primary key."""

    looked: int
    capped: bool
    caught: Mapping[int, str] = field(default_factory=dict)

    def count(self, action: str) -> int:
        return sum(word == action for word in self.caught.values())


def can_tell(guard: str) -> bool:
    """False where a guard looks at what is so only for the moment, and kept nowhere."""
    return not getattr(RULES[guard], "of_the_moment", False)


def hindsights(scope: Scope, policies: Policies, guards: Iterable[str], now: datetime) -> dict[str, Hindsight]:
    """For each of these guards that can tell; what was asked lately with the same settings is remembered."""
    keys = {guard: _key(scope, policies, guard) for guard in guards if can_tell(guard)}
    known: dict[str, Hindsight] = cache.get_many(keys.values())
    past = Past(scope, now)
    found = {}
    for guard, key in keys.items():
        if key not in known:
            known[key] = past.judged(guard, policies)
            cache.set(key, known[key], KEPT_FOR)
        found[guard] = known[key]
    return found


def before_and_after(
    scope: Scope, guard: str, before: Policies, after: Policies, now: datetime
) -> tuple[Hindsight, Hindsight] | None:
    """The same publications under two settings, nothing remembered: the one must be comparable with the other."""
    past = Past(scope, now)
    return (past.judged(guard, before), past.judged(guard, after)) if can_tell(guard) else None


class Past:
    """The publications of the last days at one level, oldest first, ready to be judged; read when first asked for."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self._scope, self._now = scope, now

    def judged(self, guard: str, policies: Policies) -> Hindsight:
        caught = {}
        for row, candidate in self._candidates:
            policy = policies.of(row.workspace_id, row.post.category_id, row.post_id)
            verdict = judge(candidate, {guard: policy[guard]})
            if list(verdict.findings):
                caught[row.pk] = verdict.action.word
        return Hindsight(len(self._rows), self._capped, caught)

    @cached_property
    def _read(self) -> list[Publication]:
        return list(lately(self._scope, self._now)[: MOST + 1])

    @property
    def _capped(self) -> bool:
        return len(self._read) > MOST

    @cached_property
    def _rows(self) -> list[Publication]:
        return self._read[MOST - 1 :: -1] if self._capped else self._read[::-1]

    @cached_property
    def _candidates(self) -> list[tuple[Publication, Candidate]]:
        return list(_candidates(self._rows, self._now))


def lately(scope: Scope, now: datetime) -> QuerySet[Publication]:
    """What went out at this level in the last days, or may have, newest first."""
    rows = Publication.objects.said().filter(
        workspace=scope.workspace, planned_for__gte=now - DAYS * DAY, planned_for__lte=now
    )
    if scope.post:
        rows = rows.filter(post=scope.post)
    elif scope.category:
        rows = rows.filter(post__category=scope.category)
    return rows.select_related("post__rule", "channel", "workspace").order_by("-planned_for", "-pk")


class _Said(NamedTuple):
    """One earlier publication, as the database gives it."""

    channel: int
    planned_for: datetime
    pk: int
    post: int
    number: int
    due_at: datetime
    state: str
    fingerprint: str
    text: str

    @property
    def sending(self) -> Sending:
        return Sending(self.planned_for, self.state == State.PUBLISHED, self.pk)


def _candidates(rows: Sequence[Publication], now: datetime) -> Iterator[tuple[Publication, Candidate]]:
    if not rows:
        return
    contents, lines = _Contents(rows), _Lines(rows)
    histories = [contents.before(row) for row in rows]
    posts, prints = {row.post_id for row in rows}, {row.fingerprint for row in rows}
    heard = {row.channel_id for row, past in zip(rows, histories, strict=True) if len(past) >= FEWEST}
    receptions = Receptions(dict.fromkeys(heard, rows[0].workspace.zone), posts, prints, now)
    for row, history in zip(rows, histories, strict=True):
        measured = receptions.of(row.channel_id, history)
        known = replace(measured, results=tuple(one for one in measured.results if one.at <= row.planned_for))
        others, neighbours = lines.before(row)
        yield (
            row,
            replace(
                _bare(row),
                history=history,
                sent=contents.of_series_before(row),
                reception=known,
                others=others,
                neighbours=neighbours,
                echoes={row.text: contents.beside(row)},
            ),
        )


def _bare(row: Publication) -> Candidate:
    post, at = row.post, row.planned_for
    kept = post.reactions_kept_at
    return Candidate(
        moment=Moment.SCHEDULING,
        at=at,
        now=at,
        zone=row.workspace.zone,
        text=row.text,
        language=post.language,
        length=row.channel.connector.length(row.text),
        channel=replace(channel_facts(row.channel), trouble=None),
        number=row.number,
        repeat=repeat_of(getattr(post, "rule", None)),
        first_at=post.starts_at,
        expires_at=post.expires_at,
        fine_until=post.fine_until,
        allowed_more=post.allowed_more,
        kept_at=kept if kept and kept <= at else None,
    )


class _Contents:
    """The sendings of the same contents, however long ago; one query."""

    def __init__(self, rows: Sequence[Publication]) -> None:
        channels, posts = {row.channel_id for row in rows}, {row.post_id for row in rows}
        self._channels = {row.channel_id: row.channel for row in rows}
        same = Q(fingerprint__in={row.fingerprint for row in rows}) | Q(post__in=posts)
        said = Publication.objects.said().filter(same, channel__in=channels).order_by("planned_for", "pk")
        self._of_print: defaultdict[tuple[int, str], list[_Said]] = defaultdict(list)
        self._of_post: defaultdict[tuple[int, int], list[_Said]] = defaultdict(list)
        for one in (_Said(*facts) for facts in said.values_list(*_Said._fields)):
            self._of_print[one.channel, one.fingerprint].append(one)
            self._of_post[one.channel, one.post].append(one)

    def before(self, row: Publication) -> tuple[Sending, ...]:
        """As the engine counts: these words, and what the post said before they were mended."""
        own = self._of_post[row.channel_id, row.post_id]
        others = {one.fingerprint: one.text for one in own if one.fingerprint != row.fingerprint}
        alike = {print_ for print_, text in others.items() if twins(prepared(text), prepared(row.text))}
        mended = (one for one in own if one.fingerprint in alike)
        found = {one.pk: one for one in (*self._of_print[row.channel_id, row.fingerprint], *mended)}
        earlier = (one for one in found.values() if _is_before(one, row))
        return tuple(one.sending for one in sorted(earlier, key=lambda one: one.planned_for))

    def beside(self, row: Publication) -> tuple[Echo, ...]:
        """These words before, on the other channels of a network that minds."""
        if row.channel.limits.same_words_after == 0:
            return ()
        network = row.channel.network
        others = [one for one in self._channels.values() if one.network == network and one.pk != row.channel_id]
        said = ((other, one) for other in others for one in self._of_print.get((other.pk, row.fingerprint), ()))
        return tuple(Echo(other.name, one.planned_for) for other, one in said if _is_before(one, row))

    def of_series_before(self, row: Publication) -> int:
        begun = row.post.starts_at
        own = self._of_post[row.channel_id, row.post_id]
        return sum(_is_before(one, row) and (begun is None or one.due_at >= begun) for one in own)


class _Lines:
    """All that was said on each channel in the order of time; one query."""

    def __init__(self, rows: Sequence[Publication]) -> None:
        newest = Window(RowNumber(), partition_by=F("channel"), order_by=[F("planned_for").desc(), F("pk").desc()])
        since = rows[0].planned_for - REACH
        said = Publication.objects.said().filter(channel__in={row.channel_id for row in rows}, planned_for__gte=since)
        ranked = said.annotate(rank=newest).filter(rank__lte=ON_A_CHANNEL).order_by("planned_for", "pk")
        self._said: defaultdict[int, list[_Said]] = defaultdict(list)
        self._others: defaultdict[int, list[Other]] = defaultdict(list)
        for one in (_Said(*facts) for facts in ranked.values_list(*_Said._fields)):
            self._said[one.channel].append(one)
            self._others[one.channel].append(Other(_minute(one.planned_for), repeat=one.number > 0))
        self._sayings = {
            channel: Sayings(Saying(one.text, one.planned_for, one.post, one.fingerprint) for one in some)
            for channel, some in self._said.items()
        }

    def before(self, row: Publication) -> tuple[tuple[Other, ...], Neighbours]:
        """What went out in the day before, and what other posts said in the weeks before."""
        said, sayings = self._said[row.channel_id], self._sayings.get(row.channel_id, Sayings())
        end = bisect_left(said, (row.planned_for, row.pk), key=lambda one: (one.planned_for, one.pk))
        day = bisect_right(sayings.ats, _minute(row.planned_for) - DAY, hi=end)
        others = tuple(self._others[row.channel_id][day:end])
        start = max(bisect_left(sayings.ats, row.planned_for - REACH, hi=end), end - NEIGHBOURS)
        own = sayings.of(start, end, row.post_id, {row.fingerprint})
        return others, Neighbours(sayings, start, end, own)


def _is_before(one: _Said, row: Publication) -> bool:
    return (one.planned_for, one.pk) < (row.planned_for, row.pk)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _key(scope: Scope, policies: Policies, guard: str) -> str:
    told = json.dumps([scope.keys, guard, policies.said_of(guard)], sort_keys=True)
    return "hindsight:" + hashlib.sha256(told.encode()).hexdigest()[:32]
