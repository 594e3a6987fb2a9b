"""The networks' servers: each starts when the first test asks for it and ends with the run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pytest_services import RUNNING
from tests.servers.networks.install import missing
from tests.servers.networks.register import SERVERS

Network = Callable[[str], str]


@pytest.fixture(scope="session")
def network(request: pytest.FixtureRequest) -> Network:
    """The address of a network's server, by the network's slug."""
    if missing():
        pytest.fail("The networks' servers are not installed. `python3 dev.py networks` installs them and runs this.")
    services, running = request.config.stash[RUNNING], dict[str, str]()

    def address(slug: str) -> str:
        if slug not in running:
            running[slug] = services.address(SERVERS[slug])
        return running[slug]

    return address
