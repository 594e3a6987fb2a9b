"""Connecting a channel: by keys that somebody typed, or by signing in at the network and coming back."""

from __future__ import annotations

import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings

from notices.sentences import Sentence, say
from posts.models import Channel, NetworkApp, SignIn
from posts.models_connecting import SIGN_IN_LIFE, redirect_address
from posts.networks import NETWORKS, oauth
from posts.networks.access import App, Field, Grant, SignsIn, TakesKeys
from posts.networks.base import ChannelRefused, Connector, SendError, Unconfirmed
from posts.sealing import Unopened
from scheduler import channels
from scheduler.traces import where
from scheduler.verbs import NotNow
from teams.models import Membership, User, Workspace, digest

T = TypeVar("T")
log = logging.getLogger(__name__)
_MAY_CONNECT = (Membership.Role.ADMIN, Membership.Role.OWNER)
LOST = say("This sign-in was not started here, or too long ago. Please start again.")


@dataclass(frozen=True)
class Visit:
    """Who is connecting, from which session, and which channel again (None: a new one)."""

    workspace: Workspace
    user: User
    session: str
    channel: Channel | None = None


@dataclass(frozen=True)
class Arrival:
    """What came of it: channels, with how many publications were missed meanwhile, or accounts to choose from."""

    workspace: Workspace
    connected: Sequence[Channel] = ()
    missed: int = 0
    choice: str = ""
    to_copy: Sequence[tuple[str, str]] = field(default=(), repr=False)  # what we made and a person has to copy


def connectable() -> list[Connector]:
    """The networks that accounts can be connected of, by their names."""
    found = [one for one in NETWORKS.values() if isinstance(one, (SignsIn, TakesKeys))]
    return sorted(found, key=lambda one: one.name.casefold())


def ways(connector: Connector) -> dict[str, Sequence[Field]]:
    """How it can be connected, "sign_in" or "keys", and what is typed for each."""
    found: dict[str, Sequence[Field]] = {}
    if isinstance(connector, SignsIn):
        found["sign_in"] = connector.asks
    if isinstance(connector, TakesKeys):
        found["keys"] = connector.fields
    return found


def registered_by_hand() -> list[Connector]:
    """The networks where an administrator has to register this Refrain."""
    return [one for one in connectable() if isinstance(one, SignsIn) and type(one).register is SignsIn.register]


def known_app(connector: Connector) -> NetworkApp | None:
    """What an administrator entered for it, or what it was registered with by us at the network's own server."""
    return NetworkApp.objects.filter(network=connector.slug, server="").first()


def is_known(connector: Connector) -> bool:
    """Whether a sign-in can begin there, as far as an administrator is needed for it."""
    return connector not in registered_by_hand() or known_app(connector) is not None


def enter_app(connector: Connector, client_id: str, secret: str, now: datetime) -> None:
    """Keep what an administrator typed; an empty secret keeps the one that is there. Raises Unopened."""
    keep_app(connector.slug, "", client_id, secret, "", now)


def with_keys(visit: Visit, connector: Connector, typed: Mapping[str, str], now: datetime) -> Arrival:
    """Connect what these keys open. Raises NotNow; not inside a transaction, since it asks the network."""
    assert isinstance(connector, TakesKeys)
    given = {**{one.name: "" for one in connector.fields}, **{name: text for name, text in typed.items() if text}}
    given["server"] = address_of(given["server"]) if given.get("server") else _usual(connector)
    arrival = _connect(visit, connector.slug, _asked(lambda: connector.connect(given), connector), now)
    return replace(arrival, to_copy=_to_copy(connector, given, arrival.connected))


def begin(visit: Visit, connector: Connector, typed: Mapping[str, str], now: datetime) -> str:
    """The address at the network that the person goes on at. Raises NotNow; not inside a transaction."""
    assert isinstance(connector, SignsIn)
    server = address_of(typed.get("server", ""))
    hint = next((text for name, text in typed.items() if name != "server" and text), "")
    app, state, verifier = app_at(connector, server, now), secrets.token_urlsafe(32), oauth.new_verifier()
    address: str = _asked(
        lambda: connector.authorize(
            app, state=state, challenge=oauth.challenge_of(verifier), redirect=redirect_address(), hint=hint
        ),
        connector,
    )
    if not address.startswith(("https://", "http://")):  # a server may name any
        raise NotNow(say("{network} named no address to sign in at.", network=connector.name))
    kept = {"verifier": verifier, "app": json.dumps(app.kept)}
    _under_way(visit, connector.slug, server, state, kept, now)
    return address


def back(params: Mapping[str, str], session: str, user: User, now: datetime) -> Arrival:
    """The person is back from the network. Raises Lost or NotNow; not inside a transaction."""
    found = SignIn.take(params.get("state", ""), session, user, now)
    if found is None:
        raise Lost(LOST)
    if not Membership.objects.filter(user=user, workspace=found.workspace, role__in=_MAY_CONNECT).exists():
        raise Lost(say("Connecting and disconnecting is for administrators."))
    connector = NETWORKS[found.network]
    assert isinstance(connector, SignsIn)
    visit = Visit(found.workspace, user, session, found.channel)
    if not params.get("code"):
        said = say("{network} did not let you in, or you did not agree. Nothing was connected.", network=connector.name)
        raise Lost(said, found)
    try:
        grants = _exchanged(found, connector, params, now)
        return _connect(visit, found.network, grants, now)
    except NotNow as no:
        raise Lost(no.sentence, found) from None


def offered(visit: Visit, choice: str, now: datetime) -> list[Grant]:
    """The accounts to choose from. Raises NotNow."""
    mine = SignIn.objects.filter(digest=digest(choice), session=digest(visit.session), user=visit.user)
    found = mine.filter(expires_at__gt=now, workspace=visit.workspace).first()
    if found is None:
        raise NotNow(LOST)
    return _grants(found)


def choose(visit: Visit, choice: str, picked: Sequence[int], now: datetime) -> Arrival:
    """Make channels of the accounts with these numbers; the others are forgotten. Raises NotNow."""
    found = SignIn.take(choice, visit.session, visit.user, now)
    if found is None or found.workspace_id != visit.workspace.pk:
        raise NotNow(LOST)
    grants = [one for number, one in enumerate(_grants(found)) if number in picked]
    return taken(visit, found.network, grants, now)


def taken(visit: Visit, network: str, grants: Sequence[Grant], now: datetime) -> Arrival:
    family = _family(grants)
    try:
        done = [
            channels.connect(visit.workspace, network, one, visit.user, now, channel=visit.channel, family=family)
            for one in grants
        ]
    except Unopened as error:
        raise NotNow(error.sentence) from None
    return Arrival(visit.workspace, [channel for channel, _late in done], sum(late for _channel, late in done))


class Lost(NotNow):
    """A sign-in that came to nothing; `sign_in` is the one it was, where that is known."""

    def __init__(self, sentence: Sentence, sign_in: SignIn | None = None) -> None:
        super().__init__(sentence)
        self.sign_in = sign_in


def app_at(connector: Connector, server: str, now: datetime) -> App:
    """Who we are there, and at the network's own server where none is named: as an administrator entered it, else as
    we register ourselves. Raises NotNow."""
    assert isinstance(connector, SignsIn)
    here, where_ = redirect_address(), server or _usual(connector)
    # Servers that read a document know us by the one that we show, with its one key.
    kept_at = "" if has_document(connector) else server
    known = NetworkApp.objects.filter(network=connector.slug, server=kept_at).first()
    if known is None or known.redirect not in ("", here):
        made = _asked(lambda: connector.register(where_, here), connector)
        if made is None:
            said = say(
                "Refrain is not known to {network} yet: an administrator enters its keys first.", network=connector.name
            )
            raise NotNow(said)
        known = keep_app(connector.slug, kept_at, made.id, made.secret, here, now)
    try:
        return replace(known.app, server=where_)
    except Unopened as error:
        raise NotNow(error.sentence) from None


def has_document(connector: Connector) -> bool:
    """Whether servers know us there by the document at our client id."""
    return isinstance(connector, SignsIn) and type(connector).client_metadata is not SignsIn.client_metadata


def keep_app(network: str, server: str, client_id: str, secret: str, redirect: str, now: datetime) -> NetworkApp:
    """An empty secret keeps the one that is there, as long as it is the same program's."""
    app = NetworkApp.objects.filter(network=network, server=server).first() or NetworkApp(
        network=network, server=server
    )
    if secret or app.client_id != client_id:
        app.seal(secret)
    app.client_id, app.redirect, app.changed_at = client_id, redirect, now
    app.save()
    return app


def address_of(typed: str) -> str:
    """A server as people type it, as an address; empty stays empty. Raises NotNow for what is none."""
    if not typed.strip():
        return ""
    text = typed.strip().rstrip("/")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        fine = parts.scheme in ("http", "https") and parts.hostname and not parts.username and not parts.query
        _number = parts.port
    except ValueError:
        fine = False
    if not fine or parts.path or parts.fragment or any(letter.isspace() for letter in text):
        raise NotNow(
            say("“{typed}” is not the address of a server. Write it like social.example.org.", typed=typed[:80])
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _usual(connector: Connector) -> str:
    return str(settings.NETWORK_URLS.get(connector.slug, ""))


def _exchanged(found: SignIn, connector: SignsIn, params: Mapping[str, str], now: datetime) -> Sequence[Grant]:
    try:
        kept = found.kept()
    except Unopened as error:
        raise NotNow(error.sentence) from None
    known = app_at(NETWORKS[found.network], found.server, now)
    app = App(known.id, known.secret, known.server, json.loads(kept["app"]))
    issuer, said = connector.issuer(app), params.get("iss", "")
    if issuer and said and said.rstrip("/") != issuer.rstrip("/"):
        raise NotNow(LOST)
    code, verifier = params["code"], kept["verifier"]
    return _asked(
        lambda: connector.exchange(app, code=code, verifier=verifier, redirect=redirect_address()),
        NETWORKS[found.network],
    )


def _to_copy(connector: TakesKeys, given: Mapping[str, str], connected: Sequence[Channel]) -> list[tuple[str, str]]:
    labels = {one.name: one.label for one in connector.fields}
    ours = [name for name in connector.shown_once if not given.get(name)]
    return [
        (labels.get(name, name), credentials[name])
        for credentials in (channel.credentials() for channel in connected)
        for name in ours
        if name in credentials
    ]


def _connect(visit: Visit, network: str, grants: Sequence[Grant], now: datetime) -> Arrival:
    """At once where there is nothing to choose."""
    if visit.channel is not None:
        wanted = next((one for one in grants if channels.is_of(visit.channel, one)), None)
        if wanted is None:
            others = ", ".join(one.handle for one in grants[:3])
            said = say(
                "That is another account ({others}). Sign in as {handle}, or connect it as a channel of its own.",
                others=others, handle=visit.channel.handle,
            )  # fmt: skip
            raise NotNow(said)
        return taken(visit, network, [wanted], now)
    if not grants:
        raise NotNow(say("{network} named no account that may post.", network=NETWORKS[network].name))
    if len(grants) == 1:
        return taken(visit, network, grants, now)
    choice = secrets.token_urlsafe(32)
    _under_way(visit, network, "", choice, {"grants": json.dumps([_packed(one) for one in grants])}, now)
    return Arrival(visit.workspace, choice=choice)


def _family(grants: Sequence[Grant]) -> str:
    """A name for accounts that share a token, which is refreshed for all of them at once; empty: they share none."""
    counted = Counter(value for one in grants for value in one.credentials.values() if value)
    return secrets.token_hex(16) if any(count > 1 for count in counted.values()) else ""


def _under_way(visit: Visit, network: str, server: str, secret: str, kept: Mapping[str, str], now: datetime) -> None:
    SignIn.objects.filter(expires_at__lte=now).delete()
    row = SignIn(
        digest=digest(secret), session=digest(visit.session), user=visit.user, workspace=visit.workspace,
        channel=visit.channel, network=network, server=server, expires_at=now + SIGN_IN_LIFE,
    )  # fmt: skip
    try:
        row.seal(kept)
    except Unopened as error:
        raise NotNow(error.sentence) from None
    row.save()


def _packed(grant: Grant) -> dict[str, Any]:
    found = {name: getattr(grant, name) for name in ("remote_id", "handle", "name", "server", "url")}
    ends = grant.expires_at.isoformat() if grant.expires_at else None
    return {**found, "credentials": dict(grant.credentials), "expires_at": ends}


def _grants(found: SignIn) -> list[Grant]:
    try:
        packed = json.loads(found.kept()["grants"])
    except Unopened as error:
        raise NotNow(error.sentence) from None
    return [Grant(**{**one, "expires_at": _moment(one["expires_at"])}) for one in packed]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _asked(ask: Callable[[], T], connector: Connector) -> T:
    """What the network says to somebody who waits in front of the browser, or NotNow with its reason."""
    try:
        return ask()
    except Unconfirmed:
        said = say(
            "{network} gave no answer that can be used. Nothing was connected; please try again.",
            network=connector.name,
        )
        raise NotNow(said) from None
    except SendError as error:
        raise NotNow(error.sentence) from None
    except Exception as error:
        log.error("the connector of %s failed to connect: %s", connector.slug, where(error))
        raise NotNow(say("Refrain stumbled over the answer of {network}.", network=connector.name)) from None


def try_app(connector: Connector, app: App) -> tuple[bool | None, Sentence]:
    """Whether the network knows us, as far as that can be told: it is asked with a code that cannot be right."""
    assert isinstance(connector, SignsIn)
    try:
        connector.exchange(app, code="refrain-asks", verifier=oauth.new_verifier(), redirect=redirect_address())
    except oauth.AppRefused as error:
        return False, error.sentence
    except ChannelRefused:
        return True, say("{network} knows this client id and secret.", network=connector.name)
    except SendError as error:
        return None, say("That cannot be told: {why}", why=error.sentence)
    except Exception as error:
        log.error("the connector of %s failed to test: %s", connector.slug, where(error))
    return None, say(
        "That cannot be told: {network} gave an answer that Refrain does not know.", network=connector.name
    )
