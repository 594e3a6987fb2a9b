"""The coming days, judged by the same guards in the order in which the engine would act, chains included."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import QuerySet

from guards.base import Action, Moment
from guards.judge import Verdict
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.models import Outlook, Publication
from scheduler.states import State
from teams.models import Workspace

REACH = timedelta(days=90)
# A workspace of this size is looked at while the reader waits; a larger one by the next tick.
AT_ONCE = 400


def foresee(rows: Sequence[Publication], now: datetime) -> dict[int, Verdict]:
    """The first verdict that each of these would meet, by primary key."""
    occurrences = {row.pk: Occurrence.of(row, max(row.planned_for, now)) for row in rows}
    docket = Docket(list(occurrences.values()), now, Moment.FORECAST)
    return in_engine_order(occurrences, docket, now + REACH)


def in_engine_order(occurrences: Mapping[int, Occurrence], docket: Docket, horizon: datetime) -> dict[int, Verdict]:
    """The first verdict on each, by its number; of those that are due together the lower number comes first.

    What is held until a certain time is judged again then, and what goes out counts for those after it.
    """
    first: dict[int, Verdict] = {}
    queue = [(one.at, number) for number, one in occurrences.items()]
    heapq.heapify(queue)
    while queue:
        at, number = heapq.heappop(queue)
        one = replace(occurrences[number], at=at)
        verdict = docket.judge(one)
        first.setdefault(number, verdict)
        if verdict.allows:
            docket.said(one)
        elif verdict.until and at < verdict.until <= horizon:
            heapq.heappush(queue, (verdict.until, number))
    return first


def refresh(workspace: Workspace, now: datetime) -> int:
    """Write the outlook on all coming publications within reach; returns how many have changed."""
    outlook, _ = Outlook.objects.get_or_create(workspace=workspace)
    seen = outlook.stale_since
    rows = list(with_facts(coming(workspace, now)))
    verdicts = foresee(rows, now)
    changed = [row for row in rows if _note(row, verdicts[row.pk])]
    Publication.objects.bulk_update(changed, ["outlook", "outlook_checks"], batch_size=500)
    # A change that came while this was computed keeps the forecast stale.
    Outlook.objects.filter(pk=outlook.pk, stale_since=seen).update(stale_since=None)
    Outlook.objects.filter(pk=outlook.pk).update(computed_at=now)
    return len(changed)


def refresh_stale(now: datetime, most: int = 5) -> int:
    """The tick's duty: forecasts that a change, or a day gone by, has made stale."""
    old = now - timedelta(hours=6)
    stale = Workspace.objects.filter(outlook__stale_since__isnull=False) | Workspace.objects.filter(
        outlook__computed_at__lt=old
    )
    never = Workspace.objects.filter(outlook=None)
    workspaces = list((stale | never).distinct().order_by("outlook__computed_at")[:most])
    return sum(refresh(workspace, now) for workspace in workspaces)


def ready(workspace: Workspace, now: datetime) -> Outlook:
    """The workspace's outlook, made fresh first when that is quick."""
    outlook, _ = Outlook.objects.get_or_create(workspace=workspace)
    stale = outlook.computed_at is None or outlook.stale_since is not None
    if stale and coming(workspace, now)[: AT_ONCE + 1].count() <= AT_ONCE:
        refresh(workspace, now)
        outlook.refresh_from_db()
    return outlook


def coming(workspace: Workspace, now: datetime) -> QuerySet[Publication]:
    rows = Publication.objects.filter(workspace=workspace, state=State.SCHEDULED, planned_for__lte=now + REACH)
    return rows.order_by("planned_for", "pk")


def _note(row: Publication, verdict: Verdict) -> bool:
    checks = [check.as_json() for check in verdict.checks if check.action > Action.ALLOW]
    same = row.outlook == verdict.action.word and row.outlook_checks == checks
    row.outlook, row.outlook_checks = verdict.action.word, checks
    return not same
