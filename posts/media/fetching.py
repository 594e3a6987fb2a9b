"""A file by its address: fetched as anybody could, and taken in like any other."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote

from django.conf import settings

from posts.media import library
from posts.media.taken import NotTaken
from posts.models_media import Media
from posts.networks.fetch import NotFetched, fetch
from posts.networks.reach import Public
from teams.models import User, Workspace


def keep_from(workspace: Workspace, url: str, user: User | None, now: datetime) -> Media:
    """Raises NotTaken, also when nothing could be fetched."""
    with library.scratch() as place:
        try:
            with place.open("wb") as copy:
                most = settings.MEDIA_LARGEST * library.MEGABYTE
                name = fetch(url.strip(), copy, most, Public(settings.NETWORKS_MAY_REACH))
        except NotFetched as error:
            raise NotTaken(error.sentence) from error
        return library.keep_file(workspace, place, unquote(name), user, now)
