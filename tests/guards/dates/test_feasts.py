"""Feasts fall on their days."""

from datetime import date

import pytest

from guards.dates.calendar import easter
from guards.dates.feasts import feast_day, next_feast


@pytest.mark.parametrize("day", ["1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2038-04-25"])
def test_easter_is_computed(day: str) -> None:
    found = date.fromisoformat(day)
    assert easter(found.year) == found


@pytest.mark.parametrize(
    ("feast", "day"),
    [
        ("thanksgiving", "2024-11-28"),
        ("black_friday", "2019-11-29"),
        ("mothers_us", "2024-05-12"),
        ("mothers_uk", "2024-03-10"),
        ("mothers_fr", "2024-05-26"),
        ("mothers_fr", "2023-06-04"),
        ("mothers_fr", "2020-06-07"),
        ("fathers_us", "2024-06-16"),
        ("good_friday", "2024-03-29"),
        ("ascension", "2024-05-09"),
        ("pentecost", "2024-05-19"),
        ("labor_day_us", "2024-09-02"),
        ("memorial_day", "2024-05-27"),
        ("winter_sales", "2024-02-06"),
        ("summer_sales", "2024-07-23"),
        ("beaujolais", "2024-11-21"),
        ("eid_fitr", "2024-04-12"),
        ("diwali", "2023-11-13"),
    ],
)
def test_a_feast_falls_on_its_day(feast: str, day: str) -> None:
    assert feast_day(feast, int(day[:4])) == date.fromisoformat(day)


def test_a_feast_just_past_still_counts_for_three_days() -> None:
    assert next_feast("christmas", date(2024, 12, 28)) == date(2024, 12, 25)
    assert next_feast("christmas", date(2024, 12, 29)) == date(2025, 12, 25)


def test_the_sales_are_the_next_ones() -> None:
    assert next_feast("sales", date(2024, 6, 12)) == date(2024, 7, 23)
    assert next_feast("sales", date(2024, 11, 1)) == date(2025, 2, 4)
