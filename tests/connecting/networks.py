"""Networks that only tests know: one to sign in at, one with servers of its own, and one that takes a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from notices.sentences import say
from posts.networks import client, oauth
from posts.networks.access import App, Field, Grant, SignsIn, TakesKeys, Told
from posts.networks.base import (
    Account,
    ChannelRefused,
    Connector,
    Found,
    KeyExpired,
    Limits,
    Message,
    Proof,
    Reactions,
    Receipt,
    Unknown,
)

DEADLINE = 10.0
LIMITS = Limits(500, "characters", False, 1, "https://club.example/limits", date(2026, 11, 1), per_24h=50)


class _Plain(Connector):
    limits = LIMITS
    proof = Proof.NOTHING
    settle_after = 1.0
    resend_with_key = False

    def length(self, text: str) -> int:
        return len(text)

    def publish(self, account: Account, message: Message) -> Receipt:
        answer = client.request(
            self.name, "POST", f"{account.base_url}/posts", deadline=account.deadline, until=account.until,
            headers=client.bearer(account.credentials.get("access_token", "")),
            form={"account": account.remote_id, "text": message.text},
        )  # fmt: skip
        if answer.status == 401:
            raise KeyExpired(say("Club says that the key ran out."))
        return Receipt(client.accepted(answer).json()["id"], "")

    def find(self, account: Account, message: Message) -> Found | Unknown:
        return Unknown(say("Club proves nothing."))

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        return {}

    def delete(self, account: Account, remote_id: str) -> None:
        raise NotImplementedError

    def told(self, account: Account) -> Told:
        return Told(max_length=1000, per_24h=25, left_24h=20)


class Club(_Plain, SignsIn):
    """Has one server, and wants an administrator to register."""

    slug = "club"
    name = "Club"
    address = "https://club.example"
    steps: ClassVar[Sequence[str]] = ("Open the Club's page for programs.", "Make a program there.")
    console = "https://club.example/programs"
    scopes: ClassVar = ("write",)

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        app.kept["found"] = "canary-kept"
        asked = {
            "response_type": "code", "client_id": app.id, "redirect_uri": redirect, "state": state,
            "code_challenge": challenge, "code_challenge_method": "S256", "scope": " ".join(self.scopes),
        }  # fmt: skip
        return f"{app.server or self.address}/authorize?{urlencode(asked)}"

    def issuer(self, app: App) -> str:
        return app.server or self.address

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        proof = {"code_verifier": verifier} if verifier else {}
        told = self._token(app, grant_type="authorization_code", code=code, redirect_uri=redirect, **proof)
        assert app.kept == {"found": "canary-kept"}
        if "write" not in told["scope"]:
            raise ChannelRefused(say("Club was not allowed to let Refrain post. Please sign in again and agree."))
        where = app.server or self.address
        asked = client.request(
            self.name, "GET", f"{where}/accounts", deadline=DEADLINE, headers=client.bearer(told["access_token"])
        )
        grant = Grant("", "", "", _credentials(told), app.server, _end(told))
        return [
            replace(grant, remote_id=one["id"], handle=one["handle"], name=one["name"])
            for one in client.accepted(asked).json()
        ]

    def refresh(self, app: App, grant: Grant) -> Grant:
        told = self._token(app, grant_type="refresh_token", refresh_token=grant.credentials["refresh_token"])
        return replace(grant, credentials=_credentials(told), expires_at=_end(told))

    def _token(self, app: App, **form: str) -> dict[str, Any]:
        where, proof = app.server or self.address, {"client_id": app.id, "client_secret": app.secret}
        answer = client.request(self.name, "POST", f"{where}/token", deadline=DEADLINE, form={**proof, **form})
        told = answer.json() or {}
        if answer.status < 500 and told.get("error") == "invalid_grant":
            raise ChannelRefused(say("Club wants you to sign in again."))
        if answer.status < 500 and told.get("error") == "invalid_client":
            raise oauth.AppRefused(say("Club does not accept the client id and secret entered for it."))
        return dict(client.accepted(answer).json())


class Commune(Club):
    """Has many servers, and each lets anybody register."""

    slug = "commune"
    name = "Commune"
    address = ""
    steps: ClassVar[Sequence[str]] = ()
    console = ""
    asks: ClassVar = (Field("server", "Server", "The part behind the second @.", placeholder="commune.example"),)

    def register(self, server: str, redirect: str) -> App | None:
        answer = client.request(
            self.name, "POST", f"{server}/register", deadline=DEADLINE, form={"redirect_uri": redirect}
        )
        told = client.accepted(answer).json()
        return App(told["client_id"], told["client_secret"], server)


class Kiosk(_Plain, TakesKeys):
    """Takes a key that a person copies."""

    slug = "kiosk"
    name = "Kiosk"
    address = "https://kiosk.example"
    steps: ClassVar = ("Ask at the counter for a key.",)
    fields: ClassVar = (
        Field("room", "Room", "Where it hangs.", placeholder="12"),
        Field("key", "Key", "It begins with canary.", secret=True),
        Field("note", "Note", required=False),
    )
    shown_once: ClassVar = ("door",)

    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        if not typed["key"].startswith("canary"):
            raise ChannelRefused(say("Kiosk does not know this key."))
        assert typed["server"]
        credentials = {"access_token": typed["key"], "note": typed["note"]}
        credentials |= {"door": "canary-of-ours"} if typed["room"] == "cellar" else {}
        return [Grant(typed["room"], f"room {typed['room']}", f"Room {typed['room']}", credentials)]


def _credentials(told: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(told.get(name) or "") for name in ("access_token", "refresh_token")}


def _end(told: Mapping[str, Any]) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=told["expires_in"])
