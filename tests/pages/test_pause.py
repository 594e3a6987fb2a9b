"""Pausing shows its effect first, and resuming asks what becomes of the missed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from posts.models import Category, Channel, RepeatRule
from scheduler import stop_file, verbs
from scheduler.models import Pause, Publication
from scheduler.states import State
from teams.models import User, Workspace
from tests.pages.standing import awake, standing

pytestmark = pytest.mark.django_db
PAUSE = "/w/atelier/pause/"


@pytest.fixture
def inside(client: Client, alice: User, workspace: Workspace) -> Client:
    client.force_login(alice)
    awake(workspace)
    return client


def read(client: Client, address: str = PAUSE, **how: Any) -> str:
    return " ".join(client.get(address, **how).content.decode().split())


def missed(workspace: Workspace, channel: Channel, count: int) -> Pause:
    paused = verbs.pause(workspace, None, timezone.now() - timedelta(hours=5), by="Alice", reason="bad news")
    standing(workspace, channel, State.HELD, count)
    Publication.objects.update(reason="paused", sentence={"text": "Paused."})
    return paused


def test_the_effect_is_shown_before_anything_is_stopped(inside: Client, workspace: Workspace, channel: Channel) -> None:
    standing(workspace, channel, State.SCHEDULED, 2, at=timezone.now())
    standing(workspace, channel, State.SCHEDULED, 1, at=timezone.now() + timedelta(days=3))
    (leaving,) = standing(workspace, channel, State.SCHEDULED, text="On its way.")
    Publication.objects.filter(pk=leaving.pk).update(
        state=State.SENDING, claim="12345678-1234-5678-1234-567812345678", lease_until=timezone.now()
    )
    text = read(inside)
    assert "Stops 2 publications that are still to come today" in text
    assert "1 is being sent right now and will arrive: “On its way.” (Atelier)" in text


def test_what_is_on_its_way_is_named_once_it_is_paused(inside: Client, workspace: Workspace, channel: Channel) -> None:
    (leaving,) = standing(workspace, channel, State.SCHEDULED, text="On its way.")
    Publication.objects.filter(pk=leaving.pk).update(
        state=State.SENDING, claim="12345678-1234-5678-1234-567812345678", lease_until=timezone.now()
    )
    text = " ".join(inside.post(PAUSE, {"scope": "all"}, follow=True).content.decode().split())
    assert "1 is being sent right now and may still arrive: “On its way.” (Atelier)" in text


def test_a_file_that_stops_the_workers_is_told_in_the_bar(inside: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    stop_file.put(stop_file.Stop("root (terminal)", reason="bad news"))
    assert "root (terminal) stopped the workers: bad news." in read(inside, "/w/atelier/guard/")


def test_the_effect_of_a_narrower_pause_counts_what_it_covers(
    inside: Client, workspace: Workspace, channel: Channel
) -> None:
    standing(workspace, channel, State.SCHEDULED, 2, at=timezone.now())
    tips = Category.objects.create(workspace=workspace, name="Tips")
    address = f"{PAUSE}?part=effect&scope=category:{tips.pk}"
    text = read(inside, address, headers={"HX-Request": "true"})
    assert "Stops 0 publications" in text
    assert "<html" not in text


def test_pausing_everything_takes_one_click_and_the_bar_says_who_and_why(inside: Client) -> None:
    inside.post(PAUSE, {"scope": "all", "reason": "bad news"})
    paused = Pause.objects.get()
    assert (paused.by, paused.reason, paused.channel, paused.until) == ("Alice", "bad news", None, None)
    text = read(inside, "/w/atelier/guard/")
    assert "Alice paused the whole workspace on" in text
    assert ": bad news." in text
    assert reverse("resume", args=["atelier", paused.pk]) in text


@pytest.mark.parametrize("kind", ["channel", "category", "network", "post", "repeats"])
def test_each_scope_can_be_chosen(inside: Client, workspace: Workspace, channel: Channel, kind: str) -> None:
    category = Category.objects.create(workspace=workspace, name="Tips")
    post = standing(workspace, channel, State.SCHEDULED)[0].post
    RepeatRule.objects.create(post=post)
    pk = {"channel": channel.pk, "category": category.pk, "network": "sandbox"}.get(kind, post.pk)
    inside.post(PAUSE, {"scope": f"{kind}:{pk}", "until": "2999-01-01T10:00"})
    paused = Pause.objects.get()
    assert paused.until
    named = "post" if kind == "repeats" else kind
    assert (paused.network or getattr(paused, f"{named}_id")) == pk
    assert paused.repeats_only == (kind == "repeats")


def test_what_is_wrong_is_said_and_nothing_is_paused(
    inside: Client, charlie: User, workspace: Workspace, channel: Channel
) -> None:
    theirs = Channel.objects.create(workspace=charlie.workspaces.get(), network="sandbox", handle="x", name="Theirs")
    assert "is past" in inside.post(PAUSE, {"scope": "all", "until": "2020-01-01T10:00"}).content.decode()
    assert inside.post(PAUSE, {"scope": f"channel:{theirs.pk}"}).status_code == 200
    assert inside.post(PAUSE, {"scope": "channel:x"}).status_code == 200
    assert read(inside, f"{PAUSE}?scope=channel:{theirs.pk}")
    assert not Pause.objects.exists()


def test_resuming_lists_what_was_missed_and_keeps_it_held_unless_told_otherwise(
    inside: Client, workspace: Workspace, channel: Channel
) -> None:
    paused = missed(workspace, channel, 3)
    address = reverse("resume", args=["atelier", paused.pk])
    text = read(inside, address)
    assert "3 publications were missed. None of them goes out by itself." in text
    assert 'value="keep" checked' in text
    answer = inside.post(address, follow=True).content.decode()
    assert "3 missed publications wait in Guard" in answer
    assert set(Publication.objects.values_list("state", "reason")) == {("held", "missed")}


@pytest.mark.parametrize(("then", "state"), [("skip", "skipped"), ("spread", "scheduled"), ("nonsense", "held")])
def test_the_missed_can_be_skipped_or_put_back(
    inside: Client, workspace: Workspace, channel: Channel, then: str, state: str
) -> None:
    paused = missed(workspace, channel, 2)
    inside.post(reverse("resume", args=["atelier", paused.pk]), {"then": then})
    assert set(Publication.objects.values_list("state", flat=True)) == {state}
    assert not Publication.objects.filter(state="scheduled", planned_for__lte=timezone.now()).exists()


def test_a_viewer_sees_what_is_paused_and_cannot_change_it(client: Client, bob: User, workspace: Workspace) -> None:
    bob.memberships.update(role="viewer")
    client.force_login(bob)
    assert "Pausing takes an editor" in read(client)
    client.post(PAUSE, {"scope": "all"})
    assert not Pause.objects.exists()


def test_the_pauses_of_another_workspace_and_of_the_instance_are_not_resumed_from_here(
    inside: Client, charlie: User
) -> None:
    theirs = verbs.pause(charlie.workspaces.get(), charlie, timezone.now())
    whole = verbs.pause(None, None, timezone.now(), by="root")
    for paused in (theirs, whole):
        assert inside.post(reverse("resume", args=["atelier", paused.pk])).status_code == 404
    assert "root paused the whole of Refrain" in read(inside, "/w/atelier/")


@pytest.mark.parametrize("count", [10, 500])
def test_the_queries_do_not_grow(
    inside: Client, workspace: Workspace, channel: Channel, count: int, django_assert_max_num_queries: Any
) -> None:
    paused = missed(workspace, channel, count)
    inside.get(PAUSE)
    for address in (PAUSE, reverse("resume", args=["atelier", paused.pk])):
        with django_assert_max_num_queries(12):
            inside.get(address)
