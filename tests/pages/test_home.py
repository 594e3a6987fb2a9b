"""Home says whether it is running, what needs somebody, and what goes out next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from posts.models import Channel
from scheduler import verbs
from scheduler.states import State
from teams.models import User, Workspace
from tests.pages.standing import awake, standing, unknown

pytestmark = pytest.mark.django_db
HOME = "/w/atelier/"


@pytest.fixture
def home(client: Client, alice: User, workspace: Workspace) -> Callable[[], str]:
    client.force_login(alice)
    awake(workspace)
    return lambda: str(client.get(HOME).content, "utf-8")


def test_a_new_workspace_is_led_through_three_steps(home: Callable[[], str]) -> None:
    text = home()
    assert "Three steps to the first post" in text
    assert "Nothing needs you." in text
    assert "Nothing is planned." in text


def test_the_state_says_how_many_go_out_today_and_which_is_next(
    home: Callable[[], str], workspace: Workspace, channel: Channel
) -> None:
    standing(workspace, channel, State.SCHEDULED, at=timezone.now() + timedelta(days=2))
    text = home()
    assert "Publishing is on. Nothing more goes out today; next " in " ".join(text.split())
    assert "on Atelier." in text


def test_what_the_forecast_will_hold_is_not_counted_as_going_out(
    home: Callable[[], str], workspace: Workspace, channel: Channel
) -> None:
    standing(workspace, channel, State.SCHEDULED, at=timezone.now() + timedelta(minutes=1), outlook="hold")
    assert "Nothing is planned." in home()


def test_held_unknown_and_failed_ones_stand_under_needs_you_with_their_best_fix(
    home: Callable[[], str], workspace: Workspace, channel: Channel
) -> None:
    standing(workspace, channel, State.HELD, text="The held one.")
    standing(workspace, channel, State.FAILED, text="The failed one.", reason="refused", sentence={"text": "Too long."})
    unknown(workspace, channel, "The unknown one.")
    text = home()
    assert "Sent 9 days before" in text
    assert "Move to" in text
    assert "Too long." in text
    assert "It is out" in text
    assert "It is not out, send it" in text


def test_after_seven_the_others_are_a_link_away(
    home: Callable[[], str], workspace: Workspace, channel: Channel
) -> None:
    standing(workspace, channel, State.HELD, 12)
    text = home()
    assert text.count('id="occurrence-') == 7
    assert "all 12" in text


def test_a_channel_that_is_down_is_told_once(home: Callable[[], str], workspace: Workspace, channel: Channel) -> None:
    Channel.objects.update(state="down", trouble={"text": "The key was revoked."})
    rows = standing(workspace, channel, State.HELD, 5)
    type(rows[0]).objects.update(reason="channel_down")
    text = home()
    assert text.count("data-row") == 1
    assert "The key was revoked." in text


def test_a_pause_and_a_silent_worker_are_said(home: Callable[[], str], workspace: Workspace, alice: User) -> None:
    verbs.pause(workspace, alice, timezone.now(), reason="bad news")
    assert "Alice paused the whole workspace" in home()
    assert "Publishing is on." not in home()


def test_what_went_out_has_its_link(home: Callable[[], str], workspace: Workspace, channel: Channel) -> None:
    standing(workspace, channel, State.PUBLISHED, text="Out it is.")
    text = home()
    assert "Out it is." in text
    assert "https://sandbox.example/1" in text


def test_a_viewer_reads_it_and_gets_no_buttons(
    client: Client, bob: User, workspace: Workspace, channel: Channel
) -> None:
    bob.memberships.update(role="viewer")
    client.force_login(bob)
    standing(workspace, channel, State.HELD)
    text = client.get(HOME).content.decode()
    assert "Sent 9 days before" in text
    assert 'name="fix"' not in text


def test_a_stranger_gets_nothing(client: Client, charlie: User, workspace: Workspace) -> None:
    client.force_login(charlie)
    assert client.get(HOME).status_code == 404


@pytest.mark.parametrize("count", [10, 500])
def test_the_queries_do_not_grow(
    client: Client, alice: User, workspace: Workspace, channel: Channel, count: int, django_assert_max_num_queries: Any
) -> None:
    client.force_login(alice)
    for state in (State.HELD, State.PUBLISHED, State.SCHEDULED):
        standing(
            workspace, channel, state, count, at=timezone.now() + timedelta(hours=1 if state == State.SCHEDULED else -1)
        )
    awake(workspace)
    client.get(HOME)
    with django_assert_max_num_queries(12):
        client.get(HOME)
