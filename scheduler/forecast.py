"""The coming days, judged by the same guards in the order in which the engine would act, chains included."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from guards.base import Action, Finding, Fix, Moment
from guards.judge import Check, Verdict
from guards.models import Policies
from notices.sentences import say
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.catch_up import too_late
from scheduler.models import Outlook, Publication
from scheduler.plan import touch
from scheduler.settle import kept_past_its_time
from scheduler.states import State
from teams.models import Workspace

REACH = timedelta(days=90)
OLD = timedelta(hours=6)
# A workspace of this size is looked at while the reader waits; a larger one by the next tick.
AT_ONCE = 400
AT_A_TIME = 200

Due = tuple[datetime, datetime, int]  # when it is looked at, when it was planned for, its number


@dataclass(frozen=True)
class Fate:
    """What becomes of a publication: the first verdict that it meets, and the last, with the time of it."""

    first: Verdict
    last: Verdict
    at: datetime

    @property
    def goes_out(self) -> bool:
        return self.last.allows


Look = Callable[[int, Occurrence, Docket], None]


def foresee(
    rows: Sequence[Publication], now: datetime, policies: Policies | None = None, look: Look | None = None
) -> dict[int, Fate]:
    """What becomes of each of these, by primary key; under other policies than those in force, if they are given.

    `look` is shown each with all that is known of it, just before it is judged.
    """
    missed = {pk: Fate(verdict, verdict, now) for pk, verdict in _missed(rows, now)}
    left = [row for row in rows if row.pk not in missed]
    occurrences = {row.pk: Occurrence.of(row, max(_next_look(row), now)) for row in left}
    planned = {row.pk: _planned_for(row) for row in left}
    docket = Docket(list(occurrences.values()), now, Moment.FORECAST, policies)
    for row in left:
        if row.state == State.HELD:
            docket.promised(occurrences[row.pk])
    return missed | in_engine_order(occurrences, docket, now + REACH, planned, look)


def in_engine_order(
    occurrences: Mapping[int, Occurrence],
    docket: Docket,
    horizon: datetime,
    planned: Mapping[int, datetime] | None = None,
    look: Look | None = None,
) -> dict[int, Fate]:
    """What becomes of each, by its number.

    Of several that are due at once the engine takes the one first that was planned first, then the lower number.
    What is held until a certain time is judged again then, and what goes out counts for those after it.
    """
    fates: dict[int, Fate] = {}
    queue = [(one.at, planned[number] if planned else one.at, number) for number, one in occurrences.items()]
    heapq.heapify(queue)
    while queue:
        due = [(planned_for, number, replace(occurrences[number], at=at)) for at, planned_for, number in _next(queue)]
        for _, _, one in due:  # what was promised for this moment is no promise any more: it is to be seen now
            docket.forget(one)
        for planned_for, number, one in due:
            before = fates.get(number)
            if before and _ends_missed(before.last, planned_for, one):
                continue
            if look:
                look(number, one, docket)
            verdict = docket.judge(one)
            fates[number] = Fate(before.first if before else verdict, verdict, one.at)
            if verdict.allows:
                docket.said(one)
            elif verdict.until and one.at < verdict.until <= horizon:
                heapq.heappush(queue, (verdict.until, _planned_anew(verdict, planned_for), number))
    return fates


def refresh(workspace: Workspace, now: datetime) -> int:
    """Write the outlook on all coming publications within reach; returns how many have changed."""
    outlook, _ = Outlook.objects.get_or_create(workspace=workspace)
    seen = outlook.stale_since
    rows = list(with_facts(coming(workspace, now)))
    fates = foresee(rows, now)
    changed = [row for row in rows if _note(row, fates[row.pk].first)]
    _write(changed)
    fresh = Outlook.objects.filter(pk=outlook.pk, stale_since=seen).update(stale_since=None, computed_at=now)
    if not fresh:
        # Something changed meanwhile, or somebody else who had seen the change was quicker: once more.
        Outlook.objects.filter(pk=outlook.pk).update(stale_since=now, computed_at=now)
    return len(changed)


def refresh_stale(now: datetime, most: int = 5) -> int:
    """The tick's duty: forecasts that a change, or a day gone by, has made stale."""
    stale = Q(outlook__computed_at=None) | Q(outlook__stale_since__isnull=False) | Q(outlook__computed_at__lt=now - OLD)
    workspaces = list(Workspace.objects.filter(stale).order_by(F("outlook__computed_at").asc(nulls_first=True))[:most])
    return sum(refresh(workspace, now) for workspace in workspaces)


def ready(workspace: Workspace, now: datetime) -> Outlook:
    """The workspace's outlook, made fresh first when that is quick."""
    outlook, _ = Outlook.objects.get_or_create(workspace=workspace)
    if is_stale(outlook, now) and coming(workspace, now)[: AT_ONCE + 1].count() <= AT_ONCE:
        refresh(workspace, now)
        outlook.refresh_from_db()
    return outlook


def recompute(workspace: Workspace, now: datetime) -> bool:
    """A person wants it anew. False: it is large, and the next tick will do it."""
    quick = coming(workspace, now)[: AT_ONCE + 1].count() <= AT_ONCE
    if quick:
        refresh(workspace, now)
    else:
        touch([workspace.pk], now)
    return quick


def is_stale(outlook: Outlook, now: datetime) -> bool:
    computed = outlook.computed_at
    return computed is None or outlook.stale_since is not None or computed < now - OLD


def coming(workspace: Workspace, now: datetime) -> QuerySet[Publication]:
    """What the engine will look at by itself: the planned, and the held whose reason ends at a known time."""
    states = [State.SCHEDULED, State.CLAIMED, State.HELD]
    rows = Publication.objects.filter(workspace=workspace, state__in=states, planned_for__lte=now + REACH)
    return rows.exclude(state=State.HELD, next_attempt_at=None).order_by("planned_for", "pk")


def ahead(workspace: Workspace, now: datetime, until: datetime) -> QuerySet[Publication]:
    """The same as it is told: `at` is when each would go out, what is overdue being due now."""
    lifts = Case(When(state=State.HELD, then="next_attempt_at"), default="planned_for")
    return coming(workspace, now).order_by().annotate(at=Greatest(lifts, Value(now))).filter(at__lte=until)


def _next_look(row: Publication) -> datetime:
    return row.next_attempt_at or row.planned_for


def _planned_for(row: Publication) -> datetime:
    lifts = row.state == State.HELD and row.reason != "paused"
    return _next_look(row) if lifts else row.planned_for


def _next(queue: list[Due]) -> list[Due]:
    """All that is due first, at one moment."""
    due = [heapq.heappop(queue)]
    while queue and queue[0][0] == due[0][0]:
        due.append(heapq.heappop(queue))
    return due


def _planned_anew(verdict: Verdict, planned_for: datetime) -> datetime:
    """A hold that lifts is planned anew for that moment, but for what a pause kept back, which is late."""
    assert verdict.deciding is not None
    assert verdict.until is not None
    return planned_for if verdict.deciding.guard == "paused" else verdict.until


def _ends_missed(before: Verdict, planned_for: datetime, one: Occurrence) -> bool:
    assert before.deciding is not None
    return kept_past_its_time(before.deciding.guard, planned_for, one.at, one.series.workspace)


def _is_late(row: Publication, now: datetime) -> bool:
    at = max(_next_look(row), now)
    if row.state == State.HELD and kept_past_its_time(row.reason, row.planned_for, at, row.workspace):
        return True
    return at - _planned_for(row) > row.workspace.grace


def _missed(rows: Sequence[Publication], now: datetime) -> Iterator[tuple[int, Verdict]]:
    """What nobody sent in time: the newest of a series will wait for a person, those before it are skipped."""
    late = [row for row in rows if _is_late(row, now)]
    late.sort(key=lambda row: (_planned_for(row), row.pk))
    newest = {(row.post_id, row.channel_id): row for row in late}
    for row in late:
        if newest[row.post_id, row.channel_id] is row:
            fixes = (Fix("release", say("Send it now")), Fix("skip", say("Skip this one")))
            check = Check("missed", Action.HOLD, (Finding(too_late(row), fixes),))
        else:
            skipped = say("A later one of this series was missed, too: this one is skipped.")
            check = Check("missed", Action.BLOCK, (Finding(skipped),))
        yield row.pk, Verdict((check,))


def _note(row: Publication, verdict: Verdict) -> bool:
    checks = [check.as_json() for check in verdict.checks if check.action > Action.ALLOW]
    same = row.outlook == verdict.action.word and row.outlook_checks == checks
    row.outlook, row.outlook_checks = verdict.action.word, checks
    return not same


def _write(rows: Sequence[Publication]) -> None:
    """A few at a time, and none that somebody is moving: the engine must not wait for a forecast."""
    clear = [row for row in rows if row.outlook == Action.ALLOW.word]
    for some in _chunks(clear):
        with transaction.atomic():
            _unmoved(some).update(outlook=Action.ALLOW.word, outlook_checks=[])
    for some in _chunks([row for row in rows if row.outlook != Action.ALLOW.word]):
        with transaction.atomic():
            free = set(_unmoved(some).values_list("pk", flat=True))
            Publication.objects.bulk_update([row for row in some if row.pk in free], ["outlook", "outlook_checks"])


def _chunks(rows: Sequence[Publication]) -> Iterator[Sequence[Publication]]:
    return (rows[start : start + AT_A_TIME] for start in range(0, len(rows), AT_A_TIME))


def _unmoved(rows: Sequence[Publication]) -> QuerySet[Publication]:
    """Locked, as far as nobody else has them. The list of keys is read first: an update would forget the locks."""
    found = Publication.objects.select_for_update(skip_locked=True).filter(pk__in=[row.pk for row in rows])
    return Publication.objects.filter(pk__in=list(found.values_list("pk", flat=True)))
