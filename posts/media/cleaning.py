"""What nobody needs any more: uploads that were given up, files that belong to nothing, fitted copies of last month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from posts import fitting
from posts.media import uploads
from posts.models_media import Media, media_storage

EVERY = timedelta(hours=6)
YOUNG = timedelta(days=1)  # its row may be about to be written
MOST = 1000


def clean(now: datetime) -> int:
    """Returns how many files and uploads are gone."""
    return uploads.clean(now) + _orphans(now) + fitting.forget(now)


def _orphans(now: datetime) -> int:
    """Files of the library that no row names: the server fell over between the two."""
    gone = 0
    for folder in _folders():
        old = [f"{folder}/{name}" for name in media_storage().listdir(folder)[1]]
        known = {
            name for pair in Media.objects.filter(workspace=int(folder)).values_list("file", "thumb") for name in pair
        }
        for name in [one for one in old if one not in known][:MOST]:
            if now - media_storage().get_modified_time(name).astimezone(UTC) > YOUNG:
                media_storage().delete(name)
                gone += 1
    return gone


def _folders() -> Iterator[str]:
    """One for each workspace, named by its number."""
    try:
        folders, _ = media_storage().listdir("")
    except FileNotFoundError:
        return
    yield from (folder for folder in folders if folder.isdecimal())
