"""Posts that do not fit their network.

Seen red with the rule's condition taken out.
"""

import pytest

from guards.base import ChannelFacts, Span
from guards.rules import format as format_rule
from tests.guards.kit import candidate, findings, finds, fix, passes, spoken, verbs

SHORT = ChannelFacts("Atelier on Bluesky", "bluesky", 10, counted_in="graphemes")
CAPTIONS = ChannelFacts("Atelier on Telegram", "telegram", 40, max_length_with_media=10)
PICTURES = ChannelFacts("Atelier on Instagram", "instagram", 2200, needs_media=True)


def text(words, **changes):
    return candidate(text=words, **{"length": len(words), **changes})


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t\u00a0", "\u200b\ufeff"])
def test_a_post_with_nothing_in_it_is_none(nothing):
    found = finds(format_rule, text(nothing))
    assert spoken(found.message) == (
        "There is nothing to publish on Atelier on Mastodon: no text, and no picture or video."
    )
    assert verbs(found) == ["edit", "add_media", "drop_channel"]


def test_a_picture_needs_no_words():
    passes(format_rule, text("", has_media=True))


def test_the_limit_itself_passes_and_one_more_does_not():
    passes(format_rule, text("x" * 10, channel=SHORT))
    found = finds(format_rule, text("x" * 11, channel=SHORT))
    assert spoken(found.message) == ("1 too many for Atelier on Bluesky: 11 graphemes, and at most 10 are allowed.")
    assert verbs(found) == ["trim", "drop_channel"]
    assert fix(found, "trim") == {"to": 10}
    assert found.evidence == (Span(10, 11),)


def test_the_networks_way_of_counting_decides():
    passes(format_rule, text("x" * 40, length=9, channel=SHORT))
    assert finds(format_rule, text("👩‍👩‍👧", length=14, channel=SHORT)).evidence == ()


def test_words_beside_a_file_are_held_to_their_own_limit():
    """Seen red with the limit for words alone."""
    passes(format_rule, text("x" * 40, channel=CAPTIONS))
    passes(format_rule, text("x" * 10, channel=CAPTIONS, has_media=True))
    found = finds(format_rule, text("x" * 11, channel=CAPTIONS, has_media=True))
    assert spoken(found.message) == "1 too many for Atelier on Telegram: 11 characters, and at most 10 are allowed."
    assert fix(found, "trim") == {"to": 10}
    assert found.evidence == (Span(10, 11),)


def test_a_channel_that_takes_less_anyway_takes_no_more_beside_a_file():
    less = ChannelFacts("Atelier on Telegram", "telegram", 5, max_length_with_media=10)
    assert fix(finds(format_rule, text("x" * 6, channel=less, has_media=True)), "trim") == {"to": 5}


def test_a_network_of_pictures_takes_no_words_alone():
    found = finds(format_rule, text("Look", channel=PICTURES))
    assert verbs(found) == ["add_media", "drop_channel"]
    passes(format_rule, text("Look", channel=PICTURES, has_media=True))


def test_everything_that_is_wrong_is_told():
    assert len(findings(format_rule, text("", channel=PICTURES))) == 2


def test_nobody_can_let_it_pass():
    assert not format_rule.overridable
