"""Words that are out of date by the time at which they would go out.

Seen red with the question about the day taken out, with the history left out of the anchor, and with a person's
word believed for ever.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from guards.base import Candidate, Repeat, Sending, Span
from guards.judge import default_policy, judge
from guards.rules import dated_text
from tests.guards.kit import PARIS, candidate, finds, fix, paris, passes, spoken, utc, verbs

MONTHLY = Repeat(30, "day", 5)
OFFER = "Order until 30 November 2026 and we engrave it for you."
UNSURE = "On vous attend le 15."


def told(text: str, at: str, *, first: str = "2026-11-20 09:00", **more: object) -> Candidate:
    """A repeat in Paris of a series that first went out on 20 November."""
    given = {"now": paris("2026-11-21 10:00"), "zone": PARIS, "repeat": MONTHLY, **more}
    return candidate(text=text, length=len(text), at=paris(at), first_at=paris(first), **given)


def test_a_text_without_a_date_passes_and_says_so():
    given = told("Answer comments within the hour.", "2030-01-01 09:00")
    passes(dated_text, given)
    assert spoken(dated_text.saw(given, dated_text.Options())) == "Nothing in the text goes out of date."


def test_the_last_good_day_itself_passes_and_the_next_does_not():
    given = told(OFFER, "2026-11-30 23:59")
    passes(dated_text, given)
    assert spoken(dated_text.saw(given, dated_text.Options())) == "Reads right until 2026-11-30."
    finds(dated_text, told(OFFER, "2026-12-01 00:01"))


def test_the_sentence_names_the_words_and_both_days_and_points_at_them():
    found = finds(dated_text, told(OFFER, "2026-12-20 09:00"))
    assert spoken(found.message) == "“30 November 2026” is past by then (2026-12-20): it read right until 2026-11-30."
    (span,) = found.evidence
    assert OFFER[span.start : span.end] == "30 November 2026"


def test_the_fixes_end_the_series_in_time_or_take_a_persons_word():
    found = finds(dated_text, told(OFFER, "2026-12-20 09:00"))
    assert verbs(found) == ["edit", "end_series_on", "fine_until"]
    assert fix(found, "end_series_on") == {"date": "2026-11-30"}
    assert fix(found, "fine_until") == {"until": "2027-03-20"}
    assert [spoken(one.label) for one in found.fixes[1:]] == [
        "End the series on 2026-11-30",
        "It is fine until 2027-03-20",
    ]


def test_a_series_is_ended_at_once_when_its_day_is_past():
    found = finds(dated_text, told(OFFER, "2026-12-20 09:00", now=paris("2026-12-01 08:00")))
    assert verbs(found) == ["edit", "end_series", "fine_until"]


def test_a_series_is_not_ended_on_a_day_before_it_begins():
    found = finds(dated_text, told(OFFER, "2026-12-20 09:00", first="2026-12-20 09:00"))
    assert verbs(found) == ["edit", "end_series", "fine_until"]


def test_a_post_that_does_not_repeat_has_no_series_to_end():
    assert verbs(finds(dated_text, told(OFFER, "2026-12-20 09:00", repeat=None))) == ["edit", "fine_until"]


@pytest.mark.parametrize(
    ("first", "at", "wrong"),
    [
        ("2026-11-20 09:00", "2026-11-20 18:00", False),  # a Friday: it is today
        ("2026-11-21 09:00", "2026-11-27 09:00", False),
        ("2026-11-21 09:00", "2026-11-28 09:00", True),
    ],
)
def test_this_friday_is_the_one_after_the_first_publication(first, at, wrong):
    given = told("Join us this Friday for a glass of wine.", at, first=first)
    assert bool(list(dated_text.check(given, dated_text.Options()))) == wrong


def test_friday_is_counted_from_the_earliest_time_that_it_was_said():
    text = "Join us this Friday for a glass of wine."
    earlier = (Sending(paris("2026-10-07 09:00")), Sending(paris("2026-11-12 09:00"), confirmed=False))
    passes(dated_text, told(text, "2026-11-20 08:00", first="2026-11-18 09:00"))
    found = finds(dated_text, told(text, "2026-11-20 08:00", first="2026-11-18 09:00", history=earlier))
    assert "it read right until 2026-10-09" in spoken(found.message)


def test_a_first_publication_that_was_moved_forward_counts_from_its_new_day():
    given = told("Doors open tomorrow at nine.", "2026-11-19 09:00", first="2026-11-25 09:00")
    passes(dated_text, given)
    assert "2026-11-20" in spoken(dated_text.saw(given, dated_text.Options()))


def test_the_day_is_that_of_the_workspace():
    text, late = "Tonight at 8: jazz on the terrace.", utc("2026-11-21 00:10")  # Friday evening in New York
    home = candidate(text=text, at=late, first_at=late, zone=ZoneInfo("America/New_York"))
    assert "2026-11-20" in spoken(dated_text.saw(home, dated_text.Options()))
    away = candidate(text=text, at=late, first_at=late, zone=ZoneInfo("Asia/Tokyo"))
    assert "2026-11-21" in spoken(dated_text.saw(away, dated_text.Options()))


def test_the_language_of_the_post_decides_how_figures_are_read():
    text = "04/12 : 20 h"
    french = told(text, "2026-12-05 09:00", language="fr")
    finds(dated_text, french)
    passes(dated_text, told("4/12: the tour begins", "2026-12-05 09:00", language="en"))


def test_an_unsure_case_asks_unless_nobody_wants_to_be_asked():
    given = told(UNSURE, "2026-12-20 09:00", language="fr")
    found = finds(dated_text, given)
    assert spoken(found.message) == (
        "“le 15” (until 2026-12-15?) may be out of date by then (2026-12-20): is it still right?"
    )
    passes(dated_text, given, ask_when_unsure=False)
    saw = spoken(dated_text.saw(given, dated_text.Options(ask_when_unsure=False)))
    assert saw == "Perhaps out of date since 2026-12-15; you do not want to be asked about that."


def test_what_is_sure_is_found_behind_what_is_not():
    text = f"{UNSURE} Offre valable jusqu’au 18 décembre 2026."
    given = told(text, "2026-12-20 09:00", language="fr")
    assert "18 décembre 2026" in spoken(finds(dated_text, given, ask_when_unsure=False).message)


def test_a_persons_word_counts_up_to_its_day_and_no_longer():
    given = told(OFFER, "2027-03-20 23:00", fine_until=date(2027, 3, 20))
    passes(dated_text, given)
    saw = spoken(dated_text.saw(given, dated_text.Options()))
    assert saw == "A person said that the words are fine until 2027-03-20."
    finds(dated_text, told(OFFER, "2027-03-21 00:01", fine_until=date(2027, 3, 20)))


def test_the_word_that_is_offered_is_enough():
    given = told(OFFER, "2026-12-20 09:00")
    until = date.fromisoformat(fix(finds(dated_text, given), "fine_until")["until"])
    passes(dated_text, told(OFFER, "2026-12-20 09:00", fine_until=until))
    assert until == date(2026, 12, 20) + timedelta(days=90)


def test_the_evidence_lies_where_it_was_written_behind_emoji_and_links():
    text = "🎄🎁 https://example.org/2019/12/24 Closed from 24 December 2026 to 2 January 2027"
    (span,) = finds(dated_text, told(text, "2027-01-10 09:00")).evidence
    assert isinstance(span, Span)
    assert text[span.start : span.end].endswith("2 January 2027")
    assert text[span.start : span.end].lower().lstrip("from ").startswith("24")


def test_it_holds_in_a_fresh_workspace():
    verdict = judge(told(OFFER, "2026-12-20 09:00", repeat=None), default_policy())
    assert {check.guard: check.action.word for check in verdict.checks}["dated_text"] == "hold"
