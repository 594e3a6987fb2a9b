"""The library: nothing from outside names a file, each workspace has its room, and what is left over goes."""

from __future__ import annotations

import io
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from posts.media import cleaning, library, uploads
from posts.media.fetching import keep_from
from posts.media.library import InUse, drop, keep, shown_name
from posts.media.taken import NotTaken
from posts.models import Attached, Media, Upload
from posts.models_media import media_storage
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import a_post
from tests.posts.media import files

pytestmark = pytest.mark.django_db
NAMES = json.loads((Path(__file__).parent / "uploads.json").read_text())["names"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """A library of its own for each test."""
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "media": stored}
    settings.DATA = tmp_path
    return tmp_path / "media"


def kept(workspace: Workspace, data: bytes | None = None, name: str = "a.jpg") -> Media:
    return keep(workspace, io.BytesIO(data or files.picture()), name, None, NOW)


def stored(folder: Path) -> list[Path]:
    return [place for place in folder.rglob("*") if place.is_file()]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_from_outside_is_read_by_people_and_by_nothing_else(
    name: str, workspace: Workspace, folder: Path
) -> None:
    media = kept(workspace, name=name)
    assert str(media.file.name).startswith(f"{workspace.pk}/")
    assert all(folder / str(workspace.pk) == place.parent for place in stored(folder))
    assert {place.suffix for place in stored(folder)} == {".jpg", ".webp"}
    assert media.name
    assert len(media.name) <= library.LONGEST_NAME
    assert not any(sign in media.name for sign in "/\\\0\r\n\u202e")


def test_the_same_file_is_kept_once(workspace: Workspace, folder: Path) -> None:
    first, again = kept(workspace), kept(workspace, name="other.jpg")
    assert first == again
    assert len(stored(folder)) == 2, "the picture and its small copy"


def test_a_workspace_has_its_room_and_no_more(workspace: Workspace, settings: Any) -> None:
    settings.MEDIA_QUOTA = 1
    kept(workspace, files.picture(4000, 3000, colour="red"))
    Media.objects.update(size=999_900)
    with pytest.raises(NotTaken) as refused:
        kept(workspace, files.picture(200, 200, colour="green"))
    assert "full" in refused.value.sentence.text


def test_what_a_post_uses_stays(workspace: Workspace, folder: Path, django_capture_on_commit_callbacks: Any) -> None:
    media, post = kept(workspace), a_post(workspace)
    row = Attached.objects.create(post=post, media=media, position=0)
    with pytest.raises(InUse):
        drop(media)
    assert Media.objects.exists()
    row.delete()
    with django_capture_on_commit_callbacks(execute=True):
        drop(media)
    assert (Media.objects.exists(), stored(folder)) == (False, [])


def test_files_without_a_row_are_cleaned_up_once_they_are_old(workspace: Workspace, folder: Path) -> None:
    media = kept(workspace)
    for name in ("old.jpg", "new.jpg"):
        (folder / str(workspace.pk) / name).write_bytes(b"left behind")
    long_ago = (NOW - timedelta(days=2)).timestamp()
    for place in stored(folder):
        os.utime(place, (long_ago, long_ago))
    os.utime(folder / str(workspace.pk) / "new.jpg", (NOW.timestamp(), NOW.timestamp()))
    assert cleaning.clean(NOW) == 1
    assert {place.name for place in stored(folder)} == {
        "new.jpg", Path(str(media.file.name)).name, Path(str(media.thumb.name)).name
    }  # fmt: skip


def test_a_large_file_comes_in_pieces_and_goes_on_where_it_stopped(workspace: Workspace, folder: Path) -> None:
    data = files.picture(2000, 1500, "PNG")
    upload = uploads.begin(workspace, None, "big.png", len(data), NOW)
    half = len(data) // 2
    uploads.add(workspace, upload.pk, 0, data[:half], NOW)
    with pytest.raises(uploads.Elsewhere) as twice:
        uploads.add(workspace, upload.pk, 0, data[:half], NOW)
    assert twice.value.received == half
    with pytest.raises(uploads.Elsewhere):
        uploads.finish(workspace, upload.pk, None, NOW)
    uploads.add(workspace, upload.pk, half, data[half:], NOW)
    media = uploads.finish(workspace, upload.pk, None, NOW)
    assert (media.mime, media.width) == ("image/png", 2000)
    assert not Upload.objects.exists()
    assert not any("incoming" in str(place) for place in stored(folder))


def test_more_than_was_announced_is_not_taken(workspace: Workspace) -> None:
    upload = uploads.begin(workspace, None, "a", 10, NOW)
    with pytest.raises(NotTaken):
        uploads.add(workspace, upload.pk, 0, bytes(11), NOW)


def test_an_upload_that_was_given_up_is_forgotten(workspace: Workspace, folder: Path) -> None:
    upload = uploads.begin(workspace, None, "a", 10, NOW)
    uploads.add(workspace, upload.pk, 0, bytes(4), NOW)
    assert cleaning.clean(NOW + timedelta(hours=23)) == 0
    assert cleaning.clean(NOW + timedelta(hours=25)) == 1
    assert (Upload.objects.exists(), stored(folder)) == (False, [])


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/a.png", "file:///etc/passwd", "http://[::1]:6379/",
     "http://localhost/", "gopher://example.com/", "", "http://user:secret@example.com/a.png"],
)  # fmt: skip
def test_only_public_addresses_are_fetched_from(url: str, workspace: Workspace, settings: Any) -> None:
    settings.NETWORKS_MAY_REACH = []
    with pytest.raises(NotTaken):
        keep_from(workspace, url, None, NOW)


def test_names_lose_what_turns_or_hides_letters() -> None:
    assert shown_name("../../etc/passwd") == "passwd"
    assert shown_name("\u202egnp.exe") == "gnp.exe"
    assert shown_name(" ") == "file"
    assert shown_name("été.png") == "été.png"


def test_the_storage_is_the_one_that_the_settings_name(folder: Path) -> None:
    assert Path(media_storage().path("x")) == folder / "x"
