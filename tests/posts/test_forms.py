"""The composer's form reads what people write, and says of every fault what would be right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from notices.speak import speak
from posts.forms import PostForm
from posts.models import Category, Channel
from teams.models import Workspace

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WORKSPACE = Workspace(pk=1, name="Atelier", slug="atelier", timezone="Europe/Paris", language="fr")
CHANNELS = [
    Channel(pk=7, workspace=WORKSPACE, network="sandbox", handle="atelier", name="Atelier"),
    Channel(pk=8, workspace=WORKSPACE, network="sandbox_silent", handle="news", name="News"),
]
TIPS = Category(pk=3, workspace=WORKSPACE, name="Tips")


def form(**changes: Any) -> PostForm:
    given = {"text": "Bonjour", "language": "fr", "channels": [7], "when": "free", "interval": 30, "unit": "day"}
    data = QueryDict(mutable=True)
    for name, value in {**given, **changes}.items():
        data.setlist(name, [str(one) for one in (value if isinstance(value, list) else [value])])
    return PostForm(data, workspace=WORKSPACE, channels=CHANNELS, categories=[TIPS], now=NOW)


def test_what_is_written_becomes_content() -> None:
    written = form(
        text=" e\u0301te\u0301\r\n ", category=3, channels=[7, 8], version_sandbox_silent="Court",
        wording_1="B", wording_2="",
        expires="2027-01-31T12:00", repeat="on", max_repeats=5, when="at", at_text="15 déc. 10:00",
    )  # fmt: skip
    assert written.is_valid(), written.errors
    content = written.content(NOW)
    assert (content.text, content.language, content.channels, content.category) == ("été", "fr", CHANNELS, TIPS)
    assert (content.versions, content.variations) == ({"sandbox_silent": "Court"}, ["B"])
    assert content.starts_at == datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
    assert content.expires_at == datetime(2027, 1, 31, 11, 0, tzinfo=UTC)
    assert content.rule
    assert (content.rule.interval, content.rule.max_repeats, content.rule.end_date) == (30, 5, None)


def test_a_version_that_says_the_same_is_none() -> None:
    written = form(version_sandbox="Bonjour")
    assert written.is_valid()
    assert written.content(NOW).versions == {}


def test_the_first_publication_is_when_the_form_says() -> None:
    free = NOW + timedelta(hours=3)
    for when, starts_at in (("free", free), ("now", NOW), ("draft", None)):
        written = form(when=when)
        assert written.is_valid()
        assert written.content(free).starts_at == starts_at


def test_what_was_typed_counts_before_what_was_picked() -> None:
    written = form(when="at", at_text="tomorrow 9:00", at_picker="2026-12-24T18:00")
    assert written.is_valid()
    assert written.starts_at(NOW) == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_a_closed_repeat_and_a_time_not_chosen_are_not_found_fault_with() -> None:
    written = form(interval="x", max_repeats=-1, at_text="gibberish", key="no key", revision="x")
    assert written.is_valid(), written.errors
    assert written.content(NOW).rule is None


def test_an_hour_that_the_clocks_skip_is_explained() -> None:
    written = form(when="at", at_text="28 March 2027 2:30")
    assert written.is_valid()
    assert ["skip" in speak(note) for note in written.notes] == [True]


def test_a_draft_needs_no_channel_and_no_time() -> None:
    assert form(when="draft", channels=[]).is_valid()


def test_a_draft_keeps_what_can_be_read_of_a_faulty_form() -> None:
    written = form(repeat="on", interval=0, expires="gibberish")
    assert not written.is_valid()
    assert written.content(NOW).text == "Bonjour"
    assert written.content(NOW).rule is None


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"text": ""}, "text", "Write the text"),
        ({"text": "half \ud83d"}, "text", "half of a character"),
        ({"wording_1": "x" * 20_001}, "wording_1", "20001"),
        ({"version_sandbox": "bell \x07"}, "version_sandbox", "control character"),
        ({"channels": []}, "channels", "at least one"),
        ({"when": "at"}, "at_text", "Say when"),
        ({"when": "at", "at_text": "yesterday"}, "at_text", "not a time"),
        ({"when": "at", "at_picker": "2026-11-21T09:59"}, "at_picker", "is past"),
        ({"repeat": "on", "interval": 0, "max_repeats": 5}, "interval", "1 or more"),
        ({"repeat": "on", "interval": "", "max_repeats": 5}, "interval", "Write a number"),
        ({"repeat": "on", "max_repeats": 0}, "max_repeats", "1 or more"),
        ({"repeat": "on", "max_repeats": "", "end_date": ""}, "max_repeats", "needs an end"),
        ({"repeat": "on", "end_date": "2026-11-20"}, "end_date", "before the first"),
        ({"expires": "2026-11-21T09:00"}, "expires", "is past"),
        ({"when": "at", "at_text": "15 Dec 10:00", "expires": "2026-12-15T09:00"}, "expires", "before it goes out"),
    ],
)
def test_a_fault_is_said_in_a_sentence_at_its_field(changes: dict[str, Any], field: str, said: str) -> None:
    written = form(**changes)
    assert not written.is_valid()
    assert said in " ".join(map(str, written.errors[field]))


def test_a_rule_ends_by_a_day_too() -> None:
    written = form(repeat="on", max_repeats="", end_date="2027-06-30")
    assert written.is_valid()
    rule = written.content(NOW).rule
    assert rule
    assert (rule.max_repeats, rule.end_date) == (None, date(2027, 6, 30))
