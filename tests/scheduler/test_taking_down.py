"""A published post is taken down from its network, once, and only what the network said so of is written down."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from notices.speak import speak
from posts.models import Channel, Post
from posts.sandbox.server import Server
from scheduler.measure import measure_due
from scheduler.models import Measurement, Publication
from scheduler.taking_down import hindrance, take_down
from scheduler.verbs import NotNow
from teams.models import AuditEntry, User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled, states
from tests.posts.networks.scripted import Scripted

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def out(workspace: Workspace, channel: Channel, sandbox: Server) -> Publication:
    """It arrived two hours ago."""
    post = scheduled(workspace, channel, at=NOW, text="Our fair is on Saturday.")
    run(NOW)
    return only(post)


@pytest.fixture
def instead(settings: Any) -> Iterator[Callable[[bytes], Scripted]]:
    """Another server where the sandbox was, that answers each request with these bytes; none: it hangs up."""
    started = []

    def start(answer: bytes) -> Scripted:
        def play(spoken: socket.socket, request: bytes) -> None:
            spoken.sendall(answer) if answer else spoken.close()

        started.append(Scripted(play))
        settings.SANDBOX_URL = started[-1].url
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_it_is_gone_from_the_network_and_the_record_says_who_took_it_down(
    out: Publication, bob: User, sandbox: Server
) -> None:
    take_down(out, bob, LATER)
    (arrived,) = arrivals(sandbox)
    assert arrived.deleted_at is not None
    out.refresh_from_db()
    assert (out.state, out.taken_down_at, out.taken_down_by) == ("published", LATER, "Bob")
    entry = AuditEntry.objects.get(action="taken_down")
    assert (entry.user, entry.object_id, entry.at) == (bob, str(out.pk), LATER)


def test_what_is_down_is_not_asked_for_again(
    out: Publication, bob: User, alice: User, instead: Callable[[bytes], Scripted]
) -> None:
    """Seen to fail without the first question; and with the update of any row, when another was first."""
    other = Publication.objects.get(pk=out.pk)
    take_down(out, bob, LATER)
    server = instead(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    take_down(Publication.objects.get(pk=out.pk), alice, LATER + timedelta(hours=1))
    assert server.requests == []
    take_down(other, alice, LATER + timedelta(hours=1))  # she pressed while his request was on its way
    assert Publication.objects.get(pk=out.pk).taken_down_by == "Bob"
    assert AuditEntry.objects.filter(action="taken_down").count() == 1


def test_one_that_somebody_deleted_there_is_down_too(out: Publication, bob: User, sandbox: Server) -> None:
    sandbox.ledger.delete(int(out.remote_id))
    take_down(out, bob, LATER)
    assert Publication.objects.get(pk=out.pk).taken_down_at == LATER


def test_a_network_that_cannot_be_reached_says_so_and_nothing_changes(
    out: Publication, bob: User, sandbox: Server
) -> None:
    sandbox.stop()
    assert "It was not taken down. Sandbox could not be reached." in _refused(out, bob)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "It was not taken down. Sandbox does not let"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "You can ask again"),
        (b"", "You can ask again"),
    ],
)
def test_a_refusal_and_a_lost_answer_are_told_and_nothing_changes(
    out: Publication, bob: User, instead: Callable[[bytes], Scripted], answer: bytes, words: str
) -> None:
    """Seen to fail with the deed written down before the network is asked."""
    instead(answer)
    assert words in _refused(out, bob)


def test_what_cannot_be_taken_down_says_why_before_anybody_asks(
    out: Publication, workspace: Workspace, channel: Channel, bob: User
) -> None:
    coming = only(scheduled(workspace, channel, at=LATER, now=NOW, text="Something else entirely."))
    assert "It is not out" in _refused(coming, bob)
    Publication.objects.filter(pk=out.pk).update(remote_id="")
    assert "does not know which post it is" in _refused(Publication.objects.get(pk=out.pk), bob)
    Publication.objects.filter(pk=out.pk).update(remote_id="17")
    Channel.objects.update(state="disconnected")
    assert "Connect it again first" in _refused(Publication.objects.get(pk=out.pk), bob)
    Channel.objects.update(state="connected", network="instagram")
    assert "Instagram lets no app take a post down" in _refused(Publication.objects.get(pk=out.pk), bob)


def test_it_is_measured_no_more(out: Publication, bob: User) -> None:
    """Seen to fail without the filter: a network may well tell the figures of what is gone."""
    assert measure_due(LATER) == 1
    take_down(out, bob, LATER)
    assert measure_due(NOW + timedelta(hours=25)) == 0
    assert Measurement.objects.count() == 1


def test_it_was_said_all_the_same(
    out: Publication, workspace: Workspace, channel: Channel, bob: User, sandbox: Server
) -> None:
    take_down(out, bob, LATER)
    again: Post = scheduled(workspace, channel, at=LATER, text=out.text)
    run(LATER)
    assert states(again) == ["held"]
    assert only(again).reason == "too_soon"
    assert len(arrivals(sandbox)) == 1


def _refused(row: Publication, user: User) -> str:
    with pytest.raises(NotNow) as refused:
        take_down(row, user, LATER)
    row.refresh_from_db()
    assert (row.taken_down_at, row.taken_down_by) == (None, "")
    assert not AuditEntry.objects.filter(action="taken_down").exists()
    return speak(refused.value.sentence)


def test_nothing_hinders_what_is_out(out: Publication) -> None:
    assert hindrance(out) is None
