"""The links in a text, each with its place and in the one spelling under which its health is kept."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

LONGEST = 2000
MOST = 10  # of one text: what holds more is no post
_LINK = re.compile(r"(?:https?://|(?<![\w@/.-])www\.)[^\s<>\"“”«»]+", re.IGNORECASE)
_BEHIND = ".,;:!?'’…*_"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_CAMPAIGN = re.compile(r"(?:utm_[a-z]{1,20}|fbclid|gclid|mc_[a-z]{1,10})=", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """One link as it is written, its place, and its canonical address."""

    url: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def links(text: str) -> tuple[Link, ...]:
    """With a scheme or a leading "www."; a bare "example.com" may as well be a name or a file."""
    found = []
    for match in _LINK.finditer(text):
        written = _trimmed(match[0])
        if url := canonical(written):
            found.append(Link(url, match.start(), match.start() + len(written)))
    return tuple(found[:MOST])


def canonical(written: str) -> str:
    """The address without fragment and campaign tags, its host in small letters; empty for what is none."""
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        return ""
    if not host or parts.username is not None or len(written) > LONGEST:
        return ""
    scheme = parts.scheme.lower()
    usual = {"http": 80, "https": 443}[scheme]
    named = f"[{host}]" if ":" in host else host
    place = named if port in (None, usual) else f"{named}:{port}"
    query = "&".join(part for part in parts.query.split("&") if not _CAMPAIGN.match(part))
    return urlunsplit((scheme, place, parts.path or "/", query, ""))


def key(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def without(text: str, url: str) -> str:
    """The text with this link taken out, and no hole left where it stood."""
    for link in reversed(links(text)):
        if link.url == url:
            text = _joined(text[: link.start], text[link.end :])
    return text.strip()


def _joined(before: str, after: str) -> str:
    if after[:1] in ("", "\n") or after[:1] in _BEHIND:
        return before.rstrip(" \t:→👉") + after
    return before + after.lstrip(" \t")


def _trimmed(written: str) -> str:
    """Without what belongs to the sentence: "(see https://example.com/a_(b))." ends at the second bracket."""
    while written:
        last = written[-1]
        lonely = last in _BRACKETS and written.count(last) > written.count(_BRACKETS[last])
        if last not in _BEHIND and not lonely:
            return written
        written = written[:-1]
    return written
