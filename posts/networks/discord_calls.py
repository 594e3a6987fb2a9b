"""Calls to Discord's API, by a bot's token or by a webhook's secret, and what its answers mean."""

import json
import re
from collections.abc import Mapping
from typing import Any

from notices.sentences import say
from posts.networks import client
from posts.networks.base import Account, ChannelRefused, NotSent, Refused, Unconfirmed

NAME = "Discord"
API = "/api/v10"
UNKNOWN_MESSAGE = 10008


def call(
    account: Account,
    method: str,
    path: str,
    params: Mapping[str, str] | None = None,
    body: Mapping[str, object] | None = None,
    files: client.Files | None = None,
) -> client.Answer:
    """Ask about the channel, or through its webhook. The number and the secret are part of the address."""
    token = account.credentials.get("webhook", "")
    if not is_id(account.remote_id) or not re.fullmatch(r"[A-Za-z0-9_-]*", token):
        raise ChannelRefused(say("This is not a channel that Discord could have."))
    root = (
        f"/channels/{account.remote_id}" if "token" in account.credentials else f"/webhooks/{account.remote_id}/{token}"
    )
    return request(account, method, root + path, params, body, files)


def request(
    account: Account,
    method: str,
    path: str,
    params: Mapping[str, str] | None = None,
    body: Mapping[str, object] | None = None,
    files: client.Files | None = None,
) -> client.Answer:
    return client.request(
        NAME,
        method,
        account.base_url.rstrip("/") + API + path,
        deadline=account.deadline,
        until=account.until,
        headers=_as_bot(account),
        params=params,
        body=None if files else body,
        form={"payload_json": json.dumps(body)} if files else None,
        files=files or None,
    )


def _as_bot(account: Account) -> dict[str, str]:
    if "token" not in account.credentials:
        return {}
    return {"Authorization": client.bearer(account.credentials["token"])["Authorization"].replace("Bearer", "Bot", 1)}


def taken(answer: client.Answer) -> client.Answer:
    """Of an invalid form, it hides what is wrong with it deep inside."""
    if answer.status == 400 and (words := _first_message(answer.json())):
        raise Refused(say("{network} does not take this post. It says: “{words}”", network=NAME, words=words))
    return client.accepted(answer)


def _first_message(told: Any) -> str:
    match told:
        case {"_errors": [{"message": str() as words}, *_]}:
            return words[:300]
        case {"errors": dict() as errors}:
            return _first_message(errors)
        case dict():
            return next((words for inner in told.values() if (words := _first_message(inner))), "")
    return ""


def is_id(told: object) -> bool:
    return isinstance(told, str) and told.isascii() and told.isdigit()


def is_gone(answer: client.Answer) -> bool:
    """The message is; a 404 may also mean that the webhook or the channel is."""
    told = answer.json()
    return answer.status == 404 and isinstance(told, dict) and told.get("code") == UNKNOWN_MESSAGE


def answered(answer: client.Answer) -> client.Answer:
    """A question without an answer changed nothing, so it is NotSent."""
    try:
        return client.accepted(answer)
    except Unconfirmed as error:
        raise NotSent(say("{network} could not be asked.", network=NAME)) from error
