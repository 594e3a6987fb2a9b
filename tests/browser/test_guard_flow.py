"""The inbox in a real browser: a fix by keyboard, its undoing, letting pass, pausing, and all without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from posts.models import Channel
from scheduler.models import Override, Pause, Publication
from scheduler.states import State
from teams.models import User, Workspace
from tests.pages.standing import awake, standing, unknown

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(workspace: Workspace, channel: Channel) -> list[Publication]:
    awake(workspace)
    return standing(workspace, channel, State.HELD, 3)


@pytest.fixture
def signed_in(context: BrowserContext, live_server: Any, alice: User) -> BrowserContext:
    sign_in(context, live_server, alice)
    return context


def sign_in(context: BrowserContext, live_server: Any, user: User) -> None:
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])


def state(row: Publication) -> str:
    row.refresh_from_db()
    return row.state


def test_a_fix_by_keyboard_and_its_undoing(
    signed_in: BrowserContext, page: Page, live_server: Any, held: list[Publication]
) -> None:
    last = held[-1]
    page.goto(f"{live_server.url}/w/atelier/guard/")
    page.keyboard.press("j")
    expect(page.locator(f"#occurrence-{last.pk}")).to_be_focused()
    page.keyboard.press("3")
    expect(page.locator(f"#occurrence-{last.pk}")).to_contain_text("Skipped.")
    expect(page.locator(f"#occurrence-{last.pk}")).to_be_focused()
    expect(page.locator("#toasts")).to_contain_text("Skipped.")
    assert state(last) == "skipped"
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Undone: all is as it was.")
    expect(page.locator(f"#occurrence-{last.pk}")).to_contain_text("Sent 9 days before")
    assert state(last) == "held"
    page.locator(f"#occurrence-{last.pk}").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/occurrences/{held[-2].pk}/$"))


def test_letting_pass_once_with_a_reason(
    signed_in: BrowserContext, page: Page, live_server: Any, held: list[Publication]
) -> None:
    page.goto(f"{live_server.url}/w/atelier/guard/")
    row = page.locator(f"#occurrence-{held[0].pk}")
    row.get_by_text("More for").locator("xpath=..").click()
    row.get_by_role("link", name="Let it pass once…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why may it pass?").fill("The client asked for it.")
    dialog.get_by_role("button", name="Let it pass").click()
    expect(page.locator("#toasts")).to_contain_text("It may pass once.")
    assert state(held[0]) == "scheduled"
    assert Override.objects.get().reason == "The client asked for it."


def test_pausing_everything_by_keyboard_and_resuming(
    signed_in: BrowserContext, page: Page, live_server: Any, held: list[Publication]
) -> None:
    page.goto(f"{live_server.url}/w/atelier/")
    page.keyboard.press("Shift+P")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Pause")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#state-bar")).to_contain_text("Alice paused the whole workspace")
    assert Pause.objects.get().ended_at is None
    page.locator("#state-bar").get_by_role("link", name="Resume").click()
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()
    expect(page.locator("#toasts")).to_contain_text("Publishing goes on.")
    assert Pause.objects.get().ended_at


def test_all_of_it_works_without_scripts(
    browser: Browser, live_server: Any, alice: User, held: list[Publication], channel: Channel, workspace: Workspace
) -> None:
    row = unknown(workspace, channel)
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server, alice)
    page = context.new_page()
    page.goto(f"{live_server.url}/w/atelier/guard/")
    page.locator(f"#occurrence-{held[0].pk}").get_by_role("button", name="Skip this one").click()
    expect(page.locator("#toasts")).to_contain_text("Skipped.")
    page.locator("#toasts").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Undone")
    assert state(held[0]) == "held"
    page.locator(f"#occurrence-{row.pk}").get_by_role("button", name="It is out", exact=False).first.click()
    expect(page.locator("#toasts")).to_contain_text("Noted: it is out.")
    assert state(row) == "published"
    page.get_by_role("link", name="Move all 3 to their first allowed time").click()
    page.get_by_role("button", name="Move all 3").click()
    expect(page.locator("#toasts")).to_contain_text("3 are done.")
    assert [state(one) for one in held] == ["scheduled"] * 3
    page.get_by_role("link", name="Pause").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#state-bar")).to_contain_text("Alice paused")
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_accessible(
    signed_in: BrowserContext, page: Page, live_server: Any, held: list[Publication], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    why = f"occurrences/{held[0].pk}/"
    for address in ("", "guard/", "guard/?tab=soon", "guard/?tab=solved", why, f"{why}override/", "pause/"):
        page.goto(f"{live_server.url}/w/atelier/{address}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
