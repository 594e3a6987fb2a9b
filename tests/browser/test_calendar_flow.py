"""A publication is moved in a real browser: by its menu, by the keyboard, by dragging, and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from posts.models import Channel, Post
from scheduler.models import Publication
from teams.models import User, Workspace

pytestmark = pytest.mark.django_db(transaction=True)

MONTH = "/w/atelier/calendar/?view=month&date=2027-03-10"


def at(workspace: Workspace, day: int) -> datetime:
    return datetime(2027, 3, day, 10, tzinfo=workspace.zone)


@pytest.fixture
def planned(workspace: Workspace, channel: Channel) -> Publication:
    when = at(workspace, 10)
    post = Post.objects.create(
        workspace=workspace, text="Autumn guide", language="en", status="active", reviewed_at=when
    )
    return Publication.objects.create(
        workspace=workspace, post=post, channel=channel, due_at=when, planned_for=when, next_attempt_at=when
    )


def signed_in(context: BrowserContext, live_server: LiveServer, alice: User) -> Page:
    client = Client()
    client.force_login(alice)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def reader(context: BrowserContext, live_server: LiveServer, alice: User, planned: Publication) -> Page:
    page = signed_in(context, live_server, alice)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(live_server.url + MONTH)
    return page


@pytest.fixture
def without_script(browser: Browser, live_server: LiveServer, alice: User, planned: Publication) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    page = signed_in(context, live_server, alice)
    page.goto(live_server.url + MONTH)
    yield page
    context.close()


def is_on(page: Page, day: int) -> None:
    cell = page.locator(f'td[data-day="2027-03-{day}"]')
    expect(cell.get_by_role("link", name=re.compile("Autumn guide"))).to_be_visible()


def test_it_moves_by_its_menu_and_back(reader: Page, planned: Publication, workspace: Workspace) -> None:
    reader.get_by_role("link", name=re.compile("Autumn guide")).click()
    dialog = reader.get_by_role("dialog")
    dialog.get_by_role("link", name="Move to…").click()
    dialog.get_by_label("New time").fill("2027-03-12T10:00")
    dialog.get_by_role("button", name="Move", exact=True).click()
    is_on(reader, 12)
    expect(reader.get_by_role("dialog")).to_have_count(0)
    expect(reader.get_by_role("link", name=re.compile("Autumn guide"))).to_be_focused()
    reader.get_by_role("button", name="Undo").click()
    is_on(reader, 10)
    planned.refresh_from_db()
    assert planned.planned_for == at(workspace, 10)


def test_it_moves_by_the_keyboard_alone(reader: Page, planned: Publication) -> None:
    reader.locator(".month a[tabindex='0']").focus()
    for _ in range(20):
        if "Autumn guide" in (reader.evaluate("document.activeElement.title") or ""):
            break
        reader.keyboard.press(
            "ArrowDown"
            if reader.evaluate("document.activeElement.closest('td').dataset.day == '2027-03-10'")
            else "ArrowRight"
        )
    reader.keyboard.press("m")
    field = reader.get_by_label("New time")
    expect(field).to_be_focused()
    field.fill("2027-03-15T09:00")
    reader.keyboard.press("Enter")
    is_on(reader, 15)


def test_it_moves_by_dragging(reader: Page, planned: Publication, workspace: Workspace) -> None:
    reader.get_by_role("link", name=re.compile("Autumn guide")).drag_to(reader.locator('td[data-day="2027-03-18"]'))
    is_on(reader, 18)
    expect(reader.get_by_text("Moved to Thu 18 Mar 2027 10:00")).to_be_visible()
    planned.refresh_from_db()
    assert planned.planned_for == at(workspace, 18)


def test_it_moves_without_a_script(without_script: Page, planned: Publication) -> None:
    without_script.get_by_role("link", name=re.compile("Autumn guide")).click()
    without_script.get_by_role("link", name="Move to…").click()
    without_script.get_by_label("New time").fill("2027-03-12T10:00")
    without_script.get_by_role("button", name="Move", exact=True).click()
    is_on(without_script, 12)
    expect(without_script.get_by_text("Moved to Fri 12 Mar 2027 10:00")).to_be_visible()


def test_a_day_opens_as_a_panel(reader: Page) -> None:
    reader.get_by_role("link", name=re.compile("Wed 10 Mar 2027, 1 publication")).click()
    expect(reader.get_by_role("dialog").get_by_role("link", name="Autumn guide", exact=True)).to_be_visible()
    reader.keyboard.press("Escape")
    expect(reader.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
@pytest.mark.parametrize(
    "address",
    [
        "calendar/?date=2027-03-10",
        "calendar/?view=list&date=2027-03-10",
        "forecast/?days=90",
        "channels/",
        "notices/",
        "timeline/",
    ],
)
def test_nothing_is_in_the_way_of_anybody(
    reader: Page, live_server: LiveServer, address: str, size: tuple[int, int]
) -> None:
    reader.set_viewport_size({"width": size[0], "height": size[1]})
    reader.goto(f"{live_server.url}/w/atelier/{address}")
    found = Axe().run(reader).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_narrow_screen_shows_the_days_as_a_list(reader: Page, live_server: LiveServer) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto(f"{live_server.url}/w/atelier/calendar/?date=2027-03-08")
    expect(reader.get_by_role("table")).to_have_count(0)
    expect(reader.get_by_role("heading", name="Wednesday 10 March")).to_be_visible()
