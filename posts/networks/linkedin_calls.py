"""Requests to LinkedIn's versioned API, and what its answers mean."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notices.sentences import say
from posts.networks import client, signed
from posts.networks.base import Account, ChannelRefused, NotSent, Unconfirmed
from posts.networks.retry_after import LONGEST

NAME = "LinkedIn"
VERSION = "202607"  # LinkedIn keeps each for a year: https://learn.microsoft.com/en-us/linkedin/marketing/versioning
HEADERS = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
# The codes of a 401 after which no refresh helps.
REVOKED = frozenset({"REVOKED_ACCESS_TOKEN"})


def call(
    account: Account, method: str, path: str, *, headers: Mapping[str, str] | None = None, **packed: Any
) -> client.Answer:
    return signed.call(NAME, account, method, path, headers={**HEADERS, **(headers or {})}, **packed)


def ask(account: Account, path: str, *, headers: Mapping[str, str] | None = None) -> client.Answer:
    """Read something, whatever the answer's status. Raises a SendError; a question changes nothing."""
    try:
        return call(account, "GET", path, headers=headers)
    except Unconfirmed as error:
        raise signed.could_not_ask(NAME, error) from error


def accepted(answer: client.Answer) -> client.Answer:
    """The answer if LinkedIn took the request, else the error that says what is known."""
    match answer.status:
        case 401 if code(answer) not in REVOKED:
            raise signed.expired(NAME)
        case 426:
            raise ChannelRefused(say("LinkedIn has closed the door that this version of Refrain uses. Please update."))
        case 429 if "day limit" in answer.words.lower():
            sentence = say("LinkedIn takes no more from this channel today.")
            raise NotSent(sentence, retry_after=_until_midnight(answer.now), counts=False)
    return client.accepted(answer)


def code(answer: client.Answer) -> str:
    told = answer.json()
    return str(told.get("code", "")) if isinstance(told, dict) else ""


def _until_midnight(now: datetime) -> float:
    """A day's limits end at midnight UTC."""
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return min((tomorrow - now).total_seconds(), LONGEST)
