"""A file is imported in a real browser: by mouse, with the keyboard, without a script; and nothing is out of reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from posts.models import Channel, Post
from teams.models import User, Workspace
from tests.kit import a_post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    first = datetime.now() + timedelta(days=2)
    rows = [f"Tip number {at} is about patience.,{first + timedelta(days=at):%Y-%m-%d} 09:30,," for at in range(4)]
    rows += ["Yesterday's news.,2019-01-01 09:00,,", f"Our guide to patience.,{first:%Y-%m-%d} 12:00,14,99"]
    place = tmp_path / "posts.csv"
    place.write_text("\n".join(["text,date,every,repeats", *rows]))
    return place


def signed_in(context: BrowserContext, live_server: LiveServer, alice: User) -> Page:
    client = Client()
    client.force_login(alice)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def reader(context: BrowserContext, live_server: LiveServer, alice: User, channel: Channel) -> Page:
    page = signed_in(context, live_server, alice)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/w/atelier/library/")
    return page


@pytest.fixture
def without_script(browser: Browser, live_server: LiveServer, alice: User, channel: Channel) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    page = signed_in(context, live_server, alice)
    page.goto(f"{live_server.url}/w/atelier/library/")
    yield page
    context.close()


def accessible(page: Page) -> None:
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def bring(page: Page, file: Path) -> None:
    page.get_by_role("link", name="Import a file").click()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def test_four_clicks_import_what_can_be_imported(reader: Page, file: Path) -> None:
    bring(reader, file)
    expect(reader.get_by_role("heading", level=1)).to_have_text("posts.csv")
    expect(reader.get_by_text("4 can be imported, 0 would be held, 2 are refused.")).to_be_visible()
    assert Post.objects.count() == 0
    reader.get_by_role("button", name="Import 4, leave out 2").click()
    expect(reader.get_by_text("4 posts are in the Library and scheduled.")).to_be_visible()
    assert Post.objects.filter(status="active").count() == 4


def test_a_line_is_mended_and_another_left_out_in_place(reader: Page, file: Path) -> None:
    bring(reader, file)
    reader.get_by_role("button", name="Every 14 days, at most 12 times (line 7)").click()
    expect(reader.get_by_role("button", name="Import 5, leave out 1")).to_be_visible()
    reader.get_by_role("button", name="Leave out line 3").press("Enter")
    expect(reader.get_by_role("button", name="Import 4, leave out 2")).to_be_visible()
    expect(reader.get_by_role("button", name="Take in line 3")).to_be_focused()
    reader.get_by_role("link", name=re.compile("^Problems")).click()
    expect(reader.get_by_text("is past. Choose a time to come.")).to_be_visible()


def test_everything_works_without_a_script(without_script: Page, file: Path) -> None:
    bring(without_script, file)
    without_script.get_by_role("button", name=re.compile("^Every 14 days")).click()
    without_script.get_by_role("button", name="Leave out line 3").click()
    without_script.get_by_role("button", name="Import 4, leave out 2").click()
    expect(without_script.get_by_text("4 posts are in the Library and scheduled.")).to_be_visible()


def test_the_same_file_again_says_so(reader: Page, file: Path, live_server: LiveServer) -> None:
    bring(reader, file)
    reader.get_by_role("button", name=re.compile("^Import 4")).click()
    reader.goto(f"{live_server.url}/w/atelier/import/")
    reader.get_by_label("CSV file").set_input_files(file)
    reader.get_by_role("button", name="Check the file").click()
    expect(reader.get_by_text("no new post was made")).to_be_visible()


def test_the_pages_are_accessible_wide_and_narrow(reader: Page, file: Path, live_server: LiveServer) -> None:
    accessible(reader)
    bring(reader, file)
    accessible(reader)
    reader.get_by_role("button", name=re.compile("^Import 4")).click()
    for place in ("library/", "import/", "search/?q=patience", "search/?q=nowhere", "library/?q=nowhere"):
        reader.goto(f"{live_server.url}/w/atelier/{place}")
        accessible(reader)


def test_search_answers_while_one_types(reader: Page, workspace: Workspace) -> None:
    a_post(workspace, text="Un éléphant, ça trompe.")
    reader.locator("body").press("/")
    reader.keyboard.type("elephant")
    expect(reader.locator("#search-panel mark")).to_have_text("éléphant")
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("status").filter(has_text="1 post")).to_be_visible()
