"""A series past its end date, or with all its repeats used.

Seen red with the rule's condition taken out.
"""

from datetime import date

from guards.base import Repeat
from guards.rules import series_ended
from tests.guards.kit import NEW_YORK, candidate, findings, finds, fix, paris, passes, spoken, verbs

FIVE_TIMES = Repeat(14, "day", max_repeats=5)
TO_NEW_YEAR = Repeat(14, "day", end_date=date(2026, 12, 31))


def test_a_post_that_does_not_repeat_passes():
    passes(series_ended, candidate())


def test_the_last_repeat_passes_and_the_next_does_not():
    passes(series_ended, candidate(repeat=FIVE_TIMES, number=5, sent=5))
    found = finds(series_ended, candidate(repeat=FIVE_TIMES, number=6, sent=5))
    assert spoken(found.message) == (
        "This would be repeat number 6 on Atelier on Mastodon. Your rule allows 5 repeats, which makes 6 publications."
    )
    assert verbs(found) == ["end_series", "add_more", "edit"]
    assert fix(found, "add_more") == {"count": 1}


def test_what_went_out_counts_whatever_number_this_one_has():
    """`sent` counts unconfirmed publications too: six may have been seen, so a seventh is one too many."""
    found = finds(series_ended, candidate(repeat=FIVE_TIMES, number=3, sent=6))
    assert spoken(found.message) == (
        "6 publications of this series went out on Atelier on Mastodon, unconfirmed ones included. "
        "Your rule allows 6: the first and 5 repeats."
    )


def test_a_series_of_no_repeats_still_has_its_first():
    once = Repeat(14, "day", max_repeats=0)
    passes(series_ended, candidate(repeat=once))
    finds(series_ended, candidate(repeat=once, sent=1))


def test_the_repeats_that_are_offered_are_enough():
    for number, sent in ((6, 5), (9, 2), (2, 9)):
        found = finds(series_ended, candidate(repeat=FIVE_TIMES, number=number, sent=sent))
        more = Repeat(14, "day", max_repeats=5 + fix(found, "add_more")["count"])
        passes(series_ended, candidate(repeat=more, number=number, sent=sent))


def test_the_end_date_is_the_last_day_where_the_workspace_is():
    passes(series_ended, candidate(repeat=TO_NEW_YEAR, at=paris("2026-12-31 23:59:59")))
    finds(series_ended, candidate(repeat=TO_NEW_YEAR, at=paris("2027-01-01 00:00")))
    passes(series_ended, candidate(repeat=TO_NEW_YEAR, at=paris("2027-01-01 00:00"), zone=NEW_YORK))


def test_more_repeats_are_no_answer_to_an_end_date():
    found = finds(series_ended, candidate(repeat=TO_NEW_YEAR, at=paris("2027-01-14 09:30")))
    assert spoken(found.message) == "Your rule ends on 2026-12-31, and this would go out on 2027-01-14."
    assert verbs(found) == ["end_series", "edit"]


def test_both_ends_are_told_apart():
    both = Repeat(14, "day", max_repeats=5, end_date=date(2026, 12, 31))
    passes(series_ended, candidate(repeat=both, number=5, sent=5))
    assert len(findings(series_ended, candidate(repeat=both, number=6, sent=6, at=paris("2027-01-14 09:30")))) == 2


def test_a_rule_without_an_end_has_none_to_pass():
    passes(series_ended, candidate(repeat=Repeat(14, "day"), number=99, sent=99))


def test_nobody_can_let_it_pass():
    assert not series_ended.overridable
