"""The arithmetic of wear on counts that a person can check, and what a channel calls usual."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import exp, log

import pytest

from guards.base import Result
from guards.usual import Reading, Usual
from guards.wear import LUCK, _gamma, decline, is_worn, nobody_reacts

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def results(*earned: int, usual: float = 20, numbers: tuple[int, ...] = ()) -> list[Result]:
    return [Result(numbers[k] if numbers else k, START, count, usual) for k, count in enumerate(earned)]


def worn(*earned: int, usual: float = 20, luck: float = LUCK) -> bool:
    return is_worn(results(*earned, usual=usual), luck, 0.6, 0.93, 0.9)


def test_a_clear_decline_is_worn_out():
    assert worn(240, 90, 50, 40, 12, 9, usual=200)


def test_two_results_say_nothing_however_bad():
    assert not worn(2000, 0)


def test_what_earns_the_same_each_time_is_not():
    assert not worn(*[20] * 12)


def test_one_bad_day_is_luck():
    assert not worn(20, 22, 19, 21, 5)


def test_what_is_still_above_the_usual_is_not_worn_out():
    """Seen to fail without the look at where the line ends."""
    famous = results(1200, 900, 500, 300, 200, 110, 70)
    assert decline(famous, 0.3).below(0.6) > 0.93
    assert not is_worn(famous, 0.3, 0.6, 0.93, 0.9)


def test_what_nobody_ever_reacted_to_is_worn_out_without_a_decline():
    flat = results(4, 5, 4, 3, 5, usual=200)
    assert decline(flat, 0.4).below(0.6) < 0.93
    assert nobody_reacts(flat, 0.4) > 0.9
    assert is_worn(flat, 0.4, 0.6, 0.93, 0.9)


def test_a_season_that_lowers_everything_is_no_wear():
    falling = [Result(k, START, earned, earned) for k, earned in enumerate((200, 150, 110, 80, 60, 45, 30))]
    assert not is_worn(falling, LUCK, 0.6, 0.93, 0.9)


def test_more_luck_makes_it_more_careful():
    counts = (240, 120, 100, 60, 50)
    assert worn(*counts, usual=200, luck=0.4)
    assert not worn(*counts, usual=200, luck=1.2)


def test_a_result_that_is_missing_leaves_its_place():
    near = decline(results(100, 50, 25), LUCK)
    far = decline(results(100, 50, 25, numbers=(0, 2, 4)), LUCK)
    assert far.steps == 4
    assert abs(far.slope) < abs(near.slope)


def test_counts_of_zero_and_a_usual_of_zero_are_numbers_too():
    assert worn(*[0] * 12, usual=500)
    assert not worn(*[0] * 12, usual=0)


@pytest.mark.parametrize(
    ("shape", "x", "wanted"),
    [(1, 1, 1 - exp(-1)), (2, 3, 1 - 4 * exp(-3)), (0.5, 0.5, 0.6826894921), (30, 15, 0.0004), (5, 0, 0)],
)
def test_the_incomplete_gamma_function_is_right(shape: float, x: float, wanted: float):
    assert _gamma(shape, x) == pytest.approx(wanted, abs=1e-3 if shape == 30 else 1e-9)


def daily(earned: list[int], *, content: int | None = None, views: int | None = None) -> list[Reading]:
    days = [START + k * DAY for k in range(len(earned))]
    return [
        Reading(day, day.weekday(), count, views, k if content is None else content, content is None)
        for k, (day, count) in enumerate(zip(days, earned, strict=True))
    ]


def test_the_usual_is_what_the_others_earned_around_then():
    usual = Usual(daily([10] * 150 + [40] * 150))
    assert usual.of(Reading(START, START.weekday(), 999, None, "mine")) == pytest.approx(10, rel=0.01)
    late = START + 299 * DAY
    assert usual.of(Reading(late, late.weekday(), 999, None, "mine")) == pytest.approx(40, rel=0.01)


def test_its_own_hits_are_not_its_usual():
    own = [Reading(START + k * DAY, (START + k * DAY).weekday(), 900, None, "mine") for k in range(50)]
    assert Usual([*daily([10] * 50), *own]).of(own[20]) == pytest.approx(10)


def test_a_weekday_that_is_always_weak_is_known():
    weak = START + 3 * DAY
    found = Usual(daily([5 if (START + k * DAY).weekday() == weak.weekday() else 20 for k in range(280)]))
    assert found.of(Reading(weak, weak.weekday(), 0, None, "mine")) == pytest.approx(7, abs=2)
    assert found.of(Reading(weak + DAY, (weak + DAY).weekday(), 0, None, "mine")) == pytest.approx(20, abs=2)


def test_repeats_that_wear_out_do_not_lower_the_usual():
    """Seen to fail while all sendings counted alike."""
    worn_ones = [
        Reading(START + k * DAY, (START + k * DAY).weekday(), 1, None, f"old {k % 20}", False) for k in range(100)
    ]
    assert Usual([*daily([20] * 100), *worn_ones]).of(daily([0])[0]) == pytest.approx(20)


def test_with_few_others_nobody_knows_what_is_usual():
    assert Usual(daily([10] * 5)).of(Reading(START, 3, 1, None, "mine")) is None
    assert Usual([]).of(Reading(START, 3, 1, None, "mine")) is None
    assert Usual(daily([10] * 100)).of(Reading(START + 400 * DAY, 3, 1, None, "mine")) is None


def test_where_views_are_told_reactions_count_per_view():
    usual = Usual(daily([20] * 60, views=1000))
    assert usual.of(Reading(START, 3, 1, 500, "mine")) == pytest.approx(10, rel=0.05)
    assert usual.of(Reading(START, 3, 1, None, "mine")) is None


def test_the_luck_is_that_between_two_sendings_of_one_content():
    """Posts that differ from each other, each of them steady, are no luck."""
    steady = [
        Reading(START + day * DAY, (START + day * DAY).weekday(), 10 ** (1 + day % 4), None, day % 4, day < 4)
        for day in range(200)
    ]
    assert Usual(steady).luck() == 0.4
    assert Usual(daily([10] * 200)).luck() == LUCK
    wild = [
        Reading(START + day * DAY, (START + day * DAY).weekday(), 100 if day // 4 % 2 else 900, None, day % 4, day < 4)
        for day in range(200)
    ]
    assert Usual(wild).luck() > log(9) / 2
