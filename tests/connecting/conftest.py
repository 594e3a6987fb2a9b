"""The networks that only these tests know, and the server behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from posts.models import Channel, NetworkApp
from posts.networks import NETWORKS
from posts.networks.access import Grant
from scheduler import refreshing
from teams.models import Workspace
from tests.connecting.networks import Club, Commune, Kiosk
from tests.connecting.provider import ID, SECRET, Provider


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[Provider]:
    for one in (Club(), Commune(), Kiosk()):
        monkeypatch.setitem(NETWORKS, one.slug, one)
    provider = Provider()
    settings.NETWORK_URLS = {"club": provider.url, "kiosk": provider.url}
    settings.NETWORKS_MAY_REACH = ["127.0.0.0/8"]
    settings.DATA, settings.CREDENTIAL_KEYS = tmp_path, []
    yield provider
    provider.close()


@pytest.fixture
def app(provider: Provider, db: None) -> NetworkApp:
    """What an administrator entered for Club."""
    app = NetworkApp(network="club", client_id=ID)
    app.seal(SECRET)
    app.save()
    return app


@pytest.fixture
def member_of_club(app: NetworkApp, provider: Provider, workspace: Workspace) -> Channel:
    """A channel that is signed in, for an hour."""
    return signed_in(provider, workspace)


def signed_in(provider: Provider, workspace: Workspace, remote_id: str = "7") -> Channel:
    now, told = timezone.now(), provider.begin()
    channel = Channel.objects.create(
        workspace=workspace, network="club", remote_id=remote_id, handle="@atelier", name="Club"
    )
    credentials = {name: told[name] for name in ("access_token", "refresh_token")}
    ends = now + timedelta(seconds=provider.lives)
    refreshing.granted(channel, Grant(remote_id, "@atelier", "Club", credentials, provider.url, ends), now)
    return channel
