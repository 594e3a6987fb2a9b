"""A month holds whole weeks, three publications a day, and says how many more there are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from posts.models import Channel
from scheduler import month
from scheduler.models import Publication
from scheduler.month import Filters, Place
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import a_post, scheduled

MARCH = month.days_from(date(2027, 3, 1), 31)


def rows(workspace: Workspace, channel: Channel, times: list[datetime], **fields: Any) -> list[Publication]:
    post = a_post(workspace, channel, starts_at=times[0])
    return Publication.objects.bulk_create(
        Publication(
            workspace=workspace, post=post, channel=channel, due_at=when + timedelta(microseconds=number),
            planned_for=when, next_attempt_at=when, number=number, **fields,
        )
        for number, when in enumerate(times)
    )  # fmt: skip


@pytest.mark.parametrize("first_weekday", [0, 6])
@pytest.mark.parametrize("of", [date(2027, 2, 1), date(2026, 11, 21), date(2027, 8, 31), date(2026, 2, 14)])
def test_a_month_is_whole_weeks_with_no_week_too_many(of: date, first_weekday: int) -> None:
    weeks = month.weeks(of, first_weekday)
    assert all(week[0].weekday() == first_weekday and len(week) == 7 for week in weeks)
    assert all(any(day.month == of.month for day in week) for week in weeks)
    inside = [day for week in weeks for day in week if day.month == of.month]
    assert inside[0].day == 1
    assert (inside[-1] + timedelta(days=1)).day == 1


@pytest.mark.django_db
def test_only_what_is_shown_is_loaded(workspace: Workspace, channel: Channel, django_assert_num_queries: Any) -> None:
    start = datetime(2027, 3, 10, 6, tzinfo=UTC)
    rows(workspace, channel, [start + timedelta(minutes=n) for n in range(40)])
    with django_assert_num_queries(2):
        days = month.days(workspace, MARCH, Filters())
    day = days[date(2027, 3, 10)]
    assert ([row.number for row in day.shown], day.count, day.more) == ([0, 1, 2], 40, 37)
    assert days[date(2027, 3, 11)].count == 0


@pytest.mark.django_db
def test_what_wants_care_and_is_not_shown_is_counted(workspace: Workspace, channel: Channel) -> None:
    start = datetime(2027, 3, 10, 6, tzinfo=UTC)
    made = rows(workspace, channel, [start + timedelta(minutes=n) for n in range(8)])
    Publication.objects.filter(pk__in=[made[0].pk, made[6].pk]).update(state="held")
    Publication.objects.filter(pk=made[7].pk).update(outlook="block")
    day = month.days(workspace, MARCH, Filters())[date(2027, 3, 10)]
    assert (day.count, day.care_hidden) == (8, 2)
    assert month.days(workspace, MARCH, Filters(kind="trouble"))[date(2027, 3, 10)].count == 1


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"])
def test_a_day_is_that_of_the_workspaces_clock_also_when_clocks_change(channel: Channel, zone: str) -> None:
    workspace = channel.workspace
    workspace.timezone = zone
    midnights = [month.midnight(day, workspace.zone) for day in MARCH]
    rows(workspace, channel, [when + timedelta(minutes=1) for when in midnights])
    found = month.days(workspace, MARCH, Filters())
    assert [day.count for day in found.values()] == [1] * 31


@pytest.mark.django_db
def test_what_was_cancelled_is_only_shown_when_asked_for(workspace: Workspace, channel: Channel) -> None:
    rows(workspace, channel, [datetime(2027, 3, 10, tzinfo=UTC)], state="cancelled")
    assert month.kinds(month.days(workspace, MARCH, Filters()).values())["cancelled"] == 1
    assert month.days(workspace, MARCH, Filters())[date(2027, 3, 10)].count == 0
    assert month.days(workspace, MARCH, Filters(kind="cancelled"))[date(2027, 3, 10)].count == 1


@pytest.mark.django_db
def test_pages_meet_without_a_gap_or_a_double_even_at_one_instant(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail when the time alone was the place."""
    made = rows(workspace, channel, [datetime(2027, 3, 10, tzinfo=UTC)] * 130)
    every = Publication.objects.filter(workspace=workspace)
    first = month.stretch(every, None, None)
    assert first.earlier is None
    second = month.stretch(every, first.later, None)
    third = month.stretch(every, second.later, None)
    assert third.later is None
    assert [row.pk for page in (first, second, third) for row in page.rows] == [row.pk for row in made]
    back = month.stretch(every, None, third.earlier)
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]


def test_a_place_survives_the_address() -> None:
    place = Place(NOW, 12)
    assert Place.read(str(place)) == place
    assert Place.read("2026-11-21T09:00:00_1") is None
    assert Place.read("nonsense") is None


@pytest.mark.django_db
def test_a_first_publication_beyond_the_horizon_is_in_the_calendar(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail when nothing beyond the horizon was written down."""
    at = NOW + timedelta(days=200)
    scheduled(workspace, channel, at=at, now=NOW, repeat={"interval": 7, "unit": "day", "max_repeats": 3})
    assert [row.planned_for for row in Publication.objects.all()] == [at]
