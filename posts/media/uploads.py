"""Large files in pieces: whoever is interrupted asks how far they got, and goes on there.

Begin with a name and a size; send pieces of at most PIECE bytes, each with the place where it begins; finish. A
piece that was sent twice changes nothing: the place it names is taken already, and the answer says where to go on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from notices.sentences import say
from posts.media import library
from posts.media.taken import NotTaken
from posts.models_media import Media, Upload, media_storage
from teams.models import User, Workspace

PIECE = 4 * 2**20
MOST_AT_ONCE = 20  # uploads of one workspace
KEPT = timedelta(days=1)  # after the last piece


class Elsewhere(Exception):
    """The piece does not begin where the upload stands; `received` says where that is."""

    def __init__(self, received: int) -> None:
        self.received = received
        super().__init__(str(received))


def begin(workspace: Workspace, user: User | None, name: str, size: int, now: datetime) -> Upload:
    """Raises NotTaken when there is no room for so many bytes."""
    if size < 1:
        raise NotTaken(say("This file is empty."))
    library.must_have_room(workspace, size)
    if Upload.objects.filter(workspace=workspace).count() >= MOST_AT_ONCE:
        raise NotTaken(say("Too many uploads are under way in this workspace. Wait until one of them is done."))
    return Upload.objects.create(
        workspace=workspace, user=user, name=library.shown_name(name), size=size, created_at=now, touched_at=now
    )


def add(workspace: Workspace, pk: UUID, start: int, data: bytes, now: datetime) -> Upload:
    """Raises Upload.DoesNotExist, Elsewhere, or NotTaken for more bytes than were announced."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(workspace=workspace, pk=pk)
        if start != upload.received:
            raise Elsewhere(upload.received)
        if not data or len(data) > PIECE or start + len(data) > upload.size:
            raise NotTaken(say("This piece has a wrong size."))
        name = _piece(pk, start)
        media_storage().delete(name)  # left behind when a server fell over in the middle of this
        media_storage().save(name, ContentFile(data))
        upload.received, upload.touched_at = start + len(data), now
        upload.save(update_fields=["received", "touched_at"])
    return upload


def finish(workspace: Workspace, pk: UUID, user: User | None, now: datetime) -> Media:
    """The whole file, taken in. Raises Upload.DoesNotExist, Elsewhere, or NotTaken; then the upload is gone."""
    upload = Upload.objects.get(workspace=workspace, pk=pk)
    if upload.received != upload.size:
        raise Elsewhere(upload.received)
    try:
        with library.scratch() as place:
            with place.open("wb") as whole:
                for start in _starts(upload):
                    with media_storage().open(_piece(pk, start)) as piece:
                        whole.write(piece.read())
            return library.keep_file(workspace, place, upload.name, user, now)
    finally:
        drop(upload)


def drop(upload: Upload) -> None:
    for start in _starts(upload):
        media_storage().delete(_piece(upload.pk, start))
    upload.delete()


def clean(now: datetime) -> int:
    """Forget those that nobody went on with. Returns how many."""
    left = list(Upload.objects.filter(touched_at__lt=now - KEPT)[: settings.BATCH])
    for upload in left:
        drop(upload)
    return len(left)


def _folder(pk: UUID) -> str:
    return f"incoming/{pk}"


def _piece(pk: UUID, start: int) -> str:
    return f"{_folder(pk)}/{start:015}"


def _starts(upload: Upload) -> list[int]:
    """Where the pieces begin, as the storage has them: they need not be equally long."""
    _, names = media_storage().listdir(_folder(upload.pk)) if upload.received else ([], [])
    return sorted(int(name) for name in names if name.isdecimal())
