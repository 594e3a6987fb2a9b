"""What a reader can press in a text: links, mentions and hashtags, as networks find them. Offsets are characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from posts.links.find import links

_MENTION = re.compile(r"(?<![\w@/.])@\w[\w.-]*\w(?:@[\w-]+(?:\.[\w-]+)+)?|(?<![\w@/.])@\w\b")
_HASHTAG = re.compile(r"(?<![\w#&/])#(?=\w*[^\W\d_])\w+")


@dataclass(frozen=True)
class Mark:
    start: int
    end: int
    kind: Literal["link", "mention", "hashtag"]


def marks(text: str) -> list[Mark]:
    """In their order, none inside another; links first, since they may hold signs of the others."""
    found = [Mark(link.start, link.end, "link") for link in links(text)]
    for mark in _words(text):
        if not any(link.start < mark.end and mark.start < link.end for link in found):
            found.append(mark)
    return sorted(found, key=lambda mark: mark.start)


def _words(text: str) -> Iterator[Mark]:
    for match in _MENTION.finditer(text):
        yield Mark(match.start(), match.end(), "mention")
    for match in _HASHTAG.finditer(text):
        yield Mark(match.start(), match.end(), "hashtag")
