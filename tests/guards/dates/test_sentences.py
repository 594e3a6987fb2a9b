"""Each sentence expires on its day, in seven languages, and what stays true is left alone."""

from datetime import date, timedelta

import pytest

from guards.dates.reading import read

from . import sentences_en, sentences_fr, sentences_other

ANCHOR = date(2024, 6, 12)
DATED = [
    (code, text, day)
    for code, table in {"en": sentences_en.DATED, "fr": sentences_fr.DATED, **sentences_other.DATED}.items()
    for text, day in table.items()
]
EVERGREEN = [
    (code, text)
    for code, texts in {"en": sentences_en.EVERGREEN, "fr": sentences_fr.EVERGREEN, **sentences_other.EVERGREEN}.items()
    for text in texts
]


@pytest.mark.parametrize(("language", "text", "day"), DATED)
def test_a_dated_sentence_reads_right_until_its_day(language: str, text: str, day: str) -> None:
    reading = read(text, language, ANCHOR)
    assert reading.stale_after == date.fromisoformat(day), reading.spans
    assert reading.answer_on(date.fromisoformat(day)) == "fine"
    assert reading.answer_on(date.fromisoformat(day) + timedelta(days=1)) != "fine"


@pytest.mark.parametrize(("language", "text"), EVERGREEN)
def test_an_evergreen_sentence_never_expires(language: str, text: str) -> None:
    reading = read(text, language, ANCHOR)
    assert reading.stale_after is None, reading.spans
    assert reading.answer_on(date(2044, 1, 1)) == "fine"


@pytest.mark.parametrize("language", ["", "xx", "zh-Hant", "EN", "nonsense", "fr"])
def test_a_missing_or_wrong_language_is_guessed_from_the_words(language: str) -> None:
    text = "Join us at our new shop on Friday, we have cake and coffee for all of you"
    assert read(text, language, ANCHOR).stale_after == date(2024, 6, 14)


def test_a_post_in_two_languages_is_read_in_both() -> None:
    text = "Nous avons hâte de vous voir dans notre atelier. We look forward to seeing you in our workshop on Friday."
    assert read(text, "fr", ANCHOR).stale_after == date(2024, 6, 14)


def test_a_few_words_in_another_language_than_declared_are_read_too() -> None:
    assert read("See you tomorrow!", "fr", ANCHOR).stale_after == date(2024, 6, 13)
    assert read("À vendredi !", "en", ANCHOR).stale_after == date(2024, 6, 14)
