"""What is decided about the guards holds where it was decided, at each level, for whoever may decide it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from guards.base import Moment
from guards.catalogue import RULES
from guards.models import GuardSetting, Policies
from notices.speak import speak, speak_kept
from posts.models import Category, Channel, Post
from posts.sandbox.server import Server
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.models import Publication
from scheduler.rules import Levels, Scope, Wish, decide, refusals, reset, role_for
from teams.models import AuditEntry, User, Workspace
from tests.conftest import NOW
from tests.kit import a_post, arrivals, only, run, scheduled, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def tips(workspace: Workspace) -> Category:
    return Category.objects.create(workspace=workspace, name="Tips")


def says(scope: Scope, guard: str, action: str = "", **options: Any) -> GuardSetting:
    row = scope.row(guard, action, options)
    row.save()
    return row


def test_each_level_says_what_it_says_and_inherits_the_rest(
    workspace: Workspace, channel: Channel, tips: Category
) -> None:
    post = a_post(workspace, channel, category=tips)
    says(Scope(workspace), "channel_full", "warn", per_day=5)
    says(Scope(workspace, category=tips), "channel_full", spacing=30)
    says(Scope(workspace, post=post), "channel_full", "block")
    setting = Policies([workspace.pk], [post.pk]).of(workspace.pk, tips.pk, post.pk)["channel_full"]
    assert (setting.action and setting.action.word, setting.options.per_day, setting.options.spacing) == (
        "block",
        5,
        30,
    )
    assert speak(setting.source) == "set for this post"
    assert {name: speak(said) for name, said in setting.sources.items()} == {
        "per_day": "the workspace's setting",
        "spacing": "the setting of the category Tips",
        "repeats": "the default",
        "repeats_from": "the default",
    }


def test_a_posts_own_setting_touches_no_other_post(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    """Seen red with the policy asked for without its post."""
    first = scheduled(workspace, channel, at=NOW, text="Water the plants.")
    other = scheduled(workspace, channel, at=NOW, text="Call your mother on her birthday.")
    says(Scope(workspace, post=first), "retired_name", names=["plants", "birthday"])
    run(NOW)
    assert (states(first), states(other)) == (["held"], ["published"])
    judgement = Publication.objects.get(post=first).judgement
    assert judgement
    (check,) = (one for one in judgement.verdict.checks if one.guard == "retired_name")
    assert speak(check.sources["names"]) == "set for this post"


def test_a_guard_that_crashes_holds_what_is_due_and_says_so(
    workspace: Workspace, channel: Channel, sandbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with the crash let pass."""
    monkeypatch.setattr(RULES["worn_out"], "check", lambda candidate, options: 1 // 0)
    post = scheduled(workspace, channel, at=NOW)
    run(NOW)
    row = only(post)
    assert (row.state, row.reason) == ("held", "worn_out")
    assert speak_kept(row.sentence) == "The check “Worn out” could not be made, so this waits for a person."
    assert not arrivals(sandbox)


def test_settings_are_read_in_one_query_for_any_batch(
    workspace: Workspace, channel: Channel, django_assert_num_queries: Callable[[int], Any]
) -> None:
    def queries(count: int) -> int:
        posts = [
            scheduled(workspace, channel, at=NOW + timedelta(hours=n), text=f"Tip {n} of {count}.")
            for n in range(count)
        ]
        for post in posts:
            says(Scope(workspace, post=post), "too_soon", days=30)
        occurrences = [Occurrence.of(row, NOW) for row in with_facts(Publication.objects.filter(post__in=posts))]
        with django_assert_num_queries(1):
            policies = Policies([workspace.pk], [post.pk for post in posts])
            assert all(policies.of(workspace.pk, None, post.pk)["too_soon"].options.days == 30 for post in posts)
        with django_assert_num_queries(0):
            made = policies.of(workspace.pk, None, None)
            assert made is policies.of(workspace.pk, None, -1)
        return len(occurrences)

    assert queries(2) == 2
    assert queries(40) == 40
    assert Docket([], NOW, Moment.SENDING)


def test_the_database_keeps_one_setting_for_each_level_and_never_two_levels_in_one(
    workspace: Workspace, channel: Channel, tips: Category
) -> None:
    post = a_post(workspace, channel)
    for scope in (Scope(workspace), Scope(workspace, category=tips), Scope(workspace, post=post)):
        says(scope, "too_soon", "warn")
        with pytest.raises(IntegrityError), transaction.atomic():
            says(scope, "too_soon", "hold")
    with pytest.raises(IntegrityError), transaction.atomic():
        says(Scope(workspace, tips, post), "format", "hold")


def test_a_level_that_says_nothing_any_more_is_forgotten_and_all_is_on_record(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    post = a_post(workspace, channel)
    scope = Scope(workspace, post=post)
    decide(Wish(scope, "too_soon", "block", {"days": 20}), alice, NOW)
    assert GuardSetting.objects.get().place == (workspace.pk, None, post.pk)
    decide(Wish(scope, "too_soon"), alice, NOW)
    reset(scope, "too_soon", alice, NOW)
    assert not GuardSetting.objects.exists()
    said = [
        speak_kept(one.sentence)
        for one in AuditEntry.objects.filter(object_type="post", object_id=str(post.pk)).order_by("pk")
    ]
    assert said == [
        f"set the guard “Too soon” for “{post.title}”",
        f"put the guard “Too soon” back to usual for “{post.title}”",
    ]


@pytest.mark.parametrize(
    ("action", "options", "role"),
    [
        ("block", {}, "editor"),
        ("", {"days": 31}, "editor"),
        ("", {"days": 30}, "editor"),
        ("", {}, "editor"),
        ("", {"days": 29}, "admin"),
        ("warn", {}, "admin"),
        ("off", {"days": 60}, "admin"),
    ],
)
def test_whoever_writes_may_be_stricter_with_a_post_and_never_easier(
    workspace: Workspace, channel: Channel, tips: Category, action: str, options: dict[str, Any], role: str
) -> None:
    """Compared with the category's 30 days, not with the workspace's 14 or with what the post says now."""
    post = a_post(workspace, channel, category=tips)
    says(Scope(workspace, category=tips), "too_soon", days=30)
    says(Scope(workspace, post=post), "too_soon", days=1)
    scope = Scope(workspace, post=post)
    assert role_for(Wish(scope, "too_soon", action, options), Levels(scope)) == role


def test_the_rules_of_a_workspace_and_a_category_are_an_administrators(workspace: Workspace, tips: Category) -> None:
    for scope in (Scope(workspace), Scope(workspace, category=tips)):
        assert role_for(Wish(scope, "too_soon", "block"), Levels(scope)) == "admin"


def test_what_would_make_no_sense_closer_by_is_refused(workspace: Workspace, channel: Channel, tips: Category) -> None:
    post = a_post(workspace, channel, text="News from us", category=tips)
    says(Scope(workspace), "quiet_time", start="22:00", end="07:00")
    says(Scope(workspace, category=tips), "quiet_time", start="21:00")
    says(Scope(workspace, post=post), "quiet_time", end="08:00")
    scope = Scope(workspace)
    assert refusals(Wish(scope, "quiet_time", "", {"start": "23:00", "end": "06:00"}), Levels(scope)) == {}
    found = refusals(Wish(scope, "quiet_time", "", {}), Levels(scope))[""]
    assert [speak(one) for one in found] == [
        "With this, what is set for the category Tips would make no sense: "
        "Quiet hours need both a beginning and an end."
    ]
    found = refusals(Wish(scope, "quiet_time", "", {"start": "22:00", "end": "21:00"}), Levels(scope))[""]
    assert len(found) == 1
    scope = Scope(workspace, category=tips)
    found = refusals(Wish(scope, "quiet_time", "", {"start": "08:00"}), Levels(scope))[""]
    assert "“News from us”" in speak(found[0])


def test_a_post_that_is_deleted_takes_its_settings_along(workspace: Workspace, channel: Channel) -> None:
    post = a_post(workspace, channel)
    says(Scope(workspace, post=post), "too_soon", days=3)
    Post.objects.all().delete()
    assert not GuardSetting.objects.exists()
