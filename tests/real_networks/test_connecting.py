"""From our own pages to Bluesky's real PDS and back: signed in, published, refreshed by many at once, lost, mended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from posts.models import Channel, SignIn
from posts.networks.bluesky_access import SCOPES
from scheduler import refreshing
from teams.models import User, Workspace
from tests.kit import only, run, scheduled
from tests.real_networks.bluesky import Person
from tests.real_networks.conftest import Network
from tests.real_networks.consent import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/w/atelier/channels/connect/bluesky/"


@pytest.fixture
def dora(network: Network, settings: Any, tmp_path: Path) -> Person:
    settings.NETWORKS_MAY_REACH = ["127.0.0.0/8", "::1/128"]
    settings.DATA, settings.CREDENTIAL_KEYS = tmp_path, []
    return Person.joins(network("bluesky"), "dora")


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def signs_in(reader: Client, person: Person, query: str = "") -> Any:
    typed = {"way": "sign_in", "sign_in-handle": person.handle, "sign_in-server": person.pds}
    there = reader.post(HERE + query, typed)
    assert there.status_code == 200, there.content.decode()
    back = Visitor(person, there.context["address"]).agrees(" ".join(SCOPES))
    return reader.get("/oauth/callback/", back)


def runs_out(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(expires_at=timezone.now() + timedelta(seconds=5))


def test_signed_in_published_and_refreshed(reader: Client, dora: Person, workspace: Workspace) -> None:
    assert signs_in(reader, dora).status_code == 302
    channel = Channel.objects.get()
    assert (channel.remote_id, channel.handle, channel.server) == (dora.did, f"@{dora.handle}", dora.pds)
    now = timezone.now()
    first = scheduled(workspace, channel, at=now, now=now, text="Signed in by our own pages.")
    run(now)
    runs_out(channel)
    second = scheduled(workspace, channel, at=now, now=now, text="With a key that was refreshed before.")
    run(now)
    assert (only(first).state, only(second).state) == ("published", "published"), only(second).sentence
    texts = {one["value"]["text"] for one in dora.records()}
    assert texts == {"Signed in by our own pages.", "With a key that was refreshed before."}
    assert not SignIn.objects.exists()


def test_many_workers_refresh_once_and_the_session_lives(reader: Client, dora: Person, workspace: Workspace) -> None:
    signs_in(reader, dora)
    channel, workers = Channel.objects.get(), 8
    barrier = Barrier(workers)

    def worker() -> str:
        mine = Channel.objects.get(pk=channel.pk)
        barrier.wait()
        try:
            return refreshing.with_good_keys(mine, timezone.now(), lambda: mine.credentials()["access_token"])
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        for _ in range(5):
            runs_out(channel)
            assert len({one.result() for one in [pool.submit(worker) for _ in range(workers)]}) == 1
    now = timezone.now()
    post = scheduled(workspace, channel, at=now, now=now)
    run(now)
    assert only(post).state == "published", only(post).sentence


def test_an_app_password_connects_and_is_refreshed(reader: Client, dora: Person, workspace: Workspace) -> None:
    typed = {"keys-handle": dora.handle, "keys-password": dora.app_password(), "keys-server": dora.pds}
    assert reader.post(HERE, {"way": "keys", **typed}).status_code == 302
    channel, now = Channel.objects.get(), timezone.now()
    runs_out(channel)
    post = scheduled(workspace, channel, at=now, now=now)
    run(now)
    assert only(post).state == "published", only(post).sentence


def test_a_revoked_session_takes_the_channel_down_and_signing_in_brings_it_back(
    reader: Client, dora: Person, workspace: Workspace
) -> None:
    signs_in(reader, dora)
    channel, now = Channel.objects.get(), timezone.now()
    spent = channel.sealed
    runs_out(channel)
    refreshing.with_good_keys(Channel.objects.get(), now, lambda: None)
    Channel.objects.update(sealed=spent)  # as a restored backup would have it
    runs_out(channel)
    post = scheduled(workspace, channel, at=now, now=now)
    run(now)
    channel.refresh_from_db()
    assert (channel.state, only(post).state, only(post).reason) == ("down", "held", "channel_down")
    assert signs_in(reader, dora, f"?channel={channel.pk}").status_code == 302
    run(now)
    assert only(post).state == "published", only(post).sentence
    assert len(dora.records()) == 1
