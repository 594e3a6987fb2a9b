"""Files fitted to a network at the moment they leave: in its format, small enough, in a shape that it takes.

A fitted copy is kept in the data folder under a name made of the content and of what was done to it: it can be
thrown away at any time, and is made again when somebody asks.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from PIL import Image

from notices.sentences import say
from posts.media import addresses, pictures
from posts.media.taken import SUFFIXES
from posts.models import Channel, Media
from posts.models_media import media_storage
from posts.networks.base import MediaLimits, Refused
from posts.networks.fit import Fit, fit, misfits
from posts.networks.parcel import Attachment, Kind

QUALITIES = (90, 82, 74, 66, 58)
SMALLER = 0.75
KEPT = timedelta(days=30)


def fitted(files: list[Media], channel: Channel, until: datetime) -> tuple[Attachment, ...]:
    """What this channel is sent. Raises Refused, with a sentence, for what it would not take.

    `until`: how long a network that fetches finds them at their public addresses.
    """
    limits = channel.limits.media
    for why in misfits([one.piece for one in files], limits, channel.name):
        raise Refused(why)
    return tuple(_attachment(one, channel, limits, until) for one in files)


def copy_of(media: Media, limits: MediaLimits) -> Path | None:
    """The fitted copy; None where the network takes the file as it is."""
    plan = fit(media.piece, limits)
    if plan.as_is:
        return None
    place = _place(media, plan)
    if not place.exists():
        _keep(place, _made(media, plan))
    os.utime(place)
    return place


def forget(now: datetime) -> int:
    """Delete the copies that nobody asked for in a month. Returns how many."""
    old = [
        place
        for place in (settings.DATA / "fitted").glob("*/*")
        if now.timestamp() - place.stat().st_mtime > KEPT.total_seconds()
    ]
    for place in old:
        place.unlink(missing_ok=True)
    return len(old)


def _attachment(media: Media, channel: Channel, limits: MediaLimits, until: datetime) -> Attachment:
    plan, copy = fit(media.piece, limits), copy_of(media, limits)
    size, read = (media.size, partial(_bytes, media)) if copy is None else (copy.stat().st_size, copy.read_bytes)
    width, height = (plan.width, plan.height) if copy is None else _sides(copy)
    return Attachment(
        kind=plan.kind,
        mime=plan.mime,
        size=size,
        width=width,
        height=height,
        alt=media.alt if limits.alt_length else "",
        read=read,
        seconds=media.seconds if plan.kind is not Kind.IMAGE else None,
        name=f"{media.sha256[:12]}{SUFFIXES[plan.mime]}",
        url=addresses.public(media, channel, until) if limits.fetched else "",
    )


def _bytes(media: Media) -> bytes:
    try:
        with media_storage().open(str(media.file.name)) as file:
            return bytes(file.read())
    except OSError:
        raise Refused(say("The file “{name}” is not where it was kept.", name=media.name)) from None


def _sides(place: Path) -> tuple[int, int]:
    with Image.open(place) as picture:
        return picture.size


def _made(media: Media, plan: Fit) -> bytes:
    try:
        with Image.open(io.BytesIO(_bytes(media)), formats=pictures.FORMATS) as picture:
            picture.load()
            return _small_enough(_shaped(picture, plan), plan)
    except (OSError, ValueError, SyntaxError, MemoryError):
        raise Refused(say("“{name}” could not be fitted to this network.", name=media.name)) from None


def _shaped(picture: Image.Image, plan: Fit) -> Image.Image:
    whole = picture.convert("RGBA" if picture.mode in ("P", "PA", "LA", "RGBA") else "RGB")
    inner = whole if whole.size == plan.inner else whole.resize(plan.inner, Image.Resampling.LANCZOS)
    if plan.inner == (plan.width, plan.height):
        return inner
    ground = Image.new("RGB", (plan.width, plan.height), "white")
    corner = ((plan.width - inner.width) // 2, (plan.height - inner.height) // 2)
    ground.paste(inner, corner, inner if inner.mode == "RGBA" else None)
    return ground


def _small_enough(picture: Image.Image, plan: Fit) -> bytes:
    """The best quality that fits; where none does, a smaller picture."""
    form = plan.mime.partition("/")[2].upper()
    while True:
        for quality in QUALITIES:
            data = pictures.written(picture, form, quality=quality)
            if len(data) <= plan.most_bytes:
                return data
            if form == "PNG":
                break
        if min(picture.size) < 32:
            raise ValueError("no picture is that small")
        sides = (max(1, int(picture.width * SMALLER)), max(1, int(picture.height * SMALLER)))
        picture = picture.resize(sides, Image.Resampling.LANCZOS)


def _place(media: Media, plan: Fit) -> Path:
    name = hashlib.sha256(f"{media.sha256} {plan}".encode()).hexdigest()
    folder: Path = settings.DATA / "fitted" / name[:2]
    return folder / f"{name}{SUFFIXES[plan.mime]}"


def _keep(place: Path, data: bytes) -> None:
    """Whole or not at all: two workers may make the same copy."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(place)
