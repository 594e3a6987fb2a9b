"""The Rules page shows every guard as it is set, where each value comes from, and what a change would have held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from guards.catalogue import RULES
from guards.models import GuardSetting
from notices.speak import speak
from posts.content import fingerprint
from posts.models import Category, Channel, Post
from scheduler.models import Publication
from scheduler.rules import Scope
from scheduler.states import State
from teams.models import Membership, User, Workspace
from tests.kit import a_post
from tests.pages.standing import awake

pytestmark = pytest.mark.django_db


@pytest.fixture
def see(client: Client, alice: User, workspace: Workspace) -> Any:
    cache.clear()
    client.force_login(alice)
    awake(workspace)

    def read(path: str = "", **headers: str) -> str:
        answer = client.get(f"/w/{workspace.slug}/rules/{path}", headers=headers)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return read


@pytest.fixture
def tips(workspace: Workspace) -> Category:
    return Category.objects.create(workspace=workspace, name="Tips")


def out(workspace: Workspace, channel: Channel, *days_ago: int, text: str = "Water the plants.", **fields: Any) -> Post:
    """A post that went out so many days ago."""
    post = a_post(workspace, channel, text=text, **fields)
    now = timezone.now()
    times = [now - timedelta(days=days) for days in days_ago]
    Publication.objects.bulk_create(
        Publication(
            workspace=workspace, post=post, channel=channel, due_at=at, planned_for=at, published_at=at, number=number,
            state=State.PUBLISHED, text=text, fingerprint=fingerprint(text),
        )
        for number, at in enumerate(times)
    )  # fmt: skip
    return post


def test_every_guard_is_there_in_order_with_an_example_of_its_own(see: Any) -> None:
    text = see()
    places = [text.index(f'id="rule-{name}"') for name in RULES]
    assert places == sorted(places)
    assert "For example: Sent 9 days before, on" in text
    assert text.count("For example:") == len(RULES)
    assert "14 days" in text


def test_each_value_says_where_it_comes_from_at_every_level(
    see: Any, workspace: Workspace, channel: Channel, tips: Category
) -> None:
    post = a_post(workspace, channel, category=tips)
    Scope(workspace).row("channel_full", "warn", {"per_day": 5}).save()
    Scope(workspace, category=tips).row("channel_full", "", {"spacing": 30}).save()
    Scope(workspace, post=post).row("channel_full", "block", {}).save()
    text = see(f"?of=post-{post.pk}")
    row = text[text.index('id="rule-channel_full"') : text.index('id="rule-dated_text"')]
    assert "set for this post" in row
    assert '5 posts <span class="meta">the workspace&#x27;s setting' in row
    assert '30 minutes <span class="meta">the setting of the category Tips' in row
    assert '30 percent <span class="meta">the default' in row


def test_a_value_that_is_changed_is_kept_and_all_others_stay_inherited(
    client: Client, see: Any, workspace: Workspace, tips: Category
) -> None:
    given = {"action": "hold", "per_day": "5", "spacing": "0", "repeats": "30", "repeats_from": "10"}
    path = f"/w/{workspace.slug}/rules/channel_full/"
    answer = client.post(f"{path}save/?of=category-{tips.pk}", given)
    assert answer["Location"] == f"{path}?of=category-{tips.pk}"
    row = GuardSetting.objects.get()
    assert (row.category, row.action, row.options) == (tips, "", {"per_day": 5})
    assert "back to 100 posts" in see(f"channel_full/?of=category-{tips.pk}")
    client.post(f"{path}reset/?of=category-{tips.pk}", {"value": "per_day"})
    assert not GuardSetting.objects.exists()


@pytest.mark.parametrize(
    ("guard", "given", "said"),
    [
        ("too_soon", {"action": "hold", "days": "0"}, "Write a number from 1 to 365."),
        ("too_soon", {"action": "hold", "days": "often"}, "Write a whole number."),
        ("too_soon", {"action": "often", "days": "14"}, "Choose what is to happen."),
        ("quiet_time", {"action": "hold", "start": "22:00"}, "Quiet hours need both a beginning and an end."),
        ("retired_name", {"action": "hold", "names": "Vine\nx"}, "“x” is too short for a name"),
        (
            "near_duplicate",
            {"action": "hold", "window_days": "14", "similar": "70", "ask_from": "90"},
            "from 90 % on, but from 70 % on",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    client: Client, see: Any, workspace: Workspace, guard: str, given: dict[str, str], said: str
) -> None:
    answer = client.post(f"/w/{workspace.slug}/rules/{guard}/save/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not GuardSetting.objects.exists()


def test_what_would_have_been_held_is_counted_from_what_went_out(
    see: Any, workspace: Workspace, channel: Channel
) -> None:
    """Sent every 20 days, five times: the first of them is beyond 90 days, and the one after it has a history."""
    out(workspace, channel, 100, 80, 60, 40, 20)
    Scope(workspace).row("too_soon", "", {"days": 30}).save()
    text = see("?past=1")
    assert "it would have held 4 of the 4 that went out in your last 90 days" in text
    assert "too_soon" in text


def test_a_preview_tells_before_and_after_and_which_and_saves_nothing(
    client: Client, see: Any, workspace: Workspace, channel: Channel
) -> None:
    out(workspace, channel, 40, 20)
    out(workspace, channel, 35, 10, text="Call your mother.")
    path = f"/w/{workspace.slug}/rules/too_soon/preview/"
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(path, {"action": "hold", "days": "22"}, headers=headers)
        text = " ".join(answer.content.decode().split())
        assert "it would have held none of the 4 that" in text
        assert "it would have held 1 of the 4 that" in text
        assert "It would also have stopped" in text
        assert "Water the plants." in text
        assert "Call your mother." not in text
        assert ("<html" in text) is not bool(headers)
    assert not GuardSetting.objects.exists()


def test_only_those_who_may_decide_are_let(
    client: Client, see: Any, workspace: Workspace, channel: Channel, bob: User, charlie: User
) -> None:
    post = a_post(workspace, channel)
    path = f"/w/{workspace.slug}/rules/too_soon/"
    client.force_login(bob)
    assert "are for administrators" in " ".join(client.get(path).content.decode().split())
    assert client.post(f"{path}save/", {"action": "hold", "days": "20"}).status_code == 403
    assert client.post(f"{path}save/?of=post-{post.pk}", {"action": "warn", "days": "14"}).status_code == 403
    assert client.post(f"{path}save/?of=post-{post.pk}", {"action": "hold", "days": "20"}).status_code == 302
    Membership.objects.filter(user=bob).update(role=Membership.Role.VIEWER)
    assert client.get(path).status_code == 200
    assert client.post(f"{path}save/?of=post-{post.pk}", {"action": "hold", "days": "30"}).status_code == 403
    client.force_login(charlie)
    assert client.get(path).status_code == 404


def test_what_is_not_of_this_workspace_is_not_there(client: Client, see: Any, workspace: Workspace) -> None:
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere-2")
    theirs = Category.objects.create(workspace=elsewhere, name="Theirs")
    for of in (f"category-{theirs.pk}", "post-999", "post-x", "category-"):
        assert client.get(f"/w/{workspace.slug}/rules/?of={of}").status_code == 404
    assert client.get(f"/w/{workspace.slug}/rules/no_such_guard/").status_code == 404


@pytest.mark.parametrize("path", ["", "too_soon/"])
def test_the_pages_cost_no_more_with_many_categories_posts_and_publications(
    see: Any, workspace: Workspace, channel: Channel, django_assert_max_num_queries: Any, path: str
) -> None:
    for count in (10, 500):
        names = [Category(workspace=workspace, name=f"{count} {n}") for n in range(count // 10)]
        Category.objects.bulk_create(names)
        posts = Post.objects.bulk_create(
            Post(workspace=workspace, text=f"Post {n} of {count}", language="en") for n in range(count)
        )
        GuardSetting.objects.bulk_create(
            Scope(workspace, post=post).row("too_soon", "", {"days": 20}) for post in posts
        )
        out(workspace, channel, *range(1, 80)) if count > 10 else None
        see(path)
        with django_assert_max_num_queries(12):
            see(path)


def test_the_example_is_the_rules_own_with_the_settings_shown(see: Any, workspace: Workspace) -> None:
    Scope(workspace).row("too_soon", "", {"days": 60}).save()
    assert "Sent 40 days before" in see()
    assert speak(RULES["too_soon"].title) in see("too_soon/")
