"""The library: files come in clean and within the workspace's room, and go when nothing uses them any more."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Sum

from notices.sentences import Sentence, say
from posts.media.sniff import take
from posts.media.taken import SUFFIXES, NotTaken, Taken
from posts.models_media import Media, media_storage
from teams.models import User, Workspace

LONGEST_NAME = 120
LONGEST_ALT = 4000  # more than any network takes
MEGABYTE = 1_000_000
_MARKS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class Readable(Protocol):
    """A file, or what was uploaded."""

    def read(self, size: int, /) -> bytes: ...


class InUse(Exception):
    """The file belongs to a post."""

    sentence = say("A post uses this file, so it stays. Take it out of its posts first.")


def keep(workspace: Workspace, source: Readable, name: str, user: User | None, now: datetime) -> Media:
    """Take a file in; one that is here already is given back as it is. Raises NotTaken."""
    with scratch() as place:
        with place.open("wb") as copy:
            _copy(source, copy)
        return keep_file(workspace, place, name, user, now)


def keep_file(workspace: Workspace, place: Path, name: str, user: User | None, now: datetime) -> Media:
    """The same for a file of ours, which is cleaned where it lies. Raises NotTaken."""
    taken = take(place)
    if taken.content is not None:
        place.write_bytes(taken.content)
    digest, size = _digest(place), place.stat().st_size
    if known := Media.objects.filter(workspace=workspace, sha256=digest).first():
        return known
    must_have_room(workspace, size)
    media = Media(
        workspace=workspace,
        kind=taken.kind.value,
        mime=taken.mime,
        width=taken.width,
        height=taken.height,
        seconds=taken.seconds,
        size=size,
        sha256=digest,
        name=shown_name(name),
        created_by=user,
        created_at=now,
    )
    return _stored(media, place, taken)


def must_have_room(workspace: Workspace, size: int) -> None:
    """Raises NotTaken when a file of this size would be too much for the workspace."""
    if size > settings.MEDIA_LARGEST * MEGABYTE:
        raise NotTaken(say("This file is too large; {most} MB is the most.", most=settings.MEDIA_LARGEST))
    if used(workspace) + size > settings.MEDIA_QUOTA * MEGABYTE:
        raise NotTaken(
            say(
                "The library is full: {most} MB is the most in one workspace. Delete what nobody needs.",
                most=settings.MEDIA_QUOTA,
            )
        )


def used(workspace: Workspace) -> int:
    """Bytes of all its files."""
    return Media.objects.filter(workspace=workspace).aggregate(sum=Sum("size"))["sum"] or 0


def drop(media: Media) -> None:
    """Delete it and its files. Raises InUse."""
    try:
        with transaction.atomic():
            media.delete()
    except ProtectedError:
        raise InUse from None
    for file in (media.file.name, media.thumb.name):
        if file:
            transaction.on_commit(partial(media_storage().delete, file))


def shown_name(name: str) -> str:
    """What a person called it, to be read by people only: no folders, nothing invisible, nothing that turns letters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    told = "".join(sign for sign in last if unicodedata.category(sign) not in _MARKS).strip(" .")
    return told[-LONGEST_NAME:] or "file"


def described(alt: str) -> str:
    """A description as it is kept."""
    told = unicodedata.normalize("NFC", alt.replace("\r\n", "\n")).strip()
    return "".join(sign for sign in told if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))[
        :LONGEST_ALT
    ]


def fault_of(alt: str) -> Sentence | None:
    """Why a description cannot be kept."""
    if len(alt) > LONGEST_ALT:
        return say("A description has at most {most} characters.", most=LONGEST_ALT)
    return None


@contextmanager
def scratch() -> Iterator[Path]:
    """A file of our own for a while."""
    handle, name = tempfile.mkstemp(prefix="refrain-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _copy(source: Readable, copy: BinaryIO) -> None:
    left = settings.MEDIA_LARGEST * MEGABYTE
    while data := source.read(2**20):
        left -= len(data)
        if left < 0:
            raise NotTaken(say("This file is too large; {most} MB is the most.", most=settings.MEDIA_LARGEST))
        copy.write(data)


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stored(media: Media, place: Path, taken: Taken) -> Media:
    """The file first: a row never names one that is not there."""
    storage, name = media_storage(), f"{media.workspace_id}/{uuid4().hex}"
    with place.open("rb") as file:
        media.file.name = storage.save(name + SUFFIXES[media.mime], File(file))
    if taken.thumb:
        media.thumb.name = storage.save(f"{name}.small.webp", ContentFile(taken.thumb))
    try:
        with transaction.atomic():
            media.save()
    except IntegrityError:  # the same file came in twice at the same moment
        storage.delete(media.file.name)
        if media.thumb.name:
            storage.delete(media.thumb.name)
        return Media.objects.get(workspace=media.workspace, sha256=media.sha256)
    return media
