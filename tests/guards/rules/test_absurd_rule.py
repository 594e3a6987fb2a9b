"""Repeat rules that nobody should run, and the nearest that make sense.

Seen red with the rule's condition taken out.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.base import ChannelFacts, Moment, Repeat
from guards.rules import absurd_rule
from tests.guards.kit import candidate, finds, fix, passes, spoken, utc, verbs

FIRST = utc("2026-11-26 09:30")
SENSIBLE = Repeat(14, "day", max_repeats=6)


def written(rule, **changes):
    return candidate(moment=Moment.WRITING, at=FIRST, repeat=rule, **changes)


def test_ninety_nine_times_is_told_with_its_numbers_and_mended_in_one_click():
    found = finds(absurd_rule, written(Repeat(14, "day", max_repeats=99)))
    assert spoken(found.message) == (
        "Every 14 days, 99 times, no end date. "
        "99 repeats make 100 publications of the same content; at most 52 repeats are allowed."
    )
    assert verbs(found) == ["set_rule"]
    assert spoken(found.fixes[0].label) == "Every 14 days, at most 12 times"
    assert fix(found, "set_rule") == {"interval": 14, "unit": "day", "max_repeats": 12, "end_date": None}
    assert not found.soft


def test_a_rule_without_any_end_is_absurd():
    found = finds(absurd_rule, written(Repeat(1, "month")))
    assert spoken(found.message) == (
        "Every month, no end. It would never stop: a rule needs an end date, or a number of repeats, at most 52."
    )
    assert spoken(found.fixes[0].label) == "Every month, at most 12 times"


def test_the_ceiling_itself_only_warns_and_one_more_is_absurd():
    assert finds(absurd_rule, written(Repeat(1, "week", max_repeats=52))).soft
    assert not finds(absurd_rule, written(Repeat(1, "week", max_repeats=53))).soft


def test_twelve_repeats_pass_and_thirteen_are_warned_of():
    passes(absurd_rule, written(Repeat(14, "day", max_repeats=12)))
    found = finds(absurd_rule, written(Repeat(14, "day", max_repeats=13)))
    assert found.soft
    assert spoken(found.message) == (
        "Every 14 days, 13 times, no end date. "
        "13 repeats make 14 publications of the same content; we advise at most 12 repeats."
    )


def test_an_end_date_is_as_good_as_a_number_when_it_is_near():
    passes(absurd_rule, written(Repeat(1, "week", end_date=date(2027, 1, 31))))


def test_a_far_end_date_is_counted_in_repeats():
    found = finds(absurd_rule, written(Repeat(1, "week", end_date=date(2030, 12, 31))))
    assert spoken(found.message) == (
        "Every week, until 2030-12-31. Until then that makes up to 213 repeats, "
        "or 214 publications of the same content; at most 52 repeats are allowed."
    )
    assert fix(found, "set_rule") == {"interval": 1, "unit": "week", "max_repeats": 12, "end_date": None}


@pytest.mark.parametrize(("weeks", "soft"), [(52, True), (53, False)])
def test_repeats_up_to_the_end_date_are_counted_from_the_first_publication(weeks, soft):
    rule = Repeat(1, "week", end_date=(FIRST + timedelta(weeks=weeks)).date())
    late = candidate(moment=Moment.SCHEDULING, at=FIRST + timedelta(weeks=50), first_at=FIRST, repeat=rule)
    assert finds(absurd_rule, late).soft is soft


def test_a_number_and_a_date_warn_of_the_smaller():
    passes(absurd_rule, written(Repeat(1, "week", max_repeats=40, end_date=date(2027, 1, 31))))
    finds(absurd_rule, written(Repeat(1, "week", max_repeats=40, end_date=date(2030, 1, 31))))


def test_two_days_are_the_floor():
    passes(absurd_rule, written(Repeat(2, "day", max_repeats=6)))
    found = finds(absurd_rule, written(Repeat(1, "day", max_repeats=6)))
    assert spoken(found.message) == (
        "Every day, 6 times, no end date. At least 2 days are needed between two publications."
    )
    assert fix(found, "set_rule") == {"interval": 2, "unit": "day", "max_repeats": 6, "end_date": None}


@pytest.mark.parametrize("unit", ["day", "week", "month"])
@pytest.mark.parametrize("interval", [0, -3])
def test_an_interval_of_nothing_or_less_is_absurd(interval, unit):
    found = finds(absurd_rule, written(Repeat(interval, unit, max_repeats=6)), floor_days=0)
    assert fix(found, "set_rule")["interval"] == 1


def test_the_interval_that_is_offered_keeps_the_networks_own_gap():
    channel = ChannelFacts("Atelier on LinkedIn", "linkedin", 3000, min_gap_days=30)
    assert (
        fix(finds(absurd_rule, written(Repeat(1, "day", max_repeats=6), channel=channel)), "set_rule")["interval"] == 30
    )


def test_two_absurdities_are_told_together():
    message = spoken(finds(absurd_rule, written(Repeat(1, "day", max_repeats=99))).message)
    assert "at most 52 repeats" in message
    assert "At least 2 days" in message


@pytest.mark.parametrize("moment", [Moment.FORECAST, Moment.SENDING])
def test_only_the_writing_and_the_scheduling_are_asked(moment):
    passes(absurd_rule, candidate(moment=moment, repeat=Repeat(1, "day")))
    passes(absurd_rule, candidate(moment=moment))


def test_scheduling_is_asked():
    finds(absurd_rule, candidate(moment=Moment.SCHEDULING, repeat=Repeat(14, "day")))


def test_a_sensible_rule_and_none_at_all_pass():
    passes(absurd_rule, written(SENSIBLE))
    passes(absurd_rule, written(None))


def test_nobody_can_let_it_pass():
    assert not absurd_rule.overridable


@given(
    rule=st.builds(
        Repeat,
        interval=st.integers(-5, 400),
        unit=st.sampled_from(["day", "week", "month"]),
        max_repeats=st.none() | st.integers(0, 10**9),
        end_date=st.none() | st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    ),
    options=st.fixed_dictionaries(
        {"floor_days": st.integers(0, 28), "sensible": st.integers(1, 52), "ceiling": st.integers(1, 52)}
    ),
    gap=st.integers(0, 60),
)
def test_the_nearest_sensible_rule_is_never_absurd_itself(rule, options, gap):
    channel = ChannelFacts("Atelier on X", "x", 280, min_gap_days=gap)
    for found in absurd_rule.check(written(rule, channel=channel), absurd_rule.Options(**options)):
        values = fix(found, "set_rule")
        end = values["end_date"] and date.fromisoformat(values["end_date"])
        passes(absurd_rule, written(Repeat(**values | {"end_date": end}), channel=channel), **options)
