"""Nostr's events: how they are signed (NIP-01), and what in a text becomes a tag."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coincurve import PrivateKey

from notices.sentences import say
from posts.networks import bech32
from posts.networks.base import ChannelRefused, Refused
from posts.networks.parcel import Attachment

DELETION, NOTE, REPOST, REACTION, PROFILE = 5, 1, 6, 7, 0
CLIENT = ["client", "Refrain"]

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}]")
_HASHTAG = re.compile(r"(?<![\w#&/])#(\w*[^\W\d_]\w*)")
_MENTION = re.compile(r"\bnostr:((?:npub|nprofile|note|nevent)1[a-z0-9]+)")


@dataclass(frozen=True)
class Key:
    """Whose events these are. The secret is 32 bytes."""

    secret: bytes = field(repr=False)

    @property
    def public(self) -> str:
        return PrivateKey(self.secret).public_key_xonly.format().hex()

    @property
    def npub(self) -> str:
        return bech32.encode("npub", bytes.fromhex(self.public))

    def event(self, kind: int, content: str, tags: Iterable[Sequence[str]], created_at: int) -> dict[str, Any]:
        """Signed. The same inputs give the same id, by which a relay knows it has it already."""
        unsigned = {"pubkey": self.public, "created_at": created_at, "kind": kind, "tags": [list(one) for one in tags]}
        event = {**unsigned, "content": content}
        identity = id_of(event)
        return {**event, "id": identity, "sig": PrivateKey(self.secret).sign_schnorr(bytes.fromhex(identity)).hex()}


def id_of(event: dict[str, Any]) -> str:
    """Raises Refused for a text that has no UTF-8."""
    row = [0, event["pubkey"], event["created_at"], event["kind"], event["tags"], event["content"]]
    try:
        spelled = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise Refused(say("The text holds a broken character that cannot be sent.")) from error
    return hashlib.sha256(spelled).hexdigest()


def key_of(typed: str) -> Key:
    """From nsec1… or 64 hexadecimal digits. Raises ChannelRefused for anything else."""
    try:
        kind, secret = bech32.decode(typed) if typed.startswith("nsec1") else ("nsec", bytes.fromhex(typed))
        if kind != "nsec" or len(secret) != 32:
            raise ValueError(kind)
        PrivateKey(secret)  # not every 32 bytes are a key
        return Key(secret)
    except ValueError as error:
        raise ChannelRefused(say("That is not a secret key of Nostr. It begins with nsec1.")) from error


def content_of(text: str, media: Iterable[Attachment]) -> str:
    """The text, and below it the address of every file (NIP-92)."""
    return "\n".join([text, *(one.url for one in media)])


def tags_of(text: str, media: Iterable[Attachment] = ()) -> list[list[str]]:
    """Hashtags, links, people and posts that are named in the text, and what is known of its files."""
    found = [*_mentions(text), *(["r", link] for link in _LINK.findall(text)), *_hashtags(text)]
    unique = [list(one) for one in dict.fromkeys(map(tuple, found))]
    return [*unique, *(_imeta(one) for one in media), CLIENT]


def _hashtags(text: str) -> Iterator[list[str]]:
    for tag in _HASHTAG.findall(_LINK.sub(" ", text)):
        yield ["t", tag.lower()]


def _mentions(text: str) -> Iterator[list[str]]:
    for spelled in _MENTION.findall(text):
        try:
            kind, body = bech32.decode(spelled)
            named = bech32.first_of(body) if kind in ("nprofile", "nevent") else body
        except ValueError:
            continue
        if len(named) == 32:
            yield ["p" if kind in ("npub", "nprofile") else "q", named.hex()]


def _imeta(one: Attachment) -> list[str]:
    described = [f"alt {one.alt}"] if one.alt else []
    return ["imeta", f"url {one.url}", f"m {one.mime}", f"dim {one.width}x{one.height}", *described]
