"""What is made of a file from outside: the cleaned file with its facts, or the sentence why it is not taken."""

from __future__ import annotations

from dataclasses import dataclass

from notices.sentences import Sentence
from posts.networks.parcel import Kind


class NotTaken(Exception):
    """This file is not taken. Nothing of it was kept."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text)


@dataclass(frozen=True)
class Taken:
    """A file that holds a picture or a video and nothing else. `content` None: it was cleaned where it lies."""

    kind: Kind
    mime: str
    width: int  # pixels, as a viewer sees it
    height: int
    content: bytes | None
    seconds: float | None = None
    thumb: bytes = b""  # a small WebP; empty for what is no picture


SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}
