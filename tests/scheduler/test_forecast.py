"""With nothing else changed, what the forecast said is what the engine then does."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Min, Q

from guards.models import GuardSetting
from posts.models import Category, Channel
from posts.sandbox.server import Server
from scheduler import forecast, verbs
from scheduler.candidates import with_facts
from scheduler.models import Judgement, Outlook, Publication
from scheduler.plan import touch
from scheduler.states import State
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import a_post, only, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = ("Our guide to autumn.", "Tip: answer within the hour.", "Look at the old FooBar tool.", "Meet the team!")
RULES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"interval": 7, "unit": "day", "max_repeats": 4},
    {"interval": 14, "unit": "day", "max_repeats": 5},
    {"interval": 3, "unit": "week", "max_repeats": None, "end_date": (NOW + timedelta(days=50)).date()},
    {"interval": 1, "unit": "month", "max_repeats": 2},
)


def step_through(workspace: Workspace, until: datetime) -> None:
    """Let the engine work at every moment at which it has something to do, and at no other."""
    looked = Q(state__in=[State.SCHEDULED, State.HELD], workspace=workspace)
    while (at := Publication.objects.filter(looked).aggregate(at=Min("next_attempt_at"))["at"]) and at <= until:
        run(at)


def a_workload(workspace: Workspace, channels: list[Channel], random: Random) -> None:
    category = Category.objects.create(workspace=workspace, name="Tips")
    for guard, options in (
        ("quiet_time", {"start": "21:00", "end": "08:30", "blackout": ["2026-12-24/2026-12-26"]}),
        ("retired_name", {"names": ["FooBar"]}),
        ("review_due", {"days": 30}),
    ):
        GuardSetting.objects.create(workspace=workspace, guard=guard, action="hold", options=options)
    GuardSetting.objects.create(
        workspace=workspace, category=category, guard="too_soon", action="hold", options={"days": 20}
    )
    for _ in range(9):
        at = NOW + timedelta(days=random.randrange(8), hours=random.randrange(24))
        scheduled(
            workspace, *random.sample(channels, random.choice([1, 2])), at=at, now=NOW,
            text=random.choice(TEXTS), repeat=random.choice(RULES), category=random.choice([None, category]),
            expires_at=random.choice([None, at + timedelta(days=random.randrange(1, 60))]),
            variations=random.choice([[], ["Another way to say it."]]),
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_what_the_forecast_says_is_what_the_engine_does(
    workspace: Workspace, channel: Channel, sandbox: Server, alice: User, seed: int
) -> None:
    """Seen to fail without docket.said, without judging lifted holds again, and without the held that lift."""
    other = Channel.objects.create(workspace=workspace, network="sandbox_reading", handle="second", name="Second")
    a_workload(workspace, [channel, other], Random(seed))
    verbs.pause(workspace, alice, NOW, channel=other, until=NOW + timedelta(days=5))
    run(NOW + timedelta(days=2))
    now = NOW + timedelta(days=2, minutes=1)
    Judgement.objects.all().delete()

    forecast.refresh(workspace, now)
    foreseen = dict(forecast.coming(workspace, now).values_list("pk", "outlook"))
    assert set(foreseen.values()) == {"allow", "hold", "block"} or "hold" in foreseen.values()

    step_through(workspace, now + timedelta(days=85))
    met: dict[int, str] = {}
    for pk, action in Judgement.objects.order_by("at", "pk").values_list("publication", "action"):
        met.setdefault(pk, action)
    assert len(met) > 15
    assert {pk: foreseen[pk] for pk in met} == met


def test_what_goes_out_when_its_hold_lifts_counts_for_those_after_it(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail when the forecast looked at what is planned alone."""
    scheduled(workspace, channel, at=NOW, text="Read our guide!")
    copy = scheduled(workspace, channel, at=NOW + timedelta(days=1), now=NOW, text="Read our guide!")
    run(NOW)
    run(NOW + timedelta(days=1))
    assert only(copy).next_attempt_at == NOW + timedelta(days=14)
    third = scheduled(workspace, channel, at=NOW + timedelta(days=20), now=NOW, text="Read our guide!")
    forecast.refresh(workspace, NOW + timedelta(days=2))
    assert (only(copy).outlook, only(third).outlook) == ("allow", "hold")


def test_what_a_pause_keeps_past_its_time_does_not_count_as_said(
    workspace: Workspace, channel: Channel, sandbox: Server, alice: User
) -> None:
    """Seen to fail when the forecast let it out at the end of the pause, which the engine does not."""
    words = {"now": NOW, "text": "Read our guide!"}
    kept = scheduled(workspace, channel, at=NOW + timedelta(days=1), **words)  # type: ignore[arg-type]
    later = scheduled(workspace, channel, at=NOW + timedelta(days=6), **words)  # type: ignore[arg-type]
    verbs.pause(workspace, alice, NOW, channel=channel, until=NOW + timedelta(days=5))
    forecast.refresh(workspace, NOW)
    assert (only(kept).outlook, only(later).outlook) == ("hold", "allow")
    run(NOW + timedelta(days=1))
    forecast.refresh(workspace, NOW + timedelta(days=2))
    assert (only(kept).outlook, only(later).outlook) == ("hold", "allow")
    run(NOW + timedelta(days=5))
    run(NOW + timedelta(days=6))
    assert states(kept) + states(later) == ["held", "published"]


def test_a_forecast_that_says_the_same_writes_nothing(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail when a list in a guard's options was compared with the tuple it had been."""
    days = [str((NOW + timedelta(days=1)).date())]
    GuardSetting.objects.create(workspace=workspace, guard="quiet_time", action="hold", options={"blackout": days})
    scheduled(workspace, channel, at=NOW + timedelta(days=1), now=NOW)
    assert [forecast.refresh(workspace, NOW), forecast.refresh(workspace, NOW)] == [1, 0]


def test_what_was_missed_is_foreseen_to_wait_or_to_be_skipped(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, repeat={"interval": 14, "unit": "day", "max_repeats": 2})
    now = NOW + timedelta(days=20)
    forecast.refresh(workspace, now)
    rows = list(Publication.objects.filter(post=post).order_by("due_at"))
    assert [row.outlook for row in rows] == ["block", "hold", "allow"]
    run(now)
    assert states(post) == ["skipped", "held", "scheduled"]


def test_a_change_while_the_forecast_is_computed_keeps_it_stale(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail when only the first change was written down."""
    scheduled(workspace, channel, at=NOW + timedelta(days=1), now=NOW)
    outlook = Outlook.objects.get(workspace=workspace)
    touch([workspace.pk], NOW + timedelta(seconds=1))
    fresh = Outlook.objects.filter(pk=outlook.pk, stale_since=outlook.stale_since).update(stale_since=None)
    assert fresh == 0


def test_a_refusal_that_no_forecast_saw_makes_it_stale(workspace: Workspace, sandbox: Server) -> None:
    channel = Channel.objects.create(workspace=workspace, network="sandbox", handle="fault-400-validation", name="No")
    scheduled(workspace, channel, at=NOW)
    forecast.refresh(workspace, NOW)
    assert Outlook.objects.get().stale_since is None
    run(NOW)
    assert Outlook.objects.get().stale_since is not None


def test_a_small_workspace_is_looked_at_while_the_reader_waits(workspace: Workspace, channel: Channel) -> None:
    post = scheduled(workspace, channel, at=NOW + timedelta(days=1), now=NOW)
    assert only(post).outlook == ""
    outlook = forecast.ready(workspace, NOW)
    assert (only(post).outlook, outlook.computed_at, outlook.stale_since) == ("allow", NOW, None)


def test_the_number_of_queries_does_not_grow(
    workspace: Workspace, channel: Channel, django_assert_max_num_queries: Any
) -> None:
    for number in range(120):
        post = a_post(workspace, channel, text=f"Tip {number}", starts_at=NOW, status="active", reviewed_at=NOW)
        when = NOW + timedelta(hours=number)
        Publication.objects.create(
            workspace=workspace, post=post, channel=channel, due_at=when, planned_for=when, next_attempt_at=when
        )
    rows = list(with_facts(forecast.coming(workspace, NOW)))
    with django_assert_max_num_queries(6):
        forecast.foresee(rows, NOW)
