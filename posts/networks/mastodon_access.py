"""How an account on any Mastodon server is connected: Refrain registers itself there, and the person agrees."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from notices.sentences import say
from posts.networks import client, oauth
from posts.networks.access import App, Field, Grant, SignsIn
from posts.networks.base import ChannelRefused

NAME = "Mastodon"
SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")


class MastodonAccess(SignsIn):
    """Its tokens last until they are taken back; those of some other makes run out and are renewed."""

    asks = (
        Field(
            "server",
            say("Server").text,
            say("Where your account is: what stands behind the second @ of your name.").text,
            placeholder="mastodon.social",
        ),
    )
    scopes = SCOPES

    def register(self, server: str, redirect: str) -> App | None:
        form = {"client_name": "Refrain", "redirect_uris": redirect, "scopes": " ".join(SCOPES)}
        answer = client.request(NAME, "POST", f"{server}/api/v1/apps", deadline=oauth.DEADLINE, form=form)
        match client.accepted(answer).json():
            case {"client_id": str() as id, "client_secret": str() as secret}:
                return App(id, secret, server)
        raise ChannelRefused(say("There is no server of {network} at this address.", network=NAME))

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        endpoint = f"{app.server}/oauth/authorize"
        return oauth.sign_in_address(
            endpoint, app, state=state, redirect=redirect, scopes=SCOPES, challenge=challenge, force_login="true"
        )

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
            "scope": " ".join(SCOPES),
        }
        token = oauth.ask_token(NAME, f"{app.server}/oauth/token", form, app=app)
        told = oauth.asked(NAME, f"{app.server}/api/v1/accounts/verify_credentials", token=token.access)
        return [_grant(told, app.server, token)]

    def refresh(self, app: App, grant: Grant) -> Grant:
        kept = grant.credentials.get(oauth.REFRESH)
        if not kept:
            raise ChannelRefused(say("{network} wants you to sign in again.", network=NAME))
        form = {"grant_type": "refresh_token", "refresh_token": kept}
        return oauth.renewed(grant, oauth.ask_token(NAME, f"{grant.server}/oauth/token", form, app=app))


def _grant(told: Any, server: str, token: oauth.Token) -> Grant:
    match told:
        case {"id": str() as remote_id, "username": str() as username}:
            handle = f"@{username}@{urlsplit(server).netloc}"
            name, url = str(told.get("display_name") or username), str(told.get("url") or "")
            return Grant(remote_id, handle, name, token.credentials, server, token.expires_at, url)
    raise client.unclear(NAME)
