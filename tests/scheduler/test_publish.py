"""A due publication reaches its network once, or stands where it is with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posts.models import Channel
from posts.sandbox.server import Server
from scheduler.models import Attempt, Judgement, Publication
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_due_post_arrives_with_its_text_and_is_published(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, text="Bonjour à tous 👋🏽")
    assert run(NOW) == 1
    row = only(post)
    assert (row.state, bool(row.url), bool(row.remote_id)) == ("published", True, True)
    (arrived,) = arrivals(sandbox)
    assert (arrived.text, arrived.reference) == ("Bonjour à tous 👋🏽", str(row.pk))
    assert Attempt.objects.get().outcome == "published"
    assert Judgement.objects.get().action == "allow"


def test_nothing_goes_out_before_its_time(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    post = scheduled(workspace, channel, at=NOW + timedelta(minutes=1), now=NOW)
    assert run(NOW) == 0
    assert states(post) == ["scheduled"]


def test_a_series_goes_out_as_often_as_its_rule_says(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    post = scheduled(workspace, channel, at=NOW, repeat={"interval": 14, "unit": "day", "max_repeats": 3})
    for week in range(12):
        run(NOW + timedelta(weeks=week))
    assert states(post) == ["published"] * 4
    assert len(arrivals(sandbox)) == 4


def test_two_copies_of_a_post_that_are_due_together_do_not_both_go_out(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail without Docket.said."""
    first = scheduled(workspace, channel, at=NOW, text="Read our guide!")
    second = scheduled(workspace, channel, at=NOW, text="read our  guide")
    run(NOW)
    assert states(first) + states(second) == ["published", "held"]
    held = only(second)
    assert held.reason == "too_soon"
    assert held.next_attempt_at is not None


def test_what_was_missed_by_more_than_the_grace_waits_for_a_person(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW)
    run(NOW + timedelta(minutes=16))
    assert (only(post).state, only(post).reason) == ("held", "missed")
    assert arrivals(sandbox) == []


def test_of_several_missed_repeats_only_the_newest_waits(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, repeat={"interval": 14, "unit": "day", "max_repeats": 2})
    run(NOW + timedelta(days=60))
    assert states(post) == ["skipped", "skipped", "held"]


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("500-stored", "unconfirmed"),
        ("reset-after", "unconfirmed"),
        ("429-retry-after", "held"),
        ("400-validation", "failed"),
        ("403-duplicate", "blocked"),
        ("403-suspended", "held"),
    ],
)
def test_what_the_network_answers_decides_where_it_stands(
    workspace: Workspace, sandbox: Server, fault: str, state: str
) -> None:
    channel = Channel.objects.create(workspace=workspace, network="sandbox", handle=f"fault-{fault}", name=fault)
    post = scheduled(workspace, channel, at=NOW)
    run(NOW)
    row = only(post)
    assert row.state == state
    assert row.sentence


def test_an_unconfirmed_publication_that_is_out_is_settled_without_a_second_one(
    workspace: Workspace, sandbox: Server
) -> None:
    channel = Channel.objects.create(workspace=workspace, network="sandbox", handle="a--reset-after--once", name="A")
    post = scheduled(workspace, channel, at=NOW)
    run(NOW)
    assert only(post).state == "unconfirmed"
    run(NOW + timedelta(seconds=30))
    assert only(post).state == "published"
    assert Publication.objects.get().reason == "settled"
    assert len(arrivals(sandbox)) == 1
