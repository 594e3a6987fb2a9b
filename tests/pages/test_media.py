"""The media pages: files are given out as files and to their own people only, and come in with or without a script."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from posts.media import addresses
from posts.media.library import keep
from posts.models import Channel, Media, Post
from scheduler.models import Pulse
from teams.models import User, Workspace
from tests.posts.media import files

pytestmark = pytest.mark.django_db

MEDIA, COMPOSE = "/w/atelier/media/", "/w/atelier/compose/"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "media": stored}
    settings.DATA = tmp_path


@pytest.fixture
def site(client: Client, bob: User) -> Client:
    client.force_login(bob)
    Pulse.objects.bulk_create(Pulse(name=name, at=timezone.now()) for name in ("worker", "beat"))
    return client


def a_file(workspace: Workspace, data: bytes | None = None, name: str = "a.jpg") -> Media:
    return keep(workspace, io.BytesIO(data or files.picture()), name, None, timezone.now())


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_counter_of_a_network_with_captions_follows_the_files(
    site: Client, workspace: Workspace, channel: Channel
) -> None:
    Channel.objects.filter(pk=channel.pk).update(network="telegram")
    media = a_file(workspace)
    alone = site.post("/w/atelier/check/", _words(channel, text="Look")).content.decode()
    beside = site.post("/w/atelier/check/", _words(channel, text="Look", media=[media.pk])).content.decode()
    assert "4/4096" in alone
    assert "4/1024" in beside
    assert "4/4096" not in beside


@pytest.mark.parametrize(("data", "shown"), [(files.picture(), "inline"), (files.mp4(), "attachment")])
def test_a_file_is_given_out_as_a_file(site: Client, workspace: Workspace, data: bytes, shown: str) -> None:
    media = a_file(workspace, data, '"; filename=x.html')
    answer = site.get(f"{MEDIA}{media.pk}/content/", HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Type"] == media.mime
    assert answer["Content-Disposition"].startswith(shown)
    assert not answer["Content-Disposition"].rstrip('"').endswith(".html")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Content-Encoding" not in answer
    assert len(body(answer)) == media.size


@pytest.mark.parametrize("part", ["", "content/", "small/", "as/1/", "tile/"])
def test_another_workspace_has_none_of_it(part: str, client: Client, charlie: User, workspace: Workspace) -> None:
    media = a_file(workspace)
    client.force_login(charlie)
    assert client.get(f"/w/atelier/media/{media.pk}/{part}").status_code == 404
    assert client.get(f"/w/elsewhere/media/{media.pk}/{part}").status_code == 404


def test_a_file_of_another_workspace_is_in_no_post(site: Client, channel: Channel, charlie: User) -> None:
    theirs = a_file(Workspace.objects.get(slug="elsewhere"))
    site.post(COMPOSE, _words(channel, media=[theirs.pk]))
    assert Post.objects.get().attached == 0


def test_a_signed_address_opens_one_file_for_a_while(workspace: Workspace, client: Client, channel: Channel) -> None:
    media, now = a_file(workspace, files.picture(3000, 2000)), timezone.now()
    there = urlsplit(addresses.public(media, channel, now + timedelta(minutes=1))).path
    answer = client.get(there)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert len(body(answer)) <= 1_000_000
    over = urlsplit(addresses.public(media, channel, now - timedelta(seconds=1))).path
    assert client.get(over).status_code == 404
    assert client.get(there.replace("/files/", "/files/x")).status_code == 404


def test_files_come_in_by_the_page_and_each_refusal_is_a_sentence(site: Client) -> None:
    good = SimpleUploadedFile("a.png", files.picture(form="PNG"), "image/png")
    bad = SimpleUploadedFile("evil.png", files.svg(files.SCRIPT), "image/png")
    site.post(MEDIA, {"file": [good, bad]})
    assert Media.objects.get().mime == "image/png"
    assert "SVG drawings are not taken" in site.get(MEDIA).content.decode()


def test_without_a_script_a_file_comes_with_the_whole_form(site: Client, channel: Channel) -> None:
    file = SimpleUploadedFile("a.jpg", files.picture(), "image/jpeg")
    page = site.post(COMPOSE, {**_words(channel), "fix": "add_file", "file": file}).content.decode()
    media = Media.objects.get()
    assert f'name="media" value="{media.pk}"' in page
    assert "Answer comments within the hour." in page
    site.post(COMPOSE, _words(channel, media=[media.pk], **{f"alt_{media.pk}": "A desk."}))
    post = Post.objects.get()
    assert [row.media.alt for row in post.files] == ["A desk."]


def test_the_order_changes_by_buttons_too(site: Client, channel: Channel, workspace: Workspace) -> None:
    one, two = a_file(workspace), a_file(workspace, files.picture(10, 10))
    given = _words(channel, media=[one.pk, two.pk], fix=f"file?field=media&id={two.pk}&step=up")
    page = site.post(COMPOSE, given).content.decode()
    assert page.index(f'name="media" value="{two.pk}"') < page.index(f'name="media" value="{one.pk}"')


def test_a_large_file_goes_up_in_pieces(site: Client) -> None:
    data = files.picture(1500, 1500, "PNG")
    begun = site.post(f"{MEDIA}uploads/", {"name": "big.png", "size": len(data)}).json()
    where = f"{MEDIA}uploads/{begun['id']}/"
    assert site.put(f"{where}?start=0", data[:1000], "application/octet-stream").json()["received"] == 1000
    again = site.put(f"{where}?start=0", data[:1000], "application/octet-stream")
    assert (again.status_code, again.json()["received"]) == (409, 1000)
    assert site.get(where).json()["received"] == 1000
    site.put(f"{where}?start=1000", data[1000:], "application/octet-stream")
    assert site.post(f"{where}finish/").status_code == 200
    assert Media.objects.get().width == 1500


def test_a_viewer_looks_and_takes_nothing_in(client: Client, workspace: Workspace, bob: User) -> None:
    bob.memberships.update(role="viewer")
    client.force_login(bob)
    media = a_file(workspace)
    assert client.get(MEDIA).status_code == 200
    assert client.get(f"{MEDIA}{media.pk}/").status_code == 200
    for part in ("add/", f"{media.pk}/delete/", "uploads/"):
        assert client.post(f"{MEDIA}{part}").status_code == 403


def test_what_a_post_uses_is_not_deleted(site: Client, channel: Channel, workspace: Workspace) -> None:
    media = a_file(workspace)
    site.post(COMPOSE, _words(channel, media=[media.pk]))
    site.post(f"{MEDIA}{media.pk}/delete/")
    assert "A post uses this file" in site.get(f"{MEDIA}{media.pk}/").content.decode()


def test_a_thread_without_threads_is_joined_in_one_click(site: Client, channel: Channel) -> None:
    given = _words(channel, part_1="The second part.", fix="join_parts?network=sandbox")
    page = site.post(COMPOSE, given).content.decode()
    assert "Answer comments within the hour.\n\nThe second part.</textarea>" in page
    assert 'name="own_rest_sandbox"' in page


@pytest.mark.parametrize("count", [10, 120])
def test_the_library_costs_at_most_twelve_queries(
    count: int, site: Client, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    Media.objects.bulk_create(
        Media(workspace=workspace, file=f"{n}.jpg", thumb=f"{n}.webp", kind="image", mime="image/jpeg", width=9,
              height=9, size=9, sha256=str(n), name=f"{n}.jpg")
        for n in range(count)
    )  # fmt: skip
    site.get(MEDIA)
    with django_assert_max_num_queries(12):
        assert site.get(MEDIA).status_code == 200


@pytest.mark.parametrize("count", [1, 4])
def test_the_composer_costs_no_more_for_more_files(
    count: int, site: Client, channel: Channel, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    several = [a_file(workspace, files.picture(10 + n, 10)).pk for n in range(count)]
    site.post(COMPOSE, _words(channel, media=several))
    there = f"/w/atelier/compose/{Post.objects.get().pk}/"
    site.get(there)
    with django_assert_max_num_queries(12):
        assert site.get(there).content.decode().count('data-step="up"') == count


def _words(channel: Channel, **changes: Any) -> dict[str, Any]:
    given = {
        "text": "Answer comments within the hour.", "language": "en", "channels": [channel.pk], "when": "free",
        "key": str(uuid4()), "action": "schedule", "interval": "30", "unit": "day", "max_repeats": "5",
    }  # fmt: skip
    return {**given, **changes}
