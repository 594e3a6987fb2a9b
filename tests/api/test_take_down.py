"""Taking a post down through the API: the same verb and words, and no transaction is open meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from posts.models import Channel
from posts.sandbox.server import Server
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.api.conftest import Api, token_of
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled
from tests.posts.networks.scripted import Scripted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def out(workspace: Workspace, channel: Channel, sandbox: Server) -> Publication:
    post = scheduled(workspace, channel, at=NOW)
    run(NOW)
    return only(post)


@pytest.fixture
def inside(settings: Any) -> Iterator[list[bool]]:
    """For each request to the network, whether a transaction was open here while it was asked."""
    ours, found = connections[connection.alias], list[bool]()

    def play(spoken: socket.socket, request: bytes) -> None:
        found.append(ours.in_atomic_block)
        spoken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    server = Scripted(play)
    settings.SANDBOX_URL = server.url
    yield found
    server.close()


def test_an_editors_token_takes_it_down_and_may_ask_again(
    out: Publication, workspace: Workspace, bob: User, sandbox: Server
) -> None:
    editor = token_of(bob, workspace, ["read", "write"])
    told = editor.post(_door(out)).json()
    assert (told["state"], told["taken_down_by"]) == ("published", "Bob")
    assert told["taken_down_at"]
    assert arrivals(sandbox)[0].deleted_at is not None
    assert editor.post(_door(out)).json()["taken_down_at"] == told["taken_down_at"]


def test_a_network_that_does_not_answer_is_a_409_in_words(api: Api, out: Publication, sandbox: Server) -> None:
    sandbox.stop()
    answer = api.post(_door(out))
    assert answer.status_code == 409
    assert answer.json()["detail"] == "It was not taken down. Sandbox could not be reached."
    assert Publication.objects.get().taken_down_at is None


def test_no_transaction_is_open_while_the_network_is_asked(api: Api, out: Publication, inside: list[bool]) -> None:
    """Seen to fail without `asking`, of the view's and of `once`."""
    told = [api.post(_door(out), Idempotency_Key="one") for _ in range(2)]
    assert [answer.status_code for answer in told] == [200, 200]
    assert told[0].json() == told[1].json()
    assert told[1]["Idempotent-Replayed"] == "true"
    assert inside == [False]


def test_viewers_readers_and_strangers_may_not(
    out: Publication, workspace: Workspace, bob: User, stranger: Api, sandbox: Server
) -> None:
    assert token_of(bob, workspace, ["read", "publish"]).post(_door(out)).status_code == 403
    bob.memberships.update(role="viewer")
    assert token_of(bob, workspace).post(_door(out)).status_code == 403
    assert stranger.post(_door(out)).status_code == 404
    assert arrivals(sandbox)[0].deleted_at is None


def _door(row: Publication) -> str:
    return f"publications/{row.pk}/take-down/"
