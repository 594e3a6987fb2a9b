"""Approval in a real browser: from the list, from the dialog, by a letter's link, and without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from posts.models import Approval, Channel, Post
from scheduler.models import Publication
from scheduler.offers import token
from scheduler.states import State
from teams.models import User, Workspace
from tests.browser.test_guard_flow import sign_in
from tests.kit import scheduled
from tests.pages.standing import awake, standing

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [(1440, 900), (390, 844)]


@pytest.fixture
def waiting(workspace: Workspace, channel: Channel) -> list[Post]:
    workspace.needs_approval = True
    workspace.save()
    awake(workspace)
    now = timezone.now()
    at = now + timedelta(days=1)
    return [scheduled(workspace, channel, at=at, now=now, text=text) for text in ("First words.", "Second words.")]


@pytest.fixture
def approver(context: BrowserContext, live_server: Any, alice: User, waiting: list[Post]) -> BrowserContext:
    sign_in(context, live_server, alice)
    return context


def answers() -> list[str]:
    return list(Approval.objects.order_by("post").values_list("answer", flat=True))


def faults(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def test_what_is_ticked_in_the_list_is_approved(approver: BrowserContext, page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/w/atelier/approvals/")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert faults(page) == []
    page.get_by_label("Approve Second words.").check()
    page.get_by_role("button", name="Approve the ticked").click()
    expect(page.locator("#toasts")).to_contain_text("1 post is approved.")
    assert answers() == ["", "approved"]


def test_the_dialog_of_a_post_asks_for_changes_with_a_reason(
    approver: BrowserContext, page: Page, live_server: Any, waiting: list[Post]
) -> None:
    page.goto(f"{live_server.url}/w/atelier/posts/{waiting[0].pk}/")
    page.get_by_role("link", name="Approval…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("First words.")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert faults(page) == []
    dialog.get_by_label("What should change?").fill("The price is wrong.")
    dialog.get_by_role("button", name="Ask for changes").click()
    expect(page.locator("#approval")).to_contain_text("Alice asked for changes")
    assert answers() == ["changes", ""]


def test_it_works_without_scripts(browser: Browser, live_server: Any, alice: User, waiting: list[Post]) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server, alice)
    page = context.new_page()
    page.goto(f"{live_server.url}/w/atelier/approvals/")
    page.get_by_role("link", name="Answer…").first.click()
    page.get_by_role("button", name="Approve these words").click()
    expect(page.locator("#approval")).to_contain_text("Alice approved these words")
    assert answers() == ["approved", ""]
    context.close()


def test_a_letters_link_asks_first(
    page: Page, live_server: Any, workspace: Workspace, channel: Channel, bob: User
) -> None:
    (row,) = standing(workspace, channel, State.HELD)
    assert row.judgement
    skip = next(fix for _, found in row.judgement.verdict.findings for fix in found.fixes if fix.verb == "skip")
    page.goto(f"{live_server.url}/letters/{token(row, bob, skip, timezone.now())}/")
    expect(page.get_by_role("main")).to_contain_text("Nothing has happened yet")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert faults(page) == []
    assert Publication.objects.get().state == "held"
    page.get_by_role("button", name="Skip this one").click()
    expect(page.get_by_role("heading")).to_have_text("Done")
    assert Publication.objects.get().state == "skipped"
    assert faults(page) == []
