"""Signing in at a network and coming back: each sign-in once, from the session that began it, and nothing astray."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from posts.models import Channel, NetworkApp, SignIn
from posts.networks import NETWORKS, oauth
from posts.networks.base import ChannelRefused
from scheduler import refreshing
from scheduler.models import Publication
from scheduler.states import State
from teams.models import AuditEntry, Membership, User, Workspace
from tests.connecting.networks import Club
from tests.connecting.provider import Provider
from tests.kit import only, scheduled

pytestmark = pytest.mark.django_db
HERE = "/w/atelier/channels/connect/"
CASES = json.loads((Path(__file__).parent / "oauth_redirect.json").read_text())
PASSWORD = "correct horse battery"


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    cache.clear()
    client.force_login(alice)
    return client


def leave(reader: Client, network: str = "club", query: str = "", **typed: str) -> str:
    """Press the button; returns the address at the network."""
    given = {"way": "sign_in", **{f"sign_in-{name}": text for name, text in typed.items()}}
    answer = reader.post(f"{HERE}{network}/{query}", given)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.context["address"])


def agree(address: str) -> str:
    """Click “Allow” there; returns the way back, without the host."""
    page = urlopen(address).read().decode()
    back = urlsplit(page.partition('href="')[2].partition('"')[0].replace("&amp;", "&"))
    return f"{back.path}?{back.query}"


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_an_account_is_signed_in_and_becomes_a_channel(
    reader: Client, app: NetworkApp, provider: Provider, workspace: Workspace
) -> None:
    way_back = agree(leave(reader))
    answer = reader.get(way_back, follow=True)
    channel = Channel.objects.get()
    assert (channel.network, channel.remote_id, channel.handle, channel.name) == ("club", "7", "@atelier", "Atelier")
    assert channel.server == "", "the network's own, wherever the settings say that it is"
    assert channel.credentials()["access_token"] in provider.access
    assert channel.expires_at is not None
    assert channel.told is not None
    assert "Atelier is connected." in answer.content.decode()
    assert AuditEntry.objects.filter(action="connected").count() == 1
    assert not SignIn.objects.exists()


def test_the_sign_in_is_bound_to_its_session_and_used_once(
    reader: Client, app: NetworkApp, provider: Provider, alice: User, bob: User, client: Client
) -> None:
    """Seen to fail when the state was looked up without its session."""
    way_back = agree(leave(reader))
    other = Client()
    other.force_login(alice)
    assert other.get(way_back).status_code == 403
    stranger = Client()
    stranger.force_login(bob)
    assert stranger.get(way_back).status_code == 403
    assert not Channel.objects.exists()
    assert reader.get(way_back).status_code == 302
    again = reader.get(way_back)
    assert (again.status_code, provider.calls["/token"]) == (403, 1)
    assert provider.revoked == set()
    assert "Please start again." in again.content.decode()


def test_a_sign_in_that_took_too_long_is_over(reader: Client, app: NetworkApp) -> None:
    way_back = agree(leave(reader))
    SignIn.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert reader.get(way_back).status_code == 403
    assert not Channel.objects.exists()


def test_who_has_lost_the_role_meanwhile_connects_nothing(reader: Client, app: NetworkApp) -> None:
    way_back = agree(leave(reader))
    Membership.objects.update(role="editor")
    assert reader.get(way_back).status_code == 403
    assert not Channel.objects.exists()


def test_the_answer_of_another_server_is_refused(reader: Client, app: NetworkApp, provider: Provider) -> None:
    """RFC 9207: the mix-up. Seen to fail without the comparison."""
    way_back = agree(leave(reader))
    wrong = way_back.partition("&iss=")[0] + "&iss=https://evil.example"
    assert reader.get(wrong).status_code == 403
    assert provider.calls["/token"] == 0


def test_who_does_not_agree_is_told_so(reader: Client, app: NetworkApp) -> None:
    state = asked(leave(reader))["state"]
    answer = reader.get(f"/oauth/callback/?error=access_denied&state={state}&error_description=<script>")
    assert answer.status_code == 403
    assert "did not let you in" in answer.content.decode()
    assert "<script>" not in answer.content.decode().partition("<main")[2]
    assert f"{HERE}club/" in answer.content.decode()


class TestCases:
    """Every case of the corpus of redirects and sign-ins."""

    @pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])
    def test_nobody_is_sent_off_the_site(self, client: Client, alice: User, app: NetworkApp, case: Any) -> None:
        cache.clear()
        there = client.post(
            "/accounts/login/",
            {"email": alice.email, "password": PASSWORD, "username": alice.email, "next": case["next"]},
        )
        assert _stays(there.headers.get("Location", "/"))
        way_back = agree(leave(client))
        answer = client.get(way_back, {**asked(way_back), "next": case["next"], "redirect_uri": case["next"]})
        assert _stays(answer.headers.get("Location", "/"))

    def test_code_replay(self, reader: Client, app: NetworkApp, provider: Provider) -> None:
        way_back = agree(leave(reader))
        reader.get(way_back)
        kept = Channel.objects.get().credentials()
        code = asked(way_back)["code"]
        second = asked(leave(reader))["state"]
        assert reader.get(f"/oauth/callback/?code={code}&state={second}").status_code == 403
        assert Channel.objects.get().credentials() == kept

    def test_pkce_missing(self, app: NetworkApp, provider: Provider) -> None:
        connector = NETWORKS["club"]
        assert isinstance(connector, Club)
        challenge = oauth.challenge_of(oauth.new_verifier())
        here = app.app
        address = connector.authorize(here, state="s" * 43, challenge=challenge, redirect="http://me.example/back")
        code = asked(agree(address))["code"]
        with pytest.raises(ChannelRefused):
            connector.exchange(here, code=code, verifier="", redirect="http://me.example/back")
        with pytest.raises(Exception, match="400"):
            agree(address.replace("code_challenge_method=S256", "code_challenge_method=plain"))

    def test_granted_scope_less(self, reader: Client, app: NetworkApp, provider: Provider) -> None:
        provider.grants = "read"
        answer = reader.get(agree(leave(reader)))
        assert "Please sign in again and agree." in answer.content.decode()
        assert not Channel.objects.exists()

    @pytest.mark.parametrize("mood", ["omits", "empty"])
    def test_refresh_omits_and_refresh_empty(
        self, reader: Client, app: NetworkApp, provider: Provider, mood: str
    ) -> None:
        reader.get(agree(leave(reader)))
        kept = Channel.objects.get().credentials()["refresh_token"]
        provider.mood = mood
        refreshing.refresh_due(timezone.now() + timedelta(hours=1))
        assert provider.calls["refresh"] == 1
        assert Channel.objects.get().credentials()["refresh_token"] == kept

    def test_refresh_5xx(self, reader: Client, app: NetworkApp, provider: Provider) -> None:
        reader.get(agree(leave(reader)))
        provider.mood = "503"
        later = timezone.now() + timedelta(hours=1)
        refreshing.refresh_due(later)
        assert Channel.objects.get().state == "connected"
        assert not refreshing.waiting(later), "it waits before it asks again"
        assert refreshing.waiting(later + timedelta(minutes=2))

    def test_redirect_uri_host_header(self, reader: Client, app: NetworkApp, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        address = reader.post(f"{HERE}club/", {"way": "sign_in"}, headers={"host": "evil.example"}).context["address"]
        assert asked(address)["redirect_uri"] == f"{settings.PUBLIC_URL}/oauth/callback/"

    def test_post_logout_callback(self, reader: Client, app: NetworkApp, provider: Provider, alice: User) -> None:
        way_back = agree(leave(reader))
        reader.post("/accounts/logout/")
        answer = reader.get(way_back)
        assert (answer.status_code, "Location" in answer.headers) == (403, False)
        reader.force_login(alice)
        assert reader.get(way_back).status_code == 403
        assert (provider.calls["/token"], Channel.objects.count()) == (0, 0)

    def test_every_case_of_a_sign_in_is_here(self) -> None:
        races = {"refresh-invalid-grant-race"}  # test_refreshing: eight workers, sixty expiries
        written = {name.removeprefix("test_").replace("_", "-") for name in dir(type(self)) if name.startswith("test_")}
        written |= {"refresh-omits", "refresh-empty"}
        assert {case["id"] for case in CASES["oauth"]} - races <= written


def _stays(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\")) and not urlsplit(location).netloc


class TestSeveralAccounts:
    @pytest.fixture(autouse=True)
    def pages(self, provider: Provider, app: NetworkApp) -> None:
        provider.accounts = [{"id": str(n), "handle": f"@page{n}", "name": f"Page {n}"} for n in (1, 2, 3)]

    def test_the_person_chooses_which_become_channels(self, reader: Client) -> None:
        there = reader.get(agree(leave(reader))).headers["Location"]
        page = reader.get(there).content.decode()
        assert "Page 3" in page
        assert "canary" not in page
        assert reader.post(there, {}).status_code == 422
        reader.post(there, {"account": ["0", "2"]})
        assert sorted(Channel.objects.values_list("handle", flat=True)) == ["@page1", "@page3"]
        assert reader.post(there, {"account": ["1"]}).status_code == 403

    def test_a_choice_is_its_sessions_and_its_workspaces(self, reader: Client, alice: User) -> None:
        there = reader.get(agree(leave(reader))).headers["Location"]
        other = Client()
        other.force_login(alice)
        assert other.post(there, {"account": ["0"]}).status_code == 403
        elsewhere = Workspace.objects.create(name="Else", slug="else")
        Membership.objects.create(user=alice, workspace=elsewhere, role="owner")
        assert reader.post(there.replace("atelier", "else"), {"account": ["0"]}).status_code == 403
        assert not Channel.objects.exists()

    def test_no_account_at_all_is_said(self, reader: Client, provider: Provider) -> None:
        provider.accounts = []
        assert "named no account" in reader.get(agree(leave(reader))).content.decode()


class TestAgain:
    def test_new_credentials_bring_back_what_waited(
        self, reader: Client, member_of_club: Channel, workspace: Workspace, provider: Provider
    ) -> None:
        now = timezone.now()
        post = scheduled(workspace, member_of_club, at=now, now=now)
        Publication.objects.update(state=State.HELD, reason="channel_down", next_attempt_at=None)
        Channel.objects.update(state="down")
        before = Channel.objects.get().credentials()
        reader.get(agree(leave(reader, query=f"?channel={member_of_club.pk}")))
        channel = Channel.objects.get()
        assert (channel.state, only(post).state) == ("connected", "scheduled")
        assert channel.credentials()["access_token"] != before["access_token"]

    def test_another_account_does_not_take_its_place(
        self, reader: Client, member_of_club: Channel, provider: Provider
    ) -> None:
        """Seen to fail when the first account was taken as it came: posts went out on somebody else's."""
        provider.accounts = [{"id": "8", "handle": "@private", "name": "Private"}]
        before = Channel.objects.get().sealed
        answer = reader.get(agree(leave(reader, query=f"?channel={member_of_club.pk}")))
        assert "another account (@private)" in answer.content.decode()
        assert Channel.objects.get().sealed == before

    def test_the_same_account_again_is_the_same_channel(self, reader: Client, member_of_club: Channel) -> None:
        Channel.objects.update(name="Ours", own_limits={"max_length": {"value": 3}})
        reader.get(agree(leave(reader)))
        channel = Channel.objects.get()
        assert (channel.pk, channel.name, channel.limits.max_length) == (member_of_club.pk, "Ours", 3)

    def test_a_reconnection_that_brings_no_refresh_token_keeps_the_old_one(
        self, reader: Client, member_of_club: Channel, provider: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept, tokens = member_of_club.credentials()["refresh_token"], provider.tokens
        monkeypatch.setattr(provider, "tokens", lambda session: tokens(session) | {"refresh_token": ""})
        reader.get(agree(leave(reader, query=f"?channel={member_of_club.pk}")))
        assert Channel.objects.get().credentials()["refresh_token"] == kept

    def test_one_account_in_two_workspaces_is_two_channels(
        self, reader: Client, member_of_club: Channel, alice: User
    ) -> None:
        elsewhere = Workspace.objects.create(name="Else", slug="else")
        Membership.objects.create(user=alice, workspace=elsewhere, role="owner")
        answer = reader.post("/w/else/channels/connect/club/", {"way": "sign_in"})
        reader.get(agree(answer.context["address"]))
        assert Channel.objects.filter(remote_id="7").count() == 2


class TestServersOfTheirOwn:
    def test_we_register_once_at_each_server(self, reader: Client, provider: Provider) -> None:
        for _ in range(2):
            reader.get(agree(leave(reader, "commune", server=provider.url)))
        channel = Channel.objects.get()
        assert (channel.server, provider.calls["/register"]) == (provider.url, 1)
        app = NetworkApp.objects.get()
        assert (app.server, "canary" in app.sealed, app.app.secret) == (provider.url, False, "canary-registered")

    def test_where_our_own_address_changes_we_register_anew(
        self, reader: Client, provider: Provider, settings: Any
    ) -> None:
        leave(reader, "commune", server=provider.url)
        settings.PUBLIC_URL = "https://new.example"
        leave(reader, "commune", server=provider.url)
        assert provider.calls["/register"] == 2

    @pytest.mark.parametrize(
        "typed",
        ["not a server", "https://a.example/path", "https://me@a.example", "ftp://a.example", "a.example:x", "//"],
    )
    def test_what_is_no_server_is_said(self, reader: Client, provider: Provider, typed: str) -> None:
        answer = reader.post(f"{HERE}commune/", {"way": "sign_in", "sign_in-server": typed})
        assert answer.status_code == 422
        assert "is not the address of a server" in answer.content.decode()

    def test_private_addresses_are_not_called(self, reader: Client, provider: Provider, settings: Any) -> None:
        settings.NETWORKS_MAY_REACH, settings.NETWORK_URLS = [], {}
        for typed in (provider.url, provider.url.replace("127.0.0.1", "127.1"), "http://169.254.169.254", "localhost"):
            answer = reader.post(f"{HERE}commune/", {"way": "sign_in", "sign_in-server": typed})
            assert answer.status_code == 422
        assert not provider.calls

    def test_a_server_that_names_a_script_as_its_page_is_refused(
        self, reader: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Club, "authorize", lambda *args, **kwargs: "javascript:alert(1)")
        answer = reader.post(f"{HERE}commune/", {"way": "sign_in", "sign_in-server": provider.url})
        assert answer.status_code == 422


def test_where_nobody_entered_keys_it_says_who_can(reader: Client, provider: Provider, alice: User) -> None:
    page = reader.get(f"{HERE}club/").content.decode()
    assert "/w/atelier/settings/networks/club/" in page
    Membership.objects.update(role="admin")
    assert "Ask whoever runs it" in reader.get(f"{HERE}club/").content.decode()
    assert reader.post(f"{HERE}club/", {"way": "sign_in"}).status_code == 422


def test_under_another_name_of_the_site_it_says_where_to_begin(reader: Client, app: NetworkApp, settings: Any) -> None:
    settings.PUBLIC_URL = "https://me.example"
    assert 'href="https://me.example/w/atelier/channels/connect/club/"' in reader.get(f"{HERE}club/").content.decode()
    settings.PUBLIC_URL = "http://testserver"
    assert "begin there" not in reader.get(f"{HERE}club/").content.decode()


def test_only_administrators_connect(client: Client, app: NetworkApp, bob: User, charlie: User) -> None:
    client.force_login(bob)
    for path in ("", "club/"):
        assert client.get(HERE + path).status_code == 403
    client.force_login(charlie)
    assert client.get(f"{HERE}club/").status_code == 404


def test_no_secret_is_in_a_page_a_log_an_entry_or_the_session(
    reader: Client, app: NetworkApp, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = leave(reader)
    assert "canary" not in address + str(dict(reader.session.items())) + str(list(SignIn.objects.values()))
    shown = reader.get(agree(address), follow=True).content.decode()
    channel = Channel.objects.get()
    for path in ("", f"{channel.pk}/limits/", f"{channel.pk}/disconnect/", f"connect/club/?channel={channel.pk}"):
        shown += reader.get(f"/w/atelier/channels/{path}").content.decode()
    kept = str(list(Channel.objects.values())) + str(list(AuditEntry.objects.values()))
    assert "canary" not in shown + kept + _ours(caplog)


def _ours(caplog: pytest.LogCaptureFixture) -> str:
    """Without the access log of the test server's own client, which names addresses with codes in them."""
    return "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("urllib", "httpcore"))
    )
