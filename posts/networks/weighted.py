"""How long a text is on X: twitter-text, version 3 of its configuration.

After https://github.com/twitter/twitter-text config/v3.json and https://docs.x.com/fundamentals/counting-characters,
seen on 21 November 2026. Letters of most alphabets weigh 1, all others 2, a whole emoji 2, a link 23 whatever its
length.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

LINK = 23
LONGEST_LINK = 4096  # what is longer is no link to X
_LIGHT = re.compile("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

_BASE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_ONE = f"{_BASE}\ufe0f?[\U0001f3fb-\U0001f3ff]?\ufe0f?"
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[0-9#*]\ufe0f?\u20e3"
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    f"|{_ONE}(?:\u200d{_ONE})*"
)

_TOP = frozenset(
    word
    for line in Path(__file__).with_name("top_level_domains.txt").read_text("ascii").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
_LETTER = r"a-z0-9\u0400-\u04ff\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_INSIDE = rf"[{_LETTER}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_PARENS = rf"\((?:{_INSIDE}|\({_INSIDE}+\))*\)"
_HOST = r"[^\s!-,./:-@\[-`{-~\u2000-\u206f\u061c\u3000-\u3002\uff00-\uff0f\uff1a-\uff20]"
_LABEL = rf"{_HOST}(?:(?:{_HOST}|[-_])*{_HOST})?"
_ADDRESS = re.compile(
    r"(?<![a-z0-9@\uff20$#\uff03])(?P<scheme>https?://)?"
    rf"(?P<host>{_LABEL}(?:\.{_LABEL})+)(?P<port>:[0-9]+)?"
    rf"(?P<path>/(?:(?:{_INSIDE}*(?:{_PARENS}{_INSIDE}*)*(?:[{_LETTER}=_#/+\-]|{_PARENS}))|@{_INSIDE}+/)?)?"
    r"(?P<query>\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?",
    re.IGNORECASE,
)
_ASCII = re.compile(r"[a-z0-9.\-_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def weighted_length(text: str) -> int:
    """In the units of which a post on X holds 280."""
    total, behind = 0, 0
    composed = unicodedata.normalize("NFC", text)
    for start, end in links(composed):
        total += _weight(composed[behind:start]) + LINK
        behind = end
    return total + _weight(composed[behind:])


def links(text: str) -> Iterator[tuple[int, int]]:
    """Where X sees links: with http(s), or bare where the name ends in a top-level domain that exists."""
    at = 0
    while "." in text[at:] and (found := _ADDRESS.search(text, at)):
        end = _end(text, found)
        if end is not None:
            yield found.start(), end
        at = end or _next(found)


def _next(found: re.Match[str]) -> int:
    """Behind what is no link: a bare one may still begin inside it."""
    return found.end("host") if found["scheme"] is None else max(found.end("scheme"), found.start() + 1)


def _end(text: str, found: re.Match[str]) -> int | None:
    host = found["host"]
    if found["scheme"] is None:
        if text[found.start() - 1 : found.start()] in ("-", "_", ".", "/") and found.start():
            return None
        plain = _ASCII.match(host)
        host = plain[0].rstrip("-_") if plain else ""
    known = _known(host)
    if not known:
        return None
    end = found.start("host") + len(known)
    whole = found.end() if known == found["host"] else end
    return whole if whole - found.start() <= LONGEST_LINK else None


def _known(host: str) -> str:
    """As much of the name as ends in a domain that exists; empty where none of it does."""
    labels = host.split(".")
    for count in range(len(labels), 1, -1):
        name = ".".join(labels[:count])
        if top := _top(labels[count - 1]):
            name = name[: len(name) - len(labels[count - 1]) + len(top)]
            if _can_be_asked_for(name):
                return name
    return ""


def _top(label: str) -> str:
    """The domain at the beginning of a name's last part; in “example.comの” it is “com”."""
    ascii_part = re.match(r"[a-zA-Z0-9-]*", label)
    plain = ascii_part[0] if ascii_part else ""
    if plain and plain.lower() in _TOP:
        return plain
    if plain:
        return ""
    try:
        return label if label.encode("idna").decode().lower() in _TOP else ""
    except UnicodeError:
        return ""


def _can_be_asked_for(name: str) -> bool:
    """Whether each part fits into 63 letters of Punycode (RFC 5890), and the last two hold no underscore."""
    labels = name.split(".")
    if any("_" in label for label in labels[-2:]):
        return False
    return all(0 < len(_punycode(label)) <= 63 for label in labels)


def _punycode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.lower().encode("punycode").decode()


def _weight(text: str) -> int:
    total, behind = 0, 0
    for emoji in _EMOJI.finditer(text):
        if len(emoji[0]) > 1:
            total += _plain(text[behind : emoji.start()]) + 2
            behind = emoji.end()
    return total + _plain(text[behind:])


def _plain(text: str) -> int:
    return 2 * len(text) - len(_LIGHT.findall(text))
