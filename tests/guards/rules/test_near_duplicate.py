"""Another post said the same on this channel lately.

Seen red with the rule's condition taken out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.base import Candidate, Finding
from guards.neighbours import Neighbour, Neighbours
from guards.rules import near_duplicate
from tests.guards.kit import (
    NEW_YORK,
    PARIS,
    candidate,
    findings,
    finds,
    fix,
    lifts,
    paris,
    passes,
    sent_days_before,
    spoken,
    utc,
    verbs,
)

AT = utc("2026-11-26 09:30")
TEXT = "Five ways to write a headline that people want to read, from our newsletter"
AGAIN = f"🚀 {TEXT}. Enjoy!"
RELATED = "Five ways to write a headline, as told by the editor of our newsletter"


def beside(*said: str, days: float = 12, **changes: object) -> Candidate:
    near = (Neighbour(text, AT - timedelta(days=days), number) for number, text in enumerate(said, 1))
    return candidate(**{"at": AT, "text": TEXT, "neighbours": Neighbours.these(*near)} | changes)


def test_a_channel_on_which_nobody_else_spoke_passes() -> None:
    passes(near_duplicate, candidate(text=TEXT))


def test_another_post_that_says_the_same_holds_it_until_the_window_is_over() -> None:
    found = finds(near_duplicate, beside(AGAIN))
    likeness, rest = spoken(found.message).split(" ", 1)
    assert 85 <= int(likeness) < 100
    assert rest == (
        "% like “🚀 Five ways to write a headline that people want to read,…”, sent 12 days before, on 2026-11-14."
    )
    assert not found.soft
    assert found.evidence == ()
    assert lifts(found) == AT + timedelta(days=2)
    assert verbs(found) == ["move", "override"]
    assert datetime.fromisoformat(fix(found, "move")["to"]) == found.until
    assert spoken(found.fixes[-1].label) == "Keep both"


def test_a_related_post_is_shown_and_holds_nothing() -> None:
    found = finds(near_duplicate, beside(RELATED))
    assert found.soft
    assert found.until is None
    assert spoken(found.message).endswith(f"Is it the same message? “{RELATED}”")


def test_less_is_enough_to_ask_when_both_lead_to_the_same_page() -> None:
    text = "Registration for the autumn workshop on headlines is open now https://example.org/workshop/autumn"
    other = "Our autumn workshop teaches better headlines and shorter sentences https://example.org/workshop/{}"
    assert finds(near_duplicate, beside(other.format("autumn"), text=text)).soft
    passes(near_duplicate, beside(other.format("summer"), text=text))


def test_the_nearest_is_named_and_the_last_to_end_counts() -> None:
    near = Neighbours.these(Neighbour(AGAIN, AT - timedelta(days=3)), Neighbour(TEXT + " !", AT - timedelta(days=12)))
    found = finds(near_duplicate, candidate(at=AT, text=TEXT, neighbours=near))
    assert spoken(found.message).startswith("100 % like")
    assert lifts(found) == AT + timedelta(days=11)


def test_exactly_the_window_is_enough_and_a_second_less_is_not() -> None:
    passes(near_duplicate, beside(AGAIN, days=14))
    finds(near_duplicate, beside(AGAIN, days=14, at=AT - timedelta(seconds=1)))
    passes(near_duplicate, beside(AGAIN, days=5), window_days=5)


def test_what_is_planned_for_soon_after_counts_too() -> None:
    finds(near_duplicate, beside(AGAIN, days=-3))
    passes(near_duplicate, beside(AGAIN, days=-14))


def test_the_same_wall_clock_across_a_change_of_the_clocks_is_enough() -> None:
    for after in (paris("2027-03-28 09:30"), paris("2026-10-25 09:30")):
        before = (after.astimezone(PARIS) - timedelta(days=14)).astimezone(UTC)
        near = Neighbours.these(Neighbour(AGAIN, before))
        passes(near_duplicate, candidate(at=after, text=TEXT, neighbours=near))
        finds(near_duplicate, candidate(at=after - timedelta(seconds=1), text=TEXT, neighbours=near))


def test_a_post_from_the_same_template_is_asked_about_at_most() -> None:
    thanks = "Thank you, {}! Partner of our street festival on the 13th and 14th of June #festival"
    given = beside(thanks.format("@globex"), text=thanks.format("@acme"))
    assert all(found.soft for found in findings(near_duplicate, given))


def test_a_wording_that_is_unlike_all_of_it_is_offered() -> None:
    wordings = {1: f"{TEXT}!!", 2: "Your titles decide who opens the letter", 3: "Titles: how we choose them"}
    sent = {2: sent_days_before(AT, 3)}
    found = finds(near_duplicate, beside(AGAIN, wordings=wordings, variations=sent))
    assert verbs(found) == ["move", "use_variation", "override"]
    assert fix(found, "use_variation") == {"variation": 3}


def test_the_thresholds_can_be_set() -> None:
    assert finds(near_duplicate, beside(AGAIN), similar=100).soft
    passes(near_duplicate, beside(RELATED), ask_from=85)
    assert not finds(near_duplicate, beside(AGAIN), similar=85, ask_from=100).soft


def test_it_says_how_many_it_has_compared() -> None:
    saw = near_duplicate.saw(beside("We are closed on Monday", "We are open again"), near_duplicate.Options())
    assert spoken(saw) == "Unlike the 2 other posts on Atelier on Mastodon within 14 days."


@pytest.mark.parametrize("zone", [PARIS, NEW_YORK, UTC])
@given(st.integers(0, 30 * 24 * 60), st.integers(1, 40))
def test_moved_to_the_end_of_the_window_it_passes(zone: object, minutes: int, days: int) -> None:
    said = utc("2026-10-20 00:00") + timedelta(minutes=minutes)
    given_ = candidate(at=said, text=TEXT, zone=zone, neighbours=Neighbours.these(Neighbour(AGAIN, said)))
    found = finds(near_duplicate, given_, window_days=days)
    passes(near_duplicate, replace(given_, at=_until(found)), window_days=days)


def _until(found: Finding) -> datetime:
    assert found.until is not None
    return found.until.astimezone(UTC)
