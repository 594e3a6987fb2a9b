"""What a file is: told by its content, never by its name or by what somebody says of it."""

from __future__ import annotations

from pathlib import Path

from notices.sentences import Sentence, say
from posts.media import films, pictures
from posts.media.taken import NotTaken, Taken

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_WHAT_WE_TAKE = say("This is no picture or video that is taken here. JPEG, PNG, GIF, WebP and MP4 are.")
_SVG = say("SVG drawings are not taken: they can hold programs. Export it as PNG.")
_HEIC = say("This is a HEIC or AVIF photo, which no network takes. Export it as JPEG.")
_EMPTY = say("This file is empty.")


def take(path: Path) -> Taken:
    """Clean the file at this place, or copy what is clean of it. Raises NotTaken."""
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise NotTaken(_EMPTY)
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        if path.stat().st_size > pictures.LARGEST:
            raise NotTaken(say("This picture is too large; {most} MB is the most.", most=pictures.LARGEST // 10**6))
        return pictures.take(path.read_bytes())
    if films.begins(head) and head[8:12] not in (b"heic", b"heix", b"mif1", b"avif", b"msf1"):
        return films.take(path)
    raise NotTaken(_why(head))


def _why(head: bytes) -> Sentence:
    if films.begins(head):
        return _HEIC
    begun = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return _SVG if begun.startswith((b"<svg", b"<?xml")) else _WHAT_WE_TAKE
