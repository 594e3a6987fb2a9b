"""Whatever people, workers, the network and time do, in whatever order: never twice, never late, never stuck."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from scheduler.states import MOVES, State
from tests.life.machine import Life

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
RUNS, STEPS = (2000, 50) if LONG else (12, 30)
# Allowed, and made by nobody whom these runs know: by a guard that blocks, or by undoing what such a guard did.
ELSEWHERE = {
    (State.SCHEDULED, State.BLOCKED),
    (State.CLAIMED, State.BLOCKED),
    (State.HELD, State.BLOCKED),
    (State.UNCONFIRMED, State.FAILED),
}


@pytest.mark.django_db
@pytest.mark.timeout(6 * 3600 if LONG else 120)
def test_a_publications_life_keeps_every_promise() -> None:
    """Seen to fail when the engine does not see the pauses, or a channel's trouble, or when the grace is widened."""
    every = list(HealthCheck)
    run_state_machine_as_test(
        Life, settings=settings(max_examples=RUNS, stateful_step_count=STEPS, suppress_health_check=every)
    )
    if LONG:
        missing = {(one, other) for one, others in MOVES.items() for other in others} - set(Life.seen.moves)
        assert missing <= ELSEWHERE, f"never tried: {sorted(missing - ELSEWHERE)}"
