"""Requests to networks end at public addresses, unless an administrator named the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from posts.networks import client
from posts.networks.base import ChannelRefused
from tests.posts.networks.scripted import Scripted, json_answer


@pytest.fixture
def inside(settings: Settings) -> Iterator[Scripted]:
    """A server in our own house, with nothing allowed."""
    settings.NETWORKS_MAY_REACH = []
    server = Scripted(lambda spoken, asked: spoken.sendall(json_answer('{"secret": 1}')))
    yield server
    server.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_a_server_that_somebody_typed_must_be_public(inside: Scripted, host: str) -> None:
    """Seen to fail with `Anywhere` for all."""
    port = inside.url.rpartition(":")[2]
    with pytest.raises(ChannelRefused, match="may not call"):
        client.request("Mastodon", "GET", f"http://{host}:{port}/", deadline=5)
    assert inside.connections == 0


def test_a_server_in_the_settings_may_be_anywhere(inside: Scripted, settings: Settings) -> None:
    settings.NETWORK_URLS = {"mastodon": inside.url}
    assert client.request("Mastodon", "GET", f"{inside.url}/", deadline=5).json() == {"secret": 1}


def test_a_relay_in_the_settings_may_be_asked_what_it_is(inside: Scripted, settings: Settings) -> None:
    """Relays are named by ws://, and tell of themselves by http:// at the same place."""
    settings.NETWORK_URLS = {"nostr": inside.url.replace("http", "ws")}
    assert client.request("Nostr", "GET", f"{inside.url}/", deadline=5).json() == {"secret": 1}


def test_a_block_that_an_administrator_allowed_is_reached(inside: Scripted, settings: Settings) -> None:
    settings.NETWORKS_MAY_REACH = ["127.0.0.0/8"]
    assert client.request("Mastodon", "GET", f"{inside.url}/", deadline=5).status == 200
