"""No text crashes the reader, none without words of time is flagged, and hostile ones cost little work."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guards.dates.find import MOST, find
from guards.dates.languages import LANGUAGES
from guards.dates.languages.recognise import SPEAKERS
from guards.dates.lexicon import lexicon
from guards.dates.reading import read
from guards.dates.text import LONGEST, fold

ANCHOR = date(2024, 6, 12)
CODES = st.sampled_from([*LANGUAGES, "", "xx", "fr-CA"])
PIECES = st.sampled_from(
    [
        "12",
        "6",
        "2024",
        "31",
        "0",
        "99",
        "1/2",
        "12/06",
        "24.12.",
        "June",
        "juin",
        "mai",
        "may",
        "Freitag",
        "vendredi",
        "on",
        "le",
        "until",
        "jusqu'au",
        "today",
        "demain",
        "next",
        "week",
        "-",
        "–",
        ",",
        "and",
        "et",
        "bis",
        "/",
        ".",
        ":",
        "\n",
        " ",
        "#",
        "@",
        "https://",
        "h",
        "pm",
        "€",
        "e\u0301",
        "ﬁ",
        "\u200b",
        "👩",
        "…",
        "Black",
        "Friday",
        "days",
        "left",
        "il y a",
        "3 ans",
        "ago",
        "Christmas",
        "Pâques",
        "02",
        "29",
        "30",
        "J-3",
        "Q3",
        "9999",
        "0000",
        "²",
    ]
)
CALM = [
    "bread",
    "butter",
    "salt",
    "fish",
    "shelf",
    "green",
    "quiet",
    "lamp",
    "pebble",
    "sardine",
    "poisson",
    "beurre",
    "jardin",
    "vert",
    "doux",
    "calme",
    "Brot",
    "Käse",
]


@given(st.text(max_size=300), CODES, st.dates())
def test_any_text_is_read(text: str, language: str, anchor: date) -> None:
    _check(text, language, anchor)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=25), st.sampled_from(["", " "]), CODES, st.dates())
def test_any_heap_of_words_of_time_is_read(pieces: list[str], glue: str, language: str, anchor: date) -> None:
    _check(glue.join(pieces), language, anchor)


def _check(text: str, language: str, anchor: date) -> None:
    reading = read(text, language, anchor)
    end = 0
    for span in reading.spans:
        assert end <= span.start < span.end <= len(text)
        assert span.words == text[span.start : span.end]
        # Only a day that is named in figures, its own or a neighbour's, can have been over when it was written.
        assert span.last_good is None or span.last_good >= anchor or any(sign.isdecimal() for sign in text)
        assert 0 < span.confidence <= 1
        end = span.end
    over = reading.stale_after is not None and reading.stale_after < anchor
    assert (reading.answer_on(anchor) != "fine") == over


@given(st.lists(st.sampled_from(CALM), max_size=40), CODES)
def test_a_text_without_words_of_time_is_never_flagged(words: list[str], language: str) -> None:
    assert read(" ".join(words), language, ANCHOR).stale_after is None


# Letter by letter: whole texts would also be drawn from the phrases that stand in the language tables.
LETTERS = st.lists(st.characters(exclude_categories=["Nd", "Nl", "No"]), max_size=200).map("".join)


@given(LETTERS, CODES)
def test_letters_without_digits_or_known_words_are_never_flagged(text: str, language: str) -> None:
    if not _knows_time(text):
        assert read(text, language, ANCHOR).stale_after is None


def _knows_time(text: str) -> bool:
    folded = fold(text).text
    return bool(re.search(r"\d", folded)) or any(word in SPEAKERS for word in re.findall(r"[^\W\d_]+", folded))


@pytest.mark.parametrize("anchor", [date.min, date.max, date(1600, 2, 29), date(9999, 12, 31)])
@pytest.mark.parametrize(
    "text",
    [
        "tomorrow, next week, next month, next year, this summer, 3 weeks left, 2 years ago",
        "Christmas, Easter, Eid, Diwali, Black Friday, 31 December, 29 February, Friday, in June, Q4",
        "2024-25, 2024, by 2100, Dec 31 9999",
    ],
)
def test_the_ends_of_the_calendar_are_survived(text: str, anchor: date) -> None:
    _check(text, "en", anchor)


HOSTILE = [
    "1/",
    "1/1/",
    "7",
    "12 ",
    "this ",
    "#A",
    "#a1B2",
    "\u0301",
    "e\u0301",
    "1 et 2 et ",
    "june 1, ",
    "monday ",
    "a@",
    "a.",
    "http://",
    "in 3 days ",
    "il y a ",
    "world day ",
    "ﷺ",
    "½",
    " ",
    "…",
    "2024-",
    "today order ",
]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_hostile_text_yields_a_bounded_number_of_mentions(unit: str, language: str) -> None:
    text = unit * (20_000 // len(unit))
    assert len(find(fold(text), lexicon(language))) <= MOST
    assert len(read(text, language, ANCHOR).spans) <= 2 * MOST


def test_what_lies_beyond_the_longest_post_is_not_read() -> None:
    assert read("." * LONGEST + " tomorrow", "en", ANCHOR).spans == ()


def test_folding_multiplies_a_text_at_most_a_few_times() -> None:
    assert len(fold("ﷺ㍿½ﬃ" * 1000).text) <= 4 * 4000


UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d+,\}")


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_pattern_repeats_without_bound(code: str) -> None:
    """What keeps a pattern from taking for ever: every repetition in a language's patterns has a number."""
    words = lexicon(code)
    finders = [
        words.dates,
        words.lone_days,
        words.months,
        words.seasons,
        words.weekdays,
        words.amount,
        words.moments.pattern,
        words.feasts.pattern,
    ]
    frames = [side for frame in (*words.countdowns, *words.agos) for side in frame[:2]]
    cues = [*frames, *words.befores.values(), *words.afters.values(), *words.abouts.values()]
    for pattern in (*(finder.pattern for finder in finders), *cues):
        without_sets = re.sub(r"\[[^\]]*\]", "", pattern.replace("}+", "}"))
        assert not UNBOUNDED.search(without_sets)
