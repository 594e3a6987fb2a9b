"""Channels are connected in a real browser: by a key, and by signing in at a network and coming back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from posts.models import Channel, NetworkApp
from teams.models import User, Workspace
from tests.browser.test_queue_flow import NARROW, WIDE, signed_in, violations
from tests.connecting.conftest import app, provider
from tests.connecting.provider import ID, SECRET, Provider

__all__ = ["app", "provider"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(
    context: BrowserContext,
    live_server: LiveServer,
    alice: User,
    workspace: Workspace,
    provider: Provider,
    settings: Any,
) -> Page:
    settings.PUBLIC_URL = live_server.url
    page = signed_in(context, live_server, alice)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return page


def fine(page: Page) -> None:
    """No violation at both sizes, and nothing to scroll sideways."""
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_channel_is_connected_by_a_key(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/w/atelier/channels/")
    page.get_by_role("link", name="Connect a channel").first.click()
    fine(page)
    page.get_by_role("link", name="Kiosk").click()
    page.get_by_label("Room").fill("12")
    page.get_by_label("Key", exact=True).fill("wrong")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Kiosk does not know this key.")).to_be_visible()
    fine(page)
    page.get_by_label("Key", exact=True).fill("canary-right")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Room 12 is connected.")).to_be_visible()
    page.locator("summary", has_text="More for Room 12").click()
    page.get_by_role("link", name="Limits").click()
    page.get_by_label("Length of a post").fill("300")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Typed by Alice")).to_be_visible()
    fine(page)


def test_an_administrator_enters_keys_and_an_account_is_signed_in(
    page: Page, live_server: LiveServer, provider: Provider
) -> None:
    provider.accounts = [{"id": str(n), "handle": f"@page{n}", "name": f"Page {n}"} for n in (1, 2)]
    page.goto(f"{live_server.url}/w/atelier/channels/connect/club/")
    fine(page)
    page.get_by_role("link", name="Enter the keys for Club").click()
    page.get_by_label("Client id").fill(ID)
    page.get_by_label("Client secret").fill(SECRET)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Test them").click()
    expect(page.get_by_text("Club knows this client id and secret.")).to_be_visible()
    fine(page)
    page.goto(f"{live_server.url}/w/atelier/channels/connect/club/")
    page.get_by_role("button", name="Go on at Club").click()
    page.get_by_role("link", name="Allow").click()
    fine(page)
    page.get_by_role("checkbox", name="Page 2").check()
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Page 2 is connected.")).to_be_visible()
    assert Channel.objects.get().credentials()["access_token"] in provider.access


def test_without_a_script_the_way_there_and_back_is_the_same(
    browser: Browser, live_server: LiveServer, alice: User, workspace: Workspace, app: NetworkApp, settings: Any
) -> None:
    settings.PUBLIC_URL = live_server.url
    context = browser.new_context(java_script_enabled=False)
    page = signed_in(context, live_server, alice)
    page.goto(f"{live_server.url}/w/atelier/channels/connect/club/")
    page.get_by_role("button", name="Go on at Club").click()
    page.get_by_role("link", name="Allow").click()
    expect(page.get_by_text("Atelier is connected.")).to_be_visible()
    page.go_back()
    page.goto(f"{live_server.url}/oauth/callback/?state=x&code=y")
    expect(page.get_by_text("Please start again.")).to_be_visible()
    context.close()
