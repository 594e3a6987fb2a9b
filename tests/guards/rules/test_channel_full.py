"""There is room for so many posts on a channel, and a time at which there will be room again.

Seen red with the rule's conditions taken out, and with a next free time that does not look at all of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.base import Candidate, ChannelFacts, Finding, Other
from guards.rules import channel_full
from tests.guards.kit import candidate, findings, finds, fix, lifts, passes, spoken, utc, verbs

AT = utc("2026-11-26 09:30")
STRICT = ChannelFacts("Atelier on X", "X", 280, per_24h=3)


def among(*minutes: float, repeats: tuple[float, ...] = (), **changes: object) -> Candidate:
    """With others so many minutes before, some of them repeats; less than nothing: after."""
    before = [Other(AT - timedelta(minutes=one)) for one in minutes]
    before += [Other(AT - timedelta(minutes=one), repeat=True) for one in repeats]
    others = tuple(sorted(before, key=lambda other: other.at))
    return candidate(**{"at": AT, "others": others} | changes)


def test_a_channel_on_which_nothing_else_goes_out_has_room() -> None:
    passes(channel_full, candidate())
    saw = channel_full.saw(candidate(), channel_full.Options())
    assert spoken(saw) == "0 posts on Atelier on Mastodon in the 24 hours before; 100 are allowed."


def test_the_limit_of_a_day_holds_until_the_first_of_them_is_a_day_old() -> None:
    passes(channel_full, among(30, 60, 90), per_day=4)
    found = finds(channel_full, among(30, 60, 90), per_day=3)
    assert spoken(found.message) == "3 posts on Atelier on Mastodon in the 24 hours before. Your limit is 3."
    assert lifts(found) == AT - timedelta(minutes=90) + timedelta(days=1)
    assert verbs(found) == ["move", "raise_limit", "skip"]
    assert fix(found, "raise_limit") == {"guard": "channel_full", "option": "per_day", "to": 4}


def test_what_is_a_day_old_or_comes_later_takes_no_room() -> None:
    passes(channel_full, among(24 * 60, -1, -2), per_day=1)
    finds(channel_full, among(24 * 60 - 1, -1, -2), per_day=1)


def test_two_posts_keep_their_distance_whichever_comes_first() -> None:
    for minutes in (4, -4):
        found = finds(channel_full, among(minutes), spacing=5)
        assert lifts(found) == AT + timedelta(minutes=5 - minutes)
        assert spoken(found.message).endswith("4 minutes apart. Your rule keeps 5 minutes between two.")
        assert fix(found, "raise_limit") == {"guard": "channel_full", "option": "spacing", "to": 4}
        passes(channel_full, among(minutes), spacing=4)
    passes(channel_full, among(0))


def test_repeats_are_at_most_a_share_once_there_are_enough_posts_to_speak_of_one() -> None:
    few = among(*range(10, 70, 10), repeats=(5, 15), number=2)
    passes(channel_full, few)
    many = among(*range(10, 80, 10), repeats=(5, 15, 25), number=2)
    found = finds(channel_full, many)
    assert spoken(found.message) == (
        "With this one, 4 of 11 posts on Atelier on Mastodon in 24 hours would be repeats: 37 %. Your limit is 30 %."
    )
    passes(channel_full, replace(many, number=0))
    passes(channel_full, many, repeats=fix(found, "raise_limit")["to"])


def test_the_networks_own_limit_cannot_be_raised() -> None:
    passes(channel_full, among(10, 20, channel=STRICT))
    found = finds(channel_full, among(10, 20, 30, channel=STRICT))
    assert spoken(found.message) == "3 posts on Atelier on X in the 24 hours before. X takes 3 of one account."
    assert verbs(found) == ["move", "skip"]


def test_raised_as_offered_it_passes() -> None:
    for options, given_ in (({"per_day": 2}, among(10, 20)), ({"spacing": 15}, among(10, 40))):
        values = fix(finds(channel_full, given_, **options), "raise_limit")
        passes(channel_full, given_, **options | {values["option"]: values["to"]})


@given(
    st.lists(st.tuples(st.integers(-1500, 1500), st.booleans()), max_size=40),
    st.integers(0, 2),
    st.fixed_dictionaries(
        {
            "per_day": st.integers(1, 8),
            "spacing": st.integers(0, 720),
            "repeats": st.integers(0, 100),
            "repeats_from": st.integers(2, 12),
        }
    ),
)
def test_at_the_time_that_it_names_there_is_room_and_not_before(
    minutes: list[tuple[int, bool]], number: int, options: dict[str, int]
) -> None:
    others = sorted((Other(AT + timedelta(minutes=one), repeat) for one, repeat in minutes), key=lambda one: one.at)
    full = candidate(at=AT, number=number, others=tuple(others))
    found = findings(channel_full, full, **options)
    if found:
        until = _until(found)
        passes(channel_full, replace(full, at=until), **options)
        assert findings(channel_full, replace(full, at=until - timedelta(seconds=1)), **options)


def _until(found: list[Finding]) -> datetime:
    (until,) = {one.until for one in found}
    assert until is not None
    return until


@pytest.mark.parametrize("spacing", [0, 30])
def test_it_says_how_many_it_has_counted(spacing: int) -> None:
    options = channel_full.Options(spacing=spacing)
    assert spoken(channel_full.saw(among(45), options)).startswith("1 post on")
