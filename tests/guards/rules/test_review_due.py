"""Content that nobody has looked at for too long.

Seen red with the rule's condition taken out.
"""

from datetime import UTC, timedelta

from guards.rules import review_due
from tests.guards.kit import NEW_YORK, PARIS, candidate, finds, fix, paris, passes, spoken, utc, verbs

AT = utc("2026-11-26 09:30")


def test_content_that_nobody_was_asked_to_review_passes():
    passes(review_due, candidate())


def test_ninety_days_pass_and_a_second_more_does_not():
    seen = (AT.astimezone(PARIS) - timedelta(days=90)).astimezone(UTC)  # still summer time then
    passes(review_due, candidate(at=AT, reviewed_at=seen))
    found = finds(review_due, candidate(at=AT + timedelta(seconds=1), reviewed_at=seen))
    assert spoken(found.message) == (
        "Last looked at 90 days before, on 2026-08-28. Your rule asks for a look every 90 days."
    )
    assert verbs(found) == ["keep", "edit", "retire"]
    assert fix(found, "keep") == {"days": 90}
    assert spoken(found.fixes[0].label) == "Keep for 90 days"


def test_a_change_of_the_clocks_neither_helps_nor_hinders():
    before, after = paris("2026-10-20 09:30"), paris("2026-10-27 09:30")
    passes(review_due, candidate(at=after, reviewed_at=before), days=7)
    finds(review_due, candidate(at=after + timedelta(seconds=1), reviewed_at=before), days=7)


def test_the_day_of_the_last_look_is_named_where_the_workspace_is():
    seen = utc("2026-05-02 03:00")  # the 1st in New York
    found = finds(review_due, candidate(at=AT, reviewed_at=seen, zone=NEW_YORK))
    assert "on 2026-05-01" in spoken(found.message)
