"""A short run of `python3 dev.py outages`: servers fail under a Refrain at work, and the ledger is asked afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.outages.house import ROOT

SHORT = (
    "redis is emptied",
    "redis is killed",
    "redis is killed",
    "postgresql is killed",
    "a backend stands still",
    "connections are used up",
)
BRIEFLY = ("--times", "1", "--seconds", "1", "--rate", "2")


@pytest.mark.timeout(600)
def test_servers_that_fail_under_load_double_and_lose_nothing_and_nobody_has_to_restart_anything() -> None:
    """What takes longer (connections that die without a word) is left to `python3 dev.py outages`."""
    command = [sys.executable, "-m", "tests.outages", *BRIEFLY, "--json", "--faults", *SHORT]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("REFRAIN_", "DJANGO_"))}
    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["good"], done.stdout + done.stderr
    assert [one["fault"] for one in report["recoveries"]] == list(SHORT)
    assert report["due"] > 20
