"""The forecast page says how many go out, what will not, and what would help."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guards.base import Action, Finding, Fix
from guards.judge import Check
from notices.sentences import say
from posts.models import Channel, Post
from scheduler import forecast
from scheduler.models import Outlook, Publication
from scheduler.plan import touch
from teams.models import Membership, User, Workspace
from tests.kit import scheduled

pytestmark = pytest.mark.django_db

HERE = "/w/atelier/forecast/"


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def fill(workspace: Workspace, channel: Channel, number: int, outlook: str = "allow") -> None:
    """Coming publications that are foreseen already, so that the page has nothing to compute."""
    now = timezone.now()
    times = [now + timedelta(hours=n % 600, minutes=5) for n in range(number)]
    posts = Post.objects.bulk_create(
        Post(workspace=workspace, text=f"Tip {n}", language="en", status="active", starts_at=now) for n in range(number)
    )
    fixes = (Fix("move", say("Move on"), {"to": "2027-01-01T10:00:00+00:00"}), Fix("edit", say("Edit the content")))
    check = Check("too_soon", Action.HOLD, (Finding(say("Sent 9 days before."), fixes),)).as_json()
    Publication.objects.bulk_create(
        Publication(
            workspace=workspace, post=post, channel=channel, due_at=now, number=n, outlook=outlook,
            planned_for=times[n], next_attempt_at=times[n], outlook_checks=[] if outlook == "allow" else [check],
        )
        for n, post in enumerate(posts)
    )  # fmt: skip
    Outlook.objects.update_or_create(workspace=workspace, defaults={"computed_at": now, "stale_since": None})


def test_the_first_sentence_adds_up(reader: Client, workspace: Workspace, channel: Channel) -> None:
    fill(workspace, channel, 20)
    fill(workspace, channel, 3, "hold")
    fill(workspace, channel, 1, "block")
    assert reader.get(HERE).context["sentence"] == "Of 24 planned, 20 go out, 3 will be held, 1 will be blocked."


def test_all_well_is_said_in_words(reader: Client, workspace: Workspace, channel: Channel) -> None:
    fill(workspace, channel, 2)
    told = reader.get(HERE).content.decode()
    assert "2 are planned in the next 30 days, and all go out." in told
    assert "Nothing stands in the way of what is planned." in told


def test_a_small_forecast_is_computed_while_the_reader_waits(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    now = timezone.now()
    for _ in range(2):
        scheduled(workspace, channel, at=now + timedelta(days=1), now=now, text="The same words")
    told = reader.get(HERE)
    assert told.context["sentence"] == "Of 2 planned, 1 goes out, 1 will be held."
    assert not told.context["updating"]
    assert "Use another wording" not in told.content.decode()
    assert "Skip this one" in told.content.decode()


def test_a_large_forecast_that_is_stale_says_so_and_is_shown_all_the_same(
    reader: Client, workspace: Workspace, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "AT_ONCE", 5)
    fill(workspace, channel, 10)
    touch([workspace.pk], timezone.now())
    told = reader.get(HERE).content.decode()
    assert "Updating" in told
    assert 'hx-trigger="every 10s"' in told
    assert "10 are planned" in told


def test_a_problem_comes_with_its_fixes(reader: Client, workspace: Workspace, channel: Channel) -> None:
    fill(workspace, channel, 1, "hold")
    answer = reader.get(HERE)
    (problem,) = answer.context["problems"]
    told = answer.content.decode()
    assert "Sent 9 days before." in told
    move, edit = problem["buttons"]
    assert json.loads(move.value) == {"verb": "move", "values": {"to": "2027-01-01T10:00:00+00:00"}}
    assert edit.href.endswith(f"/compose/{problem['row'].post_id}/")
    reader.post(f"/w/atelier/occurrences/{problem['row'].pk}/fix/", {"fix": move.value, "next": HERE})
    assert Publication.objects.get().planned_for.isoformat() == "2027-01-01T10:00:00+00:00"


def test_what_is_merely_noted_is_no_problem(reader: Client, workspace: Workspace, channel: Channel) -> None:
    fill(workspace, channel, 1, "warn")
    assert reader.get(HERE).context["problems"] == []


def test_problems_go_on_on_the_next_page(reader: Client, workspace: Workspace, channel: Channel) -> None:
    fill(workspace, channel, 60, "block")
    first = reader.get(HERE)
    second = reader.get(HERE + first.context["later"])
    assert (len(first.context["problems"]), len(second.context["problems"])) == (50, 10)


@pytest.mark.parametrize(("days", "spans"), [(7, 8), (30, 31), (90, 13), (31, 31), (0, 31)])
def test_the_strip_has_days_and_over_a_long_time_weeks(
    reader: Client, workspace: Workspace, channel: Channel, days: int, spans: int
) -> None:
    fill(workspace, channel, 3)
    assert len(reader.get(f"{HERE}?days={days}").context["ahead"].spans) == spans


def test_one_channel_can_be_looked_at_alone(reader: Client, workspace: Workspace, channel: Channel) -> None:
    other = Channel.objects.create(workspace=workspace, network="sandbox", handle="two", name="Two")
    fill(workspace, channel, 4)
    fill(workspace, other, 2, "hold")
    answer = reader.get(f"{HERE}?channel={channel.pk}")
    assert answer.context["ahead"].total.planned == 4
    assert answer.context["problems"] == []
    assert "Two" in answer.content.decode()


def test_a_series_that_ends_is_named(reader: Client, workspace: Workspace, channel: Channel) -> None:
    start = timezone.now() + timedelta(days=1)
    rule = {"interval": 7, "unit": "day", "max_repeats": 2}
    scheduled(workspace, channel, at=start, now=timezone.now(), text="Winter", repeat=rule)
    scheduled(workspace, channel, at=start, now=timezone.now(), text="Long", repeat={**rule, "max_repeats": 12})
    (ending,) = reader.get(HERE).context["endings"]
    assert ending[1].startswith("“Winter” goes out for the last time on ")
    assert ending[1].endswith(", in 15 days: repeat 2 of 2.")


def test_an_empty_forecast_says_what_it_is_for(reader: Client, workspace: Workspace) -> None:
    assert "Nothing is planned in the next 30 days" in reader.get(HERE).content.decode()


def test_recompute_computes(reader: Client, workspace: Workspace, channel: Channel) -> None:
    fill(workspace, channel, 3, "")
    assert "3 are not looked at yet" in reader.get(HERE).context["sentence"]
    reader.post(HERE)
    assert Publication.objects.filter(outlook="").count() == 0


def test_a_viewer_is_offered_no_fixes(client: Client, workspace: Workspace, channel: Channel, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role="viewer")
    fill(workspace, channel, 1, "hold")
    client.force_login(bob)
    assert "Move on" not in client.get(HERE).content.decode()


def test_a_stranger_sees_nothing(client: Client, workspace: Workspace, charlie: User) -> None:
    client.force_login(charlie)
    assert client.get(HERE).status_code == 404


@pytest.mark.parametrize("number", [10, 500])
def test_the_number_of_queries_does_not_grow(
    reader: Client, workspace: Workspace, channel: Channel, django_assert_max_num_queries: Any, number: int
) -> None:
    fill(workspace, channel, number, "hold")
    reader.get(HERE)
    with django_assert_max_num_queries(12):
        assert reader.get(HERE).status_code == 200
