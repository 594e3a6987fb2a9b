"""What all tests share."""

from __future__ import annotations

import pytest

from tests.browser import chromium


def pytest_sessionstart() -> None:
    """No Chromium, no run: a browser test that is left out looks like one that has passed."""
    try:
        if chromium.find() is None:
            raise pytest.UsageError(chromium.MISSING)
    except LookupError as sentence:
        raise pytest.UsageError(str(sentence)) from sentence


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    found = chromium.find()
    return {**browser_type_launch_args, **found.launch_options()} if found else browser_type_launch_args
