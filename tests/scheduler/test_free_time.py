"""The next free time keeps away from what is planned and from quiet time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guards.models import GuardSetting
from posts.models import Channel
from scheduler.free_time import next_free_time
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import scheduled

pytestmark = pytest.mark.django_db


def utc(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{clock}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "free"),
    [("21 09:00", "21 09:15"), ("21 09:01", "21 09:30"), ("21 09:15:01", "21 09:45"), ("21 23:50", "22 00:15")],
)
def test_it_is_the_first_quarter_at_least_fifteen_minutes_ahead(
    workspace: Workspace, channel: Channel, now: str, free: str
) -> None:
    assert next_free_time(workspace, [channel], utc(now)) == utc(free)


def test_it_is_an_hour_from_what_is_planned_there(workspace: Workspace, channel: Channel) -> None:
    for number, clock in enumerate(["21 09:30", "21 10:20", "21 12:25"]):
        scheduled(workspace, channel, at=utc(clock), now=NOW, text=f"Tip {number}")
    assert next_free_time(workspace, [channel], NOW) == utc("21 13:30")


def test_a_gap_of_two_hours_is_taken(workspace: Workspace, channel: Channel) -> None:
    scheduled(workspace, channel, at=utc("21 09:30"), now=NOW, text="One")
    scheduled(workspace, channel, at=utc("21 11:30"), now=NOW, text="Two")
    assert next_free_time(workspace, [channel], NOW) == utc("21 10:30")


def test_other_channels_do_not_count(workspace: Workspace, channel: Channel) -> None:
    other = Channel.objects.create(workspace=workspace, network="sandbox_silent", handle="other", name="Other")
    scheduled(workspace, other, at=utc("21 09:15"), now=NOW)
    assert next_free_time(workspace, [channel], NOW) == utc("21 09:15")
    assert next_free_time(workspace, [channel, other], NOW) == utc("21 10:15")


def test_it_waits_until_quiet_hours_are_over(workspace: Workspace, channel: Channel) -> None:
    GuardSetting.objects.create(
        workspace=workspace, guard="quiet_time", action="hold", options={"start": "22:00", "end": "07:10"}
    )
    late = utc("21 21:30")  # 22:30 in Paris
    assert next_free_time(workspace, [channel], late) == utc("22 06:15")
    scheduled(workspace, channel, at=utc("22 06:30"), now=NOW)
    assert next_free_time(workspace, [channel], late) == utc("22 07:30")


def test_quiet_time_that_is_turned_off_is_no_matter(workspace: Workspace, channel: Channel) -> None:
    GuardSetting.objects.create(
        workspace=workspace, guard="quiet_time", action="off", options={"start": "22:00", "end": "07:00"}
    )
    assert next_free_time(workspace, [channel], utc("21 22:30")) == utc("21 22:45")


def test_it_is_found_without_a_channel(workspace: Workspace) -> None:
    assert next_free_time(workspace, [], NOW) == NOW + timedelta(minutes=15)
