"""Pauses in force.

Seen red with the rule's condition taken out.
"""

from datetime import timedelta

from guards.base import Moment, PauseFacts
from guards.rules import paused
from notices.sentences import say
from tests.guards.kit import NEW_YORK, candidate, findings, finds, fix, passes, spoken, utc, verbs

NOW = utc("2026-11-26 09:30")
BY_MARIE = PauseFacts(say("everything"), "Marie", utc("2026-11-26 09:24:31"), reason="the news from Lyon", id=7)


def until(moment):
    return PauseFacts(say("everything"), "Marie", utc("2026-11-26 09:24"), until=moment)


def test_nothing_paused_passes():
    passes(paused, candidate())


def test_a_pause_is_told_with_who_when_and_why():
    found = finds(paused, candidate(pauses=(BY_MARIE,)))
    assert spoken(found.message) == "Paused by Marie at 10:24:00: the news from Lyon"
    assert verbs(found) == ["resume", "leave"]
    assert fix(found, "resume") == {"pause": 7}
    assert spoken(found.fixes[0].label) == "Resume everything"
    assert found.until is None


def test_a_pause_of_another_day_is_told_with_its_day_where_the_workspace_is():
    later = candidate(now=utc("2026-11-27 04:30"), pauses=(BY_MARIE,))
    assert spoken(finds(paused, later).message).startswith("Paused by Marie on 2026-11-26 10:24:00+01:00")
    in_new_york = candidate(now=utc("2026-11-27 04:30"), zone=NEW_YORK, pauses=(BY_MARIE,))
    assert spoken(finds(paused, in_new_york).message).startswith("Paused by Marie at 04:24:00")


def test_a_pause_without_a_reason_is_a_pause():
    bare = PauseFacts(say("this channel"), "Marie", utc("2026-11-26 09:24"))
    assert spoken(finds(paused, candidate(pauses=(bare,))).message) == "Paused by Marie at 10:24:00"


def test_every_pause_is_told():
    assert len(findings(paused, candidate(pauses=(BY_MARIE, until(NOW + timedelta(days=1)))))) == 2


def test_a_pause_lifts_at_its_end_to_the_second():
    end = NOW + timedelta(hours=2)
    found = finds(paused, candidate(now=end - timedelta(seconds=1), pauses=(until(end),)))
    assert found.until == end
    passes(paused, candidate(now=end, pauses=(until(end),)))


def test_a_pause_that_ends_before_does_not_touch_what_is_planned_for_later():
    end = NOW + timedelta(days=1)
    for moment in (Moment.WRITING, Moment.SCHEDULING, Moment.FORECAST):
        passes(paused, candidate(moment=moment, at=end, pauses=(until(end),)))
        finds(paused, candidate(moment=moment, at=end - timedelta(seconds=1), pauses=(until(end),)))
        finds(paused, candidate(moment=moment, at=end, pauses=(BY_MARIE,)))


def test_just_before_sending_only_the_present_counts():
    """A due time that lies a little ahead must not carry a publication past a pause."""
    end = NOW + timedelta(minutes=1)
    finds(paused, candidate(moment=Moment.SENDING, now=NOW, at=NOW + timedelta(minutes=2), pauses=(until(end),)))


def test_nobody_can_let_it_pass():
    assert not paused.overridable
