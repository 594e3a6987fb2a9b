"""Content that fewer and fewer people react to, against what is usual on its channel.

Seen red with the rule's condition taken out.
"""

from __future__ import annotations

from datetime import timedelta

from guards.base import Reception, Result
from guards.rules import worn_out
from tests.guards.kit import candidate, finds, fix, passes, spoken, utc, verbs

AT = utc("2026-11-26 09:30")
FALLEN = (240, 90, 50, 40, 12)


def received(*earned, usual=200.0, kept_days_ago=None, **changes):
    """The last was measured 10 days before, each of the others 30 days before the next."""
    days = [10 + 30 * place for place in range(len(earned))][::-1]
    results = tuple(
        Result(number, AT - timedelta(days=ago), count, usual)
        for number, (count, ago) in enumerate(zip(earned, days, strict=True))
    )
    kept = None if kept_days_ago is None else AT - timedelta(days=kept_days_ago)
    return candidate(at=AT, reception=Reception(results), kept_at=kept, **changes)


def test_content_that_was_never_measured_passes_and_says_why():
    passes(worn_out, candidate())
    said = spoken(worn_out.saw(received(24, 9), worn_out.Options()))
    assert said == "Too little to tell: 2 results so far, and 3 are needed."


def test_a_decline_is_told_in_counts_with_what_helps():
    found = finds(worn_out, received(*FALLEN))
    assert spoken(found.message) == "Reactions have fallen: 240, 90, 50, 40, 12 against 200 for your usual post."
    assert verbs(found) == ["edit", "rest", "keep_going"]
    assert fix(found, "rest") == {"days": 90}


def test_content_that_is_received_as_ever_passes_with_its_counts():
    steady = received(21, 19, 24, 20, 18, usual=20.0)
    passes(worn_out, steady)
    assert spoken(worn_out.saw(steady, worn_out.Options())) == (
        "21, 19, 24, 20, 18 against 20 for your usual post: no fall that luck does not explain."
    )


def test_a_long_series_is_told_by_its_first_and_its_last_counts():
    counts = (240, 230, 120, 90, 50, 40, 30, 20, 12)
    assert "240, …, 50, 40, 30, 20, 12 against" in spoken(finds(worn_out, received(*counts)).message)


def test_what_a_person_kept_goes_on_until_there_is_news():
    """Seen to fail when the word of a person counted for ever, and when it did not count."""
    passes(worn_out, received(*FALLEN, kept_days_ago=5))
    passes(worn_out, received(*FALLEN, kept_days_ago=45))
    finds(worn_out, received(*FALLEN, kept_days_ago=75))


def test_what_a_person_kept_is_asked_about_again_after_a_while():
    passes(worn_out, received(*FALLEN, kept_days_ago=9), ask_again_days=9)
    finds(worn_out, received(*FALLEN, kept_days_ago=9), ask_again_days=8)


def test_who_wants_to_be_surer_is_asked_less():
    finds(worn_out, received(240, 130, 60, 40), sure=80)
    passes(worn_out, received(240, 130, 60, 40), sure=99)
