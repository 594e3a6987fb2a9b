"""Looking back says of what went out what the engine said of it then, or would have said with other settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from guards.catalogue import RULES
from guards.models import GuardSetting, Policies
from posts.models import Category, Channel
from posts.networks import NETWORKS
from posts.sandbox.server import Server
from scheduler import hindsight
from scheduler.hindsight import can_tell, hindsights
from scheduler.models import Publication
from scheduler.rules import Levels, Scope
from scheduler.states import State
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import run, scheduled
from tests.scheduler.test_echoes import Picky

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WARNING = {
    "too_soon": {"days": 30}, "channel_full": {"per_day": 2}, "retired_name": {"names": ["Vine"]},
    "near_duplicate": {}, "dated_text": {}, "quiet_time": {"start": "11:00", "end": "11:30"},
    "lifetime_cap": {"times": 3},
    "series_ended": {}, "expired_content": {}, "format": {}, "worn_out": {},
}  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def lived_through(workspace: Workspace, channel: Channel) -> None:
    """Twelve weeks in which every guard that can only warns."""
    for guard, options in WARNING.items():
        GuardSetting.objects.create(workspace=workspace, guard=guard, action="warn", options=options)
    begin = NOW - 84 * DAY
    rule = {"interval": 14, "unit": "day", "max_repeats": 5}
    scheduled(workspace, channel, at=begin, text="Water the plants twice a week, and never at noon.", repeat=rule)
    again = "Water the plants twice a week, and never ever at noon."
    scheduled(workspace, channel, at=begin + 5 * DAY, now=begin, text=again)
    scheduled(workspace, channel, at=begin + 20 * DAY, now=begin, text="Follow us on Vine.", repeat=rule)
    for hour in range(4):
        at = begin + 30 * DAY + hour * timedelta(hours=2, minutes=5)
        scheduled(workspace, channel, at=at, now=begin, text=f"Letter number {hour} to our readers, from {hour * 7}.")
    dated = "Our winter fair ends on 30 September 2026."
    scheduled(workspace, channel, at=begin + 2 * DAY, now=begin, text=dated, repeat=rule)
    coming = Publication.objects.due(NOW).order_by("next_attempt_at")
    while row := coming.first():
        run(row.next_attempt_at or NOW)


def test_looking_back_sees_what_the_engine_saw(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    """Seen red with the history of later times let in, and with the neighbours left out."""
    lived_through(workspace, channel)
    rows = list(Publication.objects.filter(state=State.PUBLISHED).select_related("judgement"))
    assert len(rows) > 15
    then: dict[str, set[int]] = {guard: set() for guard in RULES}
    for row in rows:
        assert row.judgement is not None
        for check in row.judgement.verdict.checks:
            if check.findings:
                then[check.guard].add(row.pk)
    seen = hindsights(Scope(workspace), Policies([workspace.pk]), WARNING, NOW)
    assert {guard: set(one.caught) for guard, one in seen.items()} == {guard: then[guard] for guard in WARNING}
    told = {guard for guard, pks in then.items() if pks}
    assert {"too_soon", "channel_full", "retired_name", "near_duplicate", "dated_text", "quiet_time"} <= told


def said(workspace: Workspace, channel: Channel, *days_ago: int, **fields: Any) -> None:
    post = scheduled(workspace, channel, at=NOW + DAY, now=NOW, **fields)
    Publication.objects.filter(post=post).delete()
    times = [NOW - days * DAY for days in days_ago]
    Publication.objects.bulk_create(
        Publication(
            workspace=workspace, post=post, channel=channel, due_at=at, planned_for=at, published_at=at,
            state=State.PUBLISHED, text=post.text, fingerprint="the same",
        )
        for at in times
    )  # fmt: skip


def test_it_looks_at_the_newest_and_says_that_there_are_more(
    workspace: Workspace, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hindsight, "MOST", 3)
    said(workspace, channel, 50, 40, 30, 20, 10)
    seen = hindsights(Scope(workspace), Policies([workspace.pk]), ["too_soon"], NOW)["too_soon"]
    assert (seen.looked, seen.capped, seen.count("hold")) == (3, True, 3)
    newest = Publication.objects.order_by("-planned_for").values_list("pk", flat=True)[:3]
    assert set(seen.caught) == set(newest)


def test_a_category_and_a_post_look_at_their_own_with_what_else_was_said(
    workspace: Workspace, channel: Channel
) -> None:
    tips = Category.objects.create(workspace=workspace, name="Tips")
    said(workspace, channel, 40, 30, text="News.")
    said(workspace, channel, 35, 20, text="A tip.", category=tips)
    scope = Scope(workspace, category=tips)
    seen = hindsights(scope, Policies([workspace.pk]), ["too_soon"], NOW)["too_soon"]
    assert (seen.looked, seen.count("hold")) == (2, 2)


def test_the_number_of_queries_does_not_grow_with_what_went_out(
    workspace: Workspace, channel: Channel, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for count in (3, 60):
        cache.clear()
        said(workspace, channel, *range(1, count))
        with django_assert_max_num_queries(6):
            hindsights(Scope(workspace), Policies([workspace.pk]), RULES, NOW)


def test_what_was_asked_lately_is_remembered_until_the_settings_change(
    workspace: Workspace, channel: Channel, django_assert_num_queries: Callable[[int], Any]
) -> None:
    said(workspace, channel, 40, 20)
    scope = Scope(workspace)
    levels = Levels(scope)
    before = hindsights(scope, levels.policies, ["too_soon"], NOW)
    with django_assert_num_queries(0):
        assert hindsights(scope, levels.policies, ["too_soon"], NOW) == before
    changed = levels.policies.with_change(scope.row("too_soon", "", {"days": 30}))
    assert hindsights(scope, changed, ["too_soon"], NOW)["too_soon"].count("hold") == 1
    assert before["too_soon"].count("hold") == 0


def test_the_same_words_on_another_channel_of_the_network_count_where_it_minds(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two at one time the engine would have held the second."""
    monkeypatch.setitem(NETWORKS, "picky", Picky())
    for name in ("brand", "shop"):
        one = Channel.objects.create(workspace=workspace, network="picky", handle=name, name=name)
        said(workspace, one, 20, text="News from us.")
    seen = hindsights(Scope(workspace), Policies([workspace.pk]), ["repeated_wording"], NOW)["repeated_wording"]
    last = Publication.objects.order_by("pk").last()
    assert last is not None
    assert dict(seen.caught) == {last.pk: "hold"}


def test_guards_that_look_at_the_moment_say_that_they_cannot_tell(workspace: Workspace) -> None:
    of_the_moment = {guard for guard in RULES if not can_tell(guard)}
    assert of_the_moment == {"channel_down", "dead_link", "not_approved", "paused", "review_due"}
    assert not hindsights(Scope(workspace), Policies([workspace.pk]), of_the_moment, NOW)
