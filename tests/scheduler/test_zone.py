"""A workspace moves to another time zone: nothing is planned twice, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from posts.models import Channel, Post
from scheduler.models import Publication
from scheduler.verbs import move_to
from scheduler.zone import change_zone
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import scheduled

pytestmark = pytest.mark.django_db
WEEKLY = {"interval": 1, "unit": "week", "max_repeats": 5}
PARIS, NEW_YORK, TOKYO = (ZoneInfo(name) for name in ("Europe/Paris", "America/New_York", "Asia/Tokyo"))


def clocks(post: Post, zone: ZoneInfo) -> list[str]:
    rows = Publication.objects.filter(post=post).order_by("planned_for")
    return [f"{row.number} {row.planned_for.astimezone(zone):%d %b %H:%M}" for row in rows]


def moved(workspace: Workspace, zone: str, now: datetime = NOW, *, keep_clock: bool = True) -> None:
    change_zone(Workspace.objects.get(pk=workspace.pk), zone, keep_clock=keep_clock, user=None, now=now)


def test_a_series_keeps_its_time_on_the_clock(workspace: Workspace, channel: Channel) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=PARIS)
    post = scheduled(workspace, channel, at=start, now=NOW, repeat=WEEKLY)
    before = clocks(post, PARIS)
    moved(workspace, "America/New_York")
    assert clocks(post, NEW_YORK) == before


def test_a_series_that_has_begun_repeats_nothing_that_is_out(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail without the numbers that are there already: the first of the series came twice."""
    start = datetime(2026, 11, 21, 9, tzinfo=PARIS)  # an hour ago; in New York 9:00 is still to come
    post = scheduled(workspace, channel, at=start, now=start, repeat=WEEKLY)
    Publication.objects.filter(number=0).update(state="published", published_at=start)
    moved(workspace, "America/New_York")
    numbers = list(Publication.objects.filter(post=post).order_by("number").values_list("number", flat=True))
    assert numbers == [0, 1, 2, 3, 4, 5]
    assert clocks(post, NEW_YORK)[1] == "1 28 Nov 09:00"


def test_what_the_new_clock_puts_into_the_past_keeps_its_moment(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail without _keep_stranded: the publication was gone."""
    start = datetime(2026, 11, 14, 14, tzinfo=PARIS)
    post = scheduled(workspace, channel, at=start, now=start, repeat=WEEKLY)
    Publication.objects.filter(number=0).update(state="published", published_at=start)
    moved(workspace, "Asia/Tokyo")  # there, 14:00 of today was eight hours ago
    assert clocks(post, PARIS)[1] == "1 21 Nov 14:00"
    assert clocks(post, TOKYO)[2] == "2 28 Nov 14:00"
    assert Publication.objects.filter(post=post).count() == 6


def test_a_single_post_never_vanishes(workspace: Workspace, channel: Channel) -> None:
    post = scheduled(workspace, channel, at=NOW + timedelta(hours=1), now=NOW)
    moved(workspace, "Asia/Tokyo")
    assert list(Publication.objects.filter(post=post).values_list("planned_for", flat=True)) == [
        NOW + timedelta(hours=1)
    ]


def test_what_a_person_moved_keeps_the_clock_time_they_gave_it(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    post = scheduled(workspace, channel, at=NOW + timedelta(days=3), now=NOW)
    move_to(Publication.objects.get(), datetime(2026, 11, 30, 8, tzinfo=PARIS), alice, NOW)
    moved(workspace, "America/New_York")
    assert clocks(post, NEW_YORK) == ["0 30 Nov 08:00"]


def test_moments_can_be_kept_instead(workspace: Workspace, channel: Channel) -> None:
    single = scheduled(workspace, channel, at=NOW + timedelta(days=3), now=NOW)
    series = scheduled(workspace, channel, at=NOW + timedelta(days=4), now=NOW, repeat=WEEKLY, text="Other.")
    before = clocks(single, UTC) + clocks(series, UTC)  # type: ignore[arg-type]
    moved(workspace, "America/New_York", keep_clock=False)
    assert clocks(single, UTC) + clocks(series, UTC) == before  # type: ignore[arg-type]


def test_another_workspace_stays_as_it_is(workspace: Workspace, channel: Channel, charlie: User) -> None:
    other = Workspace.objects.get(slug="elsewhere")
    place = Channel.objects.create(workspace=other, network="sandbox", handle="c", name="C")
    post = scheduled(other, place, at=NOW + timedelta(days=1), now=NOW, repeat=WEEKLY)
    before = set(Publication.objects.filter(post=post).values_list("pk", "planned_for"))
    moved(workspace, "America/New_York")
    assert set(Publication.objects.filter(post=post).values_list("pk", "planned_for")) == before
