"""Every error is a problem (RFC 9457) that says in a sentence what is wrong; none is a 500, none half-saves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from posts.models import Category, Channel, Post
from scheduler.models import Pause
from teams.models import User, Workspace
from tests.api.conftest import Api

pytestmark = pytest.mark.django_db
MEMBERS = {"type", "title", "status", "detail", "instance"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content[:400]
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert set(found) >= MEMBERS
    assert found["status"] == status
    assert found["detail"].endswith(".")
    return found


BODIES = [
    rb'{"text":"\udc00\ud800"}', rb'{"text":"a\u0000b"}', b'{"text":"a\x00b"}', b'{"text":"a","text":"b"}',
    b'{"n":NaN}', b'{"n":Infinity}', b'{"n":-Infinity}', b'{"n":1e999}', b'{"n":' + b"9" * 5000 + b"}",
    b"[" * 100_000, b'{"a":' * 400 + b"1" + b"}" * 400, b'{"text":', b"", b"null", b"[]", b'"text"', b"\xff\xfe{}",
    b'{"text":"\xc3"}', b"{'text':'a'}", b'\xef\xbb\xbf{"text":"a"}x', rb'{"\udc00":1}', b'{"text":"a"} {}',
]  # fmt: skip


@pytest.mark.parametrize("raw", BODIES, ids=[body[:16].hex() for body in BODIES])
def test_a_body_that_can_be_read_in_two_ways_or_none_is_refused(api: Api, raw: bytes) -> None:
    problem(api.post("posts/", raw), 400)
    assert not Post.objects.exists()


def test_a_pair_of_surrogates_is_one_emoji(api: Api) -> None:
    answer = api.post("posts/", rb'{"text":"\ud83d\ude00"}')
    assert (answer.status_code, answer.json()["text"]) == (201, "\U0001f600")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "text"),
    ({"text": ""}, "text"),
    ({"text": " \n "}, "text"),
    ({"text": 7}, "text"),
    ({"text": True}, "text"),
    ({"text": None}, "text"),
    ({"text": ["a"]}, "text"),
    ({"text": {"a": 1}}, "text"),
    ({"text": "x" * 50_000}, "text"),
    ({"text": "a\x07b"}, "text"),
    ({"text": "a", "workspace": 1}, "workspace"),
    ({"text": "a", "id": 1}, "id"),
    ({"text": "a", "author": 1}, "author"),
    ({"text": "a", "revision": 9}, "revision"),
    ({"text": "a", "status": "retired"}, "status"),
    ({"text": "a", "language": "x"}, "language"),
    ({"text": "a", "language": 5}, "language"),
    ({"text": "a", "channels": 1}, "channels"),
    ({"text": "a", "channels": ["1"]}, "channels.0"),
    ({"text": "a", "channels": [True]}, "channels.0"),
    ({"text": "a", "channels": [10**30]}, "channels.0"),
    ({"text": "a", "channels": [1.0]}, "channels.0"),
    ({"text": "a", "channels": [{}]}, "channels.0"),
    ({"text": "a", "channels": [999_999]}, "channels.0"),
    ({"text": "a", "category": 999_999}, "category"),
    ({"text": "a", "category": "Tips"}, "category"),
    ({"text": "a", "media": [1]}, "media.0"),
    ({"text": "a", "variations": ["b"] * 11}, "variations"),
    ({"text": "a", "variations": [""]}, "variations.0"),
    ({"text": "a", "versions": []}, "versions"),
    ({"text": "a", "versions": {"nowhere": {"text": "b"}}}, "versions.nowhere"),
    ({"text": "a", "versions": {"sandbox": {}}}, "versions.sandbox.text"),
    ({"text": "a", "versions": {"sandbox": {"text": "b", "x": 1}}}, "versions.sandbox.x"),
    ({"text": "a", "versions": {"sandbox": "b"}}, "versions.sandbox"),
    ({"text": "a", "starts_at": "tomorrow"}, "starts_at"),
    ({"text": "a", "starts_at": 1700000000}, "starts_at"),
    ({"text": "a", "starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
    ({"text": "a", "starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
    ({"text": "a", "starts_at": "2026-13-01T00:00:00Z"}, "starts_at"),
    ({"text": "a", "starts_at": "2026-12-01"}, "starts_at"),
    ({"text": "a", "repeat": 3}, "repeat"),
    ({"text": "a", "repeat": {"interval": 3, "unit": "day"}}, "repeat"),
    ({"text": "a", "repeat": {"interval": 0, "unit": "day", "max_repeats": 1}}, "repeat.interval"),
    ({"text": "a", "repeat": {"interval": 2**40, "unit": "day", "max_repeats": 1}}, "repeat.interval"),
    ({"text": "a", "repeat": {"interval": "3", "unit": "day", "max_repeats": 1}}, "repeat.interval"),
    ({"text": "a", "repeat": {"interval": 3, "unit": "hour", "max_repeats": 1}}, "repeat.unit"),
    ({"text": "a", "repeat": {"interval": 3, "unit": "day", "max_repeats": -1}}, "repeat.max_repeats"),
    ({"text": "a", "repeat": {"interval": 3, "unit": "day", "end_date": "soon"}}, "repeat.end_date"),
    ({"text": "a", "repeat": {"interval": 3, "unit": "day", "end_date": 5}}, "repeat.end_date"),
    ({"text": "a", "repeat": {"interval": 3, "unit": "day", "max_repeats": 1, "ends": 1}}, "repeat.ends"),
]


@pytest.mark.parametrize(("given", "field"), WRONG, ids=lambda one: one if isinstance(one, str) else None)
def test_a_wrong_field_is_named_and_nothing_is_saved(api: Api, given: dict[str, Any], field: str) -> None:
    errors = problem(api.post("posts/", given), 400)["errors"]
    assert [error["field"] for error in errors] == [field]
    assert errors[0]["message"].endswith((".", "?"))
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nowhere/", 404),
        ("POST", "nowhere/", 404),
        ("GET", "posts", 404),
        ("GET", "", 404),
        ("GET", "posts/0/", 404),
        ("GET", "posts/999999999999999999/", 404),
        ("GET", "posts/9999999999999999999999/", 404),
        ("GET", "posts/%00/", 404),
        ("GET", "posts/1'/", 404),
        ("GET", "guards/nothing/", 404),
        ("DELETE", "posts/", 405),
        ("PATCH", "channels/", 405),
        ("TRACE", "posts/", 405),
        ("GET", "posts/?status=held", 400),
        ("GET", "posts/?colour=red", 400),
        ("GET", "posts/?channel=x", 400),
        ("GET", "posts/?channel=99999999999999999999", 400),
        ("GET", "posts/?limit=0", 400),
        ("GET", "posts/?limit=٣", 400),
        ("GET", "posts/?cursor=%00", 400),
        ("GET", "posts/?cursor=cD1mb28=", 400),
        ("GET", "posts/?cursor=W251bGwsIDFlOTlf", 400),
        ("GET", "publications/?cursor=W251bGwsIDFd", 400),
        ("GET", "publications/?from=yesterday", 400),
        ("GET", "publications/?state=%00", 400),
        ("GET", "forecast/?days=91", 400),
        ("GET", "forecast/?days=x", 400),
        ("GET", "audit-log/?object_type=%00", 400),
        ("DELETE", "guards/too_soon/?category=x", 400),
    ],
)
def test_a_wrong_address_is_a_problem_too(api: Api, method: str, path: str, status: int) -> None:
    problem(api.send(method, path, None), status)


def test_a_form_of_answer_or_body_that_is_not_spoken_is_named(api: Api) -> None:
    problem(api.get("posts/", Accept="text/html"), 406)
    problem(api.post("posts/", b"<post/>", Content_Type="application/xml"), 415)


def test_a_body_that_is_too_large_is_not_read(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    problem(api.post("posts/", {"text": "x" * 1000}), 413)


def test_a_failure_of_ours_is_told_without_its_inside(api: Api, channel: Channel, caplog: Any) -> None:
    Channel.objects.filter(pk=channel.pk).update(network="gone")
    found = problem(api.get("channels/"), 500)
    assert "gone" not in json.dumps(found)
    assert "KeyError" in caplog.text


def test_ids_of_another_workspace_are_as_unknown_as_ids_of_nothing(
    stranger: Api, charlie: User, channel: Channel, workspace: Workspace, api: Api
) -> None:
    """Seen to fail with Ref looking at all rows."""
    category = Category.objects.create(workspace=workspace, name="Tips")
    post = Post.objects.create(workspace=workspace, text="Hers.", language="en")
    theirs = [("channels", [channel.pk], [987_654]), ("category", category.pk, 987_654)]
    for field, foreign, unknown in theirs:
        one = problem(stranger.post("posts/", {"text": "a", field: foreign}), 400)["errors"][0]["message"]
        two = problem(stranger.post("posts/", {"text": "a", field: unknown}), 400)["errors"][0]["message"]
        number = str(foreign[0] if isinstance(foreign, list) else foreign)
        assert one.replace(number, "987654") == two
    for body in ({"channel": channel.pk}, {"category": category.pk}, {"post": post.pk}):
        problem(stranger.post("pauses/", body), 400)
    problem(stranger.put("guards/too_soon/", {"action": "off", "category": category.pk}), 400)
    problem(stranger.post("check/", {"text": "a", "post": post.pk}), 400)
    problem(stranger.send("POST", f"imports/?channels={channel.pk}", b"text\na\n", Content_Type="text/csv"), 400)
    assert not Pause.objects.exists()
    assert stranger.get(f"posts/?channel={channel.pk}").json()["results"] == []


def test_a_number_from_the_database_that_grows_beyond_it_is_no_failure(api: Api, channel: Channel) -> None:
    problem(api.post("pauses/", {"channel": 2**63}), 400)
    problem(api.get(f"publications/?post={2**63}"), 400)
