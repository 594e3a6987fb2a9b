"""Webhook: a post is handed to somebody's own server, signed, under a key by which that server drops repeats."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from notices.sentences import say
from notices.signing import is_secret, new_secret, signed
from posts.networks import client
from posts.networks.access import Field, Grant, TakesKeys
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Connector,
    Found,
    Limits,
    MediaLimits,
    Message,
    Proof,
    Reactions,
    Receipt,
    SendError,
    Unknown,
)
from posts.networks.counting import code_points
from posts.networks.parcel import Attachment, Card
from posts.networks.takes import must_take

NAME = "Webhook"
FILES, PARTS = 10, 25
CONNECTING = 20.0
LONGEST_ID, LONGEST_URL = 200, 500
_MISSING = (404, 405, 410)


class Webhook(Connector, TakesKeys):
    """What the receiver has to do is written in docs/webhook.md; this file keeps the other half of that contract."""

    slug = "webhook"
    name = NAME
    icon = "webhook"
    limits = Limits(
        max_length=10_000,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=1,
        source="docs/webhook.md",
        checked=date(2026, 11, 21),
        media=MediaLimits(
            images=FILES,
            image_types=("image/jpeg", "image/png", "image/webp"),
            alt_length=2000,
            gifs=FILES,
            videos=FILES,
            mixed=True,
            fetched=True,
        ),
        parts=PARTS,
    )
    proof = Proof.BY_KEY
    settle_after = 5.0
    resend_with_key = True

    fields = (
        Field("address", say("Address").text, say("Where your server takes posts.").text, placeholder="https://…"),
        Field(
            "secret",
            say("Signing secret").text,
            say("Leave it empty and Refrain makes one, which is shown once.").text,
            secret=True,
            required=False,
            placeholder="whsec_…",
        ),
    )
    shown_once = ("secret",)
    steps = (
        say("Let your server take POST requests as docs/webhook.md describes, at a public address.").text,
        say("Type its address here. Refrain asks it once whether somebody is there.").text,
        say("Copy the signing secret to your server, so that it can tell our requests from others.").text,
    )

    def length(self, text: str) -> int:
        return code_points(text)

    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        address, brought = typed.get("address", "").strip(), typed.get("secret", "").strip()
        if brought and not is_secret(brought):
            raise ChannelRefused(say("That is no signing secret. It begins with whsec_."))
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise ChannelRefused(say("The address of this channel is not one that can be called."))
        server = f"{parts.scheme}://{parts.netloc}"
        kept = {"secret": brought or new_secret(), "path": address[len(server) :]}
        host = parts.hostname
        identity = hashlib.sha256(address.encode()).hexdigest()[:32]
        _must_be_there(Account(server, host, identity, kept, CONNECTING), knows_the_secret=bool(brought))
        return [Grant(identity, host, host, kept, server)]

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        answer = _send(account, "post.publish", message.key, _post(message))
        return _receipt(client.accepted(answer), message.key)

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        """There is nothing to ask: sent again with its key, it is dropped by a receiver that has it."""
        return Absent()

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        return {}

    def delete(self, account: Account, remote_id: str) -> None:
        answer = _send(account, "post.delete", f"delete-{remote_id}", {"id": remote_id})
        if answer.status not in _MISSING:
            client.accepted(answer)


def _must_be_there(account: Account, *, knows_the_secret: bool) -> None:
    """A receiver that has yet to be given the secret may well turn the request away, but it is there."""
    answer = _send(account, "channel.connected", f"connected-{secrets.token_hex(8)}", {})
    try:
        client.accepted(answer)
    except SendError:
        if knows_the_secret or not 400 <= answer.status < 500 or answer.status in (*_MISSING, 429):
            raise


def _post(message: Message) -> dict[str, object]:
    return {
        "key": message.key,
        "reference": message.reference,
        "text": message.text,
        "language": message.language,
        "thread": list(message.rest),
        "media": [_file(one) for one in message.media],
        "card": _card(message.card) if message.card else None,
    }


def _file(one: Attachment) -> dict[str, object]:
    told = {"kind": one.kind.value, "type": one.mime, "url": one.url, "alt": one.alt}
    return {**told, "width": one.width, "height": one.height, "size": one.size}


def _card(card: Card) -> dict[str, object]:
    return {"url": card.url, "title": card.title, "description": card.description}


def _send(account: Account, kind: str, identity: str, told: Mapping[str, object]) -> client.Answer:
    """Signed now; only the time stamp differs from an earlier sending of the same."""
    secret = account.credentials.get("secret", "")
    if not is_secret(secret):
        raise ChannelRefused(say("This channel has no signing secret. Please connect it anew."))
    now = datetime.now(UTC)
    body = json.dumps({"type": kind, "timestamp": now.isoformat(timespec="seconds"), "data": told}).encode("ascii")
    return client.request(
        NAME,
        "POST",
        account.base_url.rstrip("/") + account.credentials.get("path", ""),
        deadline=account.deadline,
        until=account.until,
        headers={"Content-Type": "application/json", **signed(secret, identity, now, body)},
        content=body,
    )


def _receipt(answer: client.Answer, key: str) -> Receipt:
    """Any 2xx is a yes, if it does not come from somebody else: a log-in page, or an error in disguise."""
    told: Any = answer.json() if answer.body.strip() else {}
    if not isinstance(told, dict) or "error" in told:
        raise client.unclear(NAME)
    match told.get("id", key):
        case str() | int() as identity if 0 < len(str(identity)) <= LONGEST_ID and not isinstance(identity, bool):
            return Receipt(str(identity), _address(told.get("url")))
    raise client.unclear(NAME)


def _address(told: object) -> str:
    """Shown as a link, so it has to be one."""
    harmless = isinstance(told, str) and told.startswith(("https://", "http://")) and len(told) <= LONGEST_URL
    return str(told) if harmless else ""
