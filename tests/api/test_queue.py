"""Slots and the queue through the API: the same verbs, words and refusals as the dashboard."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from posts.models import Category, Channel, Post
from scheduler.models import Publication, Slot
from teams.models import AuditEntry, User, Workspace
from tests.api.conftest import Api, token_of

pytestmark = pytest.mark.django_db
REPEAT = {"interval": 30, "unit": "day", "max_repeats": 3}


def daily(channel: Channel) -> None:
    for day in range(7):
        Slot.objects.create(workspace_id=channel.workspace_id, channel=channel, weekday=day, at=time(10))


def test_a_slot_is_made_changed_and_removed(api: Api, workspace: Workspace, channel: Channel) -> None:
    tips = Category.objects.create(workspace=workspace, name="Tips")
    made = api.post("slots/", {"channel": channel.pk, "weekday": "tuesday", "at": "09:30"}, Idempotency_Key="a")
    assert made.status_code == 201
    slot = made.json()
    assert {**slot, "id": 0} == {
        "id": 0, "channel": channel.pk, "weekday": "tuesday", "at": "09:30", "category": None, "active": True,
    }  # fmt: skip
    again = api.post("slots/", {"channel": channel.pk, "weekday": "tuesday", "at": "09:30"}, Idempotency_Key="a")
    assert (again.status_code, again.json()["id"]) == (201, slot["id"])
    refused = api.post("slots/", {"channel": channel.pk, "weekday": "tuesday", "at": "09:30"})
    assert (refused.status_code, refused.json()["detail"]) == (409, "Atelier has a slot at this time already.")
    where = f"slots/{slot['id']}/"
    changed = api.patch(where, {"weekday": "sunday", "category": tips.pk, "active": False}).json()
    assert (changed["weekday"], changed["category"], changed["active"]) == ("sunday", tips.pk, False)
    assert api.get(where).json() == changed
    assert [one["id"] for one in api.get(f"slots/?channel={channel.pk}").json()["results"]] == [slot["id"]]
    assert api.delete(where).status_code == 204
    assert api.get(where).status_code == 404
    assert {"slot_added", "slot_changed", "slot_removed"} <= set(AuditEntry.objects.values_list("action", flat=True))


@pytest.mark.parametrize(
    "wrong", [{"weekday": "caturday"}, {"weekday": 1}, {"at": "25:00"}, {"at": 9}, {"colour": "x"}]
)
def test_what_cannot_be_a_slot_is_refused_by_name(api: Api, channel: Channel, wrong: dict[str, object]) -> None:
    answer = api.post("slots/", {"channel": channel.pk, "weekday": "monday", "at": "09:30", **wrong})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, next(iter(wrong)))


def test_a_stranger_and_a_reader_change_nothing(
    api: Api, stranger: Api, bob: User, workspace: Workspace, channel: Channel
) -> None:
    daily(channel)
    slot = Slot.objects.earliest("pk")
    assert stranger.get(f"slots/{slot.pk}/").status_code == stranger.delete(f"slots/{slot.pk}/").status_code == 404
    assert stranger.post("slots/", {"channel": channel.pk, "weekday": "monday", "at": "11:00"}).status_code == 400
    assert token_of(bob, workspace, ["read"]).delete(f"slots/{slot.pk}/").status_code == 403
    assert stranger.get("queue/").json()["results"] == []


def test_a_post_joins_the_queue_and_takes_the_next_slot(api: Api, channel: Channel) -> None:
    daily(channel)
    body = {"text": "Rub beeswax.", "channels": [channel.pk], "status": "active", "queue": "once"}
    made = api.post("posts/", body).json()
    assert (made["queue"], made["status"], made["repeat"]) == ("once", "active", None)
    told = api.get("queue/").json()
    assert [(one["post"], one["slot"] is not None) for one in told["results"]] == [(made["id"], True)]
    assert told["results"][0]["sentence"] == "It was the first in the queue of what goes out once."
    assert len(told["gaps"]) == 13
    assert told["gaps"][0]["why"] == "Nothing to fill it: no post in the queue suits it."
    assert not told["stale"]


def test_evergreen_needs_an_end_and_once_no_repeat(api: Api, channel: Channel) -> None:
    body = {"text": "Rub beeswax.", "channels": [channel.pk], "status": "active"}
    endless = api.post("posts/", body | {"queue": "evergreen"})
    assert (endless.status_code, endless.json()["errors"][0]["field"]) == (400, "repeat")
    assert api.post("posts/", body | {"queue": "once", "repeat": REPEAT}).status_code == 400
    made = api.post("posts/", body | {"queue": "evergreen", "repeat": REPEAT})
    assert (made.status_code, made.json()["queue"]) == (201, "evergreen")
    absurd = api.post("posts/", body | {"text": "B", "queue": "evergreen", "repeat": REPEAT | {"max_repeats": 99}})
    assert (absurd.status_code, absurd.json()["findings"][0]["guard"]) == (422, "absurd_rule")


def test_a_post_leaves_the_queue_for_a_date_and_comes_back(api: Api, channel: Channel) -> None:
    daily(channel)
    body = {
        "text": "Rub beeswax.",
        "channels": [channel.pk],
        "status": "active",
        "queue": "evergreen",
        "repeat": REPEAT,
    }
    made = api.post("posts/", body)
    where = f"posts/{made.json()['id']}/"
    at = (timezone.now() + timedelta(days=40)).isoformat()
    dated = api.patch(where, {"queue": None, "starts_at": at, "repeat": None}, If_Match=made["ETag"])
    assert dated.json()["queue"] is None
    assert list(Publication.objects.values_list("slot", flat=True)) == [None]
    back = api.patch(where, {"queue": "once"}, If_Match=dated["ETag"])
    assert back.status_code == 200
    api.post(where + "stop/")
    assert not Publication.objects.filter(state="scheduled").exists()
    assert api.post(where + "schedule/").json()["status"] == "active"


def test_the_order_of_the_queue_is_changed(api: Api, channel: Channel) -> None:
    first, second = (
        api.post("posts/", {"text": text, "channels": [channel.pk], "status": "active", "queue": "once"}).json()["id"]
        for text in ("Rub beeswax.", "Our workshop smells.")
    )
    assert api.post(f"posts/{second}/sooner/").json()["queue_place"] == 1
    refused = api.post(f"posts/{second}/sooner/")
    assert (refused.status_code, refused.json()["detail"]) == (409, "It is first already.")
    assert api.post(f"posts/{second}/later/").status_code == 200
    assert list(Post.objects.order_by("queue_place").values_list("pk", flat=True)) == [first, second]
    found = api.get("posts/?queue=once").json()["results"]
    assert [one["id"] for one in found] == [second, first]
