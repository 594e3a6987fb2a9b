"""Workers are killed at random and at each point of a publication's way; the network's ledger is the only witness."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from posts.sandbox.server import Server
from scheduler.states import State
from teams.models import Workspace
from tests.crash.books import Books, states
from tests.crash.points import MISSING, POINTS, cases
from tests.crash.supply import Supply
from tests.crash.yard import AT_RANDOM, Yard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

# By key, by reading, and one that proves nothing.
TEMPERS = ["sandbox", "sandbox_reading", "sandbox_silent"]
EACH = 5


def test_every_crash_case_has_a_point_or_is_known_to_be_missing() -> None:
    every = {f"c{number:02}" for number in range(1, 21)}
    assert cases() | set(MISSING) == every
    assert not cases() & set(MISSING)


@pytest.mark.parametrize("network", TEMPERS)
def test_kills_at_every_point_and_at_random_double_and_lose_nothing(
    workspace: Workspace, sandbox: Server, network: str
) -> None:
    supply = Supply(workspace, network)
    supply.repeating()
    supply.for_a_person()
    yard = Yard(sandbox.address, supply)
    try:
        yard.kill(kills_wanted(network, EACH, at_random=20))
        yard.finish()
    finally:
        yard.stop()
    assert Books.compared(sandbox.ledger.all()).wrong == {}
    assert yard.fallen == []
    assert set(states()) <= {State.PUBLISHED} | ({State.UNCONFIRMED} if network == "sandbox_silent" else set())
    assert yard.kills.total() >= 100


def kills_wanted(network: str, each: int, *, at_random: int) -> dict[str, int]:
    """Where a network tells nothing it is never asked."""
    asked = network != "sandbox_silent"
    points = [name for name, point in POINTS.items() if asked or not point.asks]
    return dict.fromkeys(points, each) | {AT_RANDOM: at_random}
