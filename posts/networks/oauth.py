"""Signing in with OAuth 2, as far as all networks do it alike: where to send a person, and the tokens that come back.

The words of the protocol are Authlib's; the requests leave through our own client.
"""

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from authlib.oauth2.rfc6749.errors import MismatchingStateException, MissingCodeException
from authlib.oauth2.rfc6749.parameters import parse_authorization_code_response, prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from notices.sentences import say
from posts.networks import client
from posts.networks.access import App, Grant
from posts.networks.base import ChannelRefused, NotSent, SendError, Unconfirmed

DEADLINE = 20.0  # seconds for one request while somebody waits in front of the browser
ACCESS, REFRESH = "access_token", "refresh_token"  # what a Grant's credentials are called
# RFC 6749 5.2: this refresh token, or this code, will never be good again. Any other error may pass.
FINAL = frozenset({"invalid_grant", "access_denied"})


class AppRefused(NotSent):
    """Known: the network does not know us by this client id and secret. An administrator can mend it, no author can."""


@dataclass(frozen=True)
class Token:
    """What a token endpoint gave. `told` is its whole answer, for what only one network says."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)  # empty: keep the one you have, or there is none
    expires_at: datetime | None = None
    scopes: frozenset[str] = frozenset()  # empty: not said, so all that was asked for
    told: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def credentials(self) -> dict[str, str]:
        kept = {ACCESS: self.access, REFRESH: self.refresh}
        return {name: value for name, value in kept.items() if value}


def new_verifier() -> str:
    """RFC 7636 4.1: 86 characters that nobody can guess."""
    return secrets.token_urlsafe(64)


def challenge_of(verifier: str) -> str:
    """The S256 challenge that proves later who started a sign-in."""
    return str(create_s256_code_challenge(verifier))


def sign_in_address(
    endpoint: str, app: App, *, state: str, redirect: str, scopes: Iterable[str], challenge: str = "", **more: str
) -> str:
    """Where to send the person. Without a challenge for networks that know no PKCE."""
    proof = {"code_challenge": challenge, "code_challenge_method": "S256"} if challenge else {}
    address: str = prepare_grant_uri(
        endpoint, app.id, "code", redirect_uri=redirect, scope=list(scopes) or None, state=state, **proof, **more
    )
    return address


def beside(app: App, api: str, pages: str) -> str:
    """Where the network shows its pages: not where its API is, unless an administrator pointed both elsewhere."""
    return pages if app.server in ("", api) else app.server


def code_in(address: str, state: str) -> str:
    """The code in the address that the network sent the person back to. Raises ChannelRefused with what went wrong."""
    try:
        return str(parse_authorization_code_response(address, state)["code"])
    except MismatchingStateException as error:
        raise ChannelRefused(say("This sign-in was not started here, or too long ago. Please start again.")) from error
    except MissingCodeException as error:
        raise ChannelRefused(say("The network did not let you in, or you did not agree.")) from error


def ask_token(
    network: str,
    endpoint: str,
    form: Mapping[str, str],
    *,
    app: App,
    basic: bool = False,
    headers: Mapping[str, str] | None = None,
    final: frozenset[str] = FINAL,
) -> Token:
    """Ask a token endpoint. `basic`: the app's secret goes into a header (RFC 6749 2.3.1) instead of the form.
    `final`: the errors after which the same will never be taken again.

    Raises ChannelRefused when what we hold is of no use any more, NotSent or Unconfirmed when it may be tried later.
    """
    proof = {"client_id": app.id} | ({} if basic or not app.secret else {"client_secret": app.secret})
    said = {**(headers or {}), **(_basic(app) if basic and app.secret else {})}
    answer = client.request(network, "POST", endpoint, deadline=DEADLINE, headers=said, form={**proof, **form})
    return token_in(answer, final)


def token_in(answer: client.Answer, final: frozenset[str] = FINAL) -> Token:
    """The token of an answer, which is to be kept before it is used. Raises as `ask_token` does."""
    told = answer.json()
    if isinstance(told, dict) and answer.status < 500 and isinstance(told.get("error"), str):
        raise refusal(answer.network, told["error"], final)
    client.accepted(answer)
    match told:
        case {"access_token": str() as access} if access:
            return Token(access, _words(told.get("refresh_token")), _end(told, answer.now), _scopes(told), told)
    raise client.unclear(answer.network)


def refusal(network: str, error: str, final: frozenset[str] = FINAL) -> SendError:
    """What an error code of RFC 6749 means for the person who waits."""
    if error in final:
        return ChannelRefused(say("{network} wants you to sign in again.", network=network))
    if error in ("invalid_client", "unauthorized_client"):
        sentence = say("{network} does not accept the client id and secret entered for it.", network=network)
        return AppRefused(sentence)
    return NotSent(say("{network} did not finish the sign-in. Please try again.", network=network))


def must_allow(network: str, token: Token, needed: Iterable[str]) -> Token:
    """Raises ChannelRefused where the person agreed to less than publishing takes."""
    if token.scopes and not token.scopes.issuperset(needed):
        sentence = say(
            "{network} was not allowed to let Refrain post. Please sign in again and agree.", network=network
        )
        raise ChannelRefused(sentence)
    return token


def renewed(grant: Grant, token: Token) -> Grant:
    """The grant with new credentials; a field that came back empty keeps what it was."""
    credentials = {**grant.credentials, **token.credentials}
    return Grant(grant.remote_id, grant.handle, grant.name, credentials, grant.server, token.expires_at, grant.url)


def asked(
    network: str,
    place: str,
    *,
    token: str,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """Read something of the person who is signing in. Raises a SendError; a question changes nothing."""
    said = {**client.bearer(token), **(headers or {})}
    try:
        answer = client.request(network, "GET", place, deadline=DEADLINE, headers=said, params=params)
        return client.accepted(answer).json()
    except Unconfirmed as error:
        raise NotSent(say("{network} could not be asked.", network=network)) from error


def _basic(app: App) -> dict[str, str]:
    pair = f"{quote(app.id, safe='')}:{quote(app.secret, safe='')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _end(told: Mapping[str, Any], now: datetime) -> datetime | None:
    match told.get("expires_in"):
        case int() | float() | str() as seconds if str(seconds).isdecimal() and 0 < int(seconds) < 10**9:
            return now + timedelta(seconds=int(seconds))
    return None


def _scopes(told: Mapping[str, Any]) -> frozenset[str]:
    """Separated by spaces as RFC 6749 says, or by commas as some networks do."""
    return frozenset(_words(told.get("scope")).replace(",", " ").split())


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""
