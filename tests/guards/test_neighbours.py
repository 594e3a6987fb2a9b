"""The search among neighbours gives what comparing with each of them gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guards.likeness import least, similarity
from guards.neighbours import Like, Neighbour, Neighbours, Saying
from guards.prepared import prepared
from guards.sketches import Reach, hopeless, sketch
from tests.guards.kit import utc

AT = utc("2026-11-26 09:30")
POSTS = [
    "Five ways to write a headline that people want to read, from our newsletter",
    "Five ways to write a headline that people want to read, from our newsletter!! 🚀",
    "Five ways to write a headline that people want to read, from our newsletter, with @zed",
    "Five ways to write a headline that people need, from our newsletter #writing",
    "Cinq façons d'écrire un titre que l'on a envie de lire, dans notre lettre du mois",
    "CINQ FAÇONS d'écrire un titre que l’on a envie de lire, dans notre lettre",
    "Weâ€™re proud of our new café in the old harbour: come by for a slice of cake",
    "We’re proud of our new cafÃ© in the old harbour: come by for a slice of cake",
    "Thank you, @acme.example! Partner of our street festival on the 13th and 14th of June #festival",
    "Thank you, @globex.example! Partner of our street festival on the 13th and 14th of June #festival",
    "@anna @ben.c: five ways to write a headline that people want to read, from our newsletter",
    "＠anna five ways to write a headline that people want to read, from our newsletter",
    "@a@b.c five ways to write a headline that people want to read, from our newsletter",
    "Now hiring: Acme looks for 3 people in Lisbon. Apply at https://example.org/jobs/lisbon-3?utm_source=x",
    "Now hiring: Globex looks for 7 people in Porto. Apply at https://EXAMPLE.org/jobs/lisbon-3/",
    "Registration for the autumn workshop on better headlines is open now, bring a friend and a pencil https://a.org/w/x",
    "Registration for the autumn workshop: few chairs remain, lunch included, hurry https://a.org/w/x?utm_source=b",
    "Read this: www.example.org/jobs/lisbon-3 (https://a.b/c_d), http://[",
    "Only 3 days left, on Monday at 9h30 (@anna5, @ben) to write 12,5 headlines in 12 places",
    "Only 2 days left, on Sunday at 9:30 (@anna6, @ben) to write 12.5 headlines in 12 places",
    "Thank you @acme for 3 lamps: x@y5 and (@z)monday", "Thank you @globex for 5 lamps: x@y6 and (@z)sunday",
    "banana banana bananas ananas #banana", "the the the the the of of of and and", "🎉", "🎉🎉", "", "#", "1984",
]  # fmt: skip
pieces = st.sampled_from([*" ".join(POSTS).split(), "\u00a0", "\u0085", "´", "ﬁn", "\n", "#", "@", "Ã", "©"])
texts = st.sampled_from(POSTS) | st.builds(" ".join, st.lists(pieces, max_size=25)) | st.text(max_size=60)


def compared_with_each(text: str, others: list[str], related: float, same: float) -> list[tuple[float, int]]:
    """The plain way: every text at its latest, and what of it is asked for."""
    mine, likes = prepared(text), []
    for place, other in ((place, other) for place, other in enumerate(others) if other not in others[place + 1 :]):
        its = prepared(other)
        likeness = similarity(mine, its)
        if likeness >= min(least(mine.links, its.links, related), same):
            likes.append((likeness, place))
    nearest = max(likes, default=None)
    return sorted(like for like in likes if like[0] >= same or like == nearest)


def searched(text: str, others: list[str], related: float, same: float) -> list[tuple[float, int]]:
    found = near(others).alike(text, related, same)
    likes = [(like.likeness, place(like)) for like in found]
    nearest = max(likes, default=None)
    return sorted(like for like in likes if like[0] >= same or like == nearest)


def near(others: list[str]) -> Neighbours:
    return Neighbours.these(*(Neighbour(text, AT + timedelta(minutes=n), n) for n, text in enumerate(others)))


def place(like: Like) -> int:
    return int((like.neighbour.at - AT) / timedelta(minutes=1))


@given(texts, st.lists(texts, max_size=12), st.sampled_from([0.4, 0.6, 0.85, 1.0]), st.sampled_from([0.7, 0.85, 1.0]))
@example("🎉", ["", "🎉", "🔥"], 0.6, 0.85)
@example(POSTS[0], POSTS * 2, 0.4, 0.85)
def test_the_search_finds_what_comparing_with_each_finds(
    text: str, others: list[str], related: float, same: float
) -> None:
    assert searched(text, others, related, same) == compared_with_each(text, others, related, same)


@pytest.mark.parametrize("text", POSTS)
def test_every_post_is_compared_rightly_with_every_other(text: str) -> None:
    """Seen to fail with links that make no difference, and with an addressee whose name counts."""
    others = [other for other in POSTS if other != text]
    for related in (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85):
        assert searched(text, others, related, 0.85) == compared_with_each(text, others, related, 0.85)


@given(texts, texts)
@example("", "@annabellamaria.example of and to in is it that the")
def test_a_sketch_never_promises_less_than_there_is(one: str, other: str) -> None:
    """Seen to fail with a mention that counts for certain."""
    mine, its = prepared(one), prepared(other)
    assert sketch(other).least <= its.triples.size
    reach, seen = Reach(mine), sketch(other)
    assert similarity(mine, its) <= reach.most(seen, reach.shared(seen)) + 1e-9


@given(texts, texts)
@example("@anna @ben " + POSTS[0], POSTS[0])
@example("ŉ ﬃ ß ǰ ㎯", "ŉ ﬃ ß ǰ ㎯ of")
def test_nothing_is_called_hopeless_that_is_alike(one: str, other: str) -> None:
    """Seen to fail with a size that counts a word's letters once."""
    mine, its = prepared(one), prepared(other)
    alike = similarity(mine, its)
    linked = bool(mine.links & its.links)
    assert not alike or not hopeless(one, [sketch(other)], 1.0 if linked else alike - 1e-9, alike - 1e-9)


def test_what_is_said_meanwhile_is_found_in_its_place() -> None:
    others = near([POSTS[3], POSTS[7]])
    others.sayings.say(Saying(POSTS[1], AT + timedelta(seconds=30), 7, ""))
    found = Neighbours(others.sayings, 0, 3)
    assert [one.text for one in found] == [POSTS[3], POSTS[1], POSTS[7]]
    assert [like.neighbour.post for like in found.alike(POSTS[0], 0.6, 0.85)] == [7]


def test_a_text_said_twice_counts_once() -> None:
    assert near([POSTS[0], POSTS[3], POSTS[0]]).texts() == 2
