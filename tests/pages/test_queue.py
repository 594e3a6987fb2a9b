"""The queue and the slots of a channel, on their pages."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from posts.models import Category, Channel, Post
from scheduler import queue
from scheduler.models import Publication, Slot
from scheduler.schedule import schedule
from teams.models import AuditEntry, Membership, User, Workspace
from tests.kit import a_post
from tests.pages.standing import awake

pytestmark = pytest.mark.django_db
QUEUE = "/w/atelier/queue/"


@pytest.fixture
def reader(client: Client, alice: User, workspace: Workspace) -> Client:
    client.force_login(alice)
    awake(workspace)
    return client


def slots(channel: Channel, *hours: int) -> None:
    for day in range(7):
        for hour in hours:
            Slot.objects.create(workspace_id=channel.workspace_id, channel=channel, weekday=day, at=time(hour))


def evergreen(workspace: Workspace, channel: Channel, text: str) -> Post:
    post = a_post(workspace, channel, text=text, queue="evergreen", repeat={"interval": 30, "max_repeats": 5})
    schedule([post], None, timezone.now())
    return post


def test_the_page_says_what_comes_when_and_why_and_what_stays_empty(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    assert "No slots yet" in reader.get(QUEUE).content.decode()
    slots(channel, 10)
    post = evergreen(workspace, channel, "Rub beeswax along the seam.")
    page = reader.get(QUEUE).content.decode()
    assert "It was never sent on Atelier, and is the first of those in the queue." in page
    assert "Nothing to fill it. Too soon: 1 post, until" in page
    assert "Comes again, at most 5 times, sent 0 times" in page
    assert page.count(post.title) >= 2


def test_slots_are_added_switched_off_copied_and_removed(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    here, other = (
        f"/w/atelier/channels/{channel.pk}/slots/",
        Channel.objects.create(workspace=workspace, network="sandbox", handle="b", name="Blue bird"),
    )
    tips = Category.objects.create(workspace=workspace, name="Tips")
    given = {"weekdays": ["0", "2"], "at": "10:00", "category": str(tips.pk)}
    assert reader.post(here, given).status_code == 302
    assert [(one.weekday, one.at, one.category) for one in channel.slots.all()] == [
        (0, time(10), tips), (2, time(10), tips),
    ]  # fmt: skip
    again = reader.post(here, given)
    assert (again.status_code, "has a slot at this time already" in again.content.decode()) == (422, True)
    assert reader.post(here, {"at": "25:00"}).status_code == 422
    reader.post(here + "copy/", {"to": [str(other.pk), "9999999"]})
    assert other.slots.count() == 2
    slot = channel.slots.earliest("weekday")
    reader.post(f"/w/atelier/slots/{slot.pk}/switch/")
    assert not Slot.objects.get(pk=slot.pk).active
    reader.post(f"/w/atelier/slots/{slot.pk}/switch/", {"active": "on"})
    reader.post(f"/w/atelier/slots/{slot.pk}/remove/")
    assert channel.slots.count() == 1
    done = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"slot_added", "slots_copied", "slot_changed", "slot_removed"} <= done


def test_a_viewer_looks_and_a_stranger_does_not(
    client: Client, bob: User, charlie: User, workspace: Workspace, channel: Channel
) -> None:
    Membership.objects.filter(user=bob).update(role="viewer")
    here = f"/w/atelier/channels/{channel.pk}/slots/"
    client.force_login(bob)
    assert "Add slots" not in client.get(here).content.decode()
    client.post(here, {"weekdays": ["0"], "at": "10:00"})
    assert not Slot.objects.exists()
    slots(channel, 10)
    assert client.post(f"/w/atelier/slots/{Slot.objects.earliest('pk').pk}/remove/").status_code == 403
    client.force_login(charlie)
    assert client.get(QUEUE).status_code == client.get(here).status_code == 404
    elsewhere = f"/w/elsewhere/slots/{Slot.objects.earliest('pk').pk}/remove/"
    assert client.post(elsewhere).status_code == 404


def test_a_post_goes_sooner_by_a_button(reader: Client, workspace: Workspace, channel: Channel) -> None:
    first, second = (evergreen(workspace, channel, text) for text in ("Rub beeswax.", "Our workshop smells."))
    answer = reader.post(f"{QUEUE}{second.pk}/sooner/")
    assert answer.headers["Location"] == f"{QUEUE}#post-{second.pk}"
    assert [post.pk for post in queue.in_queue(workspace)] == [second.pk, first.pk]
    assert reader.post(f"{QUEUE}{second.pk}/away/").status_code == 404
    assert reader.get(f"{QUEUE}{second.pk}/sooner/").status_code == 405


@pytest.mark.parametrize("number", [10, 500])
def test_the_pages_ask_the_database_as_often_for_much_as_for_little(
    reader: Client, workspace: Workspace, channel: Channel, number: int, django_assert_max_num_queries: Any
) -> None:
    slots(channel, *range(7, 8 + number // 50))
    posts = Post.objects.bulk_create(
        Post(workspace=workspace, text=f"Tip {n}", language="en", status="active", queue="once", queue_place=n,
             starts_at=timezone.now(), planned_until=timezone.now())
        for n in range(number)
    )  # fmt: skip
    channel.posts.add(*posts)
    queue.fill(workspace, timezone.now())
    reader.get(QUEUE)
    with django_assert_max_num_queries(12):
        page = reader.get(QUEUE)
    assert len(page.content) < 120_000
    with django_assert_max_num_queries(12):
        reader.get(f"/w/atelier/channels/{channel.pk}/slots/")


def test_the_composer_puts_a_post_into_the_queue(reader: Client, workspace: Workspace, channel: Channel) -> None:
    slots(channel, 10)
    given = {
        "text": "Rub beeswax along the seam.", "language": "en", "channels": [str(channel.pk)], "when": "once",
        "action": "schedule",
    }  # fmt: skip
    said = reader.post("/w/atelier/compose/", given, follow=True).content.decode()
    assert "In the queue on 1 channel, next on " in said
    row = Publication.objects.get()
    assert row.slot is not None
    assert (row.post.queue, row.slot.at) == ("once", time(10))
    endless = {**given, "when": "evergreen", "text": "Another.", "interval": "30", "unit": "day"}
    refused = reader.post("/w/atelier/compose/", endless)
    assert (refused.status_code, "A repeat needs an end" in refused.content.decode()) == (422, True)
    assert reader.post("/w/atelier/compose/", endless | {"max_repeats": "3"}).status_code == 302
    post = Post.objects.get(text="Another.")
    assert (post.queue, post.rule.max_repeats, post.publications.count()) == ("evergreen", 3, 1)
    both = reader.post(
        "/w/atelier/compose/", given | {"text": "Both.", "repeat": "on", "interval": "30", "unit": "day"}
    )
    assert (both.status_code, "does not repeat" in both.content.decode()) == (422, True)


def test_while_writing_the_next_turn_and_a_missing_slot_are_said(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    given = {"text": "Rub beeswax.", "language": "en", "channels": [str(channel.pk)], "when": "evergreen",
             "interval": "30", "unit": "day", "max_repeats": "3"}  # fmt: skip
    assert "has no slot that takes this" in reader.post("/w/atelier/check/", given).content.decode()
    slots(channel, 10)
    said = reader.post("/w/atelier/check/", given).content.decode()
    assert "Next in its turn:" in said
    assert "3 repeats = 4 publications on each channel." in said
    assert "Put into the queue" in said


def test_a_queued_draft_is_a_queued_draft_when_it_is_opened_again(
    reader: Client, workspace: Workspace, channel: Channel
) -> None:
    given = {"text": "Rub beeswax.", "language": "en", "channels": [str(channel.pk)], "when": "evergreen",
             "interval": "30", "unit": "day", "max_repeats": "3", "action": "draft"}  # fmt: skip
    reader.post("/w/atelier/compose/", given)
    post = Post.objects.get()
    assert (post.status, post.queue) == ("draft", "evergreen")
    assert 'value="evergreen" checked' in reader.get(f"/w/atelier/compose/{post.pk}/").content.decode()
    reader.post(f"/w/atelier/posts/{post.pk}/schedule/")
    post.refresh_from_db()
    assert post.status == "active"
    assert post.starts_at is not None
    assert timezone.now() - post.starts_at < timedelta(minutes=1)
    changed = {**given, "when": "as_planned", "action": "schedule", "repeat": "on", "revision": post.revision}
    reader.post(f"/w/atelier/compose/{post.pk}/", changed | {"max_repeats": "2"})
    assert (Post.objects.get().queue, Post.objects.get().rule.max_repeats) == ("evergreen", 2)
