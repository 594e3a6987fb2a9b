"""Signing in at Bluesky's own PDS by OAuth: PAR, PKCE, DPoP, a person who agrees, and keys that are renewed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from posts.networks import oauth
from posts.networks.access import App, Grant
from posts.networks.base import ChannelRefused, KeyExpired, Message
from posts.networks.bluesky_access import SCOPES
from tests.posts.networks.parcels import PIXEL, image
from tests.real_networks.bluesky import BLUESKY, Person, account_of
from tests.real_networks.conftest import Network
from tests.real_networks.consent import Visitor

REDIRECT = "http://127.0.0.1:8000/oauth/callback/"


@dataclass
class SignIn:
    """One attempt to sign in, as our pages make it."""

    app: App
    verifier: str
    address: str

    @classmethod
    def begins(cls, person: Person) -> SignIn:
        app = BLUESKY.register(person.pds, REDIRECT)
        assert app
        verifier = oauth.new_verifier()
        address = BLUESKY.authorize(
            app, state="state-1", challenge=oauth.challenge_of(verifier), redirect=REDIRECT, hint=person.handle
        )
        return cls(app, verifier, address)

    def ends(self, code: str) -> Grant:
        (grant,) = BLUESKY.exchange(self.app, code=code, verifier=self.verifier, redirect=REDIRECT)
        return grant


@pytest.fixture(scope="module")
def carla(network: Network) -> Person:
    return Person.joins(network("bluesky"), "carla")


@pytest.fixture(scope="module")
def signed_in(carla: Person) -> tuple[App, Grant]:
    sign_in = SignIn.begins(carla)
    back = Visitor(carla, sign_in.address).agrees(" ".join(SCOPES))
    assert (back["state"], back["iss"]) == ("state-1", BLUESKY.issuer(sign_in.app))
    return sign_in.app, sign_in.ends(back["code"])


def message(text: str, **more: object) -> Message:
    return Message(text, "en", f"oauth-{text}", datetime.now(UTC), **more)  # type: ignore[arg-type]


def test_a_person_who_agrees_gives_an_account_to_post_to(carla: Person, signed_in: tuple[App, Grant]) -> None:
    _, grant = signed_in
    assert (grant.remote_id, grant.handle, grant.server) == (carla.did, f"@{carla.handle}", carla.pds)
    assert grant.expires_at
    receipt = BLUESKY.publish(account_of(grant), message("By OAuth", media=(image(),)))
    record = carla.record(receipt)["value"]
    assert record["text"] == "By OAuth"
    assert carla.blob(record["embed"]["images"][0]["image"]["ref"]["$link"]) == PIXEL


def test_the_token_alone_opens_nothing(signed_in: tuple[App, Grant]) -> None:
    _, grant = signed_in
    stolen = replace(grant, credentials={"access_token": grant.credentials["access_token"]})
    with pytest.raises(KeyExpired):
        BLUESKY.publish(account_of(stolen), message("Stolen"))


def test_keys_are_renewed_and_the_old_ones_are_of_no_use(carla: Person) -> None:
    sign_in = SignIn.begins(carla)
    grant = sign_in.ends(Visitor(carla, sign_in.address).agrees(" ".join(SCOPES))["code"])
    renewed = BLUESKY.refresh(App(sign_in.app.id), grant)
    assert renewed.credentials["refresh_token"] != grant.credentials["refresh_token"]
    assert renewed.credentials["dpop_key"] == grant.credentials["dpop_key"]
    BLUESKY.publish(account_of(renewed), message("With renewed keys"))
    with pytest.raises(KeyExpired):
        BLUESKY.publish(account_of(grant), message("With old keys"))
    with pytest.raises(ChannelRefused):  # a second use ends the whole sign-in, here as at the real one
        BLUESKY.refresh(App(sign_in.app.id), grant)
    with pytest.raises(KeyExpired):
        BLUESKY.publish(account_of(renewed), message("After a second use"))


def test_a_code_without_its_verifier_is_refused(carla: Person) -> None:
    sign_in = SignIn.begins(carla)
    back = Visitor(carla, sign_in.address).agrees(" ".join(SCOPES))
    with pytest.raises(ChannelRefused):
        replace(sign_in, verifier=oauth.new_verifier()).ends(back["code"])


def test_a_person_who_refuses_comes_back_without_a_code(carla: Person) -> None:
    back = Visitor(carla, SignIn.begins(carla).address).refuses()
    assert (back["error"], back["state"]) == ("access_denied", "state-1")
    assert "code" not in back
