"""Where the network minds, the same words do not come again, here or on the channel beside.

Seen red with the rule's conditions taken out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from guards.base import Candidate, ChannelFacts, Echo
from guards.rules import repeated_wording
from tests.guards.kit import NEW_YORK, PARIS, candidate, finds, fix, lifts, passes, sent_days_before, spoken, utc, verbs

AT = utc("2026-11-26 09:30")
NEVER = ChannelFacts("Atelier on X", "X", 280, same_words_after=None)
WEEKLY = replace(NEVER, same_words_after=7)
TEXT = "Five ways to write a headline"


def said(*days: int, channel: ChannelFacts = NEVER, **changes: object) -> Candidate:
    return candidate(**{"at": AT, "text": TEXT, "channel": channel, "history": sent_days_before(AT, *days)} | changes)


def beside(hours: float, **changes: object) -> Candidate:
    echo = Echo("Shop on X", AT - timedelta(hours=hours))
    return candidate(**{"at": AT, "text": TEXT, "channel": NEVER, "echoes": {TEXT: (echo,)}} | changes)


def test_a_network_that_does_not_mind_hears_the_same_again() -> None:
    passes(repeated_wording, said(1, channel=replace(NEVER, same_words_after=0)))


def test_words_that_are_new_there_pass() -> None:
    passes(repeated_wording, said())


def test_a_network_that_never_takes_them_twice_needs_other_words() -> None:
    found = finds(repeated_wording, said(400))
    assert spoken(found.message) == (
        "X never takes the same words twice, and these went out on Atelier on X on 2025-10-22."
    )
    assert found.until is None
    assert verbs(found) == ["edit", "skip"]


def test_a_network_that_takes_them_again_after_a_week_waits_that_long() -> None:
    found = finds(repeated_wording, said(3, channel=WEEKLY))
    assert lifts(found) == AT + timedelta(days=4)
    assert verbs(found) == ["edit", "move", "skip"]
    passes(repeated_wording, said(7, channel=WEEKLY))


def test_the_next_unused_wording_is_offered() -> None:
    wordings = {1: "One", 2: "Two", 3: "Three"}
    sent, echoes = {1: sent_days_before(AT, 30)}, {"Two": (Echo("Shop on X", AT),)}
    given = said(14, wordings=wordings, variations=sent, echoes=echoes)
    assert fix(finds(repeated_wording, given), "use_variation") == {"variation": 3}
    assert fix(
        finds(repeated_wording, replace(given, channel=WEEKLY, history=sent_days_before(AT, 1))), "use_variation"
    ) == {"variation": 1}


@pytest.mark.parametrize("zone", [PARIS, NEW_YORK, UTC])
def test_two_channels_of_one_network_do_not_say_the_same_within_a_day(zone: object) -> None:
    found = finds(repeated_wording, beside(3, zone=zone))
    assert spoken(found.message) == (
        "The same words go out on Shop on X within 24 hours, and X takes both for one machine."
    )
    assert lifts(found) == AT + timedelta(hours=21)
    passes(repeated_wording, beside(3, zone=zone, at=lifts(found)))
    finds(repeated_wording, beside(-23))
    passes(repeated_wording, beside(24))
    passes(repeated_wording, beside(3), hours_apart=3)


def test_what_lifts_lifts_by_the_hours_that_pass_across_a_change_of_the_clocks() -> None:
    at = utc("2027-03-28 00:30")
    given = beside(0, at=at, echoes={TEXT: (Echo("Shop on X", at),)}, zone=PARIS)
    passes(repeated_wording, replace(given, at=lifts(finds(repeated_wording, given))))


def test_it_says_what_it_has_looked_at() -> None:
    def saw(given: Candidate) -> str:
        return spoken(repeated_wording.saw(given, repeated_wording.Options()))

    assert saw(said()) == "These words are new on Atelier on X."
    assert saw(said(9, channel=WEEKLY)) == "These words were last sent on 2026-11-17, long enough before."
    assert saw(candidate()) == "mastodon takes the same words again."
