"""Every way in which a network misbehaves, against the connectors of real networks: what is known afterwards.

A network joins with one line in PLACES.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from posts.networks import NETWORKS
from posts.networks.base import Account, ChannelRefused, NotSent, SendError, Unknown
from tests.posts.networks.fakes.bluesky import DID, FakeBluesky
from tests.posts.networks.fakes.mastodon import FakeMastodon
from tests.posts.networks.fakes.strict import Request, Strict
from tests.posts.networks.front import Front
from tests.posts.networks.sending import message
from tests.posts.networks.test_faults import CASES, ENDLESS, WAITS, Case


@dataclass(frozen=True)
class Place:
    slug: str
    fake: Callable[[], Strict]
    publishes: Callable[[Request], bool]
    out: Callable[[Any], int]  # how many posts the stand-in has
    credentials: dict[str, str]
    remote_id: str
    id_name: str = "id"


PLACES = [
    Place(
        "bluesky", FakeBluesky, lambda one: one.path.endswith("putRecord"), lambda fake: len(fake.posts),
        {"access_token": "access-1"}, DID, "uri",
    ),
    Place(
        "mastodon", FakeMastodon, lambda one: (one.method, one.path) == ("POST", "/api/v1/statuses"),
        lambda fake: len(fake.timeline), {"access_token": "token-1"}, "1",
    ),
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.slug)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_a_fault_ends_in_exactly_one_kind_of_knowledge(case: Case, place: Place) -> None:
    fake = place.fake()
    front = Front(fake, case.fault, place.publishes, place.id_name)
    network, sent = NETWORKS[place.slug], message()
    to = Account(front.url, "@anna", place.remote_id, place.credentials, 0.3 if case.fault in ENDLESS else 5.0)
    try:
        outcome: object = network.publish(to, sent)
    except SendError as error:
        outcome = error
    assert isinstance(outcome, case.ends)
    assert isinstance(outcome, ChannelRefused) is (case.ends is ChannelRefused)
    assert place.out(fake) == case.rows
    if case.fault in WAITS:
        assert isinstance(outcome, NotSent)
        assert outcome.retry_after == pytest.approx(WAITS[case.fault], abs=1)
    assert not isinstance(network.find(replace(to, base_url=fake.url, deadline=5.0), sent), Unknown)
    front.close()
    fake.close()
