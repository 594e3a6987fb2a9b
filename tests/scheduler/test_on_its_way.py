"""What is on its way, or may be out, is sent again on proof alone: a person's wish is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from posts.models import Channel
from posts.sandbox.server import Server
from scheduler import claims, publish, verbs
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled

pytestmark = pytest.mark.django_db

Verb = Callable[[Publication, User], None]
LATER = NOW + timedelta(minutes=5)
VERBS: dict[str, Verb] = {
    "release": lambda row, user: verbs.release(row, user, NOW),
    "move": lambda row, user: verbs.move_to(row, LATER, user, NOW),
    "restore": lambda row, user: verbs.restore(row, user, NOW),
    "another wording": lambda row, user: verbs.use_variation(row, 0, user, NOW),
    "skip": lambda row, user: verbs.skip(row, user, NOW),
    "cancel": lambda row, user: verbs.cancel(row, user, NOW),
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_being_sent_stays_with_its_worker(
    workspace: Workspace, channel: Channel, alice: User, verb: str
) -> None:
    """Seen to fail for whatever plans anew: the moves allow it, to the engine."""
    post = scheduled(workspace, channel, at=NOW)
    claim = claims.claim_due(NOW, 1)
    assert claim
    publish.decide(claim, NOW)
    with pytest.raises(verbs.NotNow, match="being sent right now"):
        VERBS[verb](only(post), alice)
    assert only(post).state == "sending"


@pytest.mark.parametrize("verb", VERBS)
def test_what_may_be_out_is_not_sent_again_before_somebody_has_looked(
    workspace: Workspace, alice: User, sandbox: Server, verb: str
) -> None:
    """Seen to fail: releasing it doubled it."""
    channel = Channel.objects.create(workspace=workspace, network="sandbox_silent", handle="quiet", name="Quiet")
    sandbox.stage.play_next("quiet", "reset-after")
    post = scheduled(workspace, channel, at=NOW)
    run(NOW)
    with pytest.raises(verbs.NotNow, match="may be out already"):
        VERBS[verb](only(post), alice)
    run(LATER)
    assert only(post).state == "unconfirmed"
    assert len(arrivals(sandbox)) == 1


def test_the_post_of_another_publication_is_no_proof(workspace: Workspace, alice: User, sandbox: Server) -> None:
    """Seen to fail: the second was called published, and was not out."""
    channel = Channel.objects.create(workspace=workspace, network="sandbox_reading", handle="place", name="Place")
    sandbox.ledger.clock = NOW.timestamp
    scheduled(workspace, channel, at=NOW, text="Read our guide")
    run(NOW)
    again = scheduled(workspace, channel, at=NOW, text="Read our guide")
    run(NOW)
    verbs.override(only(again), alice, "They asked for it twice", NOW)
    sandbox.stage.play_next("place", "reset-before")
    run(NOW)
    run(NOW + timedelta(seconds=30))
    assert only(again).state == "unconfirmed"
    assert len(arrivals(sandbox)) == 1
