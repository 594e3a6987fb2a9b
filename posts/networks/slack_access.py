"""Letting Refrain into a Slack workspace: by a bot's token, or by signing in as whoever may install an app."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from notices.sentences import say
from posts.networks import client, oauth
from posts.networks.access import App, Field, Grant, SignsIn, TakesKeys
from posts.networks.base import Account, ChannelRefused, SendError
from posts.networks.slack_calls import NAME, TOKEN, ask, call

PAGE, PAGES = 200, 20
_FINAL = frozenset({"invalid_refresh_token", "token_revoked", "token_expired", "account_inactive"})


class SlackAccess(SignsIn, TakesKeys):
    """One channel of the workspace is one account; all of them share the bot's token."""

    address: ClassVar[str]
    fields = (
        Field("token", say("Bot token").text, say("It begins with xoxb-.").text, secret=True),
        Field("channel", say("Channel").text, say("Its #name, or its id.").text, placeholder="#news"),
    )
    steps = (
        say("At api.slack.com/apps, choose Create New App, From scratch, and the workspace.").text,
        say(
            "Under OAuth & Permissions, add the bot token scopes chat:write, chat:write.public, channels:read, "
            "channels:history, channels:join, groups:read, groups:history and files:write."
        ).text,
        say("To connect by a token: choose Install to Workspace, and copy the Bot User OAuth Token.").text,
        say(
            "To let people sign in: add this server's redirect URL there, and copy the Client ID and the Client Secret "
            "under Basic Information."
        ).text,
        say("In a private channel, type /invite and the app's name, so that it may post there.").text,
    )
    console = "https://api.slack.com/apps"
    scopes = (
        "chat:write", "chat:write.public", "channels:read", "channels:history", "channels:join", "groups:read",
        "groups:history", "files:write",
    )  # fmt: skip

    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        token, wanted = typed.get("token", "").strip(), typed.get("channel", "").strip().removeprefix("#")
        account = _asking(typed.get("server") or self.address, token)
        here = _workspace(account)
        for channel in _channels(account):
            if wanted in (channel["id"], channel["name"]):
                _join(account, channel)
                return [_grant(channel, here, {TOKEN: token})]
        raise ChannelRefused(
            say("Slack shows no channel {channel} to this bot. Has it been invited there?", channel=wanted)
        )

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        """Without the challenge: an app with a secret that has not opted in to PKCE is not asked for it."""
        endpoint = f"{app.server or self.address}/oauth/v2/authorize"
        return oauth.sign_in_address(endpoint, app, state=state, redirect=redirect, scopes=[",".join(self.scopes)])

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        token = _token(app, self.address, {"code": code, "redirect_uri": redirect})
        account = _asking(app.server or self.address, token.access)
        here = _workspace(account)
        grants = [_grant(channel, here, token.credentials) for channel in _channels(account)]
        if not grants:
            raise ChannelRefused(say("Slack shows no channel to Refrain."))
        return [
            Grant(one.remote_id, one.handle, one.name, one.credentials, "", token.expires_at, one.url) for one in grants
        ]

    def refresh(self, app: App, grant: Grant) -> Grant:
        """A token without a refresh token is good until somebody revokes it."""
        if not (held := grant.credentials.get(oauth.REFRESH)):
            return grant
        return oauth.renewed(grant, _token(app, self.address, {"grant_type": "refresh_token", "refresh_token": held}))


def _asking(server: str, token: str) -> Account:
    return Account(server, "", credentials={TOKEN: token}, deadline=oauth.DEADLINE)


def _token(app: App, address: str, form: Mapping[str, str]) -> oauth.Token:
    endpoint = f"{app.server or address}/api/oauth.v2.access"
    proof = {"client_id": app.id, "client_secret": app.secret}
    answer = client.request(NAME, "POST", endpoint, deadline=oauth.DEADLINE, form={**proof, **form})
    told = answer.json()
    if isinstance(told, dict) and told.get("error") in _FINAL:
        raise ChannelRefused(say("{network} wants you to sign in again.", network=NAME))
    return oauth.token_in(answer)


def _workspace(account: Account) -> Mapping[str, str]:
    match ask(account, "auth.test", {}):
        case {"url": str() as url, "team": str() as team, "user_id": str() as user}:
            return {"workspace": url.rstrip("/"), "team": team, "bot": user}
    raise client.unclear(NAME)


def _channels(account: Account) -> Iterator[Mapping[str, Any]]:
    """Those to which the bot may post: the public ones, and private ones that it is in."""
    form = {"types": "public_channel,private_channel", "exclude_archived": "true", "limit": str(PAGE)}
    for _ in range(PAGES):
        told = ask(account, "conversations.list", form)
        for channel in told.get("channels") or ():
            match channel:
                case {"id": str(), "name": str()} if channel.get("is_member") or not channel.get("is_private"):
                    yield channel
        match told.get("response_metadata"):
            case {"next_cursor": str() as cursor} if cursor:
                form["cursor"] = cursor
            case _:
                return


def _join(account: Account, channel: Mapping[str, Any]) -> None:
    """A member may read back what became of a post. Without the right to join, posting still works."""
    if channel.get("is_member") or channel.get("is_private"):
        return
    try:
        call(account, "conversations.join", {"channel": channel["id"]})
    except SendError:
        return


def _grant(channel: Mapping[str, Any], here: Mapping[str, str], keys: Mapping[str, str]) -> Grant:
    handle = f"#{channel['name']}"
    kept = {**keys, "workspace": here["workspace"], "bot": here["bot"]}
    return Grant(
        channel["id"], handle, f"{here['team']} {handle}", kept, url=f"{here['workspace']}/archives/{channel['id']}"
    )
