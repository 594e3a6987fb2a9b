"""Sendings of several steps: what was done is kept before more leaves, by whoever still has the publication."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from posts.models import Channel
from posts.networks.base import Unconfirmed
from posts.sandbox.server import Server
from scheduler import publish, settle, verbs
from scheduler.claims import claim_due
from scheduler.flight import Errand
from scheduler.models import Publication
from scheduler.moves import move
from scheduler.publish import decide
from scheduler.states import State
from scheduler.steps import Kept
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import run, scheduled

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def errand(workspace: Workspace, channel: Channel) -> Errand:
    """One publication with its intent written, about to leave."""
    scheduled(workspace, channel, at=NOW)
    claim = claim_due(NOW, 10)
    assert claim
    (errand,) = decide(claim, NOW)
    return errand


def elsewhere(function: Any, *arguments: Any) -> Any:
    """Done by a thread of its own, as senders are, which ends its connection."""

    def whole() -> Any:
        try:
            return function(*arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(whole).result()


def test_a_step_is_in_the_database_when_keeping_it_returns(errand: Errand) -> None:
    elsewhere(errand.message.steps.keep, "part 1", "id-1")
    row = Publication.objects.get()
    assert row.steps == {"part 1": "id-1"}
    assert Kept(row).kept("part 1") == errand.message.steps.kept("part 1") == "id-1"
    assert Kept(row).kept("part 2") is None


def test_whoever_lost_the_publication_keeps_nothing_and_goes_no_further(errand: Errand) -> None:
    after = NOW + timedelta(hours=1)
    assert settle.rescue(after) == 1
    with pytest.raises(Unconfirmed):
        elsewhere(errand.message.steps.keep, "part 1", "id-1")
    assert Publication.objects.get().steps == {}


def test_what_is_known_already_is_not_written_again(errand: Errand, django_assert_num_queries: Any) -> None:
    errand.message.steps.keep("part 1", "id-1")
    with django_assert_num_queries(0):
        errand.message.steps.keep("part 1", "id-1")


def test_a_sending_of_one_step_costs_no_query_more(
    workspace: Workspace, channel: Channel, sandbox: Server, django_assert_max_num_queries: Any
) -> None:
    """The intent's moment is written with the intent itself."""
    scheduled(workspace, channel, at=NOW)
    run(NOW)
    row = Publication.objects.get()
    assert (row.state, row.intended_at, row.steps) == (State.PUBLISHED, NOW, {})


def test_every_attempt_is_told_when_the_first_was_and_what_it_did(errand: Errand) -> None:
    errand.message.steps.keep("part 1", "id-1")
    row = errand.publication
    move([row], State.UNCONFIRMED, NOW, next_attempt_at=LATER)
    settle.close_attempts(row, NOW)
    move([row], State.SCHEDULED, LATER, next_attempt_at=LATER)
    claim = claim_due(LATER, 10)
    assert claim
    (again,) = decide(claim, LATER)
    assert again.message.since == errand.message.since == NOW
    assert again.message.due == row.due_at
    assert again.message.steps.kept("part 1") == "id-1"


def test_after_a_person_said_that_it_is_not_out_it_is_a_sending_of_that_time_and_goes_on_where_it_was(
    errand: Errand, alice: User
) -> None:
    errand.message.steps.keep("part 1", "id-1")
    move([errand.publication], State.UNCONFIRMED, NOW, next_attempt_at=None)
    verbs.settle(errand.publication, False, alice, LATER)
    claim = claim_due(LATER, 10)
    assert claim
    (again,) = decide(claim, LATER)
    assert again.message.since == LATER
    assert again.message.steps.kept("part 1") == "id-1"


def test_what_a_network_is_asked_about_has_its_steps_along_and_may_keep_more(errand: Errand) -> None:
    move([errand.publication], State.UNCONFIRMED, NOW, next_attempt_at=NOW)
    row = Publication.objects.get()
    publish.message(row, NOW).steps.keep("part 2", "found")
    assert Publication.objects.get().steps == {"part 2": "found"}
    assert move([row], State.SCHEDULED, LATER, next_attempt_at=LATER)  # keeping takes nobody's turn
