"""The limits that hold for a channel, and where they come from."""

from __future__ import annotations

import pytest

from posts.limits import effective, known
from posts.networks import NETWORKS


@pytest.mark.parametrize("slug", NETWORKS)
def test_the_documents_of_a_network_are_one_address_that_can_be_opened(slug: str) -> None:
    """Seen red where a network names several."""
    addresses = {one.url for one in known(NETWORKS[slug].limits, None, {})}
    assert all(not url or (url.startswith("https://") and not set(url) & set(" ,")) for url in addresses)


def test_what_a_person_typed_holds_beside_a_file_too() -> None:
    limits = NETWORKS["telegram"].limits
    assert (limits.longest(with_media=False), limits.longest(with_media=True)) == (4096, 1024)
    less = effective(limits, None, {"max_length": {"value": 500}})
    assert (less.longest(with_media=False), less.longest(with_media=True)) == (500, 500)
