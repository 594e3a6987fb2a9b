"""Channels are connected, renamed, disconnected with what that affects named first, and connected again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notices.sentences import say
from posts.models import Channel
from scheduler import verbs
from scheduler.models import Outlook, Publication
from scheduler.states import State
from teams.models import AuditEntry, User, Workspace
from tests.kit import only, scheduled

pytestmark = pytest.mark.django_db

HERE = "/w/atelier/channels/"


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_each_channel_says_how_it_stands(reader: Client, workspace: Workspace, channel: Channel, alice: User) -> None:
    now = timezone.now()
    scheduled(workspace, channel, at=now + timedelta(days=2), now=now)
    down = Channel.objects.create(workspace=workspace, network="sandbox", handle="d", name="Down", state="down")
    Channel.objects.filter(pk=down.pk).update(trouble=say("The key was revoked.").as_json())
    Channel.objects.create(workspace=workspace, network="sandbox", handle="g", name="Gone", state="disconnected")
    paused = Channel.objects.create(workspace=workspace, network="sandbox", handle="p", name="Paused")
    verbs.pause(workspace, alice, now, channel=paused)
    rows = {row["channel"].name: row for row in reader.get(HERE).context["rows"]}
    assert rows["Atelier"]["sentence"].startswith("Connected. The next one goes out on ")
    assert rows["Atelier"]["channel"].planned == 1
    assert rows["Down"]["sentence"].startswith("The key was revoked. Nothing goes out here")
    assert rows["Gone"]["sentence"].startswith("Disconnected:")
    assert rows["Paused"]["sentence"].startswith("Paused by Alice")


def test_a_sandbox_channel_is_added(reader: Client, workspace: Workspace) -> None:
    assert "proves nothing" in reader.get(HERE + "add/").content.decode()
    given = {"name": "Playground", "handle": "play", "network": "sandbox_reading"}
    reader.post(HERE + "add/", given)
    made = Channel.objects.get(workspace=workspace)
    assert (made.name, made.handle, made.network, made.state) == ("Playground", "play", "sandbox_reading", "connected")
    again = reader.post(HERE + "add/", given)
    assert (again.status_code, "is here already" in again.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "wrong", [{"handle": "Not Allowed"}, {"handle": ""}, {"name": ""}, {"network": "bluesky"}, {"handle": "a\n"}]
)
def test_what_cannot_be_a_channel_is_refused(reader: Client, workspace: Workspace, wrong: dict[str, str]) -> None:
    answer = reader.post(HERE + "add/", {"name": "A", "handle": "a", "network": "sandbox", **wrong})
    assert answer.status_code in (422, 302)
    assert Channel.objects.exclude(handle="a").count() == 0


def test_what_a_disconnection_affects_is_named_first(reader: Client, workspace: Workspace, channel: Channel) -> None:
    now = timezone.now()
    post = scheduled(workspace, channel, at=now + timedelta(days=2), now=now, text="Autumn guide")
    told = reader.get(f"{HERE}{channel.pk}/disconnect/").content.decode()
    assert "Autumn guide" in told
    reader.post(f"{HERE}{channel.pk}/disconnect/")
    channel.refresh_from_db()
    assert channel.state == "disconnected"
    assert only(post).state == "scheduled"
    assert Outlook.objects.get().stale_since is not None
    assert AuditEntry.objects.filter(action="disconnected").count() == 1


def test_a_reconnection_lets_go_on_what_is_on_time_and_no_more(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    """Seen to fail when everything that waited was sent at once."""
    now = timezone.now()
    old = scheduled(workspace, channel, at=now + timedelta(days=1), now=now, text="Old")
    new = scheduled(workspace, channel, at=now + timedelta(days=1), now=now, text="New")
    held = {"state": State.HELD, "reason": "channel_down", "next_attempt_at": None}
    Publication.objects.filter(post=old).update(planned_for=now - timedelta(hours=2), **held)
    Publication.objects.filter(post=new).update(planned_for=now - timedelta(minutes=2), **held)
    Channel.objects.update(state="down")
    answer = reader.post(f"{HERE}{channel.pk}/reconnect/", follow=True)
    assert "One publication was missed" in answer.content.decode()
    assert (only(old).state, only(old).reason) == ("held", "missed")
    assert only(new).state == "scheduled"


def test_a_channel_is_renamed(reader: Client, workspace: Workspace, channel: Channel) -> None:
    reader.post(f"{HERE}{channel.pk}/rename/", {"name": "Workshop"})
    channel.refresh_from_db()
    assert channel.name == "Workshop"
    assert reader.post(f"{HERE}{channel.pk}/rename/", {"name": ""}).status_code == 422


def test_an_editor_renames_and_does_not_connect(
    client: Client, workspace: Workspace, channel: Channel, bob: User
) -> None:
    client.force_login(bob)
    assert client.post(f"{HERE}{channel.pk}/rename/", {"name": "B"}).status_code == 302
    for address in ("add/", f"{channel.pk}/disconnect/", f"{channel.pk}/reconnect/"):
        assert client.post(HERE + address).status_code == 403
    assert "Disconnect" not in client.get(HERE).content.decode()


def test_a_strangers_channels_are_not_there(client: Client, channel: Channel, charlie: User) -> None:
    client.force_login(charlie)
    assert client.get(HERE).status_code == 404
    for address in ("rename/", "disconnect/", "reconnect/"):
        assert client.post(f"/w/elsewhere/channels/{channel.pk}/{address}", {"name": "x"}).status_code == 404
    channel.refresh_from_db()
    assert (channel.name, channel.state) == ("Atelier", "connected")


@pytest.mark.parametrize("number", [10, 500])
def test_the_number_of_queries_does_not_grow(
    reader: Client, workspace: Workspace, django_assert_max_num_queries: Any, number: int
) -> None:
    Channel.objects.bulk_create(
        Channel(workspace=workspace, network="sandbox", handle=f"h{n}", name=f"C{n}") for n in range(number)
    )
    reader.get(HERE)
    with django_assert_max_num_queries(12):
        assert reader.get(HERE).status_code == 200
