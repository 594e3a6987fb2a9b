"""What the tests of real networks send: files, threads, and texts from all over Unicode with their lengths."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posts.networks.parcel import Attachment, Kind

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
TEXTS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "unicode.json").read_text())["cases"]
# Refused before a network is asked: nobody could read them.
UNREADABLE = {"nul", "c0", "only-invisible", "hangul-filler"}
READABLE = [one for one in TEXTS if one["id"] not in UNREADABLE]


def image(name: str = "red.png", *, alt: str = "A red square", url: str = "") -> Attachment:
    return Attachment(Kind.IMAGE, "image/png", len(PIXEL), 1, 1, alt, lambda: PIXEL, name=name, url=url)


def video(name: str = "film.mp4") -> Attachment:
    body = b"\0\0\0\x18ftypmp42"
    return Attachment(Kind.VIDEO, "video/mp4", len(body), 640, 360, "A film", lambda: body, seconds=3.0, name=name)


def gif(name: str = "turning.gif") -> Attachment:
    body = b"GIF89a"
    return Attachment(Kind.GIF, "image/gif", len(body), 10, 10, "It turns", lambda: body, seconds=1.0, name=name)


@dataclass
class Notebook:
    """Steps that outlive an attempt, as the engine keeps them."""

    pages: dict[str, str]

    def kept(self, step: str) -> str | None:
        return self.pages.get(step)

    def keep(self, step: str, value: str) -> None:
        self.pages[step] = value
