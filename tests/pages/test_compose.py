"""The composer: what is written becomes a post once, whole, and with every fault said beside its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from posts.models import Channel, Post
from scheduler.models import Publication, Pulse
from scheduler.verbs import pause
from teams.models import AuditEntry, User, Workspace
from tests.kit import a_post, scheduled

pytestmark = pytest.mark.django_db

COMPOSE = "/w/atelier/compose/"


@pytest.fixture
def site(client: Client, bob: User) -> Client:
    client.force_login(bob)
    Pulse.objects.bulk_create(Pulse(name=name, at=timezone.now()) for name in ("worker", "beat"))
    return client


def words(channel: Channel, **changes: Any) -> dict[str, Any]:
    given = {
        "text": "Answer comments within the hour.", "language": "en", "channels": [channel.pk], "when": "free",
        "key": str(uuid4()), "action": "schedule", "interval": "30", "unit": "day", "max_repeats": "5",
    }  # fmt: skip
    return {**given, **changes}


def tomorrow(hour: int = 10) -> str:
    return (timezone.now() + timedelta(days=1)).strftime(f"%Y-%m-%dT{hour:02}:00")


def test_the_page_opens_with_the_text_first(site: Client, channel: Channel) -> None:
    answer = site.get(COMPOSE)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert re.search(r"<textarea[^>]* autofocus", html)
    assert f'value="{channel.pk}" checked' in html, "the only channel is on"
    assert "Paris, GMT+" in html


def test_a_text_and_one_click_schedule_it_for_the_next_free_time(site: Client, channel: Channel) -> None:
    answer = site.post(COMPOSE, words(channel))
    assert answer.status_code == 302
    assert answer["Location"] == COMPOSE
    post = Post.objects.get()
    assert (post.status, post.text) == ("active", "Answer comments within the hour.")
    assert post.starts_at
    assert post.starts_at > timezone.now() + timedelta(minutes=14)
    assert Publication.objects.get().due_at == post.starts_at
    assert AuditEntry.objects.filter(action="scheduled").count() == 1


def test_the_next_page_is_empty_and_says_what_happened(site: Client, channel: Channel) -> None:
    html = site.post(COMPOSE, words(channel, repeat="on"), follow=True).content.decode()
    post = Post.objects.get()
    assert "Scheduled for" in html
    assert "on 1 channel · 5 repeats" in html
    assert f"/posts/{post.pk}/unschedule/" in html
    assert "Answer comments" not in html
    assert "Scheduled for" not in site.get(COMPOSE).content.decode(), "told once"


def test_undo_makes_it_a_draft_again(site: Client, channel: Channel) -> None:
    site.post(COMPOSE, words(channel))
    post = Post.objects.get()
    answer = site.post(f"/w/atelier/posts/{post.pk}/unschedule/", follow=True)
    post.refresh_from_db()
    assert post.status == "draft"
    assert not Publication.objects.exists()
    assert "Answer comments" in answer.content.decode()


def test_sending_a_form_twice_makes_one_post(site: Client, channel: Channel) -> None:
    """Seen to fail without the form's key."""
    form = words(channel)
    assert site.post(COMPOSE, form).status_code == 302
    assert site.post(COMPOSE, form).status_code == 302
    assert Post.objects.count() == 1
    assert Publication.objects.count() == 1


def test_a_form_sent_before_with_other_words_asks_first(site: Client, channel: Channel) -> None:
    form = words(channel)
    site.post(COMPOSE, form)
    answer = site.post(COMPOSE, {**form, "text": "Something else."})
    assert answer.status_code == 409
    assert "sent already" in answer.content.decode()
    assert "Something else." in answer.content.decode()
    assert Post.objects.get().text == "Answer comments within the hour."


def test_a_chosen_time_is_understood_as_typed(site: Client, channel: Channel) -> None:
    site.post(COMPOSE, words(channel, when="at", at_text="demain 9h"))
    starts_at = Post.objects.get().starts_at
    assert starts_at
    assert timezone.localtime(starts_at, Post.objects.get().workspace.zone).hour == 9


def test_now_is_now(site: Client, channel: Channel) -> None:
    site.post(COMPOSE, words(channel, when="now"))
    assert Publication.objects.get().due_at <= timezone.now()


def test_a_repeat_with_wordings_and_an_end_is_kept(site: Client, channel: Channel) -> None:
    site.post(COMPOSE, words(channel, repeat="on", wording_1="Second words.", expires=""))
    post = Post.objects.get()
    assert (post.rule.interval, post.rule.max_repeats) == (30, 5)
    assert [one.text for one in post.variations.all()] == ["Second words."]


def test_repeats_share_the_first_one_only_where_that_was_ticked(site: Client, channel: Channel) -> None:
    site.post(COMPOSE, words(channel, repeat="on"))
    post = Post.objects.get()
    box = 'id="id_by_sharing" name="by_sharing"'
    assert not post.rule.by_sharing
    assert f"{box}>" in site.get(f"{COMPOSE}{post.pk}/").content.decode()
    again = words(channel, when="as_planned", revision=post.revision, repeat="on", by_sharing="on")
    site.post(f"{COMPOSE}{post.pk}/", again)
    assert Post.objects.get().rule.by_sharing
    assert f"{box} checked>" in site.get(f"{COMPOSE}{post.pk}/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " \n "}, "Write the text of the post"),
        ({"text": "x" * 50_000}, "50000 characters"),
        ({"text": "nul \x00 here"}, "control character"),
        ({"text": "broken \ufffd"}, "half of a character"),
        ({"channels": []}, "Choose at least one channel"),
        ({"channels": [999999]}, "not connected here any more"),
        ({"channels": ["' OR 1=1"]}, "not connected here any more"),
        ({"when": "at"}, "Say when"),
        ({"when": "at", "at_text": "some day"}, "not a time that can be read"),
        ({"when": "at", "at_text": "2020-01-01 10:00"}, "is past"),
        ({"when": "at", "at_text": "30 Feb 10:00"}, "no such day"),
        ({"when": "at", "at_picker": "2020-01-01T10:00"}, "is past"),
        ({"when": "never"}, "not one of the available choices"),
        ({"repeat": "on", "interval": "0"}, "Write 1 or more"),
        ({"repeat": "on", "interval": "x"}, "Write a whole number"),
        ({"repeat": "on", "interval": "99999999999999999999"}, "Write at most"),
        ({"repeat": "on", "max_repeats": "", "end_date": ""}, "needs an end"),
        ({"repeat": "on", "end_date": "2020-01-01"}, "end before the first"),
        ({"repeat": "on", "end_date": "soon"}, "not a day such as"),
        ({"repeat": "on", "unit": "aeon"}, "not one of the available choices"),
        ({"expires": "2020-01-01T10:00"}, "is past"),
        ({"language": "\ud83d".encode("utf-8", "surrogatepass")}, "not one of the available choices"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_nothing_is_saved(
    site: Client, channel: Channel, changes: dict[str, Any], said: str
) -> None:
    answer = site.post(COMPOSE, words(channel, **changes))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'class="errors"' in html
    assert html.count(said) >= 2 or html.count(said.replace("'", "&#x27;")) >= 2, "in the summary and beside the field"
    assert not Post.objects.exists()


def test_an_expiry_before_the_first_publication_is_refused(site: Client, channel: Channel) -> None:
    answer = site.post(COMPOSE, words(channel, when="at", at_picker=tomorrow(12), expires=tomorrow(9)))
    assert answer.status_code == 422
    assert "expire before it goes out" in answer.content.decode()


def test_what_a_guard_blocks_is_not_scheduled_and_the_reason_is_told(site: Client, channel: Channel) -> None:
    answer = site.post(COMPOSE, words(channel, text="x" * 501))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "A guard stops this post" in html
    assert "1 too many for Atelier" in html
    assert 'aria-disabled="true"' in html
    assert not Post.objects.exists(), "seen to fail without the transaction around draft and schedule"


def test_a_rule_without_sense_comes_back_sensible_by_one_click(site: Client, channel: Channel) -> None:
    form = words(channel, repeat="on", interval="14", max_repeats="99", action="check")
    html = site.post(COMPOSE, form).content.decode()
    assert "99 repeats make 100 publications" in html
    fix = re.search(r'name="fix" value="(set_rule[^"]*)"', html)
    assert fix
    mended = site.post(COMPOSE, {**form, "fix": fix[1].replace("&amp;", "&")}).content.decode()
    assert 'name="max_repeats" min="1" value="12"' in mended
    assert "12 repeats = 13 publications" in mended
    assert not Post.objects.exists(), "a fix changes the form only"


def test_a_text_too_long_is_trimmed_by_one_click(site: Client, channel: Channel) -> None:
    form = words(channel, text="word " * 120, fix="trim?to=500&network=sandbox&turn=0")
    html = site.post(COMPOSE, form).content.decode()
    assert "word…</textarea>" in html
    assert "data-over" not in html


def test_a_fix_that_makes_no_sense_changes_nothing(site: Client, channel: Channel) -> None:
    for fix in ("nonsense", "set_rule?interval=1", "move?to=never", "extend?by_days=x", "trim?to=x", "?"):
        assert site.post(COMPOSE, words(channel, fix=fix)).status_code == 200


def test_the_live_check_tells_verdict_counts_and_what_the_button_does(site: Client, channel: Channel) -> None:
    html = site.post("/w/atelier/check/", words(channel, repeat="on", interval="7")).content.decode()
    assert "From" in html
    assert "Schedule 1, 5 held" in html
    assert "32/500" in html
    assert "Repeat every 14 days instead" in html


def test_the_button_says_when_nothing_goes_out(site: Client, channel: Channel, bob: User) -> None:
    pause(channel.workspace, bob, timezone.now())
    html = site.post("/w/atelier/check/", words(channel)).content.decode()
    assert "Schedule (paused)" in html


def test_a_draft_saves_itself_and_is_scheduled_as_the_same_post(site: Client, channel: Channel) -> None:
    form = words(channel)
    assert "Saved" in site.post(f"{COMPOSE}save/", form).content.decode()
    draft = Post.objects.get()
    assert draft.status == "draft"
    site.post(f"{COMPOSE}save/", {**form, "text": "Better words."})
    site.post(COMPOSE, {**form, "text": "Better words."})
    assert Post.objects.get().pk == draft.pk
    assert Post.objects.get().status == "active"
    site.post(f"{COMPOSE}save/", {**form, "text": "A late autosave."})
    assert Post.objects.get().text == "Better words."


def test_the_autosave_keeps_the_text_though_other_fields_are_wrong(site: Client, channel: Channel) -> None:
    site.post(f"{COMPOSE}save/", words(channel, when="at", at_text="gibberish", repeat="on", interval="0"))
    assert Post.objects.get().text == "Answer comments within the hour."


def test_changes_of_a_planned_post_wait_until_they_are_saved(
    site: Client, workspace: Workspace, channel: Channel
) -> None:
    post = scheduled(workspace, channel, at=timezone.now() + timedelta(days=1), now=timezone.now())
    edit = f"{COMPOSE}{post.pk}/"
    form = words(channel, text="New words.", when="as_planned", revision=post.revision)
    site.post(f"{COMPOSE}save/?post={post.pk}", form)
    post.refresh_from_db()
    assert post.text == "Answer comments within the hour."
    assert "New words." in site.get(edit).content.decode()
    assert site.post(edit, form).status_code == 302
    post.refresh_from_db()
    assert (post.text, post.revision, post.status) == ("New words.", 2, "active")


def test_whoever_saves_second_is_told_and_keeps_the_text(site: Client, workspace: Workspace, channel: Channel) -> None:
    """Seen to fail without the comparison of revisions."""
    post = scheduled(workspace, channel, at=timezone.now() + timedelta(days=1), now=timezone.now())
    edit = f"{COMPOSE}{post.pk}/"
    first = words(channel, text="Her words.", when="as_planned", revision=1)
    second = words(channel, text="His words.", when="as_planned", revision=1)
    assert site.post(edit, first).status_code == 302
    answer = site.post(edit, second)
    assert answer.status_code == 409
    assert "Somebody has changed this post" in answer.content.decode()
    assert "His words." in answer.content.decode()
    assert Post.objects.get().text == "Her words."
    assert site.post(edit, {**second, "revision": 2}).status_code == 302
    assert Post.objects.get().text == "His words."


def test_a_new_rule_of_a_running_post_rewrites_its_dates(site: Client, workspace: Workspace, channel: Channel) -> None:
    post = scheduled(workspace, channel, at=timezone.now() + timedelta(days=1), now=timezone.now())
    form = words(channel, when="as_planned", revision=1, repeat="on", interval="20", max_repeats="2")
    site.post(f"{COMPOSE}{post.pk}/", form)
    assert Publication.objects.filter(post=post).count() == 3


def test_a_stranger_and_a_post_of_another_workspace_are_not_found(
    site: Client, charlie: User, channel: Channel
) -> None:
    theirs = a_post(charlie.workspaces.get(), text="Secret")
    assert site.get(f"{COMPOSE}{theirs.pk}/").status_code == 404
    assert site.post(f"{COMPOSE}save/?post={theirs.pk}", words(channel)).status_code == 404
    site.force_login(charlie)
    assert site.get(COMPOSE).status_code == 404


def test_a_channel_of_another_workspace_cannot_be_chosen(site: Client, channel: Channel, charlie: User) -> None:
    theirs = Channel.objects.create(workspace=charlie.workspaces.get(), network="sandbox", handle="x", name="Theirs")
    assert site.post(COMPOSE, words(channel, channels=[theirs.pk])).status_code == 422


@pytest.mark.parametrize("posts", [10, 500])
def test_the_page_costs_at_most_twelve_queries(
    site: Client, workspace: Workspace, channel: Channel, posts: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    Post.objects.bulk_create(Post(workspace=workspace, text=f"Tip {number}", language="en") for number in range(posts))
    post = a_post(workspace, channel, variations=["b"], starts_at=datetime(2027, 1, 1, tzinfo=UTC))
    site.get(COMPOSE)  # the first visit notes in the session where the person is
    with django_assert_max_num_queries(12):
        site.get(COMPOSE)
    with django_assert_max_num_queries(12):
        site.get(f"{COMPOSE}{post.pk}/")


def test_the_live_check_costs_at_most_fourteen_queries(
    site: Client, channel: Channel, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    site.get(COMPOSE)
    with django_assert_max_num_queries(14):
        site.post("/w/atelier/check/", words(channel, repeat="on"))
