"""How an account of the AT Protocol is connected: by an app password, or by OAuth with PAR, PKCE and DPoP."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from notices.sentences import say
from posts.networks import client, dpop, oauth
from posts.networks.access import App, Field, Grant, SignsIn, TakesKeys
from posts.networks.base import Account, ChannelRefused, NotSent, Unconfirmed
from posts.networks.xrpc import ACCESS, KEY, NAME, REFRESH, Caller, accepted, error_name

SCOPES = ("atproto", "transition:generic")
CALLBACK, DOCUMENT = "/oauth/callback/", "/oauth/client-metadata.json"
ISSUER, TOKENS = "issuer", "token_endpoint"
# https://atproto.com/specs/oauth: a program on one's own machine has no address that a server could look it up at.
LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

_SERVER = Field(
    "server",
    say("Server").text,
    say("Only if your account is not at Bluesky's own. Leave it empty otherwise.").text,
    required=False,
    placeholder="https://bsky.social",
)
_HANDLE = Field(
    "handle", say("Handle").text, say("As people write it, without the @.").text, placeholder="you.bsky.social"
)


class BlueskyAccess(SignsIn, TakesKeys):
    """Sessions are kept and renewed: a server lets an account sign in 30 times in five minutes, and no more."""

    name: ClassVar[str]
    address: ClassVar[str]

    asks = (_HANDLE, _SERVER)
    scopes = SCOPES
    fields = (
        _HANDLE,
        Field("password", say("App password").text, secret=True, placeholder="xxxx-xxxx-xxxx-xxxx"),
        _SERVER,
    )
    steps = (
        say("On Bluesky, open Settings, then Privacy and security, then App passwords.").text,
        say("Add one, name it Refrain, and copy it here. Your own password stays with you.").text,
    )
    console = "https://bsky.app/settings/app-passwords"

    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        server = (typed.get("server") or self.address).rstrip("/")
        handle = typed.get("handle", "").strip().removeprefix("@")
        answer = _caller(server).do(
            "com.atproto.server.createSession", {"identifier": handle, "password": typed.get("password", "").strip()}
        )
        if answer.status in (400, 401) and error_name(answer) in ("AuthenticationRequired", "InvalidRequest"):
            raise ChannelRefused(say("{network} does not know this handle with this app password.", network=NAME))
        if error_name(answer) == "AuthFactorTokenRequired":
            raise ChannelRefused(say("That is your own password. Please make an app password and use that one."))
        told = accepted(answer).json()
        return [_grant(_session(told), server, _credentials(told), _end_of(told))]

    def refresh(self, app: App, grant: Grant) -> Grant:
        if KEY in grant.credentials:
            return _refresh_signed(app, grant)
        held = {ACCESS: grant.credentials.get(REFRESH, "")}
        told = accepted(_caller(grant.server, held).do("com.atproto.server.refreshSession", None)).json()
        if _session(told)["did"] != grant.remote_id:
            raise client.unclear(NAME)
        return _grant(_session(told), grant.server, {**grant.credentials, **_credentials(told)}, _end_of(told))

    def register(self, server: str, redirect: str) -> App | None:
        """Nothing is asked: servers read the document that stands at our client id.

        Whoever runs Refrain on a machine of their own has no such address, and names its redirect in the id instead.
        """
        if urlsplit(redirect).netloc.rpartition(":")[0] in LOOPBACK or urlsplit(redirect).netloc in LOOPBACK:
            query = urlencode({"redirect_uri": redirect, "scope": " ".join(SCOPES)})
            return App(f"http://localhost?{query}", server=server)
        return App(redirect.removesuffix(CALLBACK) + DOCUMENT, dpop.new_key(), server)

    def client_metadata(self, app: App, redirect: str) -> Mapping[str, object] | None:
        """With a key of ours, servers let a sign-in last for months; without, for two weeks."""
        ours = {"token_endpoint_auth_method": "none"}
        if app.secret:
            key = {**dpop.public_part(app.secret), "use": "sig", "alg": dpop.ALGORITHM, "kid": _number(app.secret)}
            ours = {
                "token_endpoint_auth_method": "private_key_jwt",
                "token_endpoint_auth_signing_alg": dpop.ALGORITHM,
                "jwks": {"keys": [key]},  # type: ignore[dict-item]
            }
        return {
            "client_id": app.id,
            "client_name": "Refrain",
            "client_uri": redirect.removesuffix(CALLBACK),
            "application_type": "web",
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "scope": " ".join(SCOPES),
            "redirect_uris": [redirect],
            "dpop_bound_access_tokens": True,
            **ours,
        }

    def issuer(self, app: App) -> str:
        return app.kept.get(ISSUER, "")

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        """The request itself goes to the server first (PAR); the person takes along only its number."""
        server = (app.server or self.address).rstrip("/")
        meta = _authorization_server(server)
        app.kept.update({KEY: dpop.new_key(), ISSUER: meta["issuer"], TOKENS: meta["token_endpoint"], "pds": server})
        form = {
            "response_type": "code",
            "redirect_uri": redirect,
            "scope": " ".join(SCOPES),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"login_hint": hint.strip().removeprefix("@")} if hint.strip() else {}),
        }
        told = client.accepted(_post(app, meta["pushed_authorization_request_endpoint"], form, app.kept)).json()
        match told:
            case {"request_uri": str() as request}:
                query = urlencode({"client_id": app.id, "request_uri": request})
                return f"{meta['authorization_endpoint']}?{query}"
        raise NotSent(say("{network} did not begin the sign-in. Please try again.", network=NAME))

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        token = oauth.must_allow(NAME, oauth.token_in(_post(app, app.kept[TOKENS], form, app.kept)), SCOPES)
        match token.told:
            case {"sub": str() as did, "token_type": str() as kind} if (
                did.startswith("did:") and kind.lower() == "dpop"
            ):
                return [_signed_in(app, did, token)]
        raise ChannelRefused(say("{network} did not say whose account this is.", network=NAME))


def _refresh_signed(app: App, grant: Grant) -> Grant:
    """A token that is used a second time ends the whole sign-in, so whoever calls this holds a lock."""
    form = {"grant_type": "refresh_token", "refresh_token": grant.credentials.get(REFRESH, "")}
    token = oauth.token_in(_post(app, grant.credentials[TOKENS], form, grant.credentials))
    return oauth.renewed(grant, token)


def _post(app: App, endpoint: str, form: Mapping[str, str], kept: Mapping[str, str]) -> client.Answer:
    signed = _assertion(app, kept[ISSUER]) if app.secret else {}
    whole = {"client_id": app.id, **form, **signed}
    return dpop.request(NAME, "POST", endpoint, key=kept[KEY], deadline=oauth.DEADLINE, form=whole)


def _assertion(app: App, issuer: str) -> dict[str, str]:
    """RFC 7523: that it is really us who ask."""
    claims = {"iss": app.id, "sub": app.id, "aud": issuer}
    return {
        "client_assertion_type": ASSERTION,
        "client_assertion": dpop.signed(app.secret, claims, kid=_number(app.secret)),
    }


def _signed_in(app: App, did: str, token: oauth.Token) -> Grant:
    """The account's own server may be another than the one where its owner signed in."""
    told = accepted(_caller(app.kept["pds"]).ask("com.atproto.repo.describeRepo", {"repo": did})).json()
    server = _home(told) or app.kept["pds"]
    if _authorization_server(server)["issuer"] != app.kept[ISSUER]:
        raise ChannelRefused(say("This account belongs to another server than the one where you signed in."))
    kept = {name: app.kept[name] for name in (KEY, ISSUER, TOKENS)}
    handle = str(told.get("handle") or did) if isinstance(told, dict) else did
    return _grant({"did": did, "handle": handle}, server, {**token.credentials, **kept}, token.expires_at)


def _authorization_server(server: str) -> dict[str, str]:
    """Whom this server lets people sign in with: https://atproto.com/specs/oauth#server-metadata."""
    try:
        told = _read(f"{server}/.well-known/oauth-protected-resource")
        issuer = str(told["authorization_servers"][0]).rstrip("/") if "authorization_servers" in told else server
        meta = _read(f"{issuer}/.well-known/oauth-authorization-server")
        wanted = ("issuer", "authorization_endpoint", "token_endpoint", "pushed_authorization_request_endpoint")
        found = {name: str(meta[name]) for name in wanted}
    except (LookupError, TypeError):
        raise ChannelRefused(say("There is no server of {network} at this address.", network=NAME)) from None
    if found["issuer"].rstrip("/") != issuer:
        raise ChannelRefused(say("There is no server of {network} at this address.", network=NAME))
    return found


def _read(url: str) -> dict[str, Any]:
    """A document that a server shows to everybody; empty where it has none."""
    try:
        answer = client.request(NAME, "GET", url, deadline=oauth.DEADLINE)
    except Unconfirmed as error:
        raise NotSent(say("{network} could not be asked.", network=NAME)) from error
    told = {} if answer.status == 404 else client.accepted(answer).json()
    return told if isinstance(told, dict) else {}


def _caller(server: str, credentials: Mapping[str, str] | None = None) -> Caller:
    return Caller.of(Account(server, "", credentials=credentials or {}, deadline=oauth.DEADLINE))


def _session(told: Any) -> dict[str, str]:
    match told:
        case {"did": str() as did, "handle": str() as handle, "accessJwt": str(), "refreshJwt": str()}:
            return {"did": did, "handle": handle, "server": _home(told)}
    raise client.unclear(NAME)


def _home(told: Any) -> str:
    """The account's own server, as its identity document names it; empty where it names none."""
    services = told.get("didDoc", {}).get("service", []) if isinstance(told, dict) else []
    for service in services if isinstance(services, list) else []:
        match service:
            case {"id": str() as name, "serviceEndpoint": str() as url} if name.endswith("#atproto_pds"):
                return url.rstrip("/")
    return ""


def _grant(who: Mapping[str, str], server: str, credentials: Mapping[str, str], until: datetime | None) -> Grant:
    handle, did = who["handle"], who["did"]
    url = f"https://bsky.app/profile/{did}"
    return Grant(did, f"@{handle}", handle, credentials, who.get("server") or server, until, url)


def _credentials(told: Mapping[str, str]) -> dict[str, str]:
    return {ACCESS: told["accessJwt"], REFRESH: told["refreshJwt"]}


def _end_of(told: Mapping[str, str]) -> datetime | None:
    """When the access token runs out, which it says itself; None: it is then found out."""
    try:
        middle = told["accessJwt"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (LookupError, ValueError, TypeError, OverflowError):
        return None


def _number(key: str) -> str:
    """A name for our key that changes with it."""
    return str(dpop.public_part(key)["x"])[:16]
