"""The calendar shows what is planned and what became of it, and moves what may be moved."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from guards.models import GuardSetting
from posts.models import Channel, Post, RepeatRule
from scheduler.models import Publication
from teams.models import Membership, User, Workspace
from tests.kit import a_post

pytestmark = pytest.mark.django_db

MONTH = "/w/atelier/calendar/?view=month&date=2027-03-10"


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A time of March 2027, in Paris."""
    zone = Workspace(timezone="Europe/Paris").zone
    return datetime(2027, 3, day, hour, minute, tzinfo=zone)


def plan(workspace: Workspace, channel: Channel, times: list[datetime], **fields: Any) -> list[Publication]:
    posts = Post.objects.bulk_create(
        Post(
            workspace=workspace, text=f"Tip {number}: answer comments.", language="en", status="active", starts_at=when
        )
        for number, when in enumerate(times)
    )
    return Publication.objects.bulk_create(
        Publication(
            workspace=workspace, post=post, channel=channel, due_at=when, planned_for=when, next_attempt_at=when,
            **fields,
        )
        for post, when in zip(posts, times, strict=True)
    )  # fmt: skip


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def htmx(target: str = "toasts", current: str = MONTH) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": f"http://testserver{current}"}


def test_a_chip_is_a_whole_sentence(reader: Client, workspace: Workspace, channel: Channel) -> None:
    (row,) = plan(workspace, channel, [at(10)], number=3)
    RepeatRule.objects.create(post=row.post, interval=7, max_repeats=5)
    told = reader.get(MONTH).content.decode()
    assert "Wed 10 Mar 2027 10:00, Atelier, Tip 0: answer comments., repeat 3 of 5, scheduled" in told
    assert "↻3/5" in told


def test_a_day_shows_three_and_leads_to_the_others(reader: Client, workspace: Workspace, channel: Channel) -> None:
    rows = plan(workspace, channel, [at(10, 8, minute) for minute in range(17)])
    Publication.objects.filter(pk=rows[9].pk).update(state="held", reason="too_soon")
    told = reader.get(MONTH).content.decode()
    assert told.count("data-pk=") == 3
    assert "+14 more, 1 to look at" in told
    day = reader.get("/w/atelier/calendar/?view=day&date=2027-03-10").content.decode()
    assert day.count("data-row") == 17


def test_what_the_forecast_warns_of_is_marked(reader: Client, workspace: Workspace, channel: Channel) -> None:
    (row,) = plan(workspace, channel, [at(10)], outlook="hold")
    assert "will be held" in reader.get(MONTH).content.decode()
    assert "will be held" in reader.get(f"/w/atelier/occurrences/{row.pk}/glance/").content.decode().lower()


def test_the_day_is_that_of_the_workspace(reader: Client, workspace: Workspace, channel: Channel) -> None:
    plan(workspace, channel, [at(11, 0, 30)])
    told = reader.get(MONTH).content.decode()
    cell = told.split('data-day="2027-03-11"')[1].split("</td>")[0]
    assert "00:30" in cell


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", 3), ("&status=held", 1), ("&q=tip 2", 1), ("&channel=0", 3), ("&status=trouble", 0), ("&status=nonsense", 3)],
)
def test_filters_stand_in_the_address(
    reader: Client, workspace: Workspace, channel: Channel, asked: str, found: int
) -> None:
    rows = plan(workspace, channel, [at(10), at(11), at(12)])
    Publication.objects.filter(pk=rows[0].pk).update(state="held", reason="x")
    assert reader.get(MONTH + asked).content.decode().count("data-pk=") == found


def test_a_filter_that_finds_nothing_says_so_and_can_be_cleared(reader: Client, workspace: Workspace) -> None:
    told = reader.get(MONTH + "&q=nowhere").content.decode()
    assert "Nothing matches this filter here" in told
    assert "Clear the filter" in told


def test_another_channels_publications_can_be_left_out(reader: Client, workspace: Workspace, channel: Channel) -> None:
    other = Channel.objects.create(workspace=workspace, network="sandbox", handle="two", name="Two")
    plan(workspace, channel, [at(10)])
    plan(workspace, other, [at(10)])
    assert reader.get(f"{MONTH}&channel={other.pk}").content.decode().count("data-pk=") == 1


def test_a_list_goes_on_where_the_page_ends(reader: Client, workspace: Workspace, channel: Channel) -> None:
    plan(workspace, channel, [at(10) + timedelta(hours=hour) for hour in range(120)])
    seen: list[str] = []
    address = "/w/atelier/calendar/?view=list&date=2027-03-10"
    while address:
        answer = reader.get(address)
        seen += [str(look.pk) for _, looks in answer.context["agenda"] for look in looks]
        later = answer.context["page"]["later"]
        address = later
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize(
    "nonsense", ["&date=2027-13-45", "&date=0001-01-01", "&view=nonsense", "&after=x_y", "&channel=²"]
)
def test_nonsense_in_the_address_is_not_an_error(reader: Client, workspace: Workspace, nonsense: str) -> None:
    assert reader.get(f"/w/atelier/calendar/?view=list{nonsense}").status_code == 200


@pytest.mark.parametrize("number", [10, 500])
@pytest.mark.parametrize("view", ["", "month", "list", "day"])
def test_the_number_of_queries_does_not_grow(
    reader: Client, workspace: Workspace, channel: Channel, django_assert_max_num_queries: Any, number: int, view: str
) -> None:
    plan(workspace, channel, [at(1 + n % 28, n % 24, n % 60) for n in range(number)], outlook="hold")
    reader.get(MONTH)
    with django_assert_max_num_queries(12):
        assert reader.get(f"/w/atelier/calendar/?view={view}&date=2027-03-10").status_code == 200


def test_a_full_month_stays_light(reader: Client, workspace: Workspace, channel: Channel) -> None:
    plan(workspace, channel, [at(1 + n % 28, n % 24, n % 60) for n in range(5000)])
    raw = reader.get("/w/atelier/calendar/?date=2027-03-10").content
    assert len(raw) < 140_000
    assert len(gzip.compress(raw)) < 20_000


def test_a_stranger_sees_nothing_and_moves_nothing(
    client: Client, charlie: User, workspace: Workspace, channel: Channel
) -> None:
    (row,) = plan(workspace, channel, [at(10)])
    client.force_login(charlie)
    for address in ("calendar/", f"occurrences/{row.pk}/glance/", f"occurrences/{row.pk}/move/"):
        assert client.get(f"/w/atelier/{address}").status_code == 404
    assert client.get(f"/w/elsewhere/occurrences/{row.pk}/glance/").status_code == 404
    assert client.post(f"/w/elsewhere/occurrences/{row.pk}/move/", {"day": "2027-03-12"}).status_code == 404
    row.refresh_from_db()
    assert row.planned_for == at(10)


def test_a_viewer_sees_and_does_not_move(client: Client, workspace: Workspace, channel: Channel, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role="viewer")
    (row,) = plan(workspace, channel, [at(10)])
    client.force_login(bob)
    assert "data-move" not in client.get(MONTH).content.decode()
    assert client.post(f"/w/atelier/occurrences/{row.pk}/move/", {"day": "2027-03-12"}).status_code == 403


def test_a_move_by_form_works_without_a_script(reader: Client, workspace: Workspace, channel: Channel) -> None:
    (row,) = plan(workspace, channel, [at(10)])
    answer = reader.post(f"/w/atelier/occurrences/{row.pk}/move/", {"when": "2027-03-12T09:15"}, follow=True)
    row.refresh_from_db()
    assert row.planned_for == at(12, 9, 15)
    assert "Moved to Fri 12 Mar 2027 09:15" in answer.content.decode()


def test_a_drop_keeps_the_hour_and_brings_the_calendar_with_a_way_back(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    (row,) = plan(workspace, channel, [at(10)])
    address = f"/w/atelier/occurrences/{row.pk}/"
    answer = reader.post(address + "move/", {"day": "2027-03-30"}, headers=htmx())
    row.refresh_from_db()
    assert row.planned_for == at(30)  # the clocks change in between
    told = answer.content.decode()
    assert 'hx-swap-oob="outerHTML"' in told
    assert "Undo" in told
    undo = {"verb": answer.context["toast"]["undo"].verb, "values": answer.context["values"]}
    reader.post(address + "act/", undo, headers=htmx())
    row.refresh_from_db()
    assert row.planned_for == at(10)


def test_the_past_is_refused_with_a_sentence(reader: Client, workspace: Workspace, channel: Channel) -> None:
    (row,) = plan(workspace, channel, [at(10)])
    address = f"/w/atelier/occurrences/{row.pk}/move/"
    dropped = reader.post(address, {"day": "2020-01-01"}, headers=htmx())
    assert "is past. Choose a time to come." in dropped.content.decode()
    typed = reader.post(address, {"when": "2020-01-01T10:00"})
    assert (typed.status_code, "is past" in typed.content.decode()) == (422, True)
    empty = reader.post(address, {})
    assert (empty.status_code, "Choose a day and a time." in empty.content.decode()) == (422, True)


def test_the_first_time_that_the_guards_allow_is_offered(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    GuardSetting.objects.create(
        workspace=workspace, guard="quiet_time", action="hold", options={"start": "22:00", "end": "08:30"}
    )
    (row,) = plan(workspace, channel, [at(10, 23)])
    Post.objects.update(reviewed_at=at(1))
    told = reader.get(f"/w/atelier/occurrences/{row.pk}/move/").content.decode()
    assert "Thu 11 Mar 2027 08:30" in told


def test_what_will_be_held_at_the_new_time_is_said_at_once(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    GuardSetting.objects.create(
        workspace=workspace, guard="quiet_time", action="hold", options={"blackout": ["2027-03-20"]}
    )
    (row,) = plan(workspace, channel, [at(10)])
    Post.objects.update(reviewed_at=at(1))
    answer = reader.post(f"/w/atelier/occurrences/{row.pk}/move/", {"day": "2027-03-20"}, headers=htmx())
    assert "it will be held then: Nothing goes out on" in answer.content.decode()


def test_what_is_out_cannot_be_moved(reader: Client, workspace: Workspace, channel: Channel) -> None:
    (row,) = plan(workspace, channel, [at(10)], state="published", published_at=at(10))
    assert "Move to" not in reader.get(f"/w/atelier/occurrences/{row.pk}/glance/").content.decode()
    answer = reader.post(f"/w/atelier/occurrences/{row.pk}/move/", {"day": "2027-03-20"}, headers=htmx())
    assert "This is out already." in answer.content.decode()


def test_skipping_from_the_calendar_can_be_undone(reader: Client, workspace: Workspace, channel: Channel) -> None:
    (row,) = plan(workspace, channel, [at(10)])
    address = f"/w/atelier/occurrences/{row.pk}/act/"
    answer = reader.post(address, {"verb": "skip"}, headers=htmx())
    row.refresh_from_db()
    assert row.state == "skipped"
    undo = {"verb": answer.context["toast"]["undo"].verb, "values": answer.context["values"]}
    reader.post(address, undo, headers=htmx())
    row.refresh_from_db()
    assert row.state == "scheduled"


@pytest.mark.parametrize(
    "posted", [{"verb": "retire"}, {"verb": "move", "values": "{"}, {"verb": "move", "values": "[]"}, {}]
)
def test_the_calendar_does_nothing_else(
    reader: Client, workspace: Workspace, channel: Channel, posted: dict[str, str]
) -> None:
    (row,) = plan(workspace, channel, [at(10)])
    answer = reader.post(f"/w/atelier/occurrences/{row.pk}/act/", posted, headers=htmx())
    assert answer.status_code == 200
    assert 'data-kind="error"' in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.revision) == ("scheduled", 0)


def test_a_draft_is_not_in_the_calendar(reader: Client, workspace: Workspace, channel: Channel) -> None:
    a_post(workspace, channel)
    assert "Nothing is planned here" in reader.get(MONTH).content.decode()
