"""The same content, on the same channel, too short a time ago.

Seen red with the rule's condition taken out.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guards.base import ChannelFacts, Sending
from guards.rules import too_soon
from tests.guards.kit import (
    NEW_YORK,
    PARIS,
    candidate,
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


def test_content_that_never_went_out_passes():
    passes(too_soon, candidate())


def test_nine_days_are_too_short_for_a_rule_of_thirty():
    found = finds(too_soon, candidate(at=AT, history=sent_days_before(AT, 9)), days=30)
    assert spoken(found.message) == (
        "Sent 9 days before, on 2026-11-17. Your rule keeps 30 days between two publications of the same content."
    )
    assert verbs(found) == ["move", "skip"]
    assert found.until == AT + timedelta(days=21)


def test_exactly_the_gap_is_enough_and_a_second_less_is_not():
    history = sent_days_before(AT, 14)
    passes(too_soon, candidate(at=AT, history=history), days=14)
    finds(too_soon, candidate(at=AT - timedelta(seconds=1), history=history), days=14)


def test_the_same_wall_clock_across_a_change_of_the_clocks_is_enough():
    spring, autumn = paris("2027-03-28 09:30"), paris("2026-10-25 09:30")
    for after in (spring, autumn):
        before = (after.astimezone(PARIS) - timedelta(days=14)).astimezone(UTC)
        assert after - before != timedelta(days=14)
        passes(too_soon, candidate(at=after, history=(Sending(before),)))
        finds(too_soon, candidate(at=after - timedelta(seconds=1), history=(Sending(before),)))


def test_the_latest_sending_counts_wherever_it_stands_copies_included():
    copies = (Sending(AT - timedelta(days=3)), Sending(AT - timedelta(days=40)))
    finds(too_soon, candidate(at=AT, history=copies))


def test_an_unconfirmed_sending_counts_as_said():
    finds(too_soon, candidate(at=AT, history=(Sending(AT - timedelta(days=3), confirmed=False),)))


def test_a_sending_planned_for_later_counts_too():
    finds(too_soon, candidate(at=AT, history=(Sending(AT + timedelta(days=3)),)))


def test_the_networks_own_gap_counts_when_it_is_longer():
    channel = ChannelFacts("Atelier on LinkedIn", "linkedin", 3000, min_gap_days=30)
    finds(too_soon, candidate(at=AT, history=sent_days_before(AT, 29), channel=channel))
    passes(too_soon, candidate(at=AT, history=sent_days_before(AT, 30), channel=channel))


def test_days_are_counted_where_the_workspace_is():
    late_evening = Sending(utc("2026-11-18 03:00"))  # the 17th in New York
    found = finds(too_soon, candidate(at=AT, zone=NEW_YORK, history=(late_evening,)))
    assert spoken(found.message).startswith("Sent 9 days before, on 2026-11-17.")


def test_another_wording_is_offered_when_there_is_one():
    found = finds(
        too_soon, candidate(at=AT, history=sent_days_before(AT, 1), variations={1: (), 2: sent_days_before(AT, 5)})
    )
    assert verbs(found) == ["move", "use_variation", "skip"]
    assert fix(found, "use_variation") == {"variation": 1}


def test_another_wording_that_was_sent_too_lately_is_not_offered():
    found = finds(too_soon, candidate(at=AT, history=sent_days_before(AT, 1), variations={1: sent_days_before(AT, 5)}))
    assert verbs(found) == ["move", "skip"]


@given(
    last=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    later=st.integers(0, 100 * 86400),
    days=st.integers(1, 365),
    zone=st.sampled_from([PARIS, NEW_YORK, UTC]),
)
def test_the_time_that_the_fix_offers_passes(last, later, days, zone):
    tried = candidate(at=last + timedelta(seconds=later), history=(Sending(last),), zone=zone)
    for found in too_soon.check(tried, too_soon.Options(days=days)):
        offered = datetime.fromisoformat(fix(found, "move")["to"]).astimezone(UTC)
        assert offered == lifts(found)
        passes(too_soon, candidate(at=offered, history=(Sending(last),), zone=zone), days=days)
