"""Quiet hours and quiet days, also in the nights in which the clocks change.

Seen red with the rule's condition taken out.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.rules import quiet_time
from tests.guards.kit import (
    NEW_YORK,
    PARIS,
    assert_complete,
    candidate,
    findings,
    finds,
    fix,
    lifts,
    paris,
    passes,
    spoken,
    utc,
    verbs,
)

NIGHT: dict[str, Any] = {"start": "22:00", "end": "07:00"}
CHRISTMAS: dict[str, Any] = {"blackout": ("2026-12-24/2026-12-26",)}
ST_JOHNS = ZoneInfo("America/St_Johns")  # set its clocks back at 00:01 until 2011
SAO_PAULO = ZoneInfo("America/Sao_Paulo")  # had days without a midnight until 2018


def at(text, fold=0, **changes):
    return candidate(at=paris(text, fold), **changes)


def test_nothing_is_quiet_at_first():
    passes(quiet_time, at("2026-11-26 03:00"))


@pytest.mark.parametrize("clock", ["22:00", "23:59:59", "00:00", "06:59:59"])
def test_the_night_is_quiet(clock):
    finds(quiet_time, at(f"2026-11-26 {clock}"), **NIGHT)


@pytest.mark.parametrize("clock", ["07:00", "12:00", "21:59:59"])
def test_the_day_is_not(clock):
    passes(quiet_time, at(f"2026-11-26 {clock}"), **NIGHT)


def test_the_first_time_after_is_told_and_offered():
    found = finds(quiet_time, at("2026-11-26 23:10"), **NIGHT)
    assert spoken(found.message) == "2026-11-26 23:10:00+01:00 is in your quiet hours (22:00:00 to 07:00:00)."
    assert found.until == paris("2026-11-27 07:00")
    assert verbs(found) == ["move", "override"]
    assert fix(found, "move") == {"to": "2026-11-27T07:00:00+01:00"}


def test_quiet_hours_within_one_day_stay_in_it():
    lunch = {"start": "12:00", "end": "14:00"}
    assert finds(quiet_time, at("2026-11-26 12:00"), **lunch).until == paris("2026-11-26 14:00")
    passes(quiet_time, at("2026-11-26 14:00"), **lunch)
    passes(quiet_time, at("2026-11-26 11:59"), **lunch)


def test_the_workspaces_clock_counts():
    passes(quiet_time, candidate(at=utc("2026-11-26 21:30"), zone=NEW_YORK), **NIGHT)
    finds(quiet_time, candidate(at=utc("2026-11-26 21:30"), zone=PARIS), **NIGHT)


def test_quiet_days_are_whole_local_days_the_last_included():
    passes(quiet_time, at("2026-12-23 23:59:59"), **CHRISTMAS)
    found = finds(quiet_time, at("2026-12-24 00:00"), **CHRISTMAS)
    assert spoken(found.message) == "Nothing goes out on 2026-12-24, by your list of quiet days."
    assert found.until == paris("2026-12-27 00:00")
    finds(quiet_time, at("2026-12-26 23:59:59"), **CHRISTMAS)
    passes(quiet_time, at("2026-12-27 00:00"), **CHRISTMAS)


def test_a_single_day_is_a_range_of_one():
    assert finds(quiet_time, at("2026-05-01 12:00"), blackout=("2026-05-01",)).until == paris("2026-05-02 00:00")


def test_a_night_that_ends_in_a_quiet_day_goes_on_and_so_does_the_next_night():
    found = finds(quiet_time, at("2026-12-23 23:00"), **NIGHT, **CHRISTMAS)
    assert found.until == paris("2026-12-27 07:00")


def test_days_listed_one_by_one_are_one_spell():
    days = ("2026-12-26", "2026-12-24", "2026-12-25")
    assert finds(quiet_time, at("2026-12-24 09:00"), blackout=days).until == paris("2026-12-27 00:00")


def test_in_spring_the_night_is_an_hour_shorter_and_ends_by_the_same_clock():
    found = finds(quiet_time, at("2027-03-27 22:00"), **NIGHT)
    assert lifts(found) - paris("2027-03-27 22:00") == timedelta(hours=8)
    assert fix(found, "move") == {"to": "2027-03-28T07:00:00+02:00"}


def test_an_end_that_does_not_exist_moves_forward_by_the_gap():
    found = finds(quiet_time, at("2027-03-28 01:00"), start="22:00", end="02:30")
    assert fix(found, "move") == {"to": "2027-03-28T03:30:00+02:00"}


def test_an_end_that_comes_twice_is_the_first():
    quiet = {"start": "22:00", "end": "02:30"}
    found = finds(quiet_time, at("2026-10-25 02:10"), **quiet)
    assert fix(found, "move") == {"to": "2026-10-25T02:30:00+02:00"}
    passes(quiet_time, at("2026-10-25 02:10", fold=1), **quiet)


def test_a_beginning_that_comes_twice_is_the_first():
    quiet = {"start": "02:30", "end": "07:00"}
    assert finds(quiet_time, at("2026-10-25 02:10", fold=1), **quiet).until == paris("2026-10-25 07:00")


def test_a_day_that_begins_twice_ends_the_quiet_day_the_second_time():
    again = datetime(2010, 11, 6, 23, 30, tzinfo=ST_JOHNS, fold=1)
    found = finds(quiet_time, candidate(at=again.astimezone(UTC), zone=ST_JOHNS), blackout=("2010-11-06",))
    assert lifts(found) == datetime(2010, 11, 7, 0, 0, tzinfo=ST_JOHNS, fold=1).astimezone(UTC)


def test_a_day_without_a_midnight_begins_at_one():
    evening = datetime(2017, 10, 14, 20, 0, tzinfo=SAO_PAULO)
    found = finds(quiet_time, candidate(at=evening.astimezone(UTC), zone=SAO_PAULO), blackout=("2017-10-14",))
    assert fix(found, "move") == {"to": "2017-10-15T01:00:00-02:00"}


def test_quiet_without_end_has_no_first_time_after():
    found = finds(quiet_time, at("2026-11-26 09:00"), blackout=("2026-01-01/2999-12-31",))
    assert found.until is None
    assert verbs(found) == ["override"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "25:00", "end": "07:00"},
        {"start": "22:00"},
        {"end": "07:00"},
        {"start": "ten", "end": "7"},
        {"start": "09:00", "end": "09:00"},
        {"blackout": ("Christmas",)},
        {"blackout": ("2026-02-30",)},
        {"blackout": ("2026-W01-1",)},
        {"blackout": ("2026-12-26/2026-12-24",)},
        {"blackout": ("2026-12-24/",)},
        {"blackout": ("",)},
    ],
)
def test_what_cannot_be_read_is_said_and_does_nothing_else(wrong):
    assert list(quiet_time.problems(quiet_time.Options(**wrong)))
    for found in findings(quiet_time, at("2026-12-25 09:00"), **wrong):
        assert found.soft


def test_what_can_be_read_has_no_problems():
    assert not list(quiet_time.problems(quiet_time.Options()))
    assert not list(quiet_time.problems(quiet_time.Options(**NIGHT, **CHRISTMAS)))


def test_a_problem_does_not_hide_the_rest():
    mixed = findings(quiet_time, at("2026-12-25 09:00"), blackout=("Christmas", "2026-12-25"))
    assert [found.soft for found in mixed] == [True, False]


@given(start=st.text(max_size=6), end=st.text(max_size=6), blackout=st.lists(st.text(max_size=22)).map(tuple))
def test_no_option_can_make_it_crash(start, end, blackout):
    options = {"start": start, "end": end, "blackout": blackout}
    findings(quiet_time, candidate(), **options)
    assert_complete(quiet_time.saw(candidate(), quiet_time.Options(**options)))


CLOCKS = st.times().map(lambda clock: clock.strftime("%H:%M"))
DAYS = st.dates(datetime(2026, 3, 1).date(), datetime(2026, 12, 31).date()).map(str)


@given(
    moment=st.datetimes(datetime(2026, 3, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from([PARIS, NEW_YORK, UTC]),
    start=CLOCKS,
    end=CLOCKS,
    blackout=st.lists(DAYS, max_size=5).map(tuple),
)
def test_the_first_time_after_is_not_quiet_and_just_before_it_is(moment, zone, start, end, blackout):
    options = {"start": start, "end": end, "blackout": blackout}
    if start == end:
        return
    for found in findings(quiet_time, candidate(at=moment, zone=zone), **options):
        free = lifts(found)
        assert free > moment
        passes(quiet_time, candidate(at=free, zone=zone), **options)
        finds(quiet_time, candidate(at=free - timedelta(microseconds=1), zone=zone), **options)
