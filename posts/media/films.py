"""Videos from outside: the boxes of an MP4 or QuickTime file, walked with care, its notes blanked where they lie.

Nothing is decoded, and no other program is started: what a box says of its size is believed only as far as its
container reaches. Where it was filmed (udta, meta) is overwritten in place, so that no offset changes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from notices.sentences import say
from posts.media.taken import NotTaken, Taken
from posts.networks.parcel import Kind

MOST_BOXES = 4000
LARGEST_INDEX = 64 * 2**20  # of the box that says where everything is
TOP = frozenset(b"ftyp moov mdat free skip wide pdin uuid meta udta sidx ssix moof mfra styp".split())
HOLDERS = frozenset(b"moov trak mdia minf stbl edts moof traf mvex".split())
NOTES = frozenset(b"udta meta uuid free skip".split())
QUICKTIME = b"qt  "
_NO_VIDEO = say("This is no video that can be read. Take an MP4 (H.264), such as phones and video programs export.")


@dataclass(frozen=True)
class Box:
    kind: bytes
    named: int  # where its kind is written
    start: int  # of its content
    end: int
    depth: int


@dataclass
class _Film:
    brand: bytes = b""
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    pictures: bool = False
    data: bool = False


def begins(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def take(path: Path) -> Taken:
    """Cleans the file where it lies. Raises NotTaken; then it may be half cleaned."""
    with path.open("r+b") as file:
        try:
            film = _look(file)
        except (struct.error, _Lies):
            raise NotTaken(_NO_VIDEO) from None
    if not (film.pictures and film.data and film.width and film.height and film.seconds):
        raise NotTaken(_NO_VIDEO)
    mime = "video/quicktime" if film.brand == QUICKTIME else "video/mp4"
    return Taken(Kind.VIDEO, mime, film.width, film.height, None, round(film.seconds, 3))


class _Lies(Exception):
    """A box says what cannot be."""


def _look(file: BinaryIO) -> _Film:
    film, size = _Film(), file.seek(0, 2)
    for count, box in enumerate(_boxes(file, 0, size, 0)):
        if count > MOST_BOXES or (box.depth == 0 and box.kind not in TOP):
            raise _Lies
        _learn(film, box, file)
        if box.kind in NOTES:
            _blank(file, box)
    return film


def _boxes(file: BinaryIO, start: int, end: int, depth: int) -> Iterator[Box]:
    if depth > 8:
        raise _Lies
    while start < end:
        box, after = _box(file, start, end, depth)
        yield box
        if box.kind == b"moov" and box.end - box.start > LARGEST_INDEX:
            raise _Lies
        if box.kind in HOLDERS:
            yield from _boxes(file, box.start, box.end, depth + 1)
        start = after


def _box(file: BinaryIO, start: int, end: int, depth: int) -> tuple[Box, int]:
    file.seek(start)
    size, kind = struct.unpack(">I4s", file.read(8))
    head = 8
    if size == 1:
        (size,) = struct.unpack(">Q", file.read(8))
        head = 16
    elif size == 0 and depth == 0:  # to the end of the file
        size = end - start
    if size < head or start + size > end:
        raise _Lies
    return Box(kind, start + 4, start + head, start + size, depth), start + size


def _learn(film: _Film, box: Box, file: BinaryIO) -> None:
    file.seek(box.start)
    if box.kind == b"ftyp":
        film.brand = file.read(4)
    elif box.kind == b"mdat":
        film.data = film.data or box.end > box.start
    elif box.kind == b"mvhd":
        film.seconds = _seconds(file.read(32))
    elif box.kind == b"tkhd":
        width, height = _sides(file.read(96))
        film.width, film.height = max(film.width, width), max(film.height, height)
    elif box.kind == b"hdlr":
        film.pictures = film.pictures or file.read(12)[8:12] == b"vide"


def _seconds(head: bytes) -> float:
    if head[0] == 1:
        scale, length = struct.unpack(">IQ", head[20:32])
    else:
        scale, length = struct.unpack(">II", head[12:20])
    return length / scale if scale else 0.0


def _sides(head: bytes) -> tuple[int, int]:
    """As a viewer sees it: phones film lying on their side and say so in the matrix."""
    place = 52 if head[0] == 1 else 40
    a, b = struct.unpack(">ii", head[place : place + 8])
    width, height = struct.unpack(">II", head[place + 36 : place + 44])
    sides = (width >> 16, height >> 16)
    return sides if abs(a) >= abs(b) else (sides[1], sides[0])


def _blank(file: BinaryIO, box: Box) -> None:
    """The same room, holding nothing."""
    file.seek(box.named)
    file.write(b"free")
    file.seek(box.start)
    left = box.end - box.start
    while left:
        some = min(left, 2**20)
        file.write(bytes(some))
        left -= some
