"""What in a text is a link, a mention or a hashtag on Bluesky, with its place in UTF-8 bytes."""

from collections.abc import Callable, Iterator
from typing import Any

import regex

from posts.networks.counting import graphemes

TAG_LENGTH, TAG_BYTES = 64, 640  # app.bsky.richtext.facet#tag
_LINK = regex.compile(r"https?://[^\s<>\"“”«»]+", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![\w@/.-])@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9])(?![\w-])", regex.IGNORECASE)  # fmt: skip  # noqa: E501
_TAG = regex.compile(r"(?<!\S)[#＃](?!\ufe0f)([^\s\u00ad\u2060\u200a-\u200d\u20e2]+)")
_BEHIND = regex.compile(r"[.,;:!?'’…*_]+$")
_PUNCTUATION = regex.compile(r"\p{P}+$")
_BRACKETS = {")": "(", "]": "[", "}": "{"}

Facet = dict[str, Any]


def facets(text: str, did_of: Callable[[str], str | None]) -> list[Facet]:
    """In the order of the text. A name that `did_of` does not know stays plain text, as in Bluesky's own app."""
    found = [*_links(text), *_mentions(text, did_of), *_tags(text)]
    found.sort(key=lambda one: one[0])
    taken, kept = 0, []
    for start, end, feature in found:
        if start >= taken:  # a "#" or "@" inside a link belongs to the link
            kept.append({"index": {"byteStart": _bytes(text, start), "byteEnd": _bytes(text, end)},
                         "features": [feature]})  # fmt: skip
            taken = end
    return kept


Place = tuple[int, int, dict[str, str]]


def _links(text: str) -> Iterator[Place]:
    for match in _LINK.finditer(text):
        url = _of_the_sentence_freed(match[0])
        yield match.start(), match.start() + len(url), {"$type": "app.bsky.richtext.facet#link", "uri": url}


def _mentions(text: str, did_of: Callable[[str], str | None]) -> Iterator[Place]:
    for match in _MENTION.finditer(text):
        if did := did_of(match[1].lower()):
            yield match.start(), match.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did}


def _tags(text: str) -> Iterator[Place]:
    for match in _TAG.finditer(text):
        tag = _PUNCTUATION.sub("", match[1])
        fits = graphemes(tag) <= TAG_LENGTH and len(tag.encode("utf-8", "surrogatepass")) <= TAG_BYTES
        if tag and fits and not tag.isdecimal():
            end = match.start(1) + len(tag)
            yield match.start(), end, {"$type": "app.bsky.richtext.facet#tag", "tag": tag}


def _of_the_sentence_freed(url: str) -> str:
    """ "(see https://example.com/a_(b))." ends at the second bracket."""
    while True:
        shorter = _BEHIND.sub("", url)
        last = shorter[-1:]
        if last in _BRACKETS and shorter.count(last) > shorter.count(_BRACKETS[last]):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter


def _bytes(text: str, place: int) -> int:
    return len(text[:place].encode("utf-8", "surrogatepass"))
