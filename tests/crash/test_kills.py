"""Workers are killed at random and at each point of a publication's way; the network's ledger is the only witness."""

from __future__ import annotations

import pytest

from posts.sandbox.server import Server
from scheduler.models import Publication
from scheduler.states import State
from teams.models import Workspace
from tests.crash.books import Books, states
from tests.crash.points import MISSING, cases
from tests.crash.supply import Supply
from tests.crash.yard import AT_RANDOM, Yard, everywhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

# By key, by reading, and one that proves nothing.
TEMPERS = ["sandbox", "sandbox_reading", "sandbox_silent"]
EACH = 4
# Where a request is about to leave, or has left.
AT_THE_DOOR = [
    "after the intent, before the last look",
    "after the last look, before the request",
    "with the bytes on the wire",
    "before the record",
]


def test_every_crash_case_has_a_point_or_is_known_to_be_missing() -> None:
    every = {f"c{number:02}" for number in range(1, 21)}
    assert cases() | set(MISSING) == every
    assert not cases() & set(MISSING)


@pytest.mark.parametrize("network", TEMPERS)
def test_kills_at_every_point_and_at_random_double_and_lose_nothing(
    workspace: Workspace, sandbox: Server, network: str
) -> None:
    with Yard(sandbox.address, Supply.of_all_kinds(workspace, network)) as yard:
        yard.kill(everywhere(network, EACH, at_random=25))
        yard.finish()
    assert yard.kills.total() >= 93
    _nothing_wrong(yard, sandbox)


@pytest.mark.parametrize("network", TEMPERS)
def test_workers_that_stand_still_for_longer_than_their_lease_double_and_lose_nothing(
    workspace: Workspace, sandbox: Server, network: str
) -> None:
    with Yard(sandbox.address, Supply(workspace, network)) as yard:
        short = dict.fromkeys(AT_THE_DOOR, 1) | {AT_RANDOM: 4}
        by_reading = everywhere(network, 1, at_random=4, on_the_way=True)
        yard.freeze(by_reading if network == "sandbox_reading" else short)
        yard.finish()
    assert yard.freezes.total() >= 8
    _nothing_wrong(yard, sandbox)


def test_four_leaders_without_any_lock_between_them_double_and_lose_nothing(
    workspace: Workspace, sandbox: Server
) -> None:
    """Each ticks, plans, rescues, claims and sends at every turn, as if no other were there."""
    supply = Supply.of_all_kinds(workspace, "sandbox_reading")
    supply.due(80)
    with Yard(sandbox.address, supply) as yard:
        yard.race(4)
    _nothing_wrong(yard, sandbox)


def test_a_post_that_kills_whoever_judges_it_is_set_aside_and_the_rest_go_out(
    workspace: Workspace, sandbox: Server
) -> None:
    """Seen to fail with a row that is never suspected: the workers die without end."""
    supply = Supply(workspace, "sandbox")
    supply.due(40)
    supply.due(len(supply.places), text="This is poison.")
    with Yard(sandbox.address, supply, sabotage=("poison",)) as yard:
        yard.finish()
    assert Books.compared(sandbox.ledger.all()).wrong == {}
    held = Publication.objects.filter(state=State.HELD)
    assert {(row.post.text, row.reason) for row in held} == {("This is poison.", "quarantine")}
    assert states() == {State.PUBLISHED: 40, State.HELD: len(supply.places)}


def _nothing_wrong(yard: Yard, sandbox: Server) -> None:
    assert Books.compared(sandbox.ledger.all()).wrong == {}
    assert yard.fallen == []
    may_stay = {State.UNCONFIRMED} if yard.supply.network == "sandbox_silent" else set()
    assert set(states()) <= {State.PUBLISHED} | may_stay
