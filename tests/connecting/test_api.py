"""Channels through the API: connected by keys that come back in no answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from posts.models import Channel, SignIn
from scheduler import channel_limits
from teams.models import AuditEntry, IdempotencyKey, User, Workspace
from tests.api.conftest import Api, token_of
from tests.connecting.networks import Kiosk
from tests.connecting.provider import Provider

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {"network": "kiosk", "name": "Lobby", "keys": {"room": "12", "key": "canary-api"}}


@pytest.fixture
def api(alice: User, workspace: Workspace, provider: Provider) -> Api:
    return token_of(alice, workspace)


def test_a_channel_is_connected_by_its_keys_once(api: Api) -> None:
    answers = [api.post("channels/", BODY, Idempotency_Key="once") for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201], answers[0].content
    shown = answers[0].json()
    assert (shown["name"], shown["remote_id"], shown["state"], shown["server"]) == ("Lobby", "12", "connected", "")
    assert Channel.objects.get().credentials() == {"access_token": "canary-api"}
    kept = str(list(IdempotencyKey.objects.values())) + str(list(AuditEntry.objects.values()))
    listed = api.get("channels/").content + api.get(f"channels/{shown['id']}/").content
    assert "canary" not in kept + answers[0].content.decode() + answers[1].content.decode() + listed.decode()


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"network": "nowhere"}, 400, "Refrain knows these networks"),
        ({"keys": {"room": "12"}}, 400, "keys.key"),
        ({"keys": {"room": "12", "key": "canary", "more": "x"}}, 400, "keys.more"),
        ({"keys": {"room": "12", "key": 5}}, 400, "Write a text."),
        ({"keys": {"room": "12", "key": "wrong"}}, 409, "Kiosk does not know this key."),
        ({"network": "club", "keys": {}}, 409, "wants a person to sign in"),
        ({"network": "sandbox"}, 400, "keys.handle"),
    ],
)
def test_what_cannot_be_connected_is_said(api: Api, change: dict[str, Any], status: int, said: str) -> None:
    answer = api.post("channels/", BODY | change)
    assert (answer.status_code, said in answer.content.decode()) == (status, True), answer.content
    assert "canary" not in answer.content.decode()
    assert not Channel.objects.exists()


def test_the_sandbox_needs_no_keys(api: Api) -> None:
    answer = api.post("channels/", {"network": "sandbox", "keys": {"handle": "play"}})
    assert (answer.status_code, answer.json()["name"]) == (201, "play")


def test_of_several_accounts_one_is_named(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = Kiosk.connect
    both = lambda self, typed: [*connect(self, typed), *connect(self, {**typed, "room": "13"})]  # noqa: E731
    monkeypatch.setattr(Kiosk, "connect", both)
    unclear = api.post("channels/", BODY)
    assert (unclear.status_code, "room 12, room 13" in unclear.content.decode()) == (409, True)
    assert api.post("channels/", BODY | {"account": "13"}).json()["remote_id"] == "13"
    assert "canary" not in str(list(SignIn.objects.values()))


def test_a_channel_is_disconnected_and_connected_again(api: Api) -> None:
    pk = api.post("channels/", BODY).json()["id"]
    assert api.post(f"channels/{pk}/disconnect/").json()["state"] == "disconnected"
    assert Channel.objects.get().sealed == ""
    assert api.post(f"channels/{pk}/reconnect/", {}).status_code == 400
    again = api.post(f"channels/{pk}/reconnect/", {"keys": BODY["keys"] | {"key": "canary-new"}})
    assert again.json()["state"] == "connected"
    assert Channel.objects.get().credentials() == {"access_token": "canary-new"}
    assert Channel.objects.get().name == "Lobby"


def test_limits_say_where_they_come_from(api: Api) -> None:
    pk = api.post("channels/", BODY).json()["id"]
    assert api.get(f"channels/{pk}/").json()["asked_at"] is None
    asked = api.post(f"channels/{pk}/ask-limits/").json()
    assert (asked["max_length"], asked["asked_at"] is not None) == (1000, True)
    typed = api.patch(f"channels/{pk}/limits/", {"max_length": 300, "per_24h": 5}).json()
    by_name = {one["name"]: (one["value"], one["source"]) for one in typed["limits"]}
    assert by_name["max_length"] == (300, "own")
    assert by_name["min_gap_days"] == (1, "documents")
    back = api.patch(f"channels/{pk}/limits/", {"max_length": None}).json()
    assert (back["max_length"], {one["name"]: one["source"] for one in back["limits"]}["per_24h"]) == (1000, "own")
    for wrong in ({"max_length": 0}, {"max_length": "300"}, {"parts": 3}):
        assert api.patch(f"channels/{pk}/limits/", wrong).status_code == 400


def test_limits_are_asked_once_a_day(api: Api, provider: Provider) -> None:
    api.post("channels/", BODY)
    now = timezone.now()
    channel_limits.learn_due(now)
    assert Channel.objects.get().limits.per_24h == 25
    Channel.objects.update(told={"at": now.isoformat(), "notes": []})
    channel_limits.learn_due(now + timedelta(hours=23))
    assert Channel.objects.get().limits.per_24h == 50
    channel_limits.learn_due(now + timedelta(hours=25))
    assert Channel.objects.get().limits.per_24h == 25


def test_only_an_administrators_token_connects(
    bob: User, workspace: Workspace, alice: User, provider: Provider
) -> None:
    for token in (token_of(bob, workspace), token_of(alice, workspace, ["read", "write", "publish"])):
        assert token.post("channels/", BODY).status_code == 403
    assert not Channel.objects.exists()
