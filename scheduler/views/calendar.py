"""The calendar: a month of chips, a list by day, and one day whole. What is asked for stands in the address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext

from notices.sentences import say, say_count
from notices.speak import speak
from scheduler import month
from scheduler.gaps import Gap, gaps
from scheduler.looks import DayLook, Look
from scheduler.models import Outlook, Publication
from scheduler.month import KINDS, Filters, Place
from teams.access import MemberRequest, member
from teams.models import Workspace

VIEWS = ("month", "list", "day")


@dataclass(frozen=True)
class Asked:
    """What the address asks for. Without a view: the month, and on a narrow screen the week as a list."""

    address: str
    day: date
    view: str = ""
    filters: Filters = field(default_factory=Filters)
    after: Place | None = None
    before: Place | None = None

    @classmethod
    def of(cls, given: QueryDict, workspace: Workspace, now: datetime) -> Asked:
        view, channel, kind = given.get("view", ""), given.get("channel", ""), given.get("status", "")
        filters = Filters(
            channel=int(channel) if channel.isascii() and channel.isdigit() and len(channel) < 18 else None,
            kind=kind if kind in KINDS else "",
            words=given.get("q", "").replace("\0", "").strip()[:100],
        )
        return cls(
            reverse("calendar", args=[workspace.slug]),
            _day(given.get("date", "")) or timezone.localdate(now),
            view if view in VIEWS else "",
            filters,
            Place.read(given.get("after", "")),
            Place.read(given.get("before", "")),
        )

    def url(self, **changes: Any) -> str:
        """The address of the same with something changed; paging starts anew."""
        asked = replace(self, **{"after": None, "before": None, **changes})
        filters = asked.filters
        parts = {
            "view": asked.view, "date": asked.day, "channel": filters.channel, "status": filters.kind,
            "q": filters.words, "after": asked.after, "before": asked.before,
        }  # fmt: skip
        return f"{self.address}?{urlencode({name: str(value) for name, value in parts.items() if value})}"

    def with_kind(self, kind: str) -> str:
        return self.url(filters=replace(self.filters, kind="" if kind == self.filters.kind else kind))

    @cached_property
    def month_url(self) -> str:
        return self.url(view="month")

    @cached_property
    def list_url(self) -> str:
        return self.url(view="list")

    @cached_property
    def today_url(self) -> str:
        return self.url(day=None)

    @cached_property
    def day_url(self) -> str:
        """Ends where the date belongs: a grid has forty days, and each is named twice."""
        return self.url(view="day", day=None) + "&date="

    @cached_property
    def date_url(self) -> str:
        asked = self.url(day=None)
        return asked + ("date=" if asked.endswith("?") else "&date=")

    @cached_property
    def glance_url(self) -> str:
        return self.address.removesuffix("calendar/") + "occurrences/"

    @property
    def filtered(self) -> bool:
        return self.filters != Filters()

    @property
    def unfiltered(self) -> str:
        return self.url(filters=Filters())


@member()
def calendar(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    asked = Asked.of(request.GET, request.workspace, now)
    in_dialog = asked.view == "day" and request.htmx.target == "dialog"  # type: ignore[attr-defined]
    return render(request, "calendar/_day.html" if in_dialog else "calendar_show.html", context(request, asked, now))


def context(request: MemberRequest, asked: Asked, now: datetime) -> dict[str, Any]:
    shows = {"": _month, "month": _month, "list": _list, "day": _one_day}[asked.view]
    return {
        "asked": asked,
        "today": timezone.localdate(now),
        "can_edit": request.membership.may("editor"),
        "queue_url": reverse("queue", args=[request.workspace.slug]),
        "channels": list(request.workspace.channels.order_by("name").values_list("pk", "name")),
        **shows(request.workspace, asked, now),
    }


def _month(workspace: Workspace, asked: Asked, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    first_weekday = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7
    weeks = month.weeks(asked.day, first_weekday)
    first, last, seven = weeks[0][0], weeks[-1][-1], month.days_from(asked.day, 7)
    whole = month.days_from(first, (max(last, seven[-1]) - first).days + 1)
    found = month.days(workspace, whole, asked.filters)
    empty = _empty(workspace, asked, now)
    looks = {
        day: DayLook(one, today, outside=day.month != asked.day.month, gaps=empty.get(day, ()))
        for day, one in found.items()
    }
    counts = month.kinds(one for day, one in found.items() if day <= last)
    start = asked.day.replace(day=1)
    return {
        "title": date_format(asked.day, "YEAR_MONTH_FORMAT"),
        "weeks": [[looks[day] for day in week] for week in weeks],
        "week": [looks[day] for day in seven],
        "earlier": asked.url(day=_first_of(start - timedelta(days=1), today)),
        "later": asked.url(day=_first_of(start + timedelta(days=31), today)),
        "week_earlier": asked.url(day=asked.day - timedelta(days=7)),
        "week_later": asked.url(day=asked.day + timedelta(days=7)),
        "legend": _legend(asked, counts),
        "nothing": not any(one.count for one in found.values()),
    }


def _empty(workspace: Workspace, asked: Asked, now: datetime) -> dict[date, list[Gap]]:
    """Slots that nothing fills, by day; where only some publications are asked for, those of the channel or none."""
    found: defaultdict[date, list[Gap]] = defaultdict(list)
    if asked.filters.kind or asked.filters.words:
        return found
    for gap in gaps(Outlook.objects.filter(workspace=workspace).first(), now):
        if asked.filters.channel in (None, gap.channel):
            found[gap.at.astimezone(workspace.zone).date()].append(gap)
    return found


def _list(workspace: Workspace, asked: Asked, now: datetime) -> dict[str, Any]:
    rows = asked.filters.over(workspace)
    if not (asked.after or asked.before):
        rows = rows.filter(planned_for__gte=month.midnight(asked.day, workspace.zone))
    found = month.stretch(rows, asked.after, asked.before)
    days = [month.Day(day) for day in month.days_from(asked.day, 7)]
    today = timezone.localdate(now)
    return {
        "title": speak(say("From {day}", day=asked.day)),
        "agenda": _agenda(found.rows, workspace),
        "week": [DayLook(day, today) for day in days],
        "week_earlier": asked.url(day=asked.day - timedelta(days=7)),
        "week_later": asked.url(day=asked.day + timedelta(days=7)),
        "page": _page(asked, found),
        "legend": _legend(asked, None),
        "nothing": not found.rows,
    }


def _one_day(workspace: Workspace, asked: Asked, now: datetime) -> dict[str, Any]:
    rows = month.between(asked.filters.over(workspace), workspace.zone, asked.day, asked.day)
    found = month.stretch(rows, asked.after, asked.before)
    return {
        "title": speak(say("{day}", day=asked.day)),
        "agenda": _agenda(found.rows, workspace),
        "earlier": asked.url(day=asked.day - timedelta(days=1)),
        "later": asked.url(day=asked.day + timedelta(days=1)),
        "page": _page(asked, found) if found.earlier or found.later else None,
        "legend": _legend(asked, None),
        "nothing": not found.rows,
    }


def _agenda(rows: list[Publication], workspace: Workspace) -> list[tuple[date, list[Look]]]:
    return [(day, [Look(row) for row in some]) for day, some in month.by_day(rows, workspace.zone)]


def _page(asked: Asked, found: month.Stretch) -> dict[str, str]:
    earlier = found.earlier or (Place.of(found.rows[0]) if found.rows and asked.view == "list" else None)
    return {
        "summary": speak(
            say_count("{count} publication on this page", "{count} publications on this page", len(found.rows))
        ),
        "earlier": asked.url(before=earlier) if earlier else "",
        "later": asked.url(after=found.later) if found.later else "",
    }


def _legend(asked: Asked, counts: Mapping[str, int] | None) -> list[dict[str, Any]]:
    """What the marks mean; each is a filter, too. With counts only what there is, and what is chosen."""
    return [
        {
            "kind": kind,
            "count": counts[kind] if counts else None,
            "chosen": kind == asked.filters.kind,
            "url": asked.with_kind(kind),
            "word": gettext("Will be held") if kind == "trouble" else "",
        }
        for kind in KINDS
        if counts is None or counts[kind] or kind == asked.filters.kind
    ]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 2200 else None


def _first_of(day: date, today: date) -> date:
    """The first of that month, or today if it is in it."""
    return today if (day.year, day.month) == (today.year, today.month) else day.replace(day=1)
