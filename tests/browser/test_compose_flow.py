"""Writing in a real browser: two clicks, keys only, dates of repeats, a fix in one click, and no script at all."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from posts.models import Channel, Post
from scheduler.models import Publication, Pulse
from teams.models import User

pytestmark = pytest.mark.django_db(transaction=True)

SIZES = [(1440, 900), (390, 844)]
WORDS = "Answer comments within the hour."


@pytest.fixture
def cookie(client: Client, bob: User, channel: Channel, live_server: LiveServer) -> dict[str, str]:
    client.force_login(bob)
    Pulse.objects.bulk_create(Pulse(name=name, at=timezone.now()) for name in ("worker", "beat"))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}


@pytest.fixture
def composer(page: Page, live_server: LiveServer, cookie: dict[str, str]) -> Page:
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(f"{live_server.url}/w/atelier/compose/")
    return page


def test_a_post_is_scheduled_in_two_clicks_and_taken_back_in_one(composer: Page, live_server: LiveServer) -> None:
    composer.get_by_role("link", name="New post").first.click()
    expect(composer.locator("#id_text")).to_be_focused()
    composer.keyboard.type(WORDS)
    composer.get_by_role("button", name="Schedule").click()
    toast = composer.locator(".toast")
    expect(toast).to_contain_text("on 1 channel")
    expect(composer.locator("#id_text")).to_have_value("")
    assert Publication.objects.count() == 1
    toast.get_by_role("button", name="Undo").click()
    expect(composer.locator("#id_text")).to_have_value(WORDS)
    assert Post.objects.get().status == "draft"


def test_a_post_is_scheduled_with_keys_only(composer: Page) -> None:
    composer.keyboard.type(WORDS)
    composer.keyboard.press("Control+Enter")
    expect(composer.locator(".toast")).to_contain_text("Scheduled for")
    assert Post.objects.get().text == WORDS


def test_enter_in_a_field_only_looks(composer: Page) -> None:
    composer.fill("#id_text", WORDS)
    composer.fill("#id_at_text", "tomorrow 9:00")
    composer.press("#id_at_text", "Enter")
    expect(composer.locator("#checks")).to_contain_text("Goes out on")
    assert not Publication.objects.exists()


def test_a_repeat_shows_its_dates_and_one_click_mends_its_rule(composer: Page) -> None:
    composer.fill("#id_text", WORDS)
    composer.get_by_label("Repeat", exact=True).check()
    expect(composer.locator("#dates")).to_contain_text("5 repeats = 6 publications")
    composer.fill("#id_interval", "7")
    expect(composer.locator("#schedule")).to_contain_text("Schedule 1, 5 held")
    composer.get_by_role("button", name="Repeat every 14 days instead").click()
    expect(composer.locator("#id_interval")).to_have_value("14")
    expect(composer.locator("#dates li")).to_have_count(6)
    composer.fill("#id_max_repeats", "99")
    expect(composer.locator("#why-not")).to_contain_text("Absurd rule")
    composer.get_by_role("button", name="Every 14 days, at most 12 times").click()
    expect(composer.locator("#id_max_repeats")).to_have_value("12")
    composer.locator("#schedule").click()
    expect(composer.locator(".toast")).to_contain_text("12 repeats")
    assert Post.objects.get().rule.max_repeats == 12


def test_leaving_loses_nothing(composer: Page) -> None:
    composer.fill("#id_text", WORDS)
    composer.locator("#id_text").blur()
    expect(composer.locator("[data-saved]")).to_contain_text("Saved", timeout=15_000)  # tried again every 5 s
    draft = Post.objects.get()
    composer.goto(f"{composer.url}{draft.pk}/")
    expect(composer.locator("#id_text")).to_have_value(WORDS)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_everyone_can_use_it(composer: Page, width: int, height: int) -> None:
    composer.set_viewport_size({"width": width, "height": height})
    composer.fill("#id_text", "x" * 501)
    composer.get_by_label("Repeat", exact=True).check()
    expect(composer.locator("#why-not")).to_be_visible()
    assert Axe().run(composer).violations_count == 0
    assert not composer.evaluate("document.documentElement.scrollWidth > innerWidth")
    composer.press("#id_text", "Control+Enter")
    expect(composer.locator(".errors")).to_be_focused()
    assert Axe().run(composer).violations_count == 0


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_everyone_can_use_a_posts_page(composer: Page, live_server: LiveServer, width: int, height: int) -> None:
    composer.set_viewport_size({"width": width, "height": height})
    composer.fill("#id_text", WORDS)
    composer.locator("#schedule").click()
    composer.locator(".toast").get_by_role("link").click()
    expect(composer.get_by_role("heading", level=1)).to_contain_text("Answer comments")
    assert Axe().run(composer).violations_count == 0
    assert not composer.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_it_all_works_without_scripts(browser: Browser, live_server: LiveServer, cookie: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{live_server.url}/w/atelier/compose/")
    page.fill("#id_text", WORDS)
    page.get_by_label("Repeat", exact=True).check()
    page.fill("#id_interval", "7")
    page.locator("#checks-title + * + button").click()
    expect(page.locator("#dates")).to_contain_text("5 repeats = 6 publications")
    page.get_by_role("button", name="Repeat every 14 days instead").click()
    expect(page.locator("#id_interval")).to_have_value("14")
    page.locator("#schedule").click()
    expect(page.locator(".toast")).to_contain_text("5 repeats")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#id_text")).to_have_value(WORDS)
    context.close()
