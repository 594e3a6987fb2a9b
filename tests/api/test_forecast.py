"""The forecast of the API says what the dashboard's says, and what another setting would change in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from guards.models import GuardSetting
from posts.models import Channel, Post
from scheduler import queue
from scheduler.models import Publication, Slot
from teams.models import Workspace
from tests.api.conftest import Api
from tests.kit import scheduled

pytestmark = pytest.mark.django_db
EVERY_20 = {"interval": 20, "unit": "day", "max_repeats": 2}


@pytest.fixture
def post(workspace: Workspace, channel: Channel) -> Post:
    now = timezone.now()
    return scheduled(workspace, channel, at=now + timedelta(days=1), now=now, text="Read it!", repeat=EVERY_20)


def ask(api: Api, **body: Any) -> Any:
    return api.post("forecast/what-if/", body)


def test_what_runs_out_and_what_is_missing_is_told_with_the_forecast(
    api: Api, workspace: Workspace, channel: Channel, post: Post
) -> None:
    slot = Slot.objects.create(workspace=workspace, channel=channel, weekday=1, at="10:00")
    queue.fill(workspace, timezone.now())
    told = api.get("forecast/?days=60").json()
    (end,) = told["run_outs"]
    assert (end["post"], end["cause"], end["number"], end["days"]) == (post.pk, "count", 2, 41)
    assert end["sentence"].endswith("in 41 days: repeat 2 of 2.")
    assert {gap["slot"] for gap in told["gaps"]} == {slot.pk, None}
    assert 7 <= len(told["gaps"]) <= 9
    assert api.get("forecast/?days=30").json()["run_outs"] == []


def test_another_setting_of_a_guard_is_tried_and_not_saved(api: Api, post: Post) -> None:
    told = ask(api, guard="too_soon", options={"days": 30}, days=90).json()
    assert told["sentence"] == "2 publications would change: 2 fewer would go out when planned."
    assert (told["before"], told["after"]) == (
        {"out": 3, "held": 0, "blocked": 0},
        {"out": 1, "held": 2, "blocked": 0},
    )
    assert [(one["before"], one["after"]) for one in told["changes"]] == [("allow", "hold")] * 2
    assert told["changes"][0]["findings"][0]["guard"] == "too_soon"
    assert not GuardSetting.objects.exists()


def test_another_rule_of_a_post_is_tried_and_not_saved(api: Api, post: Post) -> None:
    told = ask(api, post=post.pk, repeat={"interval": 10, "unit": "day", "max_repeats": 1}).json()
    assert [(one["publication"] is None, one["before"], one["after"]) for one in told["changes"]] == [
        (True, None, "hold"),
        (False, "allow", None),
    ]
    none = ask(api, post=post.pk, repeat=None, days=90).json()
    assert [one["after"] for one in none["changes"]] == [None, None]
    assert Publication.objects.filter(post=post).count() == 3


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"days": 30},
        {"guard": "too_soon", "post": 1, "repeat": None},
        {"guard": "nonsense"},
        {"guard": "too_soon", "options": {"days": 0}},
        {"guard": "too_soon", "options": {"months": 1}},
        {"action": "hold"},
        {"post": 1},
        {"repeat": EVERY_20},
    ],
)
def test_a_question_that_is_none_is_refused(api: Api, body: dict[str, Any]) -> None:
    assert ask(api, **body).status_code == 400


def test_a_queued_post_has_no_dates_that_another_rule_could_change(
    api: Api, workspace: Workspace, channel: Channel
) -> None:
    queued = scheduled(workspace, channel, at=timezone.now(), queue="evergreen", repeat=EVERY_20)
    assert ask(api, post=queued.pk, repeat=EVERY_20).status_code == 409


def test_the_posts_of_others_are_not_there(stranger: Api, post: Post) -> None:
    assert ask(stranger, post=post.pk, repeat=None).status_code == 400
