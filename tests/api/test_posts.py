"""Posts through the API: written, scheduled, changed with the version in hand, stopped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from posts.models import Category, Channel, Post
from scheduler.models import Publication
from teams.models import AuditEntry, User, Workspace
from tests.api.conftest import Api

pytestmark = pytest.mark.django_db
REPEAT = {"interval": 14, "unit": "day", "max_repeats": 6, "end_date": "2098-12-31"}


def soon(**later: int) -> str:
    return (timezone.now() + timedelta(**later or {"days": 1})).replace(microsecond=0).isoformat()


def body(channel: Channel, **given: Any) -> dict[str, Any]:
    return {"text": "Answer comments within the hour.", "channels": [channel.pk], "starts_at": soon()} | given


def test_a_post_comes_back_as_it_was_written(api: Api, channel: Channel, workspace: Workspace) -> None:
    category = Category.objects.create(workspace=workspace, name="Tips")
    sent = body(
        channel, language="fr", versions={"sandbox": {"text": "Short."}}, variations=["Another."], media=[],
        category=category.pk, expires_at=soon(days=400), repeat=REPEAT | {"by_sharing": True},
    )  # fmt: skip
    answer = api.post("posts/", sent)
    assert answer.status_code == 201, answer.content
    got = answer.json()
    times = {name: datetime.fromisoformat(got.pop(name)) for name in ("starts_at", "expires_at")}
    assert times == {name: datetime.fromisoformat(sent.pop(name)) for name in times}
    assert {name: got[name] for name in sent} == sent | {
        "repeat": REPEAT | {"skip_short_months": False, "by_sharing": True}
    }
    assert (got["status"], got["revision"]) == ("draft", 2)
    assert api.get(answer["Location"]).json()["text"] == sent["text"]


def test_a_draft_is_nothing_but_a_draft(api: Api, channel: Channel) -> None:
    assert api.post("posts/", body(channel)).status_code == 201
    assert not Publication.objects.exists()


def test_a_post_can_be_written_and_scheduled_in_one_request(api: Api, channel: Channel) -> None:
    answer = api.post("posts/", body(channel, repeat=REPEAT, status="active"))
    assert answer.json()["status"] == "active"
    assert Publication.objects.count() == 7
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"scheduled"}


def test_a_blocked_post_is_a_422_with_the_verdict_and_leaves_nothing_behind(api: Api, channel: Channel) -> None:
    """Seen to fail without the transaction around the request: the draft stayed."""
    answer = api.post("posts/", body(channel, text="x" * 2000, status="active"))
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert problem["verdict"] == "block"
    finding = problem["findings"][0]
    assert finding["guard"] == "format"
    assert set(finding) == {"guard", "action", "message", "evidence", "fixes", "until"}
    assert "2000" in finding["message"].replace(",", "").replace("\xa0", "")
    assert not Post.objects.exists()


def test_ninety_nine_times_is_refused_with_one_sensible_rule_that_then_passes(api: Api, channel: Channel) -> None:
    endless = {"interval": 14, "unit": "day", "max_repeats": 99}
    answer = api.post("posts/", body(channel, status="active", starts_at=soon(days=1), repeat=endless))
    assert answer.status_code == 422
    (found,) = (one for one in answer.json()["findings"] if one["guard"] == "absurd_rule")
    assert "99" in found["message"]
    (fix,) = (one for one in found["fixes"] if one["verb"] == "set_rule")
    assert Post.objects.count() == 0
    again = api.post("posts/", body(channel, status="active", starts_at=soon(days=1), repeat=fix["values"]))
    assert (again.status_code, again.json()["repeat"]["max_repeats"]) == (201, 12)


def test_a_time_without_an_offset_is_on_the_workspaces_clock(api: Api, channel: Channel) -> None:
    answer = api.post("posts/", body(channel, starts_at="2090-07-01T09:00:00"))
    assert answer.json()["starts_at"] == "2090-07-01T09:00:00+02:00"


def test_a_change_needs_the_version_that_it_changes(api: Api, channel: Channel) -> None:
    made = api.post("posts/", body(channel))
    where = made["Location"]
    blind = api.patch(where, {"text": "New."})
    assert blind.status_code == 428
    assert "If-Match" in blind.json()["detail"]
    good = api.patch(where, {"text": "New."}, If_Match=made["ETag"])
    assert (good.status_code, good.json()["text"]) == (200, "New.")
    late = api.patch(where, {"text": "Lost?"}, If_Match=made["ETag"])
    assert late.status_code == 412
    assert Post.objects.get().text == "New."


def test_a_tag_that_compression_made_weak_still_names_the_version(api: Api, channel: Channel) -> None:
    made = api.post("posts/", body(channel, text="word " * 300))
    read = api.get(made["Location"], Accept_Encoding="gzip")
    assert read["ETag"].startswith('W/"')
    assert api.patch(made["Location"], {"text": "New."}, If_Match=read["ETag"]).status_code == 200


def test_scheduling_and_expiry_make_another_version_too(api: Api, channel: Channel) -> None:
    made = api.post("posts/", body(channel))
    scheduled = api.post(made["Location"] + "schedule/")
    assert scheduled["ETag"] != made["ETag"]
    assert api.patch(made["Location"], {"text": "New."}, If_Match=made["ETag"]).status_code == 412


def test_a_put_takes_what_it_leaves_out_to_its_usual_value(api: Api, channel: Channel) -> None:
    made = api.post("posts/", body(channel, repeat=REPEAT, variations=["Another."]))
    got = api.put(made["Location"], body(channel, text="New."), If_Match="*").json()
    assert (got["text"], got["repeat"], got["variations"]) == ("New.", None, [])


def test_a_change_of_the_rule_replans_a_running_series(api: Api, channel: Channel) -> None:
    made = api.post("posts/", body(channel, repeat=REPEAT, status="active"))
    changed = api.patch(made["Location"], {"repeat": {**REPEAT, "max_repeats": 2}}, If_Match=made["ETag"])
    assert changed.status_code == 200
    assert Publication.objects.count() == 3


def test_a_change_that_a_guard_blocks_leaves_the_series_as_it_was(api: Api, channel: Channel) -> None:
    made = api.post("posts/", body(channel, status="active"))
    answer = api.patch(made["Location"], {"text": "x" * 2000, "starts_at": soon(days=3)}, If_Match=made["ETag"])
    assert (answer.status_code, answer.json()["verdict"]) == (422, "block")
    assert api.get(made["Location"])["ETag"] == made["ETag"]


def test_stopping_ends_the_series_and_scheduling_starts_it_again(api: Api, channel: Channel) -> None:
    where = api.post("posts/", body(channel, repeat=REPEAT, status="active"))["Location"]
    assert api.post(where + "stop/").json()["status"] == "stopped"
    assert not Publication.objects.planned().exists()
    again = api.post(where + "stop/")
    assert (again.status_code, again.json()["detail"]) == (409, "This is not scheduled, so there is nothing to stop.")
    assert api.post(where + "schedule/", {"starts_at": soon(days=9)}).json()["status"] == "active"
    assert api.post(where + "schedule/").status_code == 409


def test_deleting_retires_the_post_and_keeps_the_record(api: Api, channel: Channel) -> None:
    where = api.post("posts/", body(channel, repeat=REPEAT, status="active"))["Location"]
    assert [api.delete(where).status_code for _ in range(2)] == [204, 204]
    assert api.get(where).json()["status"] == "retired"
    assert not Publication.objects.planned().exists()


def test_a_post_without_channels_or_in_the_past_is_told_what_it_lacks(api: Api, channel: Channel) -> None:
    lacks = api.post("posts/", body(channel, channels=[], status="active")).json()
    assert lacks["errors"] == [{"field": "channels", "message": "Choose at least one channel."}]
    past = api.post("posts/", body(channel, starts_at=soon(days=-1), status="active")).json()
    assert past["errors"][0]["field"] == "starts_at"
    assert "is past" in past["errors"][0]["message"]


def test_the_list_is_read_page_by_page_and_by_filter(api: Api, channel: Channel) -> None:
    made = [api.post("posts/", body(channel, text=f"Tip {number}")).json()["id"] for number in range(5)]
    seen, where = [], "posts/?limit=2"
    while where:
        page = api.get(where).json()
        seen += [post["id"] for post in page["results"]]
        where = page["next"]
    assert seen == made[::-1]
    assert len(api.get(f"posts/?channel={channel.pk}&status=draft").json()["results"]) == 5
    assert api.get("posts/?status=active").json()["results"] == []


def test_the_list_costs_as_many_queries_for_many_posts_as_for_few(
    api: Api, channel: Channel, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        post = Post.objects.create(workspace=channel.workspace, text="Tip", language="en")
        post.channels.add(channel)
    for limit in (10, 60):
        with django_assert_max_num_queries(9):
            assert len(api.get(f"posts/?limit={limit}").json()["results"]) == limit


def test_sentences_come_in_the_language_asked_for(api: Api, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="fr")
    assert api.get("posts/999/")["Content-Language"] == "fr"
    assert api.get("posts/999/", Accept_Language="en")["Content-Language"] == "en"
