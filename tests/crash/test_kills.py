"""Workers are killed at random and at each point of a publication's way; the network's ledger is the only witness."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from posts.models import Channel
from posts.sandbox.server import Server
from scheduler.models import Publication
from scheduler.states import State
from teams.models import Workspace
from tests.crash.worker import POINTS, POISON, POISONS
from tests.crash.yard import Yard, doubled, lost
from tests.kit import scheduled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def yard(sandbox: Server) -> Iterator[Yard]:
    yard = Yard(sandbox)
    yield yard
    yard.stop()


def many_due(workspace: Workspace, network: str, posts: int, channels: int = 5) -> None:
    """Publications that are due now, each with words of its own."""
    now = timezone.now()
    places = [
        Channel.objects.create(workspace=workspace, network=network, handle=f"place-{n}", name=f"Place {n}")
        for n in range(channels)
    ]
    for number in range(posts // channels):
        scheduled(workspace, *places, at=now, text=f"The weaver's note number {number}")


def test_fifty_kills_while_five_hundred_are_due_double_and_lose_nothing(
    workspace: Workspace, sandbox: Server, yard: Yard
) -> None:
    many_due(workspace, "sandbox_reading", 500)
    yard.kill(50)
    yard.finish()
    assert doubled(sandbox) == []
    assert lost(sandbox) == []
    assert yard.unfinished() == 0
    assert Publication.objects.filter(state=State.PUBLISHED).count() == 500


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_dies_at_this_point_doubles_and_loses_nothing(
    workspace: Workspace, sandbox: Server, yard: Yard, point: str
) -> None:
    many_due(workspace, "sandbox_reading", 20)
    yard.die_at(point, 3)
    yard.finish()
    assert doubled(sandbox) == []
    assert Publication.objects.filter(state=State.PUBLISHED).count() == 20


@pytest.mark.parametrize("where", POISONS)
def test_a_publication_that_kills_every_worker_is_set_apart_and_the_others_go_out(
    workspace: Workspace, sandbox: Server, yard: Yard, where: str
) -> None:
    """Seen to fail without the claims of one row: the innocent of its batch are then set apart with it."""
    yard.poison = where
    many_due(workspace, "sandbox_reading", 100)
    poisoned = scheduled(workspace, Channel.objects.all()[0], at=timezone.now(), text=f"Tea of {POISON}")
    yard.finish()
    assert doubled(sandbox) == []
    assert Publication.objects.filter(state=State.PUBLISHED).count() == 100
    row = Publication.objects.get(post=poisoned)
    assert (row.state, row.reason, row.lost) == (State.HELD, "quarantine", 2)
    assert yard.kills == 2


def test_where_the_network_proves_nothing_a_lost_request_waits_for_a_person(
    workspace: Workspace, sandbox: Server, yard: Yard
) -> None:
    many_due(workspace, "sandbox_silent", 60)
    yard.die_at("after the answer, before it is recorded", 1, chance=0.05)
    yard.finish()
    assert doubled(sandbox) == []
    assert lost(sandbox) == []
    assert yard.unfinished() == 0
    states = set(Publication.objects.values_list("state", flat=True))
    assert State.UNCONFIRMED in states
    assert states <= {State.PUBLISHED, State.UNCONFIRMED}


def test_without_the_intent_the_same_kills_do_double(workspace: Workspace, sandbox: Server, yard: Yard) -> None:
    """The proof that this harness can see a double at all: the protection is taken out, and the ledger tells."""
    yard.sabotage = "no intent"
    many_due(workspace, "sandbox_reading", 100)
    yard.die_at("after the answer, before it is recorded", 10)
    yard.finish()
    assert doubled(sandbox) != []
