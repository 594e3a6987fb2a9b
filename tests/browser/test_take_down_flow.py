"""Taking a post down in a real browser, without scripts, on pages that axe has nothing against."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from posts.models import Channel
from posts.sandbox.server import Server
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.browser.test_guard_flow import sign_in
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled
from tests.pages.standing import awake

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_a_post_is_taken_down_without_a_script(
    browser: Browser, live_server: Any, workspace: Workspace, channel: Channel, bob: User, sandbox: Server,
    size: tuple[int, int],
) -> None:  # fmt: skip
    row = _out(workspace, channel)
    plain = browser.new_context(java_script_enabled=False)
    scripted = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    for context in (plain, scripted):
        sign_in(context, live_server, bob)
    page, looked = plain.new_page(), scripted.new_page()
    where = f"{live_server.url}{row.get_absolute_url()}"
    _sound(looked, where)
    _sound(looked, f"{where}take-down/")
    page.goto(where)
    page.get_by_role("link", name="Take it down…").click()
    expect(page.get_by_role("heading", name="Take it down from Atelier?")).to_be_visible()
    expect(page.get_by_text(row.text)).to_be_visible()
    page.get_by_role("button", name="Take it down").click()
    expect(page.get_by_text("Bob took it down from Atelier on")).to_be_visible()
    assert arrivals(sandbox)[0].deleted_at is not None
    _sound(looked, where)
    plain.close()
    scripted.close()


def _out(workspace: Workspace, channel: Channel) -> Publication:
    post = scheduled(workspace, channel, at=NOW, text="Our fair is on Saturday.")
    run(NOW)
    awake(workspace)
    return only(post)


def _sound(page: Page, address: str) -> None:
    page.goto(address)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
