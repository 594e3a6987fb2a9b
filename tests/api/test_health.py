"""A monitor reads how the instance is doing, in words and as a yes or no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from scheduler import instance
from scheduler.models import Pulse
from tests.api.conftest import Api

pytestmark = pytest.mark.django_db


def checks(api: Api) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in api.get("health/").json()["checks"]}


def test_all_is_well(api: Api) -> None:
    answer = api.get("health/").json()
    assert answer["ok"] is True
    assert {one["fix"] for one in answer["checks"]} == {""}


def test_a_silent_worker_is_named_with_what_to_do(api: Api) -> None:
    Pulse.objects.filter(name="worker").update(at=timezone.now() - timedelta(minutes=2))
    assert api.get("health/").json()["ok"] is False
    found = checks(api)["worker"]
    assert found["ok"] is False
    assert "silent since" in found["sentence"]
    assert found["fix"].startswith("Start the worker")


def test_a_frozen_instance_says_so(api: Api) -> None:
    now = timezone.now()
    instance.freeze(instance.current(now), instance.OLDER, now)
    assert "a backup was restored" in checks(api)["identity"]["sentence"]
