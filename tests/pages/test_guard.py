"""The inbox shows what is stopped and why, and each fix, its undoing and its record work from there."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from posts.models import Channel
from scheduler.models import Deed, Override, Publication
from scheduler.states import State
from teams.models import User, Workspace
from tests.pages.standing import awake, standing, too_soon, unknown

pytestmark = pytest.mark.django_db
GUARD = "/w/atelier/guard/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def inside(client: Client, alice: User, workspace: Workspace) -> Client:
    client.force_login(alice)
    awake(workspace)
    return client


@pytest.fixture
def held(workspace: Workspace, channel: Channel) -> Publication:
    return standing(workspace, channel, State.HELD)[0]


def press(client: Client, row: Publication, verb: str, values: dict[str, Any] | None = None, **how: Any) -> Any:
    fix = json.dumps({"verb": verb, "values": values or {}})
    return client.post(reverse("fix", args=["atelier", row.pk]), {"fix": fix}, **how)


def read(client: Client, address: str = GUARD) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_an_empty_inbox_says_how_many_were_checked(inside: Client, workspace: Workspace, channel: Channel) -> None:
    rows = standing(workspace, channel, State.HELD, 3)
    Publication.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.SKIPPED)
    text = read(inside)
    assert "Nothing is held" in text
    assert "3 publications were checked in the last 7 days." in text


def test_a_held_one_says_what_where_when_why_and_what_helps(inside: Client, held: Publication) -> None:
    text = read(inside)
    assert "Too soon · 1" in text
    assert "Sent 9 days before" in text
    for label in ("Move to", "Use another wording", "Skip this one", "Let it pass once…", "Why?"):
        assert label in text


def test_a_blocked_one_of_the_last_days_will_not_go_out_and_has_its_fixes(
    inside: Client, workspace: Workspace, channel: Channel
) -> None:
    (row,) = standing(workspace, channel, State.BLOCKED)
    text = read(inside)
    assert "Will not go out" in text
    assert "Extend the expiry by 30 days" in text
    assert f'href="/w/atelier/compose/{row.post_id}/"' in text
    Publication.objects.update(planned_for=timezone.now() - timedelta(days=15))
    assert "Will not go out" not in read(inside)


def test_what_will_be_held_in_two_days_stands_under_soon(
    inside: Client, workspace: Workspace, channel: Channel
) -> None:
    soon = timezone.now() + timedelta(hours=30)
    checks = [check.as_json() for check in too_soon(soon + timedelta(days=9)).checks if check.action]
    standing(workspace, channel, State.SCHEDULED, text="Soon.", at=soon, outlook="hold", outlook_checks=checks)
    standing(workspace, channel, State.SCHEDULED, text="Later.", at=soon + timedelta(days=2), outlook="hold")
    text = read(inside, GUARD + "?tab=soon")
    assert "Will be held" in text
    assert "Sent 9 days before" in text
    assert "Soon." in text
    assert "Later." not in text


def test_reason_and_channel_filter_and_stay_in_the_address(
    inside: Client, workspace: Workspace, channel: Channel, held: Publication
) -> None:
    assert "Sent 9 days before" in read(inside, f"{GUARD}?reason=too_soon&channel={channel.pk}")
    text = read(inside, f"{GUARD}?reason=missed")
    assert "Nothing matches this filter" in text
    assert "Clear" in text


def test_a_fix_answers_with_the_row_as_it_stands_and_a_toast_with_undo(inside: Client, held: Publication) -> None:
    text = press(inside, held, "skip", headers=HTMX).content.decode()
    assert f'id="occurrence-{held.pk}"' in text
    assert "Skipped." in text
    assert "/guard/undo/" in text
    held.refresh_from_db()
    assert held.state == "skipped"


def test_without_a_script_a_fix_leads_back_to_the_page_with_undo(inside: Client, held: Publication) -> None:
    answer = press(inside, held, "skip", follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain[-1][0] == GUARD
    address = re.search(r"/w/atelier/guard/undo/[0-9a-f-]+/", text)
    assert address
    assert "Undone" in inside.post(address[0], follow=True).content.decode()
    held.refresh_from_db()
    assert held.state == "held"


def test_a_fix_can_be_undone_later_from_solved(inside: Client, held: Publication) -> None:
    press(inside, held, "skip")
    text = read(inside, GUARD + "?tab=solved")
    assert "Alice" in text
    undo = reverse("undo", args=["atelier", held.pk])
    assert undo in text
    inside.post(undo)
    held.refresh_from_db()
    assert held.state == "held"
    assert undo not in read(inside, GUARD + "?tab=solved")


def test_what_refrain_left_out_itself_stands_under_solved(
    inside: Client, workspace: Workspace, channel: Channel
) -> None:
    standing(workspace, channel, State.SKIPPED, reason="missed", sentence={"text": "It was late."})
    text = read(inside, GUARD + "?tab=solved")
    assert "Refrain" in text
    assert "It was late." in text


def test_a_fix_that_cannot_be_done_says_why_and_changes_nothing(inside: Client, held: Publication) -> None:
    for verb, values in (("move", {"to": "soon"}), ("nonsense", {}), ("set_rule", {})):
        assert 'data-kind="error"' in press(inside, held, verb, values, headers=HTMX).content.decode()
    assert inside.post(reverse("fix", args=["atelier", held.pk]), {"fix": "no json"}).status_code == 302
    held.refresh_from_db()
    assert held.state == "held"
    assert not Deed.objects.exists()


def test_letting_pass_takes_an_approver_and_a_reason_that_stays(
    inside: Client, client: Client, bob: User, held: Publication
) -> None:
    address = reverse("override", args=["atelier", held.pk])
    assert "at least 10 characters" in inside.post(address, {"reason": "ok"}).content.decode().lower()
    inside.post(address, {"reason": "The client asked for it twice."})
    held.refresh_from_db()
    assert held.state == "scheduled"
    assert Override.objects.get().by == "Alice"
    text = read(inside, reverse("explain", args=["atelier", held.pk]))
    assert "The client asked for it twice." in text
    client.force_login(bob)
    assert client.get(address).status_code == 403
    assert "Let it pass once" not in read(client)


def test_widening_a_limit_takes_an_approver(client: Client, bob: User, held: Publication) -> None:
    client.force_login(bob)
    assert press(client, held, "allow_more", {"count": 1}).status_code == 403
    held.post.refresh_from_db()
    assert held.post.allowed_more == 0


def test_an_unknown_one_is_settled_by_a_person(inside: Client, workspace: Workspace, channel: Channel) -> None:
    first, second = unknown(workspace, channel), unknown(workspace, channel, "And you?")
    assert "It is not out, send it" in read(inside)
    inside.post(reverse("settle", args=["atelier", first.pk]), {"out": "yes"})
    inside.post(reverse("settle", args=["atelier", second.pk]), {"out": "no"})
    assert inside.post(reverse("settle", args=["atelier", second.pk]), {"out": "maybe"}).status_code == 404
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("published", "scheduled")


def test_one_fix_for_a_whole_group_is_shown_first_and_undone_together(
    inside: Client, workspace: Workspace, channel: Channel
) -> None:
    rows = standing(workspace, channel, State.HELD, 4)
    assert "Move all 4 to their first allowed time" in read(inside)
    preview = reverse("fix_group", args=["atelier"]) + "?reason=too_soon&verb=move"
    assert read(inside, preview).count('name="row"') == 4
    chosen = [row.pk for row in rows[:3]]
    answer = inside.post(reverse("fix_group", args=["atelier"]), {"reason": "too_soon", "verb": "move", "row": chosen})
    assert list(Publication.objects.order_by("pk").values_list("state", flat=True)) == ["scheduled"] * 3 + ["held"]
    address = re.search(r"/w/atelier/guard/undo/[0-9a-f-]+/", inside.get(answer["Location"]).content.decode())
    assert address
    inside.post(address[0])
    assert not Publication.objects.exclude(state="held").exists()


def test_a_viewer_sees_why_and_can_press_nothing(client: Client, bob: User, held: Publication) -> None:
    bob.memberships.update(role="viewer")
    client.force_login(bob)
    text = read(client)
    assert "Sent 9 days before" in text
    assert 'name="fix"' not in text
    assert press(client, held, "skip").status_code == 403


def test_the_publications_of_another_workspace_are_not_there(client: Client, charlie: User, held: Publication) -> None:
    client.force_login(charlie)
    for name in ("explain", "override"):
        assert client.get(reverse(name, args=["elsewhere", held.pk])).status_code == 404
        assert client.get(reverse(name, args=["atelier", held.pk])).status_code == 404
    for name in ("fix", "settle", "undo", "override"):
        assert client.post(reverse(name, args=["elsewhere", held.pk]), {"out": "yes"}).status_code == 404
    held.refresh_from_db()
    assert held.state == "held"


def test_the_fixes_of_another_workspace_cannot_be_undone(inside: Client, charlie: User, held: Publication) -> None:
    press(inside, held, "skip")
    inside.force_login(charlie)
    inside.post(reverse("undo_deeds", args=["elsewhere", Deed.objects.get().batch]))
    held.refresh_from_db()
    assert held.state == "skipped"


@pytest.mark.parametrize("tab", ["held", "soon", "solved"])
@pytest.mark.parametrize("count", [10, 500])
def test_the_queries_do_not_grow(
    inside: Client, workspace: Workspace, channel: Channel, count: int, tab: str, django_assert_max_num_queries: Any
) -> None:
    standing(workspace, channel, State.HELD, count)
    soon = timezone.now() + timedelta(hours=5)
    standing(workspace, channel, State.SCHEDULED, count, at=soon, outlook="hold")
    standing(workspace, channel, State.SKIPPED, count, reason="missed", sentence={"text": "Late."})
    awake(workspace)
    inside.get(GUARD)
    with django_assert_max_num_queries(12):
        inside.get(GUARD, {"tab": tab})
