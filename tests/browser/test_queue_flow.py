"""Slots are added and filled in a real browser, with and without a script, at both sizes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from posts.models import Channel
from scheduler.models import Publication, Slot
from teams.models import User, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def signed_in(context: BrowserContext, live_server: LiveServer, alice: User) -> Page:
    client = Client()
    client.force_login(alice)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context.new_page()


def test_slots_are_added_and_a_post_takes_the_next_one(
    context: BrowserContext, live_server: LiveServer, alice: User, workspace: Workspace, channel: Channel
) -> None:
    page = signed_in(context, live_server, alice)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/w/atelier/channels/{channel.pk}/slots/")
    for day in ("Monday", "Tuesday", "Thursday"):
        page.get_by_role("checkbox", name=day).check()
    page.get_by_label("Time").fill("09:30")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("3 slots added.")).to_be_visible()
    assert violations(page) == []

    page.goto(f"{live_server.url}/w/atelier/compose/")
    page.get_by_role("textbox", name="Text", exact=True).fill("Rub beeswax along the seam.")
    page.get_by_role("radio", name="Again and again").check()
    expect(page.get_by_role("spinbutton", name="Repeat every")).to_be_visible()
    expect(page.get_by_text("Next in its turn:")).to_be_visible()
    page.get_by_role("button", name="Put into the queue").click()
    expect(page.get_by_text("In the queue on 1 channel, next on")).to_be_visible()
    assert Publication.objects.get().post.queue == "evergreen"

    page.goto(f"{live_server.url}/w/atelier/queue/")
    expect(page.get_by_text("It was never sent on Atelier")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_script_a_slot_is_removed(
    browser: Browser, live_server: LiveServer, alice: User, workspace: Workspace, channel: Channel
) -> None:
    Slot.objects.create(workspace=workspace, channel=channel, weekday=1, at="10:00")
    context = browser.new_context(java_script_enabled=False)
    page = signed_in(context, live_server, alice)
    page.goto(f"{live_server.url}/w/atelier/channels/{channel.pk}/slots/")
    page.get_by_role("button", name="Remove Tuesday").click()
    expect(page.get_by_text("Tuesday 10:00 is removed.")).to_be_visible()
    assert not Slot.objects.exists()
    context.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
