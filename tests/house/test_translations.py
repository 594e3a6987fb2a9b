"""Whatever a person reads is there in French too."""

from __future__ import annotations

import gettext

from tests.house.catalogue import MO, kept, places, untranslated, wanted


def test_every_text_of_the_code_and_the_templates_is_in_the_catalogue() -> None:
    known = kept()
    missing = [message.id for message in wanted() if message.id and known.get(message.id, message.context) is None]
    assert missing == []


def test_every_text_has_its_french_and_none_is_a_guess() -> None:
    catalogue = kept()
    assert list(untranslated(catalogue)) == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


def test_the_french_has_the_places_that_the_english_has() -> None:
    wrong = [
        (english, french)
        for message in kept()
        for english, french in _pairs(message.id, message.string)
        if places(english) != places(french)
    ]
    assert wrong == []


def test_what_is_compiled_is_what_was_written() -> None:
    with MO.open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    for message in kept():
        if isinstance(message.id, str) and message.id and not message.context:
            assert spoken.gettext(message.id) == message.string


def _pairs(english: object, french: object) -> list[tuple[str, str]]:
    if isinstance(english, str):
        return [(english, str(french))] if english else []
    one, many = english  # type: ignore[misc]
    first, *others = french  # type: ignore[misc]
    # The singular may name the number or spell it out, in either language.
    return [(many, other) for other in others] if places(str(first)) <= places(many) else [(one, first)]
