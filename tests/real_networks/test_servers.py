"""Every server of the register starts and answers."""

from __future__ import annotations

import pytest

from tests.real_networks.conftest import Network
from tests.servers.networks.register import SERVERS


@pytest.mark.parametrize("slug", SERVERS)
def test_it_starts_and_says_its_version(network: Network, slug: str) -> None:
    assert SERVERS[slug].version(network(slug))
