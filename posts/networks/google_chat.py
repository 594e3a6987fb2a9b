"""Google Chat: a space is written to by its incoming webhook.

After https://developers.google.com/chat/api/reference/rest/v1/spaces.messages/create (32,000 bytes, `requestId`) and
/workspace/chat/quickstart/webhooks, seen in excerpts on 21 November 2026. That a room's page is chat.google.com/room/…
is how people link to it. How an empty message is turned away rests on nothing but our judgement.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from notices.sentences import say
from posts.networks import client
from posts.networks.access import Field, Grant, TakesKeys
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Connector,
    Found,
    Limits,
    Message,
    Proof,
    Reactions,
    Receipt,
    Refused,
    Unknown,
)
from posts.networks.takes import must_take

NAME = "Google Chat"


class GoogleChat(Connector, TakesKeys):
    """A request id travels along, but that a webhook's is looked at is written nowhere: a person settles doubt."""

    slug = "google_chat"
    name = NAME
    icon = "google-chat"
    address = "https://chat.googleapis.com"
    limits = Limits(
        max_length=32_000,
        counted_in=say("bytes").text,
        needs_media=False,
        min_gap_days=1,
        source="https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create",
        checked=date(2026, 11, 21),
    )
    proof = Proof.NOTHING
    settle_after = 20.0
    resend_with_key = False
    deletes = False

    fields = (
        Field("webhook", say("Webhook address").text, secret=True, placeholder="https://chat.googleapis.com/v1/…"),
    )
    steps = (
        say("In the space, open its name, then Apps & integrations, Webhooks, and add one.").text,
        say("Copy its address here.").text,
    )
    console = "https://chat.google.com"

    def length(self, text: str) -> int:
        return len(text.encode(errors="replace"))

    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        parts = urlsplit(typed.get("webhook", "").strip())
        asked, space = parse_qs(parts.query), parts.path.removeprefix("/v1/").removesuffix("/messages")
        keys: dict[str, str] = {name: asked[name][0] for name in ("key", "token") if name in asked}
        if len(keys) < 2 or parts.path != f"/v1/{space}/messages" or not space.startswith("spaces/"):
            raise ChannelRefused(say("That is not the address of a Google Chat webhook."))
        # An empty message is turned away for being empty, once the address and the keys have been found good.
        answer = _send(Account(typed.get("server") or self.address, space, space, keys, 20.0), "", "")
        if answer.status != 400 or "API key" in _words(answer):
            _accepted(answer)
        return [Grant(space, space, f"{NAME} {space.removeprefix('spaces/')}", keys)]

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        told = _accepted(_send(account, message.text, message.key)).json()
        match told:
            case {"name": str() as name} if name.startswith(f"{account.remote_id}/messages/"):
                return Receipt(name, f"https://chat.google.com/room/{account.remote_id.removeprefix('spaces/')}")
        raise client.unclear(NAME)

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        return Unknown(say("A Google Chat webhook cannot read its space. Please look there and decide."))

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        return {}

    def delete(self, account: Account, remote_id: str) -> None:
        raise Refused(say("A Google Chat webhook cannot take posts down. Please do it there."))


def _send(account: Account, text: str, key: str) -> client.Answer:
    return client.request(
        NAME,
        "POST",
        f"{account.base_url.rstrip('/')}/v1/{account.remote_id}/messages",
        deadline=account.deadline,
        until=account.until,
        params={**account.credentials, **({"requestId": key} if key else {})},
        body={"text": text},
    )


def _accepted(answer: client.Answer) -> client.Answer:
    """Google says “bad request” of a bad key, too."""
    if answer.status == 400 and (words := _words(answer)):
        sentence = say("{network} does not take this post. It says: “{words}”", network=NAME, words=words)
        raise (ChannelRefused if "API key" in words else Refused)(sentence)
    return client.accepted(answer)


def _words(answer: client.Answer) -> str:
    told: Any = answer.json()
    match told:
        case {"error": {"message": str() as words}}:
            return words[:300]
    return ""
