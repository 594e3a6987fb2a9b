"""Names that no post may mention any more, however they are written.

Seen red with the rule's condition taken out.
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.rules import retired_name
from tests.guards.kit import candidate, findings, finds, passes, spoken, verbs


def places(text, *names):
    """The pieces of the text that were found."""
    found = findings(retired_name, candidate(text=text), names=names)
    return [text[span.start : span.end] for finding in found for span in finding.evidence]


def test_an_empty_list_finds_nothing():
    passes(retired_name, candidate(text="Vine, Periscope, Klout"))


def test_a_name_on_the_list_is_told_with_its_place():
    found = finds(retired_name, candidate(text="Try Vine today"), names=("Vine", "Klout"))
    assert spoken(found.message) == "This content names Vine, which is on your list of retired names."
    assert verbs(found) == ["edit", "retire"]
    assert [(span.start, span.end) for span in found.evidence] == [(4, 8)]


def test_all_names_are_told_together_in_the_order_of_the_list():
    found = finds(retired_name, candidate(text="Klout or Vine? Vine."), names=("Vine", "Klout"))
    assert spoken(found.message) == "This content names Vine, Klout, which are on your list of retired names."
    assert len(found.evidence) == 3


def test_a_text_without_them_passes():
    passes(retired_name, candidate(text="Five ways to write"), names=("Vine",))
    passes(retired_name, candidate(text="Five ways to write"), names=("Vine", "Klout"))


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("VINE and vine", "Vine", ["VINE", "vine"]),
        ("Vine's best, l'Vine, (Vine)", "Vine", ["Vine", "Vine", "Vine"]),
        ("We left İstanbul", "istanbul", ["İstanbul"]),
        ("We left istanbul", "İSTANBUL", ["istanbul"]),
        ("ﬁx it with Conﬁt now", "Confit", ["Conﬁt"]),
        ("with Rene\u0301e and Renée", "Renee", ["Rene\u0301e", "Renée"]),
        ("ask Andre\u0301", "André", ["Andre\u0301"]),
        ("ask Andre", "André", ["Andre"]),
        ("Straße STRASSE", "straße", ["Straße", "STRASSE"]),
        ("Søren and Soren", "Søren", ["Søren", "Soren"]),
        ("Łódź", "Lodz", ["Łódź"]),
        ("O’Reilly said", "O'Reilly", ["O’Reilly"]),
        ("Ｖｉｎｅ", "Vine", ["Ｖｉｎｅ"]),
        ("Vi\u00adne", "Vine", ["Vi\u00adne"]),
        ("🎉Vine🎉", "Vine", ["Vine"]),
        ("Google+ is gone", "Google+", ["Google+"]),
        ("Tool\u00a0Name, Tool  Name, tool-name", "Tool Name", ["Tool\u00a0Name", "Tool  Name", "tool-name"]),
        ("Coca Cola", "Coca-Cola", ["Coca Cola"]),
        ("Vineを使う", "Vine", ["Vine"]),
    ],
)
def test_a_name_is_found_however_it_is_written(text, name, expected):
    assert places(text, name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I love #ToolName", ["ToolName"]),
        ("I love #toolname!", ["toolname"]),
        ("I love #tool_name", ["tool_name"]),
        ("ask @ToolName", ["ToolName"]),
        ("#ByeToolName2017", ["ToolName"]),
        ("#RIPToolName", ["ToolName"]),
        ("see https://toolname.com/a", ["toolname"]),
        ("see tool-name.com", ["tool-name"]),
        ("see https://blog.example/the-tool-name-guide", ["tool-name"]),
    ],
)
def test_a_name_of_two_words_is_found_in_tags_and_links(text, expected):
    assert places(text, "Tool Name") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Vineyard",
        "the vineyards of #Vineyard",
        "Divine",
        "#divine",
        "#DIVINE",
        "Vine2",
        "https://vineyard.fr",
        "https://divine.co/x",
        "https://example.org/?utm_source=vine",
        "https://example.org/a#vine",
        "https://example.org/xVine9",
    ],
)
def test_a_name_inside_another_word_is_none(text):
    assert places(text, "Vine") == []


def test_words_that_only_run_together_are_another_name_outside_tags_and_links():
    assert places("Annalise is here", "Anna Lise") == []


def test_a_link_names_the_tool_in_its_host_and_in_its_path():
    assert places("https://vine.co/v/1 or vine.co or https://a.example/vine", "Vine") == ["vine", "vine", "vine"]


def test_half_of_a_written_character_is_no_name():
    assert places("½", "1") == []
    assert places("각", "가") == []


def test_a_place_that_was_turned_down_does_not_hide_the_next():
    assert places("ba a a", "a a") == ["a a"]


@pytest.mark.parametrize("nothing", ["", "  ", "-", "\u0301", "\u200b"])
def test_an_empty_name_finds_nothing(nothing):
    assert places("Five ways - to write", nothing) == []


def plain(text):
    """The letters of a text without case, accents, spaces and hyphens, worked out in another way than the rule's."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    folded = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter) and letter not in " -_\u200b")


LETTERS = st.sampled_from("aAbBeEéÉiIİfsSßﬁﬀńŉǆＶ각가½1 2-_\u0301\u0307\u200b")
WRITTEN = [str, str.upper, str.lower, str.title, str.casefold]
NORMAL = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])


@given(
    around=st.tuples(st.text(LETTERS, max_size=8), st.text(LETTERS, max_size=8)),
    glue=st.sampled_from(["", " ", " #", " @", ". "]),
    name=st.text(LETTERS, max_size=6),
    written=st.sampled_from(WRITTEN),
    form=NORMAL,
)
def test_every_place_lies_in_the_text_and_reads_as_the_name(around, glue, name, written, form):
    text = around[0] + glue + unicodedata.normalize(form, written(name)) + around[1]
    for finding in findings(retired_name, candidate(text=text), names=(name,)):
        for span in finding.evidence:
            assert 0 <= span.start < span.end <= len(text)
            assert plain(text[span.start : span.end]) == plain(name)


@given(
    name=st.text("abceéèüßñfiLMN", min_size=1, max_size=8),
    written=st.sampled_from(WRITTEN),
    form=NORMAL,
    around=st.sampled_from([("", ""), ("Try ", " now"), ("(", ")"), ("“", "”!"), ("#", ""), ("İ ", " ﬁ")]),
)
def test_a_whole_name_is_found_in_any_case_and_any_form(name, written, form, around):
    inner = unicodedata.normalize(form, written(name))
    assert inner in places(around[0] + inner + around[1], name)
