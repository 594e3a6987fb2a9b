"""Channels that are connected by a key, the limits of a channel, and the keys that an administrator enters."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from posts.models import Channel, NetworkApp, Refresh
from posts.networks import NETWORKS
from scheduler.candidates import channel_facts
from scheduler.models import Outlook
from teams.models import AuditEntry, Membership, User, Workspace
from tests.connecting.provider import ID, SECRET, Provider
from tests.kit import scheduled

pytestmark = pytest.mark.django_db
HERE = "/w/atelier/channels/"
KEY = "canary-key-1"


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def enter(reader: Client, query: str = "", **typed: str) -> Any:
    given = {"room": "12", "key": KEY, "note": "", **typed}
    return reader.post(
        f"{HERE}connect/kiosk/{query}", {"way": "keys", **{f"keys-{name}": text for name, text in given.items()}}
    )


def test_a_key_opens_a_channel(reader: Client, provider: Provider) -> None:
    assert "Ask at the counter for a key." in reader.get(f"{HERE}connect/kiosk/").content.decode()
    assert enter(reader).status_code == 302
    channel = Channel.objects.get()
    assert (channel.name, channel.remote_id, channel.credentials()) == ("Room 12", "12", {"access_token": KEY})
    assert channel.address == provider.url
    assert channel.told is not None
    assert channel.told["per_24h"] == 25


def test_a_wrong_key_is_said_and_not_shown_again(reader: Client, provider: Provider) -> None:
    answer = enter(reader, key="secret-but-wrong")
    assert answer.status_code == 422
    assert "Kiosk does not know this key." in answer.content.decode()
    assert "secret-but-wrong" not in answer.content.decode()
    assert 'value="12"' in answer.content.decode()
    assert enter(reader, room="").status_code == 422
    assert not Channel.objects.exists()


def test_what_we_made_for_the_other_side_is_shown_once(reader: Client, provider: Provider) -> None:
    answer = enter(reader, room="cellar")
    assert (answer.status_code, "canary-of-ours" in answer.content.decode()) == (200, True)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "canary" not in answer.content.decode().replace("canary-of-ours", "")
    again = reader.get(HERE).content.decode() + reader.get(f"{HERE}{Channel.objects.get().pk}/limits/").content.decode()
    assert "canary" not in again


def test_a_new_key_replaces_the_old_one(reader: Client, provider: Provider) -> None:
    enter(reader, note="keep me")
    channel = Channel.objects.get()
    enter(reader, f"?channel={channel.pk}", key="canary-key-2")
    assert Channel.objects.get().credentials() == {"access_token": "canary-key-2", "note": "keep me"}
    wrong = enter(reader, f"?channel={channel.pk}", room="13")
    assert "another account" in wrong.content.decode()
    assert enter(reader, "?channel=999").status_code == 404
    assert enter(reader, "?channel=x").status_code == 404


def test_a_disconnection_forgets_the_key_and_says_what_waits(
    reader: Client, provider: Provider, workspace: Workspace
) -> None:
    now = timezone.now()
    enter(reader)
    channel = Channel.objects.get()
    scheduled(workspace, channel, at=now + timedelta(days=1), now=now, text="Autumn guide")
    assert "Autumn guide" in reader.get(f"{HERE}{channel.pk}/disconnect/").content.decode()
    reader.post(f"{HERE}{channel.pk}/disconnect/")
    channel.refresh_from_db()
    assert (channel.state, channel.sealed, channel.credentials()) == ("disconnected", "", {})
    assert not Refresh.objects.exists()
    assert "Autumn guide" in str(AuditEntry.objects.get(action="disconnected").sentence)
    assert "connect/kiosk/?channel=" in reader.get(HERE).content.decode()


def test_an_unknown_network_or_way_is_not_there(reader: Client, provider: Provider) -> None:
    assert reader.get(f"{HERE}connect/nowhere/").status_code == 404
    assert reader.get(f"{HERE}connect/sandbox/").status_code == 404
    assert reader.post(f"{HERE}connect/kiosk/", {"way": "sign_in"}).status_code == 404


def test_all_networks_that_can_be_connected_are_offered(reader: Client, provider: Provider) -> None:
    page = reader.get(f"{HERE}connect/").content.decode()
    for name in ("Club", "Commune", "Kiosk", "Sandbox"):
        assert f"<b>{name}</b>" in page


def test_what_explains_an_app_password_is_no_administrators_duty(reader: Client) -> None:
    """Bluesky is both signed in to and opened by keys: its steps are those of the person who copies one."""
    assert reader.get("/w/atelier/settings/networks/bluesky/").status_code == 404
    page = reader.get(f"{HERE}connect/bluesky/").content.decode()
    assert page.index("Enter a key") < page.index("App passwords")
    assert page.count("App passwords") == 1


class TestLimits:
    @pytest.fixture
    def room(self, reader: Client, provider: Provider) -> Channel:
        enter(reader)
        return Channel.objects.get()

    def test_a_persons_word_goes_before_the_networks_and_that_before_its_documents(
        self, reader: Client, room: Channel
    ) -> None:
        assert (room.limits.max_length, room.limits.per_24h, room.limits.min_gap_days) == (1000, 25, 1)
        Outlook.objects.update(stale_since=None)
        reader.post(f"{HERE}{room.pk}/limits/", {"max_length": "300", "min_gap_days": "0"})
        room.refresh_from_db()
        assert (room.limits.max_length, room.limits.per_24h, room.limits.min_gap_days) == (300, 25, 0)
        assert channel_facts(room).max_length == 300
        assert AuditEntry.objects.filter(action="limits").count() == 1
        page = reader.get(f"{HERE}{room.pk}/limits/").content.decode()
        assert "Typed by Alice" in page
        assert "Told by the network" in page
        assert '<a href="https://club.example/limits" rel="noopener noreferrer">From its documents</a>' in page
        reader.post(f"{HERE}{room.pk}/limits/", {})
        room.refresh_from_db()
        assert room.limits.max_length == 1000

    def test_numbers_that_cannot_be_are_refused(self, reader: Client, room: Channel) -> None:
        for wrong in ("0", "-1", "x", "100001"):
            assert reader.post(f"{HERE}{room.pk}/limits/", {"max_length": wrong}).status_code == 422

    def test_the_network_is_asked_again(self, reader: Client, room: Channel) -> None:
        Channel.objects.update(told=None)
        reader.post(f"{HERE}{room.pk}/limits/ask/")
        room.refresh_from_db()
        assert room.limits.per_24h == 25

    def test_a_viewer_reads_them_only(self, client: Client, room: Channel, bob: User) -> None:
        Membership.objects.filter(user=bob).update(role="viewer")
        client.force_login(bob)
        assert client.get(f"{HERE}{room.pk}/limits/").status_code == 200
        client.post(f"{HERE}{room.pk}/limits/", {"max_length": "3"})
        assert client.post(f"{HERE}{room.pk}/limits/ask/").status_code == 403
        assert Channel.objects.get().own_limits == {}

    def test_without_a_word_of_anybody_they_are_the_connectors_own(self, channel: Channel) -> None:
        assert channel.limits is channel.connector.limits


class TestKeysForNetworks:
    KEYS = "/w/atelier/settings/networks/"

    def test_the_page_says_what_to_do_and_keeps_the_secret(
        self, reader: Client, provider: Provider, settings: Any
    ) -> None:
        assert self.KEYS in reader.get("/w/atelier/settings/").content.decode()
        listed = reader.get(self.KEYS).content.decode()
        assert "No keys yet" in listed
        assert "Commune" not in listed, "we register there ourselves"
        page = reader.get(f"{self.KEYS}club/").content.decode()
        for said in (
            "Make a program there.",
            "https://club.example/programs",
            f"{settings.PUBLIC_URL}/oauth/callback/",
        ):
            assert said in page
        answer = reader.post(f"{self.KEYS}club/", {"client_id": ID, "secret": SECRET}, follow=True)
        kept = NetworkApp.objects.get()
        assert (kept.app.id, kept.app.secret) == (ID, SECRET)
        assert "canary" not in answer.content.decode() + kept.sealed + repr(vars(kept)) + repr(kept.app)
        assert "canary" not in str(list(AuditEntry.objects.values()))
        assert AuditEntry.objects.filter(action="network_keys").count() == 1

    def test_an_empty_secret_keeps_the_one_that_is_there(self, reader: Client, app: NetworkApp) -> None:
        reader.post(f"{self.KEYS}club/", {"client_id": ID, "secret": ""})
        assert NetworkApp.objects.get().app.secret == SECRET
        reader.post(f"{self.KEYS}club/", {"client_id": "another", "secret": ""})
        assert NetworkApp.objects.get().app.secret == "", "a secret of another program is of no use"

    @pytest.mark.parametrize(
        ("client_id", "secret", "said"),
        [
            (ID, SECRET, "Club knows this client id and secret."),
            (ID, "wrong", "Club does not accept the client id and secret"),
            ("wrong", SECRET, "Club does not accept the client id and secret"),
        ],
    )
    def test_the_test_tells_whether_the_network_knows_them(
        self,
        reader: Client,
        provider: Provider,
        client_id: str,
        secret: str,
        said: str,
    ) -> None:
        reader.post(f"{self.KEYS}club/", {"client_id": client_id, "secret": secret})
        assert said in reader.post(f"{self.KEYS}club/test/").content.decode()

    def test_what_cannot_be_told_is_said_too(
        self, reader: Client, app: NetworkApp, provider: Provider, settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        settings.NETWORK_URLS = {"club": "http://127.0.0.1:9"}
        answer = reader.post(f"{self.KEYS}club/test/").content.decode()
        assert "That cannot be told" in answer
        assert "canary" not in caplog.text + answer

    def test_they_are_for_owners_and_where_there_are_superusers_for_those(
        self, client: Client, app: NetworkApp, alice: User, bob: User, charlie: User
    ) -> None:
        Membership.objects.filter(user=bob).update(role="admin")
        client.force_login(bob)
        assert client.get(f"{self.KEYS}club/").status_code == 403
        assert self.KEYS not in client.get("/w/atelier/settings/").content.decode()
        client.force_login(charlie)
        assert client.get(f"{self.KEYS}club/").status_code == 404
        User.objects.create_superuser("root@example.org", "correct horse battery")
        for person, path in ((charlie, "/w/elsewhere/settings/networks/club/"), (alice, f"{self.KEYS}club/")):
            client.force_login(person)
            assert client.get(path).status_code == 403
            assert client.post(path, {"client_id": "theirs", "secret": "theirs"}).status_code == 403
            assert client.post(f"{path}test/").status_code == 403
        assert NetworkApp.objects.get().client_id == ID


@pytest.mark.parametrize("number", [10, 500])
def test_the_number_of_queries_does_not_grow(
    reader: Client, app: NetworkApp, workspace: Workspace, django_assert_max_num_queries: Any, number: int
) -> None:
    Channel.objects.bulk_create(
        Channel(workspace=workspace, network="club", handle=f"h{n}", remote_id=str(n), name=f"C{n}")
        for n in range(number)
    )
    pk = Channel.objects.latest("pk").pk
    reader.get(HERE)
    for path in (
        "connect/",
        "connect/club/",
        f"connect/club/?channel={pk}",
        f"{pk}/limits/",
    ):
        with django_assert_max_num_queries(12):
            assert reader.get(HERE + path).status_code in (200, 404), path
    assert len(NETWORKS) > 3
