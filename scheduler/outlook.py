"""The forecast as it is told: how many go out on each day, what is in the way, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F
from django.db.models.functions import TruncDate

from guards.base import Finding
from guards.judge import Check, Verdict
from scheduler import forecast
from scheduler.models import Publication
from scheduler.month import midnight
from teams.models import Workspace

PROBLEMS = 50


@dataclass
class Tally:
    """How many of some publications go out, and how many do not."""

    out: int = 0
    held: int = 0
    blocked: int = 0
    unknown: int = 0

    def add(self, action: str, count: int) -> None:
        name = {"allow": "out", "warn": "out", "hold": "held", "block": "blocked"}.get(action, "unknown")
        setattr(self, name, getattr(self, name) + count)

    @property
    def planned(self) -> int:
        return self.out + self.held + self.blocked + self.unknown


@dataclass(frozen=True)
class Span:
    """One column of the strip: a day, or in a long forecast a week."""

    first: date
    last: date
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class Ahead:
    """The forecast of some days, of one channel or all. `channels` are those that have something planned."""

    total: Tally
    spans: Sequence[Span]
    channels: Mapping[int, str]

    @property
    def most(self) -> int:
        return max((span.tally.planned for span in self.spans), default=0)


def ahead(workspace: Workspace, now: datetime, days: int, channel: int | None) -> Ahead:
    """In one grouped query, however much is planned."""
    today = now.astimezone(workspace.zone).date()
    spans = _spans(today, days)
    rows = forecast.ahead(workspace, now, until(workspace, now, days))
    local_day = TruncDate("at", tzinfo=workspace.zone)
    grouped = rows.values("channel", "outlook", day=local_day, name=F("channel__name"))
    total, channels, by_day = Tally(), {}, {day: span.tally for span in spans for day in _days(span)}
    for group in grouped.annotate(count=Count("pk")).order_by("name"):
        channels[group["channel"]] = group["name"]
        if channel in (None, group["channel"]):
            total.add(group["outlook"], group["count"])
            by_day[group["day"]].add(group["outlook"], group["count"])
    return Ahead(total, spans, channels)


def problems(workspace: Workspace, now: datetime, days: int, channel: int | None, start: int = 0) -> list[Publication]:
    """What will not go out as it is, first dates first; one more than a page shows, if there are more."""
    rows = forecast.ahead(workspace, now, until(workspace, now, days)).filter(outlook__in=["hold", "block"])
    if channel:
        rows = rows.filter(channel=channel)
    ordered = rows.select_related("channel", "post", "judgement").order_by("at", "pk")  # type: ignore[misc]
    return list(ordered[start : start + PROBLEMS + 1])


def verdict_of(row: Publication) -> Verdict:
    return Verdict(tuple(Check.from_json(check) for check in row.outlook_checks))


def stopping(verdict: Verdict) -> list[Finding]:
    """What is in the way, strongest first, without what is merely worth a note."""
    return [finding for check, finding in verdict.findings if check.action == verdict.action]


def until(workspace: Workspace, now: datetime, days: int) -> datetime:
    """The end of the last day: days are the workspace's own, also when its clocks change in between."""
    after = now.astimezone(workspace.zone).date() + timedelta(days=days + 1)
    return midnight(after, workspace.zone) - timedelta(microseconds=1)


def _spans(today: date, days: int) -> list[Span]:
    length = 7 if days > 31 else 1
    last = today + timedelta(days=days)
    starts = [today + timedelta(days=offset) for offset in range(0, days + 1, length)]
    return [Span(start, min(start + timedelta(days=length - 1), last)) for start in starts]


def _days(span: Span) -> list[date]:
    return [span.first + timedelta(days=offset) for offset in range((span.last - span.first).days + 1)]
