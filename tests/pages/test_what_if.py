"""What another setting, or another rule, would change is shown before anything is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guards.models import GuardSetting
from posts.models import Channel, Post
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.kit import scheduled
from tests.pages.test_forecast_page import fill

pytestmark = pytest.mark.django_db

HERE = "/w/atelier/forecast/what-if/"
EVERY_20 = {"interval": 20, "unit": "day", "max_repeats": 2}


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def post(workspace: Workspace, channel: Channel) -> Post:
    now = timezone.now()
    return scheduled(workspace, channel, at=now + timedelta(days=1), now=now, text="Read it!", repeat=EVERY_20)


def test_a_longer_gap_is_seen_to_hold_what_would_go_out_and_what_comes_after_that(reader: Client, post: Post) -> None:
    asked = {"guard": "too_soon", "action": "hold", "o-days": "30", "days": "90", "try": "1"}
    answer = reader.get(HERE, asked)
    assert answer.context["sentence"] == "2 publications would change: 2 fewer would go out when planned."
    first, after_it = answer.context["shifts"]
    assert (first["row"].number, first["status"], first["why"][0][:19]) == (1, "hold", "Sent 20 days before")
    assert (after_it["row"].number, after_it["why"][0][:19]) == (2, "Sent 10 days before")
    assert not GuardSetting.objects.exists()
    assert set(Publication.objects.values_list("outlook", flat=True)) == {"allow"}


def test_a_setting_that_changes_nothing_says_so(reader: Client, post: Post) -> None:
    asked = {"guard": "too_soon", "action": "hold", "o-days": "15", "try": "1"}
    assert "Nothing would change." in reader.get(HERE, asked).content.decode()


def test_the_form_begins_with_the_setting_in_force(reader: Client, workspace: Workspace, post: Post) -> None:
    GuardSetting.objects.create(workspace=workspace, guard="too_soon", action="warn", options={"days": 9})
    form = reader.get(HERE, {"guard": "too_soon"}).context["form"]
    assert (form["action"].initial, form["o-days"].initial) == ("warn", 9)


def test_a_category_is_looked_at_alone(reader: Client, workspace: Workspace, post: Post) -> None:
    tips = workspace.categories.create(name="Tips")
    asked = {"guard": "too_soon", "action": "hold", "o-days": "30", "category": str(tips.pk), "days": "90", "try": "1"}
    assert reader.get(HERE, asked).context["answer"].shifts == []


def test_what_cannot_be_set_is_refused_beside_its_field(reader: Client, post: Post) -> None:
    answer = reader.get(HERE, {"guard": "quiet_time", "action": "hold", "o-start": "25:00", "o-end": "", "try": "1"})
    assert "is not a time of day" in answer.content.decode()
    assert "answer" not in answer.context


def test_another_rule_shows_what_comes_and_what_goes(reader: Client, post: Post) -> None:
    asked = {"post": str(post.pk), "interval": "30", "unit": "day", "max_repeats": "2", "days": "90", "try": "1"}
    answer = reader.get(HERE, asked)
    assert "Nothing is saved here." in answer.content.decode()
    words = [one["word"] for one in answer.context["shifts"]]
    assert words == ["no longer planned", "new, and goes out", "no longer planned", "new, and goes out"]
    assert Publication.objects.filter(post=post).count() == 3
    assert Post.objects.get().rule.interval == 20


def test_a_rule_must_end(reader: Client, post: Post) -> None:
    answer = reader.get(HERE, {"post": str(post.pk), "interval": "30", "unit": "day", "try": "1"})
    assert "A repeat has to end" in answer.content.decode()


def test_a_post_of_another_workspace_is_not_there(client: Client, charlie: User, post: Post) -> None:
    client.force_login(charlie)
    assert client.get("/w/elsewhere/forecast/what-if/", {"post": post.pk}).status_code == 404
    assert client.get("/w/elsewhere/forecast/what-if/", {"post": "x"}).status_code == 404


@pytest.mark.parametrize("number", [10, 300])
def test_the_number_of_queries_does_not_grow(
    reader: Client, workspace: Workspace, channel: Channel, number: int, django_assert_max_num_queries: Any
) -> None:
    """Those of the frame, of the forecast's own, and of the guards; the forecast itself is at hand."""
    fill(workspace, channel, number)
    asked = {"guard": "too_soon", "action": "hold", "o-days": "30", "try": "1"}
    reader.get(HERE, asked)
    with django_assert_max_num_queries(20):
        assert reader.get(HERE, asked).context["answer"].looked_at == number
