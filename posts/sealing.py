"""Credentials as they are kept: AES-256-GCM, under a key that is not in the database, each bound to its place.

A sealed text opens only where it was sealed: copied to the row of another channel it is noise (the place goes in as
associated data). The first key seals; the others open what was sealed before the key was changed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from notices.sentences import Sentence, say

FORMAT, LENGTH, NONCE = "1", 32, 12
FILE = "credential_keys"
UNREADABLE = say("The file with the keys to the channels' credentials cannot be read.")
WRONG_KEYS = say("The keys to the channels' credentials are not as they should be: each is 32 bytes in base64.")
WRONG = say("The key to what this channel signs in with is missing, or is another one than before.")


class Unopened(Exception):
    """What is sealed stays shut. The sentence says why, and nothing of what is inside."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text)


@dataclass(frozen=True)
class Key:
    name: str  # tells which key sealed a text, and nothing about the key
    secret: bytes = field(repr=False)


def seal(values: Mapping[str, str], place: str) -> str:
    """The values as a text to keep at this place; nothing stays nothing. Raises Unopened without a key."""
    if not values:
        return ""
    key = keys()[0]
    nonce = secrets.token_bytes(NONCE)
    shut = AESGCM(key.secret).encrypt(nonce, json.dumps(dict(values)).encode(), place.encode())
    return f"{FORMAT}.{key.name}.{base64.urlsafe_b64encode(nonce + shut).decode()}"


def unseal(sealed: str, place: str) -> dict[str, str]:
    """What was sealed at this place. Raises Unopened."""
    if not sealed:
        return {}
    _format, _, rest = sealed.partition(".")
    name, _, packed = rest.partition(".")
    key = next((one for one in keys() if one.name == name), None)
    try:
        shut = base64.urlsafe_b64decode(packed)
        opened = AESGCM(key.secret).decrypt(shut[:NONCE], shut[NONCE:], place.encode()) if key else b""
    except (InvalidTag, ValueError):
        opened = b""
    if not opened:
        raise Unopened(WRONG)
    found: dict[str, str] = json.loads(opened)
    return found


def is_current(sealed: str) -> bool:
    """Whether the first of the keys sealed it."""
    return not sealed or sealed.split(".")[1] == keys()[0].name


def keys() -> tuple[Key, ...]:
    """Newest first; from the settings, else from the data folder, where the first is made. Raises Unopened."""
    if settings.CREDENTIAL_KEYS:
        return _parsed(tuple(settings.CREDENTIAL_KEYS))
    place = settings.DATA / FILE
    try:
        if not place.exists():
            _write_new(place, [new_key()])
        return _kept(place, place.stat().st_mtime_ns)
    except OSError:
        raise Unopened(UNREADABLE) from None


def trouble() -> Sentence | None:
    """What is wrong with the keys themselves."""
    try:
        keys()
    except Unopened as error:
        return error.sentence
    return None


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(LENGTH)).decode()


def add_key() -> None:
    """A new first key in the data folder; the others stay, to open what they sealed. Raises Unopened."""
    keys()
    place = settings.DATA / FILE
    _replace(place, [new_key(), *place.read_text().split()])


@cache
def _kept(place: Path, changed: int) -> tuple[Key, ...]:
    return _read(place)


def _read(place: Path) -> tuple[Key, ...]:
    try:
        return _parsed(tuple(place.read_text().split()))
    except (OSError, UnicodeError):
        raise Unopened(UNREADABLE) from None


@cache
def _parsed(texts: tuple[str, ...]) -> tuple[Key, ...]:
    try:
        found = [base64.b64decode(text.translate(_URL_SAFE), validate=True) for text in texts]
    except ValueError:
        raise Unopened(WRONG_KEYS) from None
    if not found or any(len(secret) != LENGTH for secret in found):
        raise Unopened(WRONG_KEYS)
    return tuple(Key(hashlib.sha256(b"name" + secret).hexdigest()[:8], secret) for secret in found)


_URL_SAFE = str.maketrans("-_", "+/")


def _write_new(place: Path, lines: list[str]) -> None:
    """Of several processes that start together, one makes the file; it is whole as soon as it is there."""
    made = _written(place, lines)
    try:
        os.link(made, place)
    except FileExistsError:
        pass
    finally:
        made.unlink()


def _replace(place: Path, lines: list[str]) -> None:
    _written(place, lines).replace(place)


def _written(place: Path, lines: list[str]) -> Path:
    handle, name = tempfile.mkstemp(dir=place.parent)  # mode 600
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(handle)
    return Path(name)
