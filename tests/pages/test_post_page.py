"""A post's page tells how it is doing and what became of each publication, and does what its buttons say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from posts.models import Channel, Post
from posts.sandbox.server import Server
from scheduler.models import Measurement, Pause, Publication
from scheduler.states import State
from scheduler.verbs import skip
from teams.models import User, Workspace
from tests.kit import a_post, run, scheduled

pytestmark = pytest.mark.django_db

RULE = {"interval": 30, "unit": "day", "max_repeats": 5}


@pytest.fixture
def site(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def address(post: Post, action: str = "") -> str:
    return f"/w/atelier/posts/{post.pk}/{action}"


def sent(post: Post, channel: Channel, *reactions: int) -> None:
    """As many publications in the past, a month apart, each measured after three days."""
    now = timezone.now()
    for number, likes in enumerate(reactions):
        at = now - timedelta(days=30 * (len(reactions) - number))
        row = Publication.objects.create(
            workspace=post.workspace, post=post, channel=channel, due_at=at, planned_for=at, number=number,
            state=State.PUBLISHED, published_at=at, url="https://example.org/1", fingerprint="x",
        )  # fmt: skip
        Measurement.objects.create(publication=row, at=at, age_hours=72, likes=likes)
        Measurement.objects.create(publication=row, at=at, age_hours=1, likes=0)


def test_a_planned_series_shows_its_dates_and_numbers(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = scheduled(
        workspace, channel, at=timezone.now() + timedelta(days=1), now=timezone.now(), repeat=RULE, language="fr"
    )
    html = site.get(address(post)).content.decode()
    assert 'lang="fr">Answer comments' in html
    assert "0 of 5" in html
    assert html.count("Why?") == Publication.objects.count() > 1
    assert f"/occurrences/{Publication.objects.first().pk}/" in html  # type: ignore[union-attr]
    assert "Too few to tell" in html
    assert "scheduled “Answer comments" in html


def test_reactions_that_fall_are_watched_and_said(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = scheduled(workspace, channel, at=timezone.now() + timedelta(days=1), now=timezone.now())
    sent(post, channel, 40, 40, 10)
    html = site.get(address(post)).content.decode()
    assert "Watch" in html
    assert "fell 75 %" in html
    assert "40, 40, 10" in html
    assert "30 days, 30 days" in html


def test_two_sends_are_too_few_to_tell(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = scheduled(workspace, channel, at=timezone.now() + timedelta(days=1), now=timezone.now())
    sent(post, channel, 40, 1)
    html = site.get(address(post)).content.decode()
    assert "Healthy" in html
    assert "Too few to tell" in html


@pytest.mark.parametrize(("status", "word"), [("draft", "Draft"), ("stopped", "Ended"), ("retired", "Ended")])
def test_where_it_stands_is_a_word_with_a_reason(
    site: Client, workspace: Workspace, channel: Channel, status: str, word: str
) -> None:
    post = a_post(workspace, channel, status=status)
    html = site.get(address(post)).content.decode()
    assert word in html
    assert "Nothing is planned" in html


@pytest.mark.django_db(transaction=True)
def test_what_really_went_out_stands_there_with_its_link(
    site: Client, workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    now = timezone.now()
    post = scheduled(workspace, channel, at=now, repeat={**RULE, "interval": 7})
    run(now)
    run(now + timedelta(days=7))
    html = site.get(address(post)).content.decode()
    assert "Published" in html
    assert "1 publication is held" in html
    assert "0 of 5" in html


def test_people_and_their_reasons_stand_in_the_record(
    site: Client, workspace: Workspace, channel: Channel, bob: User
) -> None:
    post = scheduled(workspace, channel, at=timezone.now() + timedelta(days=1), now=timezone.now())
    skip(Publication.objects.get(), bob, timezone.now())
    html = site.get(address(post)).content.decode()
    assert "<b>Bob</b> skipped one of" in html


def test_its_buttons_do_what_they_say(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = a_post(workspace, channel)
    assert "Scheduled." in site.post(address(post, "schedule/"), follow=True).content.decode()
    assert Publication.objects.get().state == "scheduled"
    site.post(address(post, "pause/"))
    assert Pause.objects.get().post == post
    assert "paused already" in site.post(address(post, "pause/"), follow=True).content.decode()
    site.post(address(post, "resume/"))
    assert Pause.objects.get().ended_at
    Post.objects.update(reviewed_at=timezone.now() - timedelta(days=80))
    site.post(address(post, "keep/"))
    post.refresh_from_db()
    assert timezone.now() - post.reviewed_at < timedelta(minutes=1)
    site.post(address(post, "stop/"))
    post.refresh_from_db()
    assert post.status == "stopped"
    site.post(address(post, "retire/"))
    post.refresh_from_db()
    assert post.status == "retired"
    assert not Publication.objects.planned().exists()


def test_a_sent_post_comes_again_in_two_clicks(site: Client, workspace: Workspace, channel: Channel) -> None:
    start = timezone.now() - timedelta(days=3)
    post = a_post(workspace, channel, status="active", starts_at=start)
    sent(post, channel, 5)
    assert site.get(address(post, "repeat/")).status_code == 200
    answer = site.post(address(post, "repeat/"), RULE)
    assert answer.status_code == 302
    coming = Publication.objects.planned().filter(post=post).order_by("due_at")
    assert [row.number for row in coming] == [1, 2, 3]
    assert coming[0].due_at.date() == (start + timedelta(days=30)).date()


def test_a_post_whose_dates_are_over_begins_anew(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = a_post(workspace, channel, status="stopped", starts_at=timezone.now() - timedelta(days=400))
    site.post(address(post, "repeat/"), RULE)
    post.refresh_from_db()
    assert post.status == "active"
    assert post.starts_at
    assert post.starts_at > timezone.now()


def test_a_faulty_rule_is_refused_beside_its_field(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = a_post(workspace, channel)
    answer = site.post(address(post, "repeat/"), {**RULE, "interval": 0})
    assert answer.status_code == 422
    assert "Write 1 or more" in answer.content.decode()
    assert not hasattr(Post.objects.get(), "rule")


def test_a_rule_that_a_guard_blocks_changes_nothing(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = a_post(workspace, channel)
    html = site.post(address(post, "repeat/"), {**RULE, "max_repeats": 99}, follow=True).content.decode()
    assert "99 repeats make 100 publications" in html
    assert Post.objects.get().status == "draft"
    assert not hasattr(Post.objects.get(), "rule")


def test_a_viewer_reads_but_does_nothing(client: Client, workspace: Workspace, channel: Channel, bob: User) -> None:
    bob.memberships.update(role="viewer")
    client.force_login(bob)
    post = a_post(workspace, channel)
    html = client.get(address(post)).content.decode()
    assert "Retire" not in html
    assert client.post(address(post, "schedule/")).status_code == 403


def test_a_post_of_another_workspace_is_not_found(site: Client, charlie: User) -> None:
    post = a_post(charlie.workspaces.get())
    assert site.get(address(post)).status_code == 404
    assert site.post(address(post, "retire/")).status_code == 404


def test_nothing_is_done_by_a_look(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = a_post(workspace, channel)
    for action in ("schedule", "unschedule", "stop", "retire", "keep", "pause", "resume"):
        assert site.get(address(post, f"{action}/")).status_code == 405


@pytest.mark.parametrize("publications", [10, 500])
def test_the_page_costs_at_most_twelve_queries(
    site: Client,
    workspace: Workspace,
    channel: Channel,
    publications: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    post = a_post(workspace, channel, status="active", repeat=RULE, variations=["b"])
    sent(post, channel, *range(publications))
    site.get(address(post))  # the first visit notes in the session where the person is
    with django_assert_max_num_queries(12):
        html = site.get(address(post)).content.decode()
    assert html.count("Why?") == min(publications, 50)
    assert ("?page=2" in html) == (publications > 50)
