"""Requests that prove who holds a token's key (DPoP, RFC 9449): a token that was stolen on the way opens nothing."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from posts.networks import client

ALGORITHM = "ES256"

# The last nonce that each server asked for, so that most requests need no second try. Lost, it is asked for anew.
_nonces: dict[str, str] = {}


def new_key() -> str:
    """A private key, to be kept with the token that is bound to it."""
    return json.dumps(ECKey.generate_key("P-256", private=True).as_dict(private=True))


def public_part(key: str) -> dict[str, Any]:
    return dict(ECKey.import_key(json.loads(key)).as_dict(private=False))


def request(network: str, method: str, url: str, *, key: str, token: str = "", **more: Any) -> client.Answer:
    """As `client.request`, with a proof; made again when the server only wants its nonce in it, having done nothing."""
    for _ in range(2):
        headers = {**more.get("headers", {}), "DPoP": _proof(method, url, key, token)}
        if token:
            headers["Authorization"] = f"DPoP {client.bearer(token)['Authorization'].removeprefix('Bearer ')}"
        answer = client.request(network, method, url, **{**more, "headers": headers})
        known = _nonces.get(_origin(url))
        if nonce := answer.headers.get("dpop-nonce"):
            _nonces[_origin(url)] = nonce
        if not (_wants_nonce(answer) and nonce and nonce != known):
            break
    return answer


def signed(key: str, claims: Mapping[str, Any], **header: Any) -> str:
    """A JWT of these claims, fresh and of its own number."""
    stamped = {"jti": secrets.token_urlsafe(16), "iat": int(time.time()), **claims}
    return jwt.encode({"alg": ALGORITHM, **header}, stamped, ECKey.import_key(json.loads(key)), algorithms=[ALGORITHM])


def _proof(method: str, url: str, key: str, token: str) -> str:
    parts = urlsplit(url)
    claims = {"htm": method, "htu": f"{parts.scheme}://{parts.netloc}{parts.path}"}
    if nonce := _nonces.get(_origin(url)):
        claims["nonce"] = nonce
    if token:
        digest = hashlib.sha256(token.encode()).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return signed(key, claims, typ="dpop+jwt", jwk=public_part(key))


def _wants_nonce(answer: client.Answer) -> bool:
    """An authorization server says so in its body with a 400, a resource server in a header with a 401."""
    told = answer.json()
    in_body = isinstance(told, dict) and told.get("error") == "use_dpop_nonce"
    return answer.status in (400, 401) and (in_body or "use_dpop_nonce" in answer.headers.get("www-authenticate", ""))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
