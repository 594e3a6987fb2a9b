"""Workers are killed at each point of a publication's way to a real server, which alone is asked what arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from posts.models import Channel
from posts.networks.access import Grant
from scheduler.models import Attempt, Publication
from scheduler.refreshing import granted
from scheduler.states import State
from teams.models import Workspace
from tests.crash.books import coming_due, states
from tests.crash.supply import Supply
from tests.crash.yard import Yard, everywhere
from tests.posts.networks.fakes.mastodon import FakeMastodon
from tests.real_networks.bluesky import Person
from tests.real_networks.conftest import Network

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

EACH, AT_RANDOM = 2, 6
DEADLINE = 2.0  # seconds: a real server on a busy machine
ACCOUNTS = 3
Arrived = Callable[[], list[str]]  # the words of every post on the network, as often as they are there


class Accounts(Supply):
    """Channels that are really signed in."""

    def __init__(self, workspace: Workspace, network: str, grants: list[Grant]) -> None:
        super().__init__(workspace, network, channels=0)
        self.places = [self._connected(workspace, network, grant) for grant in grants]

    def _connected(self, workspace: Workspace, network: str, grant: Grant) -> Channel:
        channel = Channel.objects.create(
            workspace=workspace, network=network, handle=grant.handle, name=grant.handle, server=grant.server,
            remote_id=grant.remote_id,
        )  # fmt: skip
        granted(channel, grant, timezone.now())
        return channel


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    fake = FakeMastodon({f"token-{number}": str(number) for number in range(ACCOUNTS)})
    yield fake
    fake.close()


@pytest.mark.parametrize("along", [False, True], ids=["single posts", "threads with a picture"])
def test_a_real_bluesky_server_has_everything_once(workspace: Workspace, network: Network, along: bool) -> None:
    people = [Person.joins(network("bluesky"), "killed") for _ in range(ACCOUNTS)]
    supply = Accounts(workspace, "bluesky", [person.grant() for person in people])

    def arrived() -> list[str]:
        return [f"{person.did} {one['value']['text']}" for person in people for one in person.records()]

    _kill_and_compare(supply, arrived, along)


@pytest.mark.parametrize("along", [False, True], ids=["single posts", "threads with a picture"])
def test_a_mastodon_server_that_ignores_keys_has_everything_once(
    workspace: Workspace, fake: FakeMastodon, along: bool
) -> None:
    grants = [
        Grant(number, f"@a{number}@fake", f"a{number}", {"access_token": token}, fake.url)
        for token, number in fake.accounts.items()
    ]
    supply = Accounts(workspace, "mastodon", grants)
    _kill_and_compare(supply, lambda: [f"{one.account} {one.text}" for one in fake.timeline], along)


def _kill_and_compare(supply: Supply, arrived: Arrived, along: bool) -> None:
    points = everywhere(supply.network, EACH, at_random=AT_RANDOM, on_the_way=True, in_steps=along)
    with Yard("http://127.0.0.1:1", supply, along=along, deadline=DEADLINE) as yard:
        yard.kill(points)
        yard.finish()
    assert yard.fallen == []
    there, due = Counter(arrived()), list(coming_due().select_related("channel"))
    print(f"{yard.kills.total()} kills, {len(due)} publications, {sum(there.values())} posts, {states()}")
    assert [words for words, times in there.items() if times > 1] == []
    assert set(states()) == {State.PUBLISHED}
    assert set(there) == {words for row in due for words in _words(row, along)}
    assert not Attempt.objects.filter(ended_at=None).exists()


def _words(row: Publication, along: bool) -> list[str]:
    texts = [row.text, f"{row.text} (2)", f"{row.text} (3)"] if along else [row.text]
    return [f"{row.channel.remote_id} {text}" for text in texts]
