"""Signing in with OAuth 2: the address to go to, the way back, and every answer of a token endpoint."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from posts.networks import oauth
from posts.networks.access import App, Grant
from posts.networks.base import ChannelRefused, NotSent, SendError, Unconfirmed
from tests.posts.networks.scripted import Scripted, json_answer

APP = App("client:1", "se cret")


def answering(status: str, body: str) -> Scripted:
    told = json_answer(body).replace(b"200 OK", status.encode())
    return Scripted(lambda to, _: to.sendall(told))


@pytest.fixture
def server() -> Iterator[Scripted]:
    body = '{"access_token": "new", "refresh_token": "next", "expires_in": 7200, "scope": "read,write"}'
    server = answering("200 OK", body)
    yield server
    server.close()


def test_the_address_to_sign_in_at_holds_state_challenge_and_scopes() -> None:
    challenge = oauth.challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
    address = oauth.sign_in_address(
        "https://x.example/authorize?a=b",
        APP,
        state="s&t",
        redirect="https://me.example/back",
        scopes=["read", "write"],
        challenge=challenge,
    )
    assert parse_qs(urlsplit(address).query) == {
        "a": ["b"],
        "response_type": ["code"],
        "client_id": ["client:1"],
        "redirect_uri": ["https://me.example/back"],
        "scope": ["read write"],
        "state": ["s&t"],
        "code_challenge": [challenge],
        "code_challenge_method": ["S256"],
    }


def test_a_verifier_is_long_enough_and_never_the_same() -> None:
    assert oauth.new_verifier() != oauth.new_verifier()
    assert 43 <= len(oauth.new_verifier()) <= 128


def test_only_the_way_back_from_our_own_sign_in_brings_a_code() -> None:
    assert oauth.code_in("https://me.example/back?code=c%3D1&state=mine", "mine") == "c=1"
    for address in ("?code=1&state=other", "?code=1", "?error=access_denied&state=mine", ""):
        with pytest.raises(ChannelRefused):
            oauth.code_in(f"https://me.example/back{address}", "mine")


def test_a_token_is_read_with_its_end_and_its_scopes(server: Scripted) -> None:
    token = oauth.ask_token("X", server.url, {"grant_type": "refresh_token"}, app=APP)
    assert token.credentials == {"access_token": "new", "refresh_token": "next"}
    assert token.scopes == {"read", "write"}
    assert token.expires_at is not None
    assert timedelta(hours=1) < token.expires_at - datetime.now(UTC) <= timedelta(hours=2)
    assert b"client_secret=se+cret" in server.requests[0]
    assert "new" not in repr(token)


def test_the_secret_goes_into_a_header_where_the_network_wants_it_there(server: Scripted) -> None:
    oauth.ask_token("X", server.url, {"grant_type": "refresh_token"}, app=APP, basic=True)
    assert b"Basic Y2xpZW50JTNBMTpzZSUyMGNyZXQ=" in server.requests[0]
    assert b"client_secret" not in server.requests[0]


@pytest.mark.parametrize(
    ("status", "body", "ends"),
    [
        ("400 Bad Request", '{"error": "invalid_grant"}', ChannelRefused),
        ("401 Unauthorized", '{"error": "invalid_client"}', oauth.AppRefused),
        ("400 Bad Request", '{"error": "invalid_request"}', NotSent),
        ("200 OK", '{"error": "invalid_grant"}', ChannelRefused),
        ("429 Too Many Requests", "{}", NotSent),
        ("500 Internal Server Error", '{"error": "invalid_grant"}', Unconfirmed),
        ("200 OK", '{"access_token": ""}', Unconfirmed),
        ("200 OK", "<html>", Unconfirmed),
    ],
)
def test_only_a_final_answer_asks_the_person_to_sign_in_again(status: str, body: str, ends: type[SendError]) -> None:
    server = answering(status, body)
    with pytest.raises(SendError) as error:
        oauth.ask_token("X", server.url, {"grant_type": "refresh_token"}, app=APP)
    assert type(error.value) is ends
    server.close()


def test_what_comes_back_empty_keeps_what_it_was() -> None:
    grant = Grant("1", "@shop", "Shop", {"access_token": "old", "refresh_token": "kept", "other": "1"})
    new = oauth.renewed(grant, oauth.Token("new"))
    assert new.credentials == {"access_token": "new", "refresh_token": "kept", "other": "1"}
    assert new.remote_id == "1"


def test_who_agreed_to_less_than_posting_is_asked_again() -> None:
    some = oauth.Token("new", scopes=frozenset({"read"}))
    assert oauth.must_allow("X", some, ["read"]) is some
    assert oauth.must_allow("X", oauth.Token("new"), ["write"])
    with pytest.raises(ChannelRefused):
        oauth.must_allow("X", some, ["read", "write"])
