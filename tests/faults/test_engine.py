"""Every way in which a network misbehaves, through the whole engine: where it ends, and how often it was tried."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Min

from posts.models import Channel, Post
from posts.sandbox.faults import FAULTS
from posts.sandbox.server import Server
from scheduler.models import Publication
from scheduler.publish import MOST_TRIES
from scheduler.states import State
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled
from tests.posts.networks.test_client import _self_signed, _swallowing

pytestmark = pytest.mark.django_db

TEMPERS = ("sandbox", "sandbox_reading", "sandbox_silent")
CASES = json.loads(Path(__file__).with_name("cases.json").read_text())
ANSWERS: dict[str, str] = CASES["answers"]
EVERY_35_SECONDS = 27
ONCE_A_MINUTE = 16  # within a quarter of an hour, where the network asks for time and names none


@dataclass(frozen=True)
class End:
    state: str
    out: bool
    attempts: int  # at most


def ends(known: str, temper: str) -> End:
    silent = temper == "sandbox_silent"
    return {
        "published": End(State.PUBLISHED, True, 1),
        "unclear and out": End(State.UNCONFIRMED if silent else State.PUBLISHED, True, 1),
        "unclear and not out": End(State.UNCONFIRMED, False, 1) if silent else End(State.HELD, False, MOST_TRIES),
        "later": End(State.HELD, False, ONCE_A_MINUTE),
        "later, by its own word": End(State.HELD, False, EVERY_35_SECONDS),
        "channel": End(State.HELD, False, 1),
        "duplicate": End(State.BLOCKED, False, 1),
        "refused": End(State.FAILED, False, 1),
    }[known]


@pytest.fixture
def hurried(settings: Any, sandbox: Server) -> Server:
    settings.SEND_DEADLINE, settings.LEASE = 0.3, 60.0
    return sandbox


def test_every_fault_of_the_sandbox_is_tried() -> None:
    assert set(FAULTS) <= set(ANSWERS)


@pytest.mark.parametrize("case", ANSWERS)
def test_a_network_that_keeps_misbehaving_is_tried_no_more_than_agreed(
    workspace: Workspace, hurried: Server, case: str
) -> None:
    """Seen to fail when what the network proved absent is sent again without counting."""
    posts = _due(workspace, f"fault-{case}")
    _to_the_end(hurried)
    for temper, post in posts.items():
        row, end = only(post), ends(ANSWERS[case], temper)
        assert (row.state, len(_out(hurried, row))) == (end.state, int(end.out)), temper
        assert 1 <= row.attempts.count() <= end.attempts, temper
        assert row.state == State.PUBLISHED or row.sentence, temper
    if ANSWERS[case] == "channel":
        assert {channel.state for channel in Channel.objects.all()} == {Channel.State.DOWN}


@pytest.mark.parametrize(
    "case", [case for case, known in ANSWERS.items() if known.startswith("later") or known == "unclear and not out"]
)
def test_what_certainly_did_not_arrive_goes_out_once_when_the_network_has_recovered(
    workspace: Workspace, hurried: Server, case: str
) -> None:
    posts = _due(workspace, f"fault-{case}--once", grace_minutes=24 * 60)
    _to_the_end(hurried)
    for temper, post in posts.items():
        person = temper == "sandbox_silent" and ANSWERS[case].startswith("unclear")
        assert only(post).state == (State.UNCONFIRMED if person else State.PUBLISHED), temper
        assert len(_out(hurried, only(post))) == (0 if person else 1), temper


@contextmanager
def _refused(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def _no_such_name(folder: Path) -> Iterator[str]:
    yield "http://nobody.invalid"


@contextmanager
def _silent_resolver(folder: Path) -> Iterator[str]:
    asked, real = threading.Event(), socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", lambda *_, **__: asked.wait(30) and real("127.0.0.1", 9))
        yield "http://somewhere.example"
        asked.set()


@contextmanager
def _self_signed_tls(folder: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(folder))
    with _listening(lambda caller: context.wrap_socket(caller, server_side=True).close()) as port:
        yield f"https://127.0.0.1:{port}"


@contextmanager
def _no_tls(folder: Path) -> Iterator[str]:
    with _listening(lambda caller: caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        yield f"https://127.0.0.1:{port}"


@contextmanager
def _swallowed(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with _swallowing("127.0.0.9", port):
        yield f"http://127.0.0.9:{port}"


UNREACHED = {
    "connection-refused": _refused,
    "dns-nxdomain": _no_such_name,
    "dns-timeout": _silent_resolver,
    "tls-self-signed": _self_signed_tls,
    "tls-not-spoken": _no_tls,
    "all-addresses-swallow": _swallowed,
}


@pytest.mark.parametrize("case", CASES["never reached"])
def test_a_network_that_is_not_reached_is_tried_a_few_times_and_then_a_person_is_told(
    workspace: Workspace, hurried: Server, settings: Any, tmp_path: Path, case: str
) -> None:
    posts = _due(workspace, "place")
    with ExitStack() as away:
        settings.SANDBOX_URL = away.enter_context(UNREACHED[case](tmp_path))
        _to_the_end(hurried)
    for post in posts.values():
        row = only(post)
        assert row.state == State.HELD
        assert row.reason in {"not_sent", "missed"}  # missed: a breaker kept it until its time was over
        assert row.attempts.count() <= MOST_TRIES
    assert arrivals(hurried) == []


@pytest.mark.parametrize("case", CASES["never reached"])
def test_a_network_that_is_reached_again_gets_it_once(
    workspace: Workspace, hurried: Server, settings: Any, tmp_path: Path, case: str
) -> None:
    posts = _due(workspace, "place")
    with ExitStack() as away:
        settings.SANDBOX_URL = away.enter_context(UNREACHED[case](tmp_path))
        run(NOW)
    settings.SANDBOX_URL = hurried.address
    _to_the_end(hurried)
    assert {only(post).state for post in posts.values()} == {State.PUBLISHED}
    assert len(arrivals(hurried)) == len(TEMPERS)


def _due(workspace: Workspace, handle: str, **fields: Any) -> dict[str, Post]:
    Workspace.objects.filter(pk=workspace.pk).update(**fields or {"grace_minutes": 15})
    workspace.refresh_from_db()
    found = {}
    for temper in TEMPERS:
        channel = Channel.objects.create(workspace=workspace, network=temper, handle=handle, name=temper)
        found[temper] = scheduled(workspace, channel, at=NOW, text=f"Answer within the hour, {temper}.")
    return found


def _to_the_end(sandbox: Server) -> None:
    """All that the engine does by itself, however long that takes, on the network's own clock too."""
    now = NOW
    sandbox.ledger.clock = lambda: now.timestamp()  # noqa: PLW0108 (now moves on)
    waiting = Publication.objects.exclude(next_attempt_at=None)
    while (first := waiting.aggregate(at=Min("next_attempt_at"))["at"]) is not None:
        now = max(now, first) + timedelta(milliseconds=1)
        run(now)


def _out(sandbox: Server, row: Publication) -> list[str]:
    return [one.text for one in arrivals(sandbox) if one.reference == str(row.pk)]


@contextmanager
def _listening(serve: Callable[[socket.socket], object]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            with suppress(OSError):
                while True:
                    caller, _ = listener.accept()
                    with caller, suppress(OSError):
                        serve(caller)

        threading.Thread(target=take, daemon=True).start()
        yield listener.getsockname()[1]
