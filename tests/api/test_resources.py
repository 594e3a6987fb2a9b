"""What the other resources of the API do: the same verbs, words and refusals as the dashboard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guards.models import GuardSetting
from posts.content import fingerprint
from posts.models import Category, Channel, Post
from scheduler.models import Pause, Publication
from teams.models import AuditEntry, User, Workspace
from tests.api.conftest import Api, token_of
from tests.kit import a_post, scheduled

pytestmark = pytest.mark.django_db
REPEAT = {"interval": 14, "unit": "day", "max_repeats": 3}
SETTING = {"action": "block", "options": {"days": 30}}


@pytest.fixture
def row(workspace: Workspace, channel: Channel) -> Publication:
    """The first of a series, due tomorrow."""
    now = timezone.now()
    post = scheduled(workspace, channel, at=now + timedelta(days=1), now=now, repeat=REPEAT)
    return Publication.objects.filter(post=post).earliest("due_at")


@pytest.fixture
def held(row: Publication, workspace: Workspace, channel: Channel) -> Publication:
    """Held, since the same text went out an hour before."""
    now = timezone.now()
    copy = scheduled(workspace, channel, at=now, now=now, text=row.post.text)
    Publication.objects.filter(post=copy).update(
        state="published", published_at=now, fingerprint=fingerprint(row.post.text), text=row.post.text
    )
    return row


def test_publications_are_listed_by_time_and_filtered(api: Api, row: Publication) -> None:
    found = api.get("publications/?state=scheduled").json()["results"]
    assert [one["number"] for one in found] == [0, 1, 2, 3]
    edge = found[1]["planned_for"].replace("+", "%2B")
    assert [one["number"] for one in api.get(f"publications/?from={edge}").json()["results"]] == [1, 2, 3]
    assert [one["number"] for one in api.get(f"publications/?to={edge}").json()["results"]] == [0]
    assert api.get(f"publications/?post={row.post_id + 1}").json()["results"] == []


def test_pages_of_publications_of_one_moment_are_complete(api: Api, workspace: Workspace) -> None:
    now = timezone.now()
    places = [
        Channel.objects.create(workspace=workspace, network="sandbox", handle=f"c{n}", name=f"C{n}") for n in range(7)
    ]
    scheduled(workspace, *places, at=now + timedelta(days=1), now=now)
    seen, where = [], "publications/?limit=3"
    while where:
        page = api.get(where).json()
        seen += [one["channel"] for one in page["results"]]
        where = page["next"]
    assert sorted(seen) == sorted(place.pk for place in places)


def test_skip_move_and_cancel_are_done_and_on_record(api: Api, row: Publication) -> None:
    where = f"publications/{row.pk}/"
    to = (timezone.now() + timedelta(days=3)).isoformat()
    assert api.post(where + "move/", {"to": to}).json()["state"] == "scheduled"
    assert api.post(where + "skip/").json()["state"] == "skipped"
    refused = api.post(where + "cancel/")
    assert (refused.status_code, refused.json()["detail"]) == (409, "That is not possible any more: it has ended.")
    assert {"moved", "skipped"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_a_move_into_the_past_is_refused_in_a_sentence(api: Api, row: Publication) -> None:
    answer = api.post(f"publications/{row.pk}/move/", {"to": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 409
    assert "is past. Choose a time to come." in answer.json()["detail"]


def test_an_override_needs_a_reason_and_something_to_override(api: Api, row: Publication) -> None:
    where = f"publications/{row.pk}/override/"
    assert "at least 10 characters" in api.post(where, {"reason": "ok"}).json()["detail"]
    assert api.post(where, {"reason": "It is a different event."}).status_code == 409
    assert api.post(where, {}).json()["errors"][0]["field"] == "reason"


def test_an_unconfirmed_publication_is_settled_by_a_person(api: Api, row: Publication) -> None:
    Publication.objects.filter(pk=row.pk).update(state="unconfirmed")
    assert api.post(f"publications/{row.pk}/settle/", {"out": "yes"}).status_code == 400
    assert api.post(f"publications/{row.pk}/settle/", {"out": True}).json()["state"] == "published"
    assert api.post(f"publications/{row.pk}/settle/", {"out": True}).status_code == 409


def test_a_fix_is_done_and_can_be_taken_back(api: Api, row: Publication) -> None:
    where = f"publications/{row.pk}/fix/"
    done = api.post(where, {"verb": "skip"}).json()
    assert (done["sentence"], done["publication"]["state"]) == ("Skipped.", "skipped")
    back = api.post(where, {"verb": done["undo"]["verb"], "values": done["undo"]["values"]}).json()
    assert back["publication"]["state"] == "scheduled"


@pytest.mark.parametrize(
    "fix",
    [
        {"verb": "nothing"},
        {"verb": "move"},
        {"verb": "move", "values": {"to": 5}},
        {"verb": "use_variation", "values": {"variation": 99}},
        {"verb": "set_rule", "values": {"interval": "x"}},
        {"verb": "undo", "values": {"deed": 10**30}},
        {"verb": "extend", "values": {"by_days": 10**12}},
    ],
)
def test_a_fix_with_wrong_values_changes_nothing(api: Api, row: Publication, fix: dict[str, Any]) -> None:
    answer = api.post(f"publications/{row.pk}/fix/", fix)
    assert answer.status_code == 409, answer.content
    assert answer.json()["detail"].endswith(".")
    row.refresh_from_db()
    assert (row.state, row.revision) == ("scheduled", 0)


def test_explain_names_every_guard_with_what_it_saw(api: Api, held: Publication) -> None:
    told = api.get(f"publications/{held.pk}/explain/").json()
    assert told["verdict"] == "hold"
    by_guard = {check["guard"]: check for check in told["checks"]}
    assert by_guard["too_soon"]["findings"][0]["message"].startswith("Sent ")
    assert by_guard["channel_down"]["saw"] == "Atelier is connected."
    assert all(check["saw"] or check["findings"] for check in told["checks"])
    assert told["sentence"].startswith("Asked now, the guards would hold it: Sent ")
    assert told["passing"]["at"] > told["publication"]["planned_for"]
    assert (told["passing"]["at_once"], told["passing"]["limits"]) == (False, [])


def test_the_forecast_says_what_the_dashboard_says(api: Api, held: Publication) -> None:
    told = api.get("forecast/?days=30").json()
    assert (told["stale"], told["days"], bool(told["computed_at"])) == (False, 30, True)
    first = told["results"][0]
    assert (first["id"], first["verdict"]) == (held.pk, "hold")
    assert first["findings"][0]["guard"] == "too_soon"
    assert [one["number"] for one in told["results"]] == [0, 1, 2]


def test_a_dry_run_says_what_scheduling_would_and_saves_nothing(api: Api, held: Publication) -> None:
    draft = {"text": held.post.text, "channels": [held.channel_id], "repeat": REPEAT}
    told = api.post("check/", draft).json()
    assert told["verdict"] == "hold"
    assert set(told["findings"][0]) == {"guard", "action", "message", "evidence", "fixes", "until"}
    assert len(told["dates"]) == 4
    assert {date["channel"] for date in told["dates"]} == {held.channel_id}
    past = api.post("check/", {**draft, "repeat": None, "starts_at": "2020-01-01T00:00:00Z"})
    assert (past.status_code, past.json()["errors"][0]["field"]) == (400, "")
    assert Post.objects.count() == 2


def test_a_dry_run_speaks_the_language_asked_for(api: Api, channel: Channel) -> None:
    answer = api.post("check/", {"text": "A.", "channels": [channel.pk]}, Accept_Language="fr")
    assert answer["Content-Language"] == "fr"


def test_a_pause_covers_its_scope_until_it_is_deleted(api: Api, channel: Channel) -> None:
    made = api.post("pauses/", {"channel": channel.pk, "reason": "A crisis."}).json()
    assert (made["scope"], made["by"], made["channel"]) == ("the channel Atelier", "Alice", channel.pk)
    assert [one["id"] for one in api.get("pauses/").json()["results"]] == [made["id"]]
    assert api.delete(f"pauses/{made['id']}/").status_code == 204
    assert api.delete(f"pauses/{made['id']}/").status_code == 404
    assert Pause.objects.get().ended_by == "Alice"


def test_the_pause_of_a_series_names_its_post(api: Api, workspace: Workspace, channel: Channel) -> None:
    post = a_post(workspace, channel)
    assert api.post("pauses/", {"repeats_only": True}).status_code == 400
    made = api.post("pauses/", {"post": post.pk, "repeats_only": True}).json()
    assert (made["repeats_only"], made["scope"]) == (True, f"the repeats of “{post.title}”")
    assert made["leaving"] == []


def test_a_pause_has_one_scope_and_an_end_to_come(api: Api, channel: Channel) -> None:
    both = api.post("pauses/", {"channel": channel.pk, "network": "sandbox"})
    assert "at most one" in both.json()["errors"][0]["message"]
    assert api.post("pauses/", {"until": "2020-01-01T00:00:00Z"}).status_code == 409
    assert not Pause.objects.exists()


def test_the_pause_of_the_whole_instance_is_seen_and_not_ended_from_inside(api: Api) -> None:
    whole = Pause.objects.create(by="root", since=timezone.now())
    assert api.get("pauses/").json()["results"][0]["instance"] is True
    assert api.delete(f"pauses/{whole.pk}/").status_code == 404


def test_every_guard_is_listed_with_its_manual_and_its_options(api: Api) -> None:
    told = {one["guard"]: one for one in api.get("guards/").json()}
    soon = told["too_soon"]
    assert soon["finds"].startswith("The same content was on the same channel")
    assert all(one["finds"] and one["why"] and one["when_off"] for one in told.values())
    (days,) = soon["options"]
    assert (days["name"], days["kind"], days["default"], days["unit"], days["low"], days["high"]) == (
        "days", "number", 14, "days", 1, 365,
    )  # fmt: skip
    assert soon["setting"] == {
        "action": "hold", "options": {"days": 14}, "category": None, "post": None, "said_by": "the default",
        "options_said_by": {"days": "the default"}, "own": {"action": None, "options": {}},
    }  # fmt: skip


def test_a_guard_is_set_for_the_workspace_and_closer_for_a_category(api: Api, workspace: Workspace) -> None:
    tips = Category.objects.create(workspace=workspace, name="Tips")
    api.put("guards/too_soon/", SETTING)
    told = api.put("guards/too_soon/", {"action": "off", "category": tips.pk}).json()
    assert told["setting"]["own"] == {"action": told["setting"]["action"], "options": told["setting"]["options"]}
    assert {name: told["setting"][name] for name in SETTING} == SETTING
    assert [(one["category"], one["action"]) for one in told["categories"]] == [(tips.pk, "off")]
    assert api.delete(f"guards/too_soon/?category={tips.pk}").status_code == 204
    assert api.delete("guards/too_soon/").status_code == 204
    assert not GuardSetting.objects.exists()
    assert AuditEntry.objects.filter(action="guard_set").count() == 4


@pytest.mark.parametrize(
    ("guard", "options", "field", "said"),
    [
        ("too_soon", {"days": 0}, "options.days", "Write a number from 1 to 365."),
        ("too_soon", {"days": "14"}, "options.days", "Write a whole number."),
        ("too_soon", {"days": True}, "options.days", "Write a whole number."),
        ("too_soon", {"weeks": 2}, "options.weeks", "This guard has no option of this name."),
        ("quiet_time", {"start": "late", "end": "07:00"}, "options", "“late” is not a time of day such as 22:00."),
        ("quiet_time", {"start": "22:00"}, "options", "Quiet hours need both a beginning and an end."),
        ("quiet_time", {"blackout": "2026-12-25"}, "options.blackout", "Write a list of at most 200 texts"),
        ("retired_name", {"names": [5]}, "options.names", "Write a list of at most 200 texts"),
        ("retired_name", {"names": ["x" * 201]}, "options.names", "Write a list of at most 200 texts"),
    ],
)
def test_options_that_cannot_be_kept_are_named(
    api: Api, guard: str, options: dict[str, Any], field: str, said: str
) -> None:
    answer = api.put(f"guards/{guard}/", {"action": "hold", "options": options})
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["field"], error["message"].startswith(said)) == (400, field, True)
    assert not GuardSetting.objects.exists()


def test_a_category_is_named_once(api: Api) -> None:
    made = api.post("categories/", {"name": "Tips"}).json()
    assert api.post("categories/", {"name": "Tips"}).json()["errors"][0]["field"] == "name"
    assert api.post("categories/", {"name": "News", "colour": "red"}).json()["errors"][0]["field"] == "colour"
    assert api.patch(f"categories/{made['id']}/", {"colour": "#112233"}).json()["name"] == "Tips"


def test_a_file_is_judged_line_by_line_and_becomes_posts_when_confirmed(api: Api, channel: Channel) -> None:
    day = (timezone.now() + timedelta(days=30)).date()
    csv = f"text,date\nRead our guide.,{day} 09:00\n,{day} 09:00\n".encode()
    answer = api.send("POST", f"imports/?channels={channel.pk}", csv, Content_Type="text/csv")
    told = answer.json()
    assert answer.status_code == 201, told
    assert [(line["number"], line["fate"], line["wanted"]) for line in told["lines"]] == [
        (2, "ready", True), (3, "refused", False),
    ]  # fmt: skip
    assert told["lines"][1]["problems"]
    assert not Post.objects.exists()
    made = api.post(f"imports/{told['id']}/confirm/").json()["posts"]
    assert [post.pk for post in Post.objects.all()] == made
    assert api.post(f"imports/{told['id']}/confirm/").json()["posts"] == []
    assert api.get(f"imports/{told['id']}/").json()["lines"][0]["post"] == made[0]
    assert api.post(f"imports/{told['id']}/confirm/", {"lines": [3]}).status_code == 409


def test_a_file_may_come_as_a_form_too(api: Api, channel: Channel) -> None:
    file = SimpleUploadedFile("posts.csv", b"text\nRead our guide.\n", "text/csv")
    where = f"/api/v1/imports/?channels={channel.pk}"
    answer = Client().post(where, {"file": file}, headers={"Authorization": f"Bearer {api.token}"})
    assert (answer.status_code, answer.json()["name"]) == (201, "posts.csv")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x00\x01", b"text\n\xff\xfe\n", b"no,known,header\n1,2,3\n"])
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(api: Api, data: bytes) -> None:
    answer = api.send("POST", "imports/", data, Content_Type="text/csv")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].endswith(".")


def test_the_log_is_read_newest_first_and_only_here(api: Api, stranger: Api, row: Publication) -> None:
    api.post(f"publications/{row.pk}/skip/")
    found = api.get("audit-log/").json()["results"]
    assert (found[0]["by"], found[0]["action"]) == ("Alice", "skipped")
    assert found[0]["sentence"].startswith("skipped one of")
    assert stranger.get("audit-log/").json()["results"] == []


def test_members_are_listed(api: Api, bob: User, charlie: User) -> None:
    assert [one["name"] for one in api.get("members/").json()["results"]] == ["Alice", "Bob"]


@pytest.mark.parametrize("where", ["publications/", "forecast/", "audit-log/", "channels/", "members/", "guards/"])
def test_a_list_costs_as_many_queries_for_many_rows_as_for_few(
    api: Api, workspace: Workspace, channel: Channel, where: str, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    for number in range(15):
        scheduled(workspace, channel, at=now + timedelta(days=1), now=now, repeat=REPEAT, text=f"Tip {number}")
    api.get(where)
    with django_assert_max_num_queries(12):
        assert api.get(where).status_code == 200


def test_a_guard_is_set_closest_for_a_post_and_each_value_says_where_it_comes_from(
    api: Api, workspace: Workspace, channel: Channel
) -> None:
    tips = Category.objects.create(workspace=workspace, name="Tips")
    post = a_post(workspace, channel, category=tips)
    api.put("guards/too_soon/", {"options": {"days": 20}, "category": tips.pk})
    told = api.put(f"guards/too_soon/posts/{post.pk}/", {"action": "block"}).json()
    (own,) = told["posts"]
    assert own == {
        "action": "block", "options": {"days": 20}, "category": None, "post": post.pk, "said_by": "set for this post",
        "options_said_by": {"days": "the setting of the category Tips"}, "own": {"action": "block", "options": {}},
    }  # fmt: skip
    assert api.delete(f"guards/too_soon/posts/{post.pk}/").status_code == 204
    assert GuardSetting.objects.get().category == tips


def test_a_writer_may_be_stricter_with_a_post_and_only_an_administrator_easier(
    bob: User, workspace: Workspace, channel: Channel
) -> None:
    post = a_post(workspace, channel)
    writing = token_of(bob, workspace, ["read", "write"])
    path = f"guards/too_soon/posts/{post.pk}/"
    assert writing.put(path, {"options": {"days": 30}}).status_code == 200
    assert writing.put(path, {"options": {"days": 3}}).status_code == 403
    assert writing.put("guards/too_soon/", SETTING).status_code == 403
    assert GuardSetting.objects.get().options == {"days": 30}
    assert writing.put("guards/too_soon/posts/99999/", {}).status_code == 404
