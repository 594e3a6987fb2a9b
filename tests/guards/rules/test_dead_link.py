"""Links that lead nowhere any more, or somewhere else.

Seen red with the rule's condition taken out.
"""

from __future__ import annotations

import pytest

from guards.base import LinkFacts, Span
from guards.rules import dead_link
from posts.links.health import DOUBTS, PROOFS, Sign
from tests.guards.kit import candidate, findings, finds, fix, passes, spoken, utc, verbs

URL = "https://example.com/articles/headlines"
SINCE = utc("2026-11-12 08:00")
CHECKED = utc("2026-11-25 08:00")


def linking(state="alive", sign="fine", **facts):
    link = LinkFacts(URL, Span(5, 10), state, sign, checked_at=facts.pop("checked_at", CHECKED), **facts)
    return candidate(links=(link,))


def saw(given, **options):
    return spoken(dead_link.saw(given, dead_link.Options(**options)))


def test_a_text_without_links_passes():
    passes(dead_link, candidate())
    assert saw(candidate()) == "No link in the text."


def test_a_link_that_works_passes_and_says_when_it_did():
    passes(dead_link, linking())
    assert saw(linking()) == "The link worked on 2026-11-25."


def test_a_dead_link_is_named_with_its_place_and_since_when():
    found = finds(dead_link, linking("dead", "404", times=3, since=SINCE))
    assert spoken(found.message) == (
        "example.com/articles/headlines is dead: it answered “not found” (404), 3 times since 2026-11-12."
    )
    assert found.evidence == (Span(5, 10),)
    assert verbs(found) == ["edit", "check_link", "remove_link"]
    assert fix(found, "check_link") == fix(found, "remove_link") == {"link": URL}


@pytest.mark.parametrize("sign", PROOFS)
def test_every_way_to_be_dead_can_be_said(sign):
    finds(dead_link, linking("dead", str(sign), times=3, since=SINCE))
    assert "too little to call it dead" in saw(linking("unknown", str(sign), times=1, since=SINCE))


@pytest.mark.parametrize("sign", DOUBTS)
def test_every_way_to_be_suspicious_is_asked_about(sign):
    found = finds(dead_link, linking("suspicious", str(sign), detail="Cheap watches"))
    assert spoken(found.message).endswith("Is that the right page?")
    assert "link_is_fine" in verbs(found)


def test_who_does_not_want_to_be_asked_hears_of_dead_links_alone():
    doubtful = linking("suspicious", Sign.LOGIN)
    passes(dead_link, doubtful, ask_when_suspicious=False)
    assert "do not want to be asked" in saw(doubtful, ask_when_suspicious=False)
    finds(dead_link, linking("dead", "410", times=2, since=SINCE), ask_when_suspicious=False)


def test_what_nobody_knows_passes_and_says_so():
    passes(dead_link, linking("unknown", "", checked_at=None))
    assert saw(linking("unknown", "", checked_at=None)).endswith("has not been looked at yet.")
    passes(dead_link, linking("unknown", "no_answer"))
    assert saw(linking("unknown", "no_answer")).endswith("gave no clear answer on 2026-11-25.")


def test_each_link_is_told_for_itself():
    links = tuple(
        LinkFacts(f"{URL}/{number}", Span(number, number + 1), "dead", "410", times=2, since=SINCE) for number in (1, 2)
    )
    assert len(findings(dead_link, candidate(links=links))) == 2


def test_a_link_in_a_state_that_nobody_has_words_for_is_no_consent():
    """The judge holds what a guard crashes on."""
    with pytest.raises(KeyError):
        findings(dead_link, linking("dead", "no such sign", times=3, since=SINCE))
