"""The library shows every post on its shelf, and changes many at once only for who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from posts.models import Channel, Post
from scheduler.import_lines import Choices
from scheduler.imports import confirm, read
from scheduler.models import Publication
from scheduler.schedule import stop
from scheduler.states import State
from teams.models import AuditEntry, Membership, User, Workspace
from tests.kit import a_post, only, scheduled

pytestmark = pytest.mark.django_db

LIBRARY = "/w/atelier/library/"


@pytest.fixture
def soon() -> datetime:
    """Pages read the clock themselves, so their posts are due after it."""
    return timezone.now() + timedelta(days=2)


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def page(client: Client, query: str = "") -> str:
    answer = client.get(LIBRARY + query)
    assert answer.status_code == 200
    return answer.content.decode()


def many(workspace: Workspace, channel: Channel, count: int) -> None:
    start = timezone.now().replace(tzinfo=None) + timedelta(days=1)
    rows = (
        f"Tip number {at} is about patience.,{start + timedelta(hours=at):%Y-%m-%d %H:%M},14,3" for at in range(count)
    )
    content = "text,date,every,repeats\n" + "\n".join(rows)
    batch = read(workspace, None, "tips.csv", content.encode(), Choices((channel.pk,)), timezone.now())
    confirm(batch, set(range(count + 2)), timezone.now())


def test_a_new_workspace_is_told_what_the_library_is(as_alice: Client) -> None:
    told = page(as_alice)
    assert "Your posts will stand here" in told
    assert "/w/atelier/import/" in told


def test_each_post_stands_on_its_shelf(
    as_alice: Client, workspace: Workspace, channel: Channel, soon: datetime
) -> None:
    scheduled(workspace, channel, at=soon, text="An active one.", now=timezone.now())
    stopped = scheduled(workspace, channel, at=soon, text="A stopped one.", now=timezone.now())
    stop(stopped, None, timezone.now())
    a_post(workspace, channel, text="A draft.")
    a_post(workspace, channel, text="A retired one.", status=Post.Status.RETIRED)
    a_post(workspace, channel, text="One that has had all its repeats.", status=Post.Status.ACTIVE)
    shelves = {name: page(as_alice, f"?shelf={name}") for name in ("active", "ended", "drafts", "retired")}
    assert "An active one." in shelves["active"]
    assert "A stopped one." in shelves["ended"]
    assert "One that has had all its repeats." in shelves["ended"]
    assert "A draft." in shelves["drafts"]
    assert "A retired one." in shelves["retired"]
    assert "A stopped one." not in shelves["active"]


def test_a_row_tells_repeats_last_next_and_state(
    as_alice: Client, workspace: Workspace, channel: Channel, soon: datetime
) -> None:
    rule = {"interval": 14, "unit": "day", "max_repeats": 5}
    post = scheduled(workspace, channel, at=soon, text="A tip.", repeat=rule, now=timezone.now())
    third = Publication.objects.filter(post=post, number=3)
    third.update(state=State.PUBLISHED, published_at=datetime(2026, 1, 2, tzinfo=UTC))
    Publication.objects.filter(post=post, number=4).update(state=State.HELD)
    told = page(as_alice)
    assert "3/5" in told
    assert "2026-01-02" in told
    assert 'data-status="held"' in told


def test_what_the_forecast_holds_is_watched(
    as_alice: Client, workspace: Workspace, channel: Channel, soon: datetime
) -> None:
    post = scheduled(workspace, channel, at=soon, now=timezone.now())
    Publication.objects.filter(post=post).update(outlook="hold")
    assert 'data-status="watch"' in page(as_alice)


@pytest.mark.parametrize("words", ["Éléphant", "elephant", "ÉLÉPH"])
def test_words_filter_without_case_or_accents(as_alice: Client, workspace: Workspace, words: str) -> None:
    a_post(workspace, text="Un éléphant, ça trompe.")
    a_post(workspace, text="Another animal.")
    told = page(as_alice, f"?shelf=drafts&q={words}")
    assert "ça trompe" in told
    assert "Another animal" not in told


def test_signs_of_the_database_are_only_letters_here(as_alice: Client, workspace: Workspace) -> None:
    a_post(workspace, text="A hundred percent.")
    assert "A hundred percent" not in page(as_alice, "?shelf=drafts&q=%25")


def test_category_and_channel_filter_and_can_be_cleared(
    as_alice: Client, workspace: Workspace, channel: Channel
) -> None:
    tips = workspace.categories.create(name="Tips")
    a_post(workspace, channel, text="One tip.", category=tips)
    a_post(workspace, text="Without any.")
    for query in (f"&category={tips.pk}", f"&channel={channel.pk}"):
        told = page(as_alice, "?shelf=drafts" + query)
        assert "One tip." in told
        assert "Without any." not in told
    told = page(as_alice, "?shelf=drafts&q=nowhere")
    assert "No post here fits these filters" in told
    assert "Clear the filters" in told


def test_a_strange_filter_finds_nothing_and_a_strange_shelf_is_not_there(as_alice: Client) -> None:
    page(as_alice, "?category=x&channel=-1&after=abc&before=99999999999999999999")
    assert as_alice.get(LIBRARY + "?shelf=secret").status_code == 404


def test_pages_of_fifty_go_forth_and_back(as_alice: Client, workspace: Workspace) -> None:
    Post.objects.bulk_create(Post(workspace=workspace, text=f"Draft {at:03}", language="en") for at in range(120))
    first = page(as_alice, "?shelf=drafts")
    assert ("Draft 119" in first, "Draft 070" in first, "Draft 069" in first) == (True, True, False)
    last_shown = Post.objects.get(text="Draft 070").pk
    second = page(as_alice, f"?shelf=drafts&after={last_shown}")
    assert ("Draft 069" in second, "Draft 020" in second, "Draft 019" in second) == (True, True, False)
    back = page(as_alice, f"?shelf=drafts&before={Post.objects.get(text='Draft 069').pk}")
    assert ("Draft 119" in back, "Draft 070" in back) == (True, True)


def test_the_library_costs_the_same_for_ten_posts_and_for_a_hundred(
    as_alice: Client, workspace: Workspace, channel: Channel, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    page(as_alice)  # the first page of a session remembers the workspace
    for count in (10, 100):
        many(workspace, channel, count)
        with django_assert_max_num_queries(12):
            page(as_alice)
        with django_assert_max_num_queries(12):
            page(as_alice, f"?q=patience&channel={channel.pk}")


def tick(client: Client, deed: str, *posts: Post, **more: Any) -> str:
    answer = client.post(LIBRARY + "change/?shelf=active", {"deed": deed, "post": [post.pk for post in posts], **more})
    if answer.status_code == 302:
        assert answer["Location"] == LIBRARY + "?shelf=active"
        return page(client)
    return answer.content.decode()


def test_keeping_says_that_somebody_has_looked(
    as_alice: Client, workspace: Workspace, channel: Channel, soon: datetime
) -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    post = scheduled(workspace, channel, at=soon, reviewed_at=old, now=timezone.now())
    Publication.objects.filter(post=post).update(state=State.HELD, reason="review_due")
    assert "1 post kept." in tick(as_alice, "keep", post)
    post.refresh_from_db()
    assert post.reviewed_at > old
    assert only(post).state == State.SCHEDULED


@pytest.mark.parametrize(("deed", "status"), [("stop", "stopped"), ("retire", "retired")])
def test_ending_series_asks_once_and_says_what_is_lost(
    as_alice: Client, workspace: Workspace, channel: Channel, soon: datetime, deed: str, status: str
) -> None:
    post = scheduled(workspace, channel, at=soon, now=timezone.now())
    asked = tick(as_alice, deed, post)
    assert "1 planned publication will not go out" in asked
    post.refresh_from_db()
    assert post.status == "active"
    tick(as_alice, deed, post, sure="yes")
    post.refresh_from_db()
    assert post.status == status
    assert not Publication.objects.filter(post=post, state=State.SCHEDULED).exists()


def test_a_category_is_set_and_taken_away(as_alice: Client, workspace: Workspace) -> None:
    tips, post = workspace.categories.create(name="Tips"), a_post(workspace)
    tick(as_alice, "categorise", post, category=tips.pk)
    post.refresh_from_db()
    assert post.category == tips
    tick(as_alice, "categorise", post, category="")
    post.refresh_from_db()
    assert post.category is None
    assert AuditEntry.objects.filter(action="changed").count() == 2


def test_nothing_ticked_changes_nothing(as_alice: Client, workspace: Workspace) -> None:
    assert "Tick the posts first." in tick(as_alice, "keep")


def test_a_viewer_reads_and_changes_nothing(client: Client, workspace: Workspace, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role="viewer")
    client.force_login(bob)
    post = a_post(workspace)
    assert 'name="deed"' not in page(client, "?shelf=drafts")
    assert client.post(LIBRARY + "change/", {"deed": "retire", "post": post.pk, "sure": "yes"}).status_code == 403


def test_a_stranger_neither_sees_nor_changes_it(client: Client, workspace: Workspace, charlie: User) -> None:
    """Seen to fail without the workspace in the query."""
    client.force_login(charlie)
    assert client.get(LIBRARY).status_code == 404
    theirs = a_post(workspace)
    tips = workspace.categories.create(name="Tips")
    client.post("/w/elsewhere/library/change/", {"deed": "retire", "post": theirs.pk, "sure": "yes"})
    theirs.refresh_from_db()
    assert theirs.status == "draft"
    mine = a_post(charlie.workspaces.get())
    answer = client.post("/w/elsewhere/library/change/", {"deed": "categorise", "post": mine.pk, "category": tips.pk})
    assert answer.status_code == 404
