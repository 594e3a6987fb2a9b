"""Credentials are kept so that only their own channel, with the key, opens them."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from posts import sealing
from posts.models import Channel, NetworkApp
from posts.networks.base import NotSent
from scheduler.checks import credential_keys
from teams.models import Workspace

CANARY = "canary-7f3a-secret"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    settings.CREDENTIAL_KEYS = []  # type: ignore[attr-defined]
    return tmp_path


def keep(channel: Channel, **credentials: str) -> Channel:
    channel.seal(credentials)
    channel.save()
    return Channel.objects.get(pk=channel.pk)


def test_the_key_is_made_once_and_only_its_owner_reads_it(folder: Path) -> None:
    sealing.seal({"a": "b"}, "here")
    place = folder / "credential_keys"
    first = place.read_text()
    assert place.stat().st_mode & 0o777 == 0o600
    sealing.seal({"a": "b"}, "here")
    assert place.read_text() == first
    assert [one.name for one in folder.iterdir()] == ["credential_keys"]


def test_what_is_sealed_opens_in_its_place_and_shows_nothing(channel: Channel) -> None:
    kept = keep(channel, token=CANARY)
    assert kept.credentials() == {"token": CANARY}
    assert kept.account.credentials == {"token": CANARY}
    assert CANARY not in kept.sealed + repr(kept) + repr(vars(kept)) + repr(kept.account)
    assert keep(channel).credentials() == {}


def test_copied_to_another_channel_or_workspace_it_does_not_open(channel: Channel, workspace: Workspace) -> None:
    """Seen to fail when the place was left out of the encryption."""
    sealed = keep(channel, token=CANARY).sealed
    other = Channel.objects.create(workspace=workspace, network="sandbox", handle="other", name="B", sealed=sealed)
    elsewhere = Workspace.objects.create(name="Else", slug="else")
    moved = Channel(pk=channel.pk, workspace=elsewhere, network="sandbox", sealed=sealed)
    for wrong in (other, moved):
        with pytest.raises(NotSent) as error:
            wrong.credentials()
        assert "key" in error.value.sentence.text
        assert CANARY not in str(error.value)


@pytest.mark.parametrize("text", ["nonsense", "YQ==", "", "é"])
def test_keys_that_are_none_are_said_in_a_sentence(folder: Path, text: str) -> None:
    (folder / "credential_keys").write_text(text, encoding="utf-8")
    with pytest.raises(sealing.Unopened):
        sealing.seal({"a": "b"}, "here")
    assert [one.id for one in credential_keys(None)] == ["refrain.W002"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(folder: Path) -> None:
    sealing.seal({"a": "b"}, "here")
    (folder / "credential_keys").chmod(0)
    assert sealing.trouble() == sealing.UNREADABLE


@pytest.mark.parametrize("spoilt", ["", "1.", "1.deadbeef.AAAA", "1.deadbeef.%%%", "2.x"])
def test_what_was_spoilt_stays_shut(channel: Channel, spoilt: str) -> None:
    good = keep(channel, token=CANARY).sealed
    channel.sealed = spoilt or good[:-6] + "AAAAA="
    with pytest.raises(NotSent):
        channel.credentials()


def test_a_new_key_takes_over_while_everything_runs(channel: Channel, folder: Path) -> None:
    old = keep(channel, token=CANARY).sealed
    app = NetworkApp(network="sandbox", client_id="1")
    app.seal("hush")
    app.save()
    said = StringIO()
    call_command("credential_keys", "--new", stdout=said)
    assert "2 encrypted anew, 0 already were." in said.getvalue()
    channel.refresh_from_db()
    assert channel.sealed != old
    place = folder / "credential_keys"
    place.write_text(place.read_text().split()[0])
    assert channel.credentials() == {"token": CANARY}
    assert NetworkApp.objects.get().app.secret == "hush"
    assert "hush" not in repr(NetworkApp.objects.get().app)


def test_what_no_key_opens_is_counted_and_kept(channel: Channel, folder: Path) -> None:
    sealed = keep(channel, token=CANARY).sealed
    (folder / "credential_keys").unlink()
    with pytest.raises(CommandError, match="1 cannot be opened"):
        call_command("credential_keys", "--new", stdout=StringIO())
    channel.refresh_from_db()
    assert channel.sealed == sealed


def test_keys_from_the_environment_are_changed_there(settings: object) -> None:
    settings.CREDENTIAL_KEYS = [sealing.new_key()]  # type: ignore[attr-defined]
    sealed = sealing.seal({"a": "b"}, "here")
    settings.CREDENTIAL_KEYS = [sealing.new_key(), *settings.CREDENTIAL_KEYS]  # type: ignore[attr-defined]
    assert sealing.unseal(sealed, "here") == {"a": "b"}
    assert not sealing.is_current(sealed)
    with pytest.raises(CommandError, match="before the others"):
        call_command("credential_keys", "--new")
