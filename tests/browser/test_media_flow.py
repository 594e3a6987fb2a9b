"""A picture in a real browser: chosen, described, published to the sandbox, and there as it was shown before."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from posts.models import Channel, Media, Post
from posts.sandbox.server import Server
from scheduler.models import Pulse
from teams.models import User
from tests.kit import arrivals, run
from tests.posts.media import files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "media": stored}
    settings.DATA = tmp_path
    (tmp_path / "sea.jpg").write_bytes(files.picture(3000, 2000))
    (tmp_path / "hill.png").write_bytes(files.picture(300, 200, "PNG", "darkgreen"))
    (tmp_path / "large.png").write_bytes(_large())
    (tmp_path / "evil.svg").write_bytes(files.svg(files.SCRIPT))
    return tmp_path


@pytest.fixture
def composer(page: Page, client: Client, bob: User, channel: Channel, live_server: LiveServer, sandbox: Server) -> Page:
    client.force_login(bob)
    Pulse.objects.bulk_create(Pulse(name=name, at=timezone.now()) for name in ("worker", "beat"))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(f"{live_server.url}/w/atelier/compose/")
    return page


def test_pictures_are_added_described_ordered_and_arrive_as_they_were_shown(
    composer: Page, folder: Path, sandbox: Server
) -> None:
    composer.fill("#id_text", "Our garden in autumn. #garden")
    composer.set_input_files("[data-upload]", folder / "sea.jpg")
    composer.locator(".file").wait_for()
    composer.set_input_files("[data-upload]", folder / "hill.png")
    expect(composer.locator(".file")).to_have_count(2)
    expect(composer.locator("#checks")).to_contain_text("have no description")
    composer.get_by_label("Description of sea.jpg").fill("A blue sea.")
    composer.get_by_label("Description of hill.png").fill("A green hill.")
    composer.get_by_role("button", name="Move hill.png up").focus()
    composer.keyboard.press("Enter")
    expect(composer.locator(".file .meta").first).to_contain_text("hill.png")
    expect(composer.locator("#checks")).not_to_contain_text("no description")
    expect(composer.locator(".preview img").first).to_have_attribute("alt", "A green hill.")
    for size in ((1440, 900), (390, 844)):
        composer.set_viewport_size({"width": size[0], "height": size[1]})
        assert Axe().run(composer).violations_count == 0
    shown = composer.locator(".preview [data-part]").text_content()
    composer.get_by_label("Now").check()
    composer.locator("#schedule").click()
    expect(composer.locator(".toast")).to_contain_text("Going out now")
    run(timezone.now())
    (row,) = arrivals(sandbox)
    assert row.text == shown
    assert [one["alt"] for one in row.takes["media"]] == ["A green hill.", "A blue sea."]


def test_what_is_refused_is_said_and_what_is_large_comes_in_pieces(composer: Page, folder: Path) -> None:
    composer.set_input_files("[data-upload]", folder / "evil.svg")
    expect(composer.locator("[data-progress]")).to_contain_text("SVG drawings are not taken")
    composer.set_input_files("[data-upload]", folder / "large.png")
    expect(composer.locator(".file")).to_have_count(1, timeout=20_000)
    assert Media.objects.get().width == 2000


def test_a_file_of_the_library_and_a_second_part_are_added_with_keys(composer: Page, folder: Path) -> None:
    composer.set_input_files("[data-upload]", folder / "hill.png")
    composer.locator(".file").wait_for()
    composer.get_by_role("button", name="Leave hill.png out").press("Enter")
    expect(composer.locator(".file")).to_have_count(0)
    composer.get_by_role("link", name="From the library").press("Enter")
    composer.locator(".shelf-file").press("Enter")
    expect(composer.locator(".file")).to_have_count(1)
    composer.fill("#id_text", "The first part.")
    composer.get_by_role("button", name="Add a part").press("Enter")
    composer.fill("#id_part_1", "The second part.")
    expect(composer.locator(".preview [data-part]")).to_have_count(2)
    composer.keyboard.press("Control+Enter")
    expect(composer.locator(".toast")).to_contain_text("Scheduled for")
    post = Post.objects.get()
    assert (post.rest, post.attached) == (["The second part."], 1)


def _large() -> bytes:
    """More than eight megabytes: noise does not pack."""
    out = io.BytesIO()
    Image.effect_noise((2000, 2000), 200).convert("RGB").save(out, "PNG", compress_level=0)
    return out.getvalue()
