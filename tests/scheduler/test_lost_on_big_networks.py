"""An answer that got lost on the way, on networks that keep no key of ours: through the whole engine, one post each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from posts.models import Channel
from scheduler.models import Publication
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import run, scheduled
from tests.posts.networks.fakes import facebook, linkedin, threads, x
from tests.posts.networks.fakes.strict import Reply

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Place:
    network: str
    fake: Callable[[], Any]
    remote_id: str
    publishing: int  # which of its requests publishes, counted from 0


PLACES = [
    Place("x", x.X, x.USER, 0),
    Place("linkedin_page", linkedin.LinkedIn, linkedin.PAGE, 0),
    Place("facebook", facebook.Facebook, facebook.PAGE, 0),
    Place("threads", threads.Threads, threads.ME, 2),
]


@pytest.fixture
def connect(workspace: Workspace, settings: Any) -> Iterator[Callable[[Place], tuple[Any, Channel]]]:
    fakes: list[Any] = []

    def connected(place: Place) -> tuple[Any, Channel]:
        fakes.append(place.fake())
        settings.NETWORK_URLS = {place.network: fakes[-1].url}
        channel = Channel.objects.create(
            workspace=workspace, network=place.network, handle="atelier", name="Atelier", remote_id=place.remote_id
        )
        channel.seal({"access_token": "token-1"})
        channel.save(update_fields=["sealed"])
        return fakes[-1], channel

    yield connected
    for fake in fakes:
        fake.close()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.network)
def test_a_post_whose_answer_was_lost_is_found_and_not_sent_again(
    workspace: Workspace, connect: Callable[[Place], tuple[Any, Channel]], place: Place
) -> None:
    fake, channel = connect(place)
    post = scheduled(workspace, channel, at=NOW, text="Said once, and once only.")
    fake.lost = [False] * place.publishing + [True]
    run(NOW)
    assert [row.state for row in Publication.objects.all()] == ["unconfirmed"]
    run(NOW + timedelta(minutes=5))
    row = Publication.objects.get(post=post)
    assert (row.state, row.remote_id in fake.posts) == ("published", True)
    assert len(fake.posts) == 1


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.network)
def test_a_post_that_never_arrived_is_sent_again_once(
    workspace: Workspace, connect: Callable[[Place], tuple[Any, Channel]], place: Place
) -> None:
    fake, channel = connect(place)
    scheduled(workspace, channel, at=NOW, text="Said once, and once only.")
    fake.in_the_way = [None] * place.publishing + [Reply(500, {})]
    run(NOW)
    run(NOW + timedelta(minutes=5))
    run(NOW + timedelta(minutes=6))
    assert [row.state for row in Publication.objects.all()] == ["published"]
    assert len(fake.posts) == 1
