"""When a series or a queued post goes out for the last time is known ahead, and so are slots that nothing will fill."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from posts.models import Channel
from scheduler import projection, queue
from scheduler.models import Outlook, Publication, Slot
from scheduler.run_out import RunOut, run_outs
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import scheduled

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def looked(workspace: Workspace, days: int = 30, channel: int | None = None) -> list[RunOut]:
    outlook, _ = Outlook.objects.get_or_create(workspace=workspace)
    ahead = projection.ready(workspace, outlook, NOW)
    return run_outs(workspace, ahead, NOW, NOW + days * DAY, channel)


def weekly(**fields: Any) -> dict[str, Any]:
    return {"interval": 7, "unit": "day", **fields}


def test_a_series_runs_out_by_its_number_its_end_or_its_expiry(workspace: Workspace, channel: Channel) -> None:
    by_count = {"repeat": weekly(max_repeats=2), "text": "By number"}
    by_date = {"repeat": weekly(max_repeats=None, end_date=(NOW + 12 * DAY).date()), "text": "By date"}
    by_expiry = {"repeat": weekly(max_repeats=50), "text": "By expiry", "expires_at": NOW + 4 * DAY}
    endless = {"repeat": weekly(max_repeats=50), "text": "Not yet"}
    for fields in (by_count, by_date, by_expiry, endless):
        scheduled(workspace, channel, at=NOW + DAY, now=NOW, **fields)
    assert [one.sentence.text and (one.post.text, one.cause, one.days, one.number) for one in looked(workspace)] == [
        ("By expiry", "expiry", 1, 0),
        ("By date", "date", 8, 1),
        ("By number", "count", 15, 2),
    ]
    assert looked(workspace, 0) == []


def test_one_channel_is_looked_at_alone(workspace: Workspace, channel: Channel) -> None:
    other = Channel.objects.create(workspace=workspace, network="sandbox", handle="two", name="Two")
    scheduled(workspace, other, at=NOW + DAY, now=NOW, repeat=weekly(max_repeats=1))
    assert (len(looked(workspace, channel=other.pk)), looked(workspace, channel=channel.pk)) == (1, [])


def queued(workspace: Workspace, channel: Channel, text: str, **rule: Any) -> None:
    scheduled(workspace, channel, at=NOW, text=text, queue="evergreen", repeat={"interval": 14, "unit": "day", **rule})


def test_an_evergreen_post_runs_out_of_turns_weeks_after_what_is_written_down(
    workspace: Workspace, channel: Channel
) -> None:
    """Seen to fail when only the fourteen days of the queue itself were looked at."""
    Slot.objects.create(workspace=workspace, channel=channel, weekday=1, at="10:00")
    queued(workspace, channel, "Answer the comments of your readers.", max_repeats=2)
    queue.fill(workspace, NOW)
    (end,) = looked(workspace, 60)
    assert (end.cause, end.number, end.days, end.post.queue) == ("count", 2, 31, "evergreen")
    ahead = projection.projected(Outlook.objects.get())
    assert Publication.objects.count() + len(ahead.turns) == 3
    (gap,) = projection.stretches(ahead, NOW + 60 * DAY)
    assert (gap.channel_name, len(gap.times), gap.times[0].date()) == ("Atelier", 5, (NOW + 24 * DAY).date())
    assert projection.stretches(ahead, NOW + 23 * DAY) == []


def test_a_change_of_the_queue_is_looked_at_again(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail when what was projected stayed as it was."""
    Slot.objects.create(workspace=workspace, channel=channel, weekday=1, at="10:00")
    queued(workspace, channel, "Answer the comments of your readers.", max_repeats=2)
    queue.fill(workspace, NOW)
    assert (projection.project_stale(NOW), projection.project_stale(NOW)) == (1, 0)
    queued(workspace, channel, "Our guide to autumn colours.", max_repeats=1)
    queue.fill(workspace, NOW)
    assert projection.project_stale(NOW) == 1
    assert [one.number for one in looked(workspace, 60)] == [1, 2]
