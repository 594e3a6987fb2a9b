"""What a post takes along besides its words, and the notes that a sending of several steps keeps on the way."""

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Kind(enum.Enum):
    """What a file is to its viewers."""

    IMAGE = "image"
    GIF = "gif"  # a picture that moves
    VIDEO = "video"


@dataclass(frozen=True)
class Attachment:
    """A file, fitted to the network that it goes to. Its bytes are read when they leave, and not before."""

    kind: Kind
    mime: str  # for example "image/jpeg"
    size: int  # bytes
    width: int  # pixels, as a viewer sees it
    height: int
    alt: str  # its description for those who cannot see it; empty when nobody wrote one
    read: Callable[[], bytes] = field(compare=False)
    seconds: float | None = None  # how long a video or GIF runs
    name: str = "file"  # a file name that the network may show, ASCII
    url: str = ""  # a public address of the same bytes, for networks that fetch instead of being sent


@dataclass(frozen=True)
class Card:
    """The preview of a link, for networks that want to be told instead of looking."""

    url: str
    title: str
    description: str = ""
    image: Attachment | None = None


class Steps(Protocol):
    """What earlier attempts at this publication have done, step by step.

    A container, an upload, the first two posts of a thread: whatever is done is kept, for good, before the next step
    leaves, so that no attempt does it twice.
    """

    def kept(self, step: str) -> str | None:
        """What was kept of this step; None when it was not done, or nobody knows."""

    def keep(self, step: str, value: str) -> None:
        """Keep it, committed when this returns. Raises Unconfirmed when this publication is no longer ours."""


class Unkept:
    """Steps of a sending that nobody resumes: they are remembered as long as it takes."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def kept(self, step: str) -> str | None:
        return self._kept.get(step)

    def keep(self, step: str, value: str) -> None:
        self._kept[step] = value
