"""The forecast as it is told counts each coming publication on its own day, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posts.models import Channel
from scheduler import outlook
from scheduler.models import Publication
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import a_post, only, run, scheduled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("days", [7, 30, 90])
def test_the_days_add_up_also_when_clocks_change(workspace: Workspace, channel: Channel, days: int) -> None:
    """Seen to fail when the last day ended so many hours from now."""
    now = datetime(2027, 3, 20, 22, 30, tzinfo=UTC)
    post = a_post(workspace, channel, starts_at=now)
    Publication.objects.bulk_create(
        Publication(
            workspace=workspace, post=post, channel=channel, due_at=when, planned_for=when, next_attempt_at=when,
            outlook="allow",
        )
        for when in (now + timedelta(minutes=20 * step - 60) for step in range(72 * 40))
    )  # fmt: skip
    told = outlook.ahead(workspace, now, days, None)
    assert sum(span.tally.out for span in told.spans) == told.total.out == told.total.planned > 72 * min(days, 39)


def test_what_is_overdue_counts_for_today(workspace: Workspace, channel: Channel) -> None:
    scheduled(workspace, channel, at=NOW, now=NOW)
    told = outlook.ahead(workspace, NOW + timedelta(days=2), 7, None)
    assert told.spans[0].tally.planned == 1


def test_what_is_held_until_a_known_time_counts_for_that_day(
    workspace: Workspace, channel: Channel, sandbox: object
) -> None:
    scheduled(workspace, channel, at=NOW, text="Read our guide!")
    copy = scheduled(workspace, channel, at=NOW, text="Read our guide!")
    run(NOW)
    assert only(copy).state == "held"
    told = outlook.ahead(workspace, NOW + timedelta(minutes=1), 30, None)
    assert [span.tally.planned for span in told.spans].index(1) == 14
