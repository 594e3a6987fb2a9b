"""Folding keeps the way back to the original, and hides addresses."""

from datetime import date

import pytest

from guards.dates.reading import read
from guards.dates.text import fold

ANCHOR = date(2024, 6, 12)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("📣  Rendez-vous  le 20 juin 2024 !", "20 juin 2024"),
        ("see https://a.example/2024 then June 20, 2024", "June 20, 2024"),
        ("Ne\u0301e ici. A\u0300 demain ? Le 20 aou\u0302t 2024", "20 aou\u0302t 2024"),
        ("ﬁn — le １２ juillet ２０２４", "１２ juillet ２０２４"),
        ("👩‍👩‍👧 #BlackFriday2024", "BlackFriday2024"),
        ("\u200bjuly\u00a04\u00a02024", "july\u00a04\u00a02024"),
    ],
)
def test_spans_point_into_the_original(text: str, words: str) -> None:
    spans = read(text, "fr" if "ui" in text or "ao" in text else "en", ANCHOR).spans
    assert words in {span.words for span in spans}
    assert all(text[span.start : span.end] == span.words for span in spans)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/2024/06/20/friday",
        "www.tomorrow.example/today",
        "friday@june-2024.example",
        "tomorrow.io/2024-06-20 is our tool",
        "thanks @friday_2024 and @tomorrow",
        "(https://example.org/christmas-2024)",
    ],
)
def test_addresses_and_names_are_not_read(text: str) -> None:
    assert read(text, "en", ANCHOR).spans == ()


def test_a_hashtag_is_read_word_by_word() -> None:
    assert fold("#BlackFriday2024Deals").text == "#black friday 2024 deals"


def test_accents_case_and_width_do_not_matter() -> None:
    assert fold("ÉTÉ ２０２４ 𝗧𝗼𝗱𝗮𝘆 l’été").text == "ete 2024 today l'ete"


def test_letters_in_fancy_faces_are_read() -> None:
    assert read("𝗧𝗼𝗺𝗼𝗿𝗿𝗼𝘄 we open", "en", ANCHOR).stale_after == date(2024, 6, 13)
