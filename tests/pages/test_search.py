"""Search finds posts and publications of this workspace by their words, and marks the words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from posts.models import Channel, Post
from scheduler.find import fold, marked
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.kit import a_post, only, scheduled

pytestmark = pytest.mark.django_db

SEARCH = "/w/atelier/search/"


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def find(client: Client, words: str, **headers: Any) -> str:
    answer = client.get(SEARCH, {"q": words}, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_words_it_asks_for_some(as_alice: Client) -> None:
    assert "At least two letters" in find(as_alice, "")
    assert "At least two letters" in find(as_alice, "a")


def test_posts_are_found_counted_and_marked(as_alice: Client, workspace: Workspace) -> None:
    a_post(workspace, text="Our café opens at noon.")
    told = find(as_alice, "CAFE")
    assert "1 post" in told
    assert "Our <mark>café</mark> opens" in told


def test_publications_are_found_by_what_went_out(as_alice: Client, workspace: Workspace, channel: Channel) -> None:
    now = timezone.now()
    post = scheduled(workspace, channel, at=now + timedelta(days=1), text="The new wording.", now=now)
    Publication.objects.filter(post=post).update(text="What really went out.")
    assert f"/occurrences/{only(post).pk}/" in find(as_alice, "really went")
    assert f"/occurrences/{only(post).pk}/" in find(as_alice, "new wording")


def test_nothing_found_says_so(as_alice: Client) -> None:
    assert "Nothing holds “nowhere”" in find(as_alice, "nowhere")


def test_markup_in_texts_and_words_stays_text(as_alice: Client, workspace: Workspace) -> None:
    """Seen to fail with the words put between the tags as they are."""
    a_post(workspace, text="An <img src=x onerror=alert(1)> tag.")
    told = find(as_alice, "<img")
    assert "<img" not in told.split("<main", 1)[1]
    assert "<mark>&lt;img</mark>" in told


def test_other_workspaces_are_not_searched(as_alice: Client, charlie: User) -> None:
    a_post(charlie.workspaces.get(), text="Charlie's secret plan.")
    assert "Nothing holds" in find(as_alice, "secret plan")


def test_a_stranger_cannot_search_here(client: Client, workspace: Workspace, charlie: User) -> None:
    client.force_login(charlie)
    assert client.get(SEARCH, {"q": "anything"}).status_code == 404


def test_the_panel_under_the_field_is_a_fragment(as_alice: Client, workspace: Workspace) -> None:
    for number in range(9):
        a_post(workspace, text=f"Tip {number}")
    told = find(as_alice, "tip", headers={"HX-Request": "true"})
    assert "<html" not in told
    assert told.count("<mark>") == 6
    assert "9 posts" in told


def test_search_costs_the_same_for_ten_posts_and_for_five_hundred(
    as_alice: Client, workspace: Workspace, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    find(as_alice, "")  # the first page of a session remembers the workspace
    for count in (10, 500):
        Post.objects.bulk_create(Post(workspace=workspace, text=f"Tip {at}", language="en") for at in range(count))
        with django_assert_max_num_queries(12):
            find(as_alice, "tip")


@pytest.mark.parametrize("text", ["Œuvre d’été", "İstanbul", "straße", "e\u0301te\u0301", "👩‍👩‍👧 famille"])
def test_folding_keeps_every_place_where_it_is(text: str) -> None:
    assert len(fold(text)) == len(fold(fold(text)))
    assert "<mark>" in marked(text, text[:3])


def test_the_excerpt_lies_around_the_words() -> None:
    told = marked("x " * 400 + "the needle" + " y" * 400, "needle")
    assert "<mark>needle</mark>" in told
    assert told.startswith("…")
    assert told.endswith("…")
