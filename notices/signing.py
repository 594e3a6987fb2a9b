"""Signatures of what we send to other servers, by Standard Webhooks: https://www.standardwebhooks.com, version 1."""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"
MADE = 32  # bytes; the specification asks for 24 to 64


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(MADE)).decode()


def is_secret(text: str) -> bool:
    """Whether this is a symmetric secret as the specification spells it."""
    try:
        return text.startswith(PREFIX) and 24 <= len(_key(text)) <= 64
    except binascii.Error:
        return False


def signed(secret: str, identity: str, moment: datetime, body: bytes) -> dict[str, str]:
    """The three headers that go with this body. `identity` is the same whenever the same thing is sent again."""
    stamp = str(int(moment.timestamp()))
    digest = hmac.digest(_key(secret), f"{identity}.{stamp}.".encode() + body, hashlib.sha256)
    signature = base64.b64encode(digest).decode()
    return {"webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
