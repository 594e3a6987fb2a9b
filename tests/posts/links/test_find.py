"""Links in a text: where they begin and end, one spelling for each, and taking one out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.links.find import canonical, links, without
from posts.links.hosts import owner


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Read https://example.com/a.", ["https://example.com/a"]),
        ("(see https://example.com/a_(b)).", ["https://example.com/a_(b)"]),
        ("“https://example.com/x”, and www.example.org!", ["https://example.com/x", "https://www.example.org/"]),
        ("HTTPS://EXAMPLE.com/A?utm_source=x&b=1&fbclid=2#top", ["https://example.com/A?b=1"]),
        ("http://example.com:80/ http://example.com:8080/", ["http://example.com/", "http://example.com:8080/"]),
        ("https://müller.example/ä", ["https://xn--mller-kva.example/ä"]),
        ("mail me@www.example.com or see example.com/a", []),
        ("http:// https://[::1 https://key:secret@example.com/ https://example.com:x/", []),
        ("", []),
    ],
)
def test_links_are_found_with_one_spelling(text: str, wanted: list[str]) -> None:
    assert [link.url for link in links(text)] == wanted


def test_a_link_knows_its_place() -> None:
    text = "Read https://example.com/a, then rest."
    (link,) = links(text)
    assert text[link.start : link.end] == "https://example.com/a"


@given(st.text(alphabet="htps:/.w@()[]exam?&=#% \n\\ü\x00", max_size=60))
def test_no_text_makes_it_stumble(text: str) -> None:
    for link in links(f"https://{text}"):
        assert canonical(link.url) == link.url
        assert link.end <= len(text) + 8


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Our new article: https://example.com/a", "Our new article"),
        ("Read https://example.com/a today.", "Read today."),
        ("One\nhttps://example.com/a\nTwo", "One\n\nTwo"),
        ("See https://example.com/a, please.", "See, please."),
        ("https://example.com/a", ""),
        ("https://example.com/b and https://example.com/a", "https://example.com/b and"),
    ],
)
def test_a_link_is_taken_out_without_a_hole(text: str, left: str) -> None:
    assert without(text, "https://example.com/a") == left


def test_one_owner_is_told_from_another() -> None:
    assert owner("www.shop.example.co.uk") == owner("example.co.uk.") == "example.co.uk"
    assert owner("one.github.io") != owner("two.github.io")
    assert owner("a.b.example.com") == "example.com"
    assert owner("127.0.0.1") == "127.0.0.1"
    assert owner("localhost") == "localhost"
