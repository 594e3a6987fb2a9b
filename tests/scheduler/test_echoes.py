"""Two channels of a network that minds do not say the same within a day; on other networks they may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guards.base import Moment
from posts.models import Channel
from posts.networks import NETWORKS
from posts.networks.sandbox import Sandbox
from posts.sandbox.server import Server
from scheduler import fixes
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import only, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


class Picky(Sandbox):
    slug = "picky"
    name = "Picky"
    limits = replace(Sandbox.limits, same_words_after=None)


@pytest.fixture
def picky(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[Channel]:
    monkeypatch.setitem(NETWORKS, "picky", Picky())
    return [_channel(workspace, "picky", handle) for handle in ("brand", "shop")]


def _channel(workspace: Workspace, network: str, handle: str) -> Channel:
    return Channel.objects.create(workspace=workspace, network=network, handle=handle, name=handle.title())


def test_the_second_of_two_channels_waits_a_day_and_then_goes_by_itself(
    workspace: Workspace, picky: list[Channel], sandbox: Server
) -> None:
    """Seen to fail without Echoes.said."""
    post = scheduled(workspace, *picky, at=NOW)
    run(NOW)
    assert sorted(states(post)) == ["held", "published"]
    held = Publication.objects.get(state="held")
    assert held.reason == "repeated_wording"
    assert held.next_attempt_at == NOW + DAY
    run(NOW + DAY)
    assert states(post) == ["published", "published"]


def test_a_batch_knows_what_an_earlier_one_said_beside(
    workspace: Workspace, picky: list[Channel], sandbox: Server
) -> None:
    scheduled(workspace, picky[0], at=NOW)
    run(NOW)
    copy = scheduled(workspace, picky[1], at=NOW + DAY / 2)
    run(NOW + DAY / 2)
    assert states(copy) == ["held"]


def test_on_a_network_that_does_not_mind_both_go_out(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    post = scheduled(workspace, channel, _channel(workspace, "sandbox", "other"), at=NOW)
    run(NOW)
    assert states(post) == ["published", "published"]


def test_another_wording_is_taken_at_once(
    workspace: Workspace, picky: list[Channel], sandbox: Server, alice: User
) -> None:
    first = scheduled(workspace, picky[0], at=NOW)
    run(NOW)
    again = scheduled(workspace, picky[0], at=NOW + 60 * DAY, variations=["Titles: how we choose them"])
    run(NOW + 60 * DAY)
    assert states(first) + states(again) == ["published", "held"]
    (other,) = (fix for fix in fixes.offered(only(again)) if fix.verb == "use_variation")
    fixes.apply(only(again), other.verb, other.values, alice, NOW + 60 * DAY)
    run(NOW + 60 * DAY)
    assert states(again) == ["published"]


def test_the_queries_do_not_grow(workspace: Workspace, picky: list[Channel]) -> None:
    for number in range(30):
        scheduled(workspace, *picky, at=NOW, text=f"The weaver's note number {number}")
    rows = list(with_facts(Publication.objects.order_by("pk")))
    assert _queries(rows[:1]) == _queries(rows)


def _queries(rows: list[Publication]) -> int:
    with CaptureQueriesContext(connection) as asked:
        occurrences = [Occurrence.of(row, NOW) for row in rows]
        docket = Docket(occurrences, NOW, Moment.SENDING)
        for one in occurrences:
            docket.judge(one)
            docket.said(one)
    return len(asked)
