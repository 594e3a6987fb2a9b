"""How a channel is connected: by signing in at the network, or by keys that a person copies from there."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from notices.sentences import Sentence


@dataclass(frozen=True)
class App:
    """What an administrator registered with the network, or what we registered there ourselves."""

    id: str
    secret: str = field(default="", repr=False)
    server: str = ""  # where it was registered, without a slash at the end; empty: the network's only one
    # What `authorize` writes here is there again in `exchange`, and nowhere else: a DPoP key, the server it found.
    kept: dict[str, str] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Grant:
    """One account that a person let us post to. Its credentials are secrets and are kept encrypted."""

    remote_id: str  # the network's own id of the account: a DID, a URN, a page, a chat
    handle: str  # as people write it
    name: str  # as people read it
    credentials: Mapping[str, str] = field(repr=False)
    server: str = ""  # the address to call; empty: the network's own
    expires_at: datetime | None = None  # aware; when the credentials have to be refreshed, None: never
    url: str = ""  # the account's own page


@dataclass(frozen=True)
class Field:
    """Something that a person types to connect. Label and help are gettext ids."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    placeholder: str = ""


class SignsIn(ABC):
    """For networks where a person signs in and agrees (OAuth 2, authorization code with PKCE).

    All calls are made with `posts.networks.client`. `exchange` and `refresh` raise a SendError; of `refresh`,
    ChannelRefused means that the person has to sign in again, and anything else that it may be tried later.
    """

    # Typed before signing in; empty where there is nothing to ask. What is typed as "server" becomes App.server, an
    # address with https:// and without a slash at the end; anything else is the hint of `authorize`.
    asks: ClassVar[Sequence[Field]] = ()
    # What an administrator has to enter once (client id and secret), and how to get it: a gettext id for each step.
    # Empty where we register ourselves at the server.
    steps: ClassVar[Sequence[str]] = ()
    console: ClassVar[str] = ""  # the page where an administrator registers an app
    scopes: ClassVar[Sequence[str]] = ()

    def register(self, server: str, redirect: str) -> App | None:
        """Register ourselves at a server that lets anybody do so. None: an administrator has to."""
        return None

    def client_metadata(self, app: App, redirect: str) -> Mapping[str, object] | None:
        """The document by which servers know us, where the client id is its address.

        It is served beside `redirect`, which ends in /oauth/callback/, as /oauth/client-metadata.json.
        """
        return None

    def issuer(self, app: App) -> str:
        """What the `iss` of the answer has to be (RFC 9207), if the server sends one; empty: whatever it likes."""
        return ""

    @abstractmethod
    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        """The address to send the person to. `challenge` is the S256 one of PKCE; `hint` is what they typed."""

    @abstractmethod
    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        """The accounts that the person may now post to, one or several (pages). Raises a SendError."""

    @abstractmethod
    def refresh(self, app: App, grant: Grant) -> Grant:
        """The grant with new credentials. A field that comes back empty keeps what it was. Raises a SendError."""


class TakesKeys(ABC):
    """For networks where a person pastes a token or an address."""

    fields: ClassVar[Sequence[Field]]
    steps: ClassVar[Sequence[str]] = ()  # how to get what is asked for, a gettext id for each step
    console: ClassVar[str] = ""
    # Credentials that we make ourselves and a person has to copy: shown once, when the channel has been connected.
    shown_once: ClassVar[Sequence[str]] = ()

    @abstractmethod
    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        """The accounts that these keys open, having asked the network. Raises a SendError whose sentence says why.

        What was not typed is empty. `typed["server"]` is there in any case: the address to call, or empty for the
        network's own; one that stands in the settings for this network is in it where nobody typed another.
        """

    def refresh(self, app: App, grant: Grant) -> Grant:
        """For keys that run out (a session made from an app password). As SignsIn.refresh."""
        return grant


@dataclass(frozen=True)
class Told:
    """What a network says of its own limits for one account; None is what it does not tell."""

    max_length: int | None = None
    images: int | None = None
    image_bytes: int | None = None
    video_bytes: int | None = None
    alt_length: int | None = None
    per_24h: int | None = None
    left_24h: int | None = None  # of the day's posts, how many are left at this moment
    notes: Sequence[Sentence] = ()
