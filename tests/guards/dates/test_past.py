"""What lay behind when it was first said: promises that were stale from the start, and history.

Seen red with every day that lies behind taken for history.
"""

from datetime import date

import pytest

from guards.dates.reading import read

ANCHOR = date(2024, 6, 12)  # a Wednesday
STALE = [
    ("en", "Order until 30 November 2023 and the engraving is free", "2023-11-30", "expired"),
    ("en", "Sale until 1 June!", "2024-06-01", "expired"),
    ("en", "Entries close on 1 March 2017", "2017-03-01", "probably"),
    ("en", "Join us on 3 March 2024 at the craft fair", "2024-03-03", "probably"),
    ("en", "📅 4 May 2023, the big kiln firing", "2023-05-04", "probably"),
    ("en", "Seven habits for success in 2019!", "2019-12-31", "probably"),
    ("en", "Happy New Year 2023!", "2023-01-07", "expired"),
    ("fr", "Jusqu’au 30 novembre 2023 : la gravure est offerte", "2023-11-30", "expired"),
    ("fr", "Rendez-vous le 3 mars 2024 à la foire des potiers", "2024-03-03", "probably"),
    ("fr", "Bonne année 2023 à toutes et à tous !", "2023-01-31", "expired"),
    ("de", "Nur bis 30. November 2023: Gravur geschenkt", "2023-11-30", "expired"),
]
HISTORY = [
    ("en", "Signed on 3 March 2023, sealed ever since"),
    ("en", "The old mill was open until 30 November 2021"),
    ("en", "We launched on 4 May 2023 with three people and a cat"),
    ("en", "Thanks to all who came to the fair on 3 March 2024!"),
    ("en", "In 2019 we moved to the harbour"),
    ("en", "A photo from the archive (12 August 2018)"),
    ("fr", "Le moulin était ouvert jusqu’au 30 novembre 2021"),
    ("fr", "Photo d’archives du 12 août 2018"),
]


@pytest.mark.parametrize(("language", "text", "last", "answer"), STALE)
def test_a_promise_for_a_day_that_is_over_is_stale_from_the_start(language, text, last, answer):
    reading = read(text, language, ANCHOR)
    assert (reading.stale_after, reading.answer_on(ANCHOR)) == (date.fromisoformat(last), answer), reading.spans


@pytest.mark.parametrize(("language", "text"), HISTORY)
def test_history_stays_true(language, text):
    reading = read(text, language, ANCHOR)
    assert reading.stale_after is None, reading.spans


def test_what_is_surely_over_speaks_before_what_is_only_perhaps():
    reading = read("On vous attend le 15. Offre valable jusqu’au 18 juin 2024.", "fr", ANCHOR)
    assert reading.stale_after == date(2024, 6, 15)
    assert reading.answer_on(date(2024, 6, 16)) == "probably"
    assert reading.answer_on(date(2024, 6, 19)) == "expired"
    wrong = reading.wrong_on(date(2024, 6, 19))
    assert wrong is not None
    assert "18 juin" in wrong.words
