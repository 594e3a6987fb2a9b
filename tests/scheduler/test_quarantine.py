"""What takes its worker down with it is set apart after two losses, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from notices.models import Notice
from notices.speak import speak_kept
from posts.models import Channel, Post
from posts.networks.sandbox import Sandbox
from posts.sandbox.server import Server
from scheduler import claims, fixes, publish, settle
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)
LEASE = timedelta(seconds=settings.LEASE + 1)


def lost_in_hand(now: datetime) -> datetime:
    """A worker claims what it may and is never heard of again; returns when its lease is over."""
    claim = claims.claim_due(now, settings.BATCH)
    assert claim
    settle.rescue(now + LEASE)
    return now + LEASE


def test_two_losses_set_a_publication_apart(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    post = scheduled(workspace, channel, at=NOW)
    later = lost_in_hand(NOW)
    assert only(post).state == "scheduled"
    later = lost_in_hand(later)
    assert (only(post).state, only(post).reason) == ("held", "quarantine")
    assert "Twice the worker" in speak_kept(only(post).sentence)
    assert Notice.objects.get().event == "quarantined"
    run(later + timedelta(minutes=1))
    assert arrivals(sandbox) == []


def test_what_was_lost_once_is_claimed_alone(workspace: Workspace) -> None:
    """Seen to fail when suspects are claimed like all others."""
    places = [
        Channel.objects.create(workspace=workspace, network="sandbox", handle=f"place-{n}", name=f"Place {n}")
        for n in range(5)
    ]
    lost = scheduled(workspace, *places[:3], at=NOW, text="Lost with its worker")
    later = lost_in_hand(NOW)
    scheduled(workspace, *places[3:], at=later, text="Nothing wrong with it")
    batches = [claims.claim_due(later, settings.BATCH) for _ in range(4)]
    sizes = [Publication.objects.filter(claim=claim).count() for claim in batches]
    assert sorted(sizes) == [1, 1, 1, 2]
    assert not Publication.objects.filter(claim=batches[sizes.index(2)], post=lost).exists()


def test_the_innocent_of_a_lost_batch_go_out_and_are_cleared(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    posts = [scheduled(workspace, channel, at=NOW, text=f"Note number {number}") for number in range(5)]
    run(lost_in_hand(NOW))
    assert {state for post in posts for state in states(post)} == {"published"}
    assert set(Publication.objects.values_list("lost", flat=True)) == {0}


def test_a_claim_that_the_databases_own_trouble_ended_is_no_loss(
    workspace: Workspace, channel: Channel, sandbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail when every lease that runs out counts: two restarts of the database would set batches apart."""
    first = scheduled(workspace, channel, at=NOW, text="Claimed when it went away")
    claim = claims.claim_due(NOW, 1)
    assert claim
    with monkeypatch.context() as broken:
        broken.setattr(publish, "_judge", _gone)
        with pytest.raises(OperationalError):
            publish.publish(claim, NOW)
    other = Channel.objects.create(workspace=workspace, network="sandbox", handle="other", name="Other")
    scheduled(workspace, other, at=NOW, text="Claimed when it was back")
    run(NOW)
    assert (only(first).state, only(first).lost) == ("published", 0)


def _gone(*rest: Any) -> Any:
    raise OperationalError("the server closed the connection unexpectedly")


def test_what_was_lost_while_it_was_sent_is_asked_for_and_after_the_second_time_set_apart(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    workspace.grace_minutes = 60
    workspace.save()
    post, now = scheduled(workspace, channel, at=NOW), NOW
    for state in ("scheduled", "held"):
        claim = claims.claim_due(now, 1)
        assert claim
        publish.decide(claim, now)
        now += LEASE
        settle.rescue(now)
        assert only(post).state == "unconfirmed"
        settle.settle([only(post).pk], now)
        assert only(post).state == state
    assert only(post).reason == "quarantine"
    assert arrivals(sandbox) == []


def test_an_error_of_our_own_gives_the_batch_back_and_the_third_sets_it_apart(
    workspace: Workspace, channel: Channel, sandbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = scheduled(workspace, channel, at=NOW, text="Good"), scheduled(workspace, channel, at=NOW, text="Bad")
    judge = publish._judge

    def fails(rows: Any, *rest: Any) -> Any:
        if any(row.post.text == "Bad" for row in rows):
            raise RuntimeError("a row that nobody foresaw")
        return judge(rows, *rest)

    monkeypatch.setattr(publish, "_judge", fails)
    for minute in range(6):
        run(NOW + timedelta(minutes=2 * minute))
    assert states(good) == ["published"]
    assert (only(bad).state, only(bad).reason) == ("held", "quarantine")
    assert "failed on it three times" in speak_kept(only(bad).sentence)


def test_an_error_of_our_own_while_sending_is_counted_until_the_third(
    workspace: Workspace, channel: Channel, sandbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*rest: Any) -> Any:
        raise RuntimeError("a connector that nobody tried")

    workspace.grace_minutes = 600
    workspace.save()
    post, now = scheduled(workspace, channel, at=NOW), NOW
    monkeypatch.setattr(Sandbox, "publish", fails)
    for _ in range(20):
        run(now)
        now += timedelta(minutes=5)
    assert (only(post).state, only(post).reason, only(post).stumbles) == ("held", "quarantine", 3)


def test_a_person_can_try_again_edit_or_skip_what_is_set_apart(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    post = quarantined(workspace, channel)
    assert [fix.verb for fix in fixes.offered(only(post))] == ["release", "edit", "skip"]
    now = NOW + timedelta(hours=1)
    fixes.apply(only(post), "release", {}, alice, now)
    assert only(post).lost == 0
    run(now)
    assert states(post) == ["published"]


def quarantined(workspace: Workspace, channel: Channel) -> Post:
    post = scheduled(workspace, channel, at=NOW)
    lost_in_hand(lost_in_hand(NOW))
    return post
