"""A GIF copied block by block: its frames stay as they are, and whatever is no frame stays behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class Broken(Exception):
    """This is no GIF, or half of one."""


@dataclass(frozen=True)
class Gif:
    """`content` holds frames, their delays and how often they repeat; no comments, no other program's notes."""

    content: bytes
    frames: int
    pixels: int  # of all frames together
    seconds: float


def read(data: bytes) -> Gif:
    """Raises Broken."""
    try:
        return _read(data)
    except IndexError:
        raise Broken from None


def _read(data: bytes) -> Gif:
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        raise Broken
    place = 13 + _table(data[10])
    kept, frames, pixels, delay = [data[:place]], 0, 0, 0
    while data[place] != _END:
        start = place
        if data[place] == _IMAGE:
            width, height = _short(data, place + 5), _short(data, place + 7)
            place = _end_of_blocks(data, place + 10 + _table(data[place + 9]) + 1)
            frames, pixels = frames + 1, pixels + width * height
            kept.append(data[start:place])
        elif data[place] == _EXTENSION:
            label, blocks = data[place + 1], list(_blocks(data, place + 2))
            place = _end_of_blocks(data, place + 2)
            if label == _CONTROL and blocks and len(blocks[0]) == 4:
                delay += _short(blocks[0], 1)
                kept.append(data[start:place])
            elif label == _APPLICATION and len(blocks) > 1 and blocks[0] in _LOOPS:
                kept.append(
                    bytes((_EXTENSION, label, 11)) + blocks[0] + b"\x03\x01" + blocks[1][1:3].ljust(2, b"\0") + b"\0"
                )
        else:
            raise Broken
    return Gif(b"".join([*kept, bytes([_END])]), frames, pixels, delay / 100)


def _table(flags: int) -> int:
    """The bytes of a colour table, 0 where there is none."""
    return 3 << (1 + (flags & 7)) if flags & 0x80 else 0


def _short(data: bytes, place: int) -> int:
    return data[place] | data[place + 1] << 8


def _blocks(data: bytes, place: int) -> Iterator[bytes]:
    while size := data[place]:
        yield data[place + 1 : place + 1 + size]
        place += 1 + size


def _end_of_blocks(data: bytes, place: int) -> int:
    while size := data[place]:
        place += 1 + size
    return place + 1
