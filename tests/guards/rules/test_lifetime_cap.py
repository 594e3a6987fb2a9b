"""Content that has gone out often enough, or for long enough.

Seen red with the rule's condition taken out.
"""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from guards.base import Sending
from guards.rules import lifetime_cap
from tests.guards.kit import PARIS, candidate, findings, finds, fix, paris, passes, sent_days_before, spoken, utc, verbs

AT = utc("2026-11-26 09:30")
YEARS_OF_WEEKS = range(7, 7 * 40, 7)


def weekly(count, **changes):
    return candidate(at=AT, history=sent_days_before(AT, *YEARS_OF_WEEKS[:count]), **changes)


def test_content_that_never_went_out_passes():
    passes(lifetime_cap, candidate())


def test_the_twenty_fourth_passes_and_the_twenty_fifth_does_not():
    passes(lifetime_cap, weekly(23))
    found = finds(lifetime_cap, weekly(24))
    assert spoken(found.message) == (
        "Sent 24 times on Atelier on Mastodon so far, copies included. The limit is 24 times."
    )
    assert verbs(found) == ["retire", "edit", "allow_more"]
    assert fix(found, "allow_more") == {"count": 1}


def test_what_a_person_allowed_comes_on_top():
    passes(lifetime_cap, weekly(25, allowed_more=2))
    finds(lifetime_cap, weekly(26, allowed_more=2))


def test_an_unconfirmed_sending_counts_as_said():
    history = (*sent_days_before(AT, 14), Sending(AT - timedelta(days=7), confirmed=False))
    finds(lifetime_cap, candidate(at=AT, history=history), times=2)


def test_two_years_to_the_minute_pass_and_a_second_more_does_not():
    history = sent_days_before(AT, 730)
    passes(lifetime_cap, candidate(at=AT, history=history))
    found = finds(lifetime_cap, candidate(at=AT + timedelta(seconds=1), history=history))
    assert spoken(found.message) == (
        "First sent 730 days before, on 2024-11-26. The limit is 730 days from the first to the last."
    )


def test_the_span_is_counted_by_the_wall_clock():
    first = Sending(paris("2026-10-20 09:30"))
    same_clock = paris("2026-10-27 09:30")
    assert same_clock - first.at > timedelta(days=7)
    passes(lifetime_cap, candidate(at=same_clock, history=(first,), zone=PARIS), span_days=7)


def test_what_a_person_allowed_also_goes_out_after_the_span_but_only_so_often():
    history = sent_days_before(AT, 800, 35)
    passes(lifetime_cap, candidate(at=AT, history=history, allowed_more=2))
    finds(lifetime_cap, candidate(at=AT, history=history, allowed_more=1))


def test_both_limits_are_told_apart():
    assert len(findings(lifetime_cap, candidate(at=AT, history=sent_days_before(AT, 800, 7)), times=2)) == 2


@given(
    days=st.lists(st.integers(1, 1500), max_size=40),
    allowed_more=st.integers(0, 5),
    times=st.integers(1, 30),
    span_days=st.integers(1, 1000),
)
def test_one_more_that_a_person_allows_does_go_out(days, allowed_more, times, span_days):
    options = {"times": times, "span_days": span_days}
    history = sent_days_before(AT, *days)
    for found in findings(lifetime_cap, candidate(at=AT, history=history, allowed_more=allowed_more), **options):
        more = allowed_more + fix(found, "allow_more")["count"]
        passes(lifetime_cap, candidate(at=AT, history=history, allowed_more=more), **options)
        assert findings(lifetime_cap, candidate(at=AT, history=history, allowed_more=more - 1), **options)
