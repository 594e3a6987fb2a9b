"""What each mention of time is there for, and which of several decides."""

from datetime import date

import pytest

from guards.dates.reading import read
from guards.dates.spans import Role

ANCHOR = date(2024, 6, 12)

ROLES = [
    ("en", "Submit your talk by 1 July", Role.DEADLINE),
    ("en", "The concert is on 1 July", Role.EVENT),
    ("en", "All this week: free coffee", Role.PERIOD),
    ("en", "Happy Father's Day, dads", Role.GREETING),
    ("en", "We open tomorrow", Role.DEICTIC),
    ("en", "3 days left", Role.COUNTDOWN),
    ("en", "The best tools of 2024", Role.YEAR_TAG),
    ("en", "Carbon neutral by 2030", Role.TARGET_YEAR),
    ("en", "Founded 5 years ago", Role.YEARS_AGO),
    ("en", "Come by at 3pm", Role.HOUR),
    ("en", "Founded in 1998", Role.HISTORY),
    ("en", "Every Friday, fish", Role.HABIT),
    ("en", "We planted 2024 trees, 2024 people came", Role.QUANTITY),
    ("en", "Office 2024 is out", Role.VERSION),
    ("en", "Rated 4/5", Role.FIGURE),
    ("en", "The leaders of tomorrow", Role.FIGURE),
    ("fr", "Inscrivez-vous avant le 1er juillet", Role.DEADLINE),
    ("fr", "Le concert a lieu le 1er juillet", Role.EVENT),
    ("fr", "Bonne fête des pères", Role.GREETING),
    ("fr", "Plus que 3 jours", Role.COUNTDOWN),
    ("fr", "Chaque vendredi, du poisson", Role.HABIT),
    ("fr", "La ville de demain", Role.FIGURE),
    ("fr", "Maison fondée en 1998", Role.HISTORY),
]


@pytest.mark.parametrize(("language", "text", "role"), ROLES)
def test_words_of_time_are_given_their_role(language: str, text: str, role: Role) -> None:
    assert role in {span.role for span in read(text, language, ANCHOR).spans}


def test_the_deadline_before_the_festival_decides() -> None:
    reading = read("Early bird until June 20, the festival is on 6-8 September", "en", ANCHOR)
    assert reading.because is not None
    assert (reading.because.role, reading.stale_after) == (Role.DEADLINE, date(2024, 6, 20))


def test_a_tour_is_over_after_its_last_date() -> None:
    assert read("June 18 Paris\nJune 25 London\nJuly 2 Rome", "en", ANCHOR).stale_after == date(2024, 7, 2)


def test_a_countdown_to_a_range_lasts_as_long_as_the_range() -> None:
    assert read("Only 4 days to go! 16-18 June, Lisbon", "en", ANCHOR).stale_after == date(2024, 6, 18)


def test_tomorrow_outdates_a_post_before_its_date_does() -> None:
    assert read("Tickets go on sale tomorrow for our show on 3 October", "en", ANCHOR).stale_after == date(2024, 6, 13)


def test_a_weekday_beside_a_date_is_that_date() -> None:
    assert read("Friday it is! Our party, Friday 21 June", "en", ANCHOR).stale_after == date(2024, 6, 21)


def test_a_deadline_on_a_weekday_is_not_the_date_of_the_event() -> None:
    text = "Vote until Friday, the winner plays on Friday 28 June"
    assert read(text, "en", ANCHOR).stale_after == date(2024, 6, 14)


def test_a_date_without_a_year_is_the_coming_one() -> None:
    assert read("Dinner on 15 January", "en", ANCHOR).stale_after == date(2025, 1, 15)


def test_a_date_that_has_just_been_is_history() -> None:
    assert read("Photos from 3 June", "en", ANCHOR).stale_after is None


def test_a_range_under_way_lasts_to_its_end() -> None:
    assert read("10-14 June: book week", "en", ANCHOR).stale_after == date(2024, 6, 14)


@pytest.mark.parametrize(("language", "day"), [("en", date(2024, 12, 9)), ("fr", date(2024, 9, 12))])
def test_day_and_month_stand_as_the_language_writes_them(language: str, day: date) -> None:
    lead = {"en": "Open day on 12/09, join us", "fr": "Portes ouvertes le 12/09, venez"}[language]
    assert read(lead, language, ANCHOR).stale_after == day


def test_new_year_wishes_are_read_from_either_side_of_midnight() -> None:
    for anchor in (date(2012, 12, 31), date(2013, 1, 1)):
        assert read("Bonne année 2013 !", "fr", anchor).stale_after == date(2013, 1, 31)


def test_a_long_countdown_counts_from_the_first_publication() -> None:
    assert read("The new version ships in 29 days", "en", ANCHOR).stale_after == date(2024, 7, 11)


def test_a_cut_off_weekday_is_still_a_weekday() -> None:
    assert read("We launch on Frid…", "en", ANCHOR).stale_after == date(2024, 6, 14)


def test_a_clear_claim_is_expired_and_a_doubtful_one_only_probably() -> None:
    late = date(2024, 12, 1)
    assert read("Valid until 1 July 2024", "en", ANCHOR).answer_on(late) == "expired"
    assert read("Come by at 3pm", "en", ANCHOR).answer_on(late) == "probably"


def test_the_first_day_is_fine() -> None:
    assert read("Tonight: jazz", "en", ANCHOR).answer_on(ANCHOR) == "fine"
