"""Calls to a server of the AT Protocol in an account's name, and what its refusals mean."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from notices.sentences import say
from posts.networks import client, dpop
from posts.networks.base import Account, ChannelRefused, KeyExpired, NotSent, Refused, Unconfirmed

NAME = "Bluesky"
ACCESS, REFRESH, KEY = "access_token", "refresh_token", "dpop_key"  # of a Grant's credentials

# https://atproto.com/specs/xrpc and the reference PDS, seen on 2026-11-21. A token that ran out comes as a plain 400.
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired", "invalid_token"})
_ACCOUNT = frozenset({
    "AccountTakedown", "AccountSuspended", "AccountDeactivated", "AccountNotFound", "AccountInactive",
    "RepoTakendown", "RepoSuspended", "RepoDeactivated", "RepoNotFound", "InsufficientScope",
})  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """One account's calls, which share the time that one publication may take."""

    account: Account
    ends: float = field(default=0.0)  # on the monotonic clock

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls(account, time.monotonic() + account.deadline)

    def ask(self, method: str, params: Mapping[str, str] | None = None) -> client.Answer:
        """A query. A question without an answer changed nothing, so it is NotSent."""
        return self._unsaid("GET", method, params=params)

    def upload(self, body: bytes, mime: str) -> dict[str, Any]:
        """The blob, as records refer to it. Bytes alone are no post, so without an answer nothing was sent."""
        headers = {"Content-Type": mime}
        answer = self._unsaid("POST", "com.atproto.repo.uploadBlob", content=body, headers=headers)
        match accepted(answer).json():
            case {"blob": {"ref": {"$link": str()}, "mimeType": str()} as blob}:
                return dict(blob)
        raise NotSent(say("{network} did not take a file. Nothing was posted.", network=NAME))

    def do(self, method: str, body: Mapping[str, Any] | None) -> client.Answer:
        """A procedure. Raises Unconfirmed where nobody knows whether it was done."""
        return self._call("POST", method, body=body)

    def _unsaid(self, verb: str, method: str, **more: Any) -> client.Answer:
        try:
            return self._call(verb, method, **more)
        except Unconfirmed as error:
            raise NotSent(say("{network} could not be asked.", network=NAME)) from error

    def _call(self, verb: str, method: str, **more: Any) -> client.Answer:
        url = f"{self.account.base_url.rstrip('/')}/xrpc/{method}"
        token = self.account.credentials.get(ACCESS, "")
        more |= {"deadline": max(self.ends - time.monotonic(), 0.001), "until": self.account.until}
        if key := self.account.credentials.get(KEY):
            return dpop.request(NAME, verb, url, key=key, token=token, **more)
        headers = {**more.pop("headers", {}), **(client.bearer(token) if token else {})}
        return client.request(NAME, verb, url, headers=headers, **more)


def accepted(answer: client.Answer) -> client.Answer:
    """The answer if it says yes, else the error that says what is known."""
    if 200 <= answer.status < 300:
        return answer
    name = error_name(answer)
    if answer.status in (403, 409, 422) and b"duplicate" in answer.body.lower():
        raise Refused(
            say("{network} has had these words before and will not take them again.", network=NAME), duplicate=True
        )
    if answer.status == 401 or (answer.status == 400 and name in _EXPIRED):
        raise KeyExpired(say("{network} does not accept this channel's key any more.", network=NAME))
    if 400 <= answer.status < 404 and name in _ACCOUNT:
        raise ChannelRefused(say("{network} has closed this account, or it moved.", network=NAME))
    return client.accepted(answer)


def error_name(answer: client.Answer) -> str:
    told = answer.json()
    name = told.get("error") if isinstance(told, dict) else None
    return name if isinstance(name, str) else ""
