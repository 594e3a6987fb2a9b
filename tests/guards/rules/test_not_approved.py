"""Words that nobody who may has said yes to.

Seen red with the rule's condition taken out.
"""

import pytest

from guards.base import ApprovalFacts, Consent, Moment
from guards.rules import not_approved
from tests.guards.kit import candidate, finds, fix, passes, spoken, utc, verbs

AT = utc("2026-11-21 09:30")
WAITING = ApprovalFacts(Consent.WAITING, "abc", "Bob", AT, asked=True)


def test_where_no_approval_is_needed_everything_passes():
    passes(not_approved, candidate())


def test_a_yes_to_these_very_words_passes_and_says_whose_it_is():
    given = candidate(approval=ApprovalFacts(Consent.GIVEN, "abc", "Alice", AT))
    passes(not_approved, given)
    said = spoken(not_approved.saw(given, not_approved.Options()))
    assert said == "Alice approved these words on 2026-11-21 09:30:00+00:00."


def test_words_that_nobody_was_asked_about_wait_for_a_person():
    found = finds(not_approved, candidate(approval=ApprovalFacts(Consent.MISSING, "abc")))
    assert spoken(found.message).startswith("Nobody has approved these words yet")
    assert verbs(found) == ["remind", "approve"]
    assert spoken(found.fixes[0].label) == "Ask for approval"
    assert fix(found, "approve") == {"words": "abc"}
    assert found.until is None


def test_what_waits_says_since_when_and_offers_to_remind():
    found = finds(not_approved, candidate(approval=WAITING))
    assert spoken(found.message) == "Waiting for approval since 2026-11-21 09:30:00+00:00; Bob asked for it."
    assert spoken(found.fixes[0].label) == "Remind the approvers"


def test_a_yes_to_other_words_is_none():
    found = finds(not_approved, candidate(approval=ApprovalFacts(Consent.OUTDATED, "abc", "Alice", AT)))
    assert spoken(found.message).startswith("Alice approved other words than these")
    assert verbs(found) == ["remind", "approve"]


def test_changes_that_were_asked_for_are_told_with_their_reason():
    facts = ApprovalFacts(Consent.CHANGES, "abc", "Alice", AT, "The price is wrong.")
    found = finds(not_approved, candidate(approval=facts))
    assert "Alice asked for changes" in spoken(found.message)
    assert "The price is wrong." in spoken(found.message)
    assert verbs(found) == ["edit", "remind", "approve"]


@pytest.mark.parametrize("moment", [Moment.SCHEDULING, Moment.FORECAST, Moment.SENDING])
def test_it_is_only_a_note_while_writing(moment: Moment):
    assert finds(not_approved, candidate(approval=WAITING, moment=Moment.WRITING)).soft
    assert not finds(not_approved, candidate(approval=WAITING, moment=moment)).soft
