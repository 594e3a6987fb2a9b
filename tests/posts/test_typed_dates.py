"""A time is read as people type it, in English and French, or refused in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notices.speak import speak
from posts.typed_dates import NotATime, on_the_clock, read

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # a Saturday, ten o'clock in Paris


def paris(text: str, now: datetime = NOW, **how: bool) -> str:
    return read(text, now, PARIS, **how).at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("15 Dec 10:00", "2026-12-15 10:00"),
        ("15 December 2027, 10:00", "2027-12-15 10:00"),
        ("Dec 15 at 10am", "2026-12-15 10:00"),
        ("December 15th, 2026 9:30 pm", "2026-12-15 21:30"),
        ("the 15th of December at 9 p.m.", "2026-12-15 21:00"),
        ("Tue 15 Dec 10:00", "2026-12-15 10:00"),
        ("tomorrow 9:00", "2026-11-22 09:00"),
        ("tomorrow 9", "2026-11-22 09:00"),
        ("tomorrow at noon", "2026-11-22 12:00"),
        ("day after tomorrow 12 am", "2026-11-23 00:00"),
        ("today 18:30", "2026-11-21 18:30"),
        ("monday 9:00", "2026-11-23 09:00"),
        ("Saturday 9:00", "2026-11-28 09:00"),
        ("Saturday 11:00", "2026-11-21 11:00"),
        ("next Saturday 11:00", "2026-11-28 11:00"),
        ("samedi prochain 11h", "2026-11-28 11:00"),
        ("10:30", "2026-11-21 10:30"),
        ("09:30", "2026-11-22 09:30"),
        ("in 2 hours", "2026-11-21 12:00"),
        ("dans 3 jours", "2026-11-24 10:00"),
        ("demain 9h", "2026-11-22 09:00"),
        ("demain à 9 h 30", "2026-11-22 09:30"),
        ("après-demain 18h", "2026-11-23 18:00"),
        ("aujourd’hui 18h30", "2026-11-21 18:30"),
        ("lundi 9h", "2026-11-23 09:00"),
        ("15 déc. 10:00", "2026-12-15 10:00"),
        ("15 décembre à 10h", "2026-12-15 10:00"),
        ("le 1er mars 2027 à midi", "2027-03-01 12:00"),
        ("mar. 24 nov. 8h05", "2026-11-24 08:05"),
        ("3 août 9h", "2027-08-03 09:00"),
        ("14 juil. 9h", "2027-07-14 09:00"),
        ("29 feb 10:00", "2028-02-29 10:00"),
        ("2026-12-15T10:00", "2026-12-15 10:00"),
        ("2026-12-15 10:00", "2026-12-15 10:00"),
        ("2026-12-15 10h", "2026-12-15 10:00"),
        ("2026-12-15T10:00Z", "2026-12-15 11:00"),
        ("2026-12-15T10:00:00-05:00", "2026-12-15 16:00"),
        ("15/12/2026 10:00", "2026-12-15 10:00"),
        ("15.12. 10:00", "2026-12-15 10:00"),
    ],
)
def test_what_people_type_is_read(typed: str, meant: str) -> None:
    assert paris(typed) == meant


def test_numbers_are_read_in_the_order_of_the_reader() -> None:
    assert paris("5/12 10:00") == "2026-12-05 10:00"
    assert paris("12/5 10:00", day_first=False) == "2026-12-05 10:00"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "not a time that can be read"),
        ("soon", "not a time that can be read"),
        ("15 Dec", "At what time"),
        ("tomorrow", "At what time"),
        ("15 foo 10:00", "not a time that can be read"),
        ("foo 15 Dec 10:00", "not a time that can be read"),
        ("10:00 11:00", "not a time that can be read"),
        ("15 Dec 25:00", "no such time"),
        ("15 Dec 13pm", "no such time"),
        ("30 Feb 10:00", "no such day"),
        ("29 feb 2027 10:00", "no such day"),
        ("45/45 10:00", "no such day"),
        ("Mon 15 Dec 10:00", "another day of the week"),
        ("2020-01-01 10:00", "is past"),
        ("21 Nov 9:00", "is past"),
        ("0001-01-01T00:00+14:00", "not a time that can be read"),
        ("9999-12-31 23:59", "too far"),
        ("9" * 400, "not a time that can be read"),
        ("\x00\ud800", "not a time that can be read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(typed: str, words: str) -> None:
    with pytest.raises(NotATime) as refused:
        paris(typed)
    assert words in speak(refused.value.sentence)


def test_a_time_that_the_clocks_skip_moves_on_and_says_so() -> None:
    moment = read("28 March 2027 2:30", NOW, PARIS)
    assert moment.at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert moment.note
    assert "skip" in speak(moment.note)


def test_a_time_that_the_clocks_show_twice_is_the_first_and_says_so() -> None:
    moment = read("25 October 2027 2:30", NOW, PARIS)
    assert moment.note is None
    moment = read("31 October 2027 2:30", NOW, PARIS)
    assert moment.at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert moment.note
    assert "twice" in speak(moment.note)


def test_an_ordinary_time_needs_no_note() -> None:
    assert on_the_clock(datetime(2026, 12, 15, 10, 0), PARIS).note is None
