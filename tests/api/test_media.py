"""Media through the API: taken in whole or in pieces, described, put into posts for all networks or one, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from posts.models import Channel
from tests.api.conftest import Api
from tests.posts.media import files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "media": stored}
    settings.DATA = tmp_path


def sent(api: Api, data: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("a.jpg", data, "image/jpeg")
    return Client().post("/api/v1/media/", {"file": file, **fields}, headers={"Authorization": f"Bearer {api.token}"})


def test_a_file_is_sent_described_and_deleted(api: Api) -> None:
    answer = sent(api, files.picture(), alt="A sea.")
    assert answer.status_code == 201
    media = answer.json()
    assert (media["mime"], media["width"], media["alt"]) == ("image/jpeg", 640, "A sea.")
    assert sent(api, files.picture()).json()["id"] == media["id"]
    changed = api.patch(f"media/{media['id']}/", {"alt": "A calm sea."})
    assert changed.json()["alt"] == "A calm sea."
    assert api.delete(f"media/{media['id']}/").status_code == 204
    assert api.get("media/").json()["results"] == []


def test_what_is_not_taken_is_a_sentence(api: Api) -> None:
    answer = sent(api, files.svg(files.SCRIPT))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith("SVG drawings are not taken")


def test_a_large_file_comes_in_pieces(api: Api) -> None:
    data = files.picture(1200, 900, "PNG")
    begun = api.post("uploads/", {"name": "a.png", "size": len(data)}).json()
    where, kind = f"uploads/{begun['id']}/", {"Content_Type": "application/octet-stream"}
    assert api.put(f"{where}?start=0", data[:900], **kind).json()["received"] == 900
    again = api.put(f"{where}?start=0", data[:900], **kind)
    assert (again.status_code, again.json()["received"]) == (409, 900)
    assert api.post(f"{where}finish/").status_code == 409
    api.put(f"{where}?start=900", data[900:], **kind)
    assert api.post(f"{where}finish/").json()["width"] == 1200
    assert api.get(where).status_code == 404


def test_a_post_takes_files_and_a_thread_along_and_a_network_has_its_own(api: Api, channel: Channel) -> None:
    one, two = sent(api, files.picture()).json()["id"], sent(api, files.picture(10, 10)).json()["id"]
    given = {
        "text": "First.", "channels": [channel.pk], "thread": ["Second.", "Third."], "media": [two, one],
        "versions": {"sandbox": {"media": [], "thread": ["Only this."]}},
    }  # fmt: skip
    post = api.post("posts/", given)
    assert post.status_code == 201
    shown = post.json()
    assert {name: shown[name] for name in given} == given
    etag = post["ETag"]
    changed = api.patch(f"posts/{shown['id']}/", {"media": [one], "versions": {}}, If_Match=etag)
    assert (changed.json()["media"], changed.json()["thread"], changed.json()["versions"]) == (
        [one], ["Second.", "Third."], {},
    )  # fmt: skip
    assert changed["ETag"] != etag
    refused = api.delete(f"media/{one}/")
    assert (refused.status_code, "A post uses this file" in refused.json()["detail"]) == (409, True)


def test_the_media_of_another_workspace_are_unknown(api: Api, stranger: Api) -> None:
    theirs = sent(stranger, files.picture()).json()["id"]
    answer = api.post("posts/", {"text": "Mine.", "media": [theirs]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "media.0"


def test_a_dry_run_says_what_will_not_fit(api: Api, channel: Channel) -> None:
    several = [sent(api, files.picture(100 + n, 50)).json()["id"] for n in range(5)]
    answer = api.post("check/", {"text": "Five.", "channels": [channel.pk], "media": several}).json()
    assert answer["verdict"] == "block"
    assert any("at most 4 pictures" in finding["message"] for finding in answer["findings"])
