"""Requests to a network in the name of an account, with the access token that a person granted."""

from collections.abc import Mapping
from typing import Any

from notices.sentences import say
from posts.networks import client
from posts.networks.base import Account, ChannelRefused, KeyExpired, NotSent, Unconfirmed
from posts.networks.oauth import ACCESS


def call(
    network: str, account: Account, method: str, path: str, *, headers: Mapping[str, str] | None = None, **packed: Any
) -> client.Answer:
    """One request to the account's server, signed. `packed` is what `client.request` takes. Raises a SendError."""
    return client.request(
        network,
        method,
        account.base_url.rstrip("/") + path,
        deadline=account.deadline,
        until=account.until,
        headers={**client.bearer(token(account)), **(headers or {})},
        **packed,
    )


def token(account: Account) -> str:
    if not (found := account.credentials.get(ACCESS, "")):
        raise ChannelRefused(say("This channel has no key. Please connect it again."))
    return found


def expired(network: str) -> KeyExpired:
    return KeyExpired(say("{network} does not accept this channel's key any more.", network=network))


def could_not_ask(network: str, error: Unconfirmed) -> NotSent:
    """A question without an answer changed nothing."""
    return NotSent(say("{network} could not be asked.", network=network))
