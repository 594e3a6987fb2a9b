"""Whatever people, workers, the network and time do, in whatever order: never twice, never late, never stuck."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.life.machine import Life

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
SIZE = (2000, 50) if LONG else (25, 30)  # runs, and steps in each


@pytest.mark.django_db
@pytest.mark.timeout(7200 if LONG else 120)
def test_a_publications_life_keeps_every_promise() -> None:
    runs, steps = SIZE
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=runs, stateful_step_count=steps, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )
