"""After a standstill nothing floods: late posts come spaced, later ones wait for a person, and nothing is forgotten."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from notices.models import Notice
from notices.speak import speak_kept
from posts.models import Channel
from posts.sandbox.server import Server
from scheduler import claims, fixes, publish
from scheduler.catch_up import Pace, Said
from scheduler.models import Attempt, Publication
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def many(workspace: Workspace, places: int, each: int, *, over: timedelta = timedelta()) -> list[Channel]:
    """Posts due from NOW on, `each` on so many channels, spread over this time."""
    channels = [
        Channel.objects.create(workspace=workspace, network="sandbox", handle=f"place-{n}", name=f"Place {n}")
        for n in range(places)
    ]
    for number in range(each):
        scheduled(workspace, *channels, at=NOW + over * number / each, now=NOW, text=f"The weaver's note {number}")
    return channels


def sent(late: bool) -> dict[int, list[datetime]]:
    """By channel, when its requests left: those that were late, or those that were on time."""
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for attempt in Attempt.objects.select_related("publication").order_by("started_at"):
        if (attempt.started_at - attempt.publication.planned_for > 2 * MINUTE) == late:
            found[attempt.publication.channel_id].append(attempt.started_at)
    return found


def every_minute(since: datetime, minutes: int) -> None:
    for minute in range(minutes):
        run(since + minute * MINUTE)


def test_after_six_hours_nothing_goes_out_and_each_workspace_is_told_once(
    workspace: Workspace, charlie: User, sandbox: Server
) -> None:
    """Seen to fail when neither the time nor the turn is held against the grace."""
    elsewhere = charlie.workspaces.get()
    many(workspace, 10, 25, over=5 * HOUR)
    many(elsewhere, 10, 25, over=5 * HOUR)
    every_minute(NOW + 6 * HOUR, 3)
    assert arrivals(sandbox) == []
    assert Counter(Publication.objects.values_list("state", "reason")) == {("held", "missed"): 500}
    assert Counter(Notice.objects.values_list("workspace", "event")) == {
        (workspace.pk, "missed"): 1,
        (elsewhere.pk, "missed"): 1,
    }


def test_after_ten_minutes_each_channel_keeps_to_its_budget_and_everything_ends_somewhere(
    workspace: Workspace, sandbox: Server
) -> None:
    """Seen to fail without the turns."""
    many(workspace, 20, 25, over=9 * MINUTE)
    every_minute(NOW + 10 * MINUTE, 75)
    for times in sent(late=True).values():
        assert 1 <= len(times) <= 3
        assert all(later - one >= 5 * MINUTE for one, later in pairwise(times))
    states = Counter(Publication.objects.values_list("state", flat=True))
    assert set(states) == {"published", "held"}
    assert sum(states.values()) == 500
    assert len(arrivals(sandbox)) == states["published"]
    held = Publication.objects.filter(state="held").first()
    assert held
    assert "is catching up" in speak_kept(held.sentence)
    assert Notice.objects.filter(event="missed").count() == 1


def test_the_late_ones_come_oldest_first(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    for number in (2, 0, 1):
        scheduled(workspace, channel, at=NOW + number * MINUTE, now=NOW, text=f"Note {number}")
    every_minute(NOW + 5 * MINUTE, 15)
    assert [row.text for row in arrivals(sandbox)] == ["Note 0", "Note 1", "Note 2"]


def test_a_burst_that_the_engine_works_through_is_not_late(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    for number in range(30):
        scheduled(workspace, channel, at=NOW, text=f"Note number {number}")
    assert run(NOW + 90 * timedelta(seconds=1)) == 30


def test_waiting_for_its_turn_costs_no_try_and_is_explained(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    first, second = (scheduled(workspace, channel, at=NOW, text=f"Note number {number}") for number in range(2))
    run(NOW + 3 * MINUTE)
    row = only(second)
    assert only(first).state == "published"
    assert (row.state, row.reason, row.tries, row.next_attempt_at) == ("scheduled", "catching_up", 0, NOW + 8 * MINUTE)
    assert "its turn comes at" in speak_kept(row.sentence)


def test_the_workspace_sets_the_pace(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    workspace.catch_up_per_hour, workspace.catch_up_minutes = 10, 1
    workspace.save()
    for number in range(12):
        scheduled(workspace, channel, at=NOW, text=f"Note number {number}")
    every_minute(NOW + 3 * MINUTE, 20)
    assert len(sent(late=True)[channel.pk]) == 10


def test_two_batches_of_one_channel_share_its_turns(
    workspace: Workspace, channel: Channel, sandbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.claims._just_taken", lambda now: iter(()))  # one channel in two batches after all
    for number in range(4):
        scheduled(workspace, channel, at=NOW, text=f"Note number {number}")
    now = NOW + 5 * MINUTE
    both = [claims.claim_due(now, 2), claims.claim_due(now, 2)]
    assert sum(publish.publish(claim, now) for claim in both if claim) == 1


def test_what_was_missed_can_be_sent_one_after_the_other(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    for number in range(5):
        scheduled(workspace, channel, at=NOW + number * MINUTE, now=NOW, text=f"Note {number}")
    later = NOW + HOUR
    run(later)
    for row in Publication.objects.order_by("planned_for"):
        fixes.apply(row, "spaced", {}, alice, later)
    times = Publication.objects.order_by("pk").values_list("planned_for", flat=True)
    assert [(at - later) // MINUTE for at in times] == [0, 5, 10, 60, 65]
    every_minute(later, 70)
    assert [row.text for row in arrivals(sandbox)] == [f"Note {number}" for number in range(5)]


@pytest.mark.parametrize(("per_hour", "apart", "turns"), [(3, 5, [0, 5, 10, 60, 65]), (2, 0, [0, 0, 60, 60, 120])])
def test_a_turn_keeps_the_distance_and_the_number(per_hour: int, apart: int, turns: list[int]) -> None:
    said, found = Said(), []
    for _ in turns:
        turn = said.turn(Pace(per_hour, apart * MINUTE), NOW)
        said.add(turn, late=True)
        found.append((turn - NOW) // MINUTE)
    assert found == turns


def test_a_batch_with_late_ones_costs_a_fixed_number_of_queries(
    workspace: Workspace, sandbox: Server, django_assert_max_num_queries: Any
) -> None:
    many(workspace, 20, 5)
    claim = claims.claim_due(NOW + 5 * MINUTE, 100)
    assert claim
    with django_assert_max_num_queries(60):
        assert len(publish.decide(claim, NOW + 5 * MINUTE)) == 20
