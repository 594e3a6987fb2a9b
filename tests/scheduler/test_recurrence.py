"""The k-th due time: right at every change of the clocks, in short months, and without drift."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.base import Repeat
from scheduler.recurrence import at_wall_clock, due_at, occurrences

CASES = json.loads(Path(__file__).with_name("clock_changes.json").read_text())
PARIS = ZoneInfo("Europe/Paris")
FAR = datetime(2200, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES["clock_changes"], ids=lambda case: f"{case['tz']} {case['local']}")
def test_a_local_time_at_a_clock_change_is_the_right_instant(case: dict[str, Any]) -> None:
    local, zone = datetime.fromisoformat(case["local"]), ZoneInfo(case["tz"])
    assert at_wall_clock(local, zone) == datetime.fromisoformat(case["expect_utc"])


@pytest.mark.parametrize("case", CASES["clock_changes"], ids=lambda case: f"{case['tz']} {case['local']}")
def test_a_daily_rule_comes_to_that_instant_and_once_for_each_date(case: dict[str, Any]) -> None:
    local, zone = datetime.fromisoformat(case["local"]), ZoneInfo(case["tz"])
    start = at_wall_clock(local - timedelta(days=3), zone)
    due = [at for _, at in occurrences(start, zone, Repeat(1, "day", 6), FAR)]
    assert datetime.fromisoformat(case["expect_utc"]) in due
    assert len(set(due)) == len(due) == 7


@pytest.mark.parametrize("case", CASES["month_ends"], ids=lambda case: case["rule"])
def test_months_are_counted_from_the_start(case: dict[str, Any]) -> None:
    start = at_wall_clock(datetime.fromisoformat(case["start"]).replace(hour=10), PARIS)
    months = 12 if case["rule"].startswith("yearly") else 1
    repeat = Repeat(months, "month", len(case["expect"]) - 1, skip_short_months="skip" in case["rule"])
    due = [at.astimezone(PARIS).date().isoformat() for _, at in occurrences(start, PARIS, repeat, FAR)]
    assert due == case["expect"]


def test_a_day_that_a_zone_skipped_falls_on_the_next_and_comes_once() -> None:
    apia = ZoneInfo("Pacific/Apia")
    start = at_wall_clock(datetime(2011, 12, 28, 10), apia)
    due = [at.astimezone(apia).day for _, at in occurrences(start, apia, Repeat(1, "day", 4), FAR)]
    assert due == [28, 29, 31, 1]


def test_the_end_date_is_the_last_day_on_which_it_may_go_out() -> None:
    start = at_wall_clock(datetime(2026, 11, 1, 23, 30), PARIS)
    due = [number for number, _ in occurrences(start, PARIS, Repeat(1, "week", 50, date(2026, 11, 15)), FAR)]
    assert due == [0, 1, 2]


def test_the_second_showing_of_an_hour_is_kept_for_the_first_publication() -> None:
    start = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1).astimezone(UTC)
    assert due_at(start, PARIS, Repeat(1, "day", 3), 0) == start


def test_a_rule_that_leaves_the_calendar_ends_instead_of_failing() -> None:
    start = datetime(9998, 1, 1, tzinfo=UTC)
    assert len(list(occurrences(start, PARIS, Repeat(12, "month", 50), datetime.max.replace(tzinfo=UTC)))) <= 3
    leap = at_wall_clock(datetime(2096, 2, 29, 10), PARIS)
    assert due_at(leap, PARIS, Repeat(12, "month", 1, skip_short_months=True), 1).astimezone(PARIS).year == 2104


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "UTC"]),
    interval=st.integers(1, 60),
    unit=st.sampled_from(["day", "week", "month"]),
    number=st.integers(1, 52),
)
def test_every_due_time_shows_the_starts_wall_clock_or_moves_forward_by_the_gap(
    start: datetime, zone: str, interval: int, unit: str, number: int
) -> None:
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    due = due_at(start, ZoneInfo(zone), Repeat(interval, unit, 52), number).astimezone(ZoneInfo(zone))
    moved = due.replace(tzinfo=None) - datetime.combine(due.date(), local.time())
    assert timedelta(0) <= moved <= timedelta(hours=1)
