"""What may be kept as a text, and when two texts are the same content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.content import clean, fingerprint, problems


@pytest.mark.parametrize("copy", ["read our  GUIDE", "Read our guide!", "Read our guide 👋", "Ｒead our guide."])
def test_case_spaces_signs_and_emoji_do_not_make_other_content(copy: str) -> None:
    assert fingerprint(copy) == fingerprint("Read our guide")


def test_campaign_tags_do_not_make_other_content_and_another_page_does() -> None:
    plain = fingerprint("Read it at https://example.org/guide")
    assert fingerprint("Read it at https://example.org/guide?utm_source=x&utm_campaign=y") == plain
    assert fingerprint("Read it at https://example.org/other") != plain


def test_texts_without_a_word_are_told_apart_by_their_signs() -> None:
    assert fingerprint("👋") != fingerprint("🎉")


def test_leftovers_of_a_wrong_encoding_are_dropped_and_the_rest_stays() -> None:
    assert list(problems("caf\u00e9 \x89 \u2014 ok")) == []
    assert clean("caf\u00e9 \x89ok\r\nnext") == "caf\u00e9 ok\nnext"


@pytest.mark.parametrize("text", ["", "  \n", "nul \x00", "bell \x07", "half \ud83d", "x" * 50_000])
def test_what_cannot_be_kept_is_refused_in_a_sentence(text: str) -> None:
    assert len(list(problems(text))) == 1


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fingerprint(clean(text)) == fingerprint(text)
