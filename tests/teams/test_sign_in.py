"""Signing in: by password or by a link that opens once, never on the word of a stranger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams import tries
from teams.first import found
from teams.models import SignInLink, User, Workspace
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SIGN_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def test_the_right_password_opens_the_workspace(client: Client, alice: User) -> None:
    answer = client.post(SIGN_IN, {"email": " ALICE@example.org ", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == reverse("home", args=["atelier"])


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, alice: User) -> None:
    wrong = client.post(SIGN_IN, {"email": "alice@example.org", "password": "guess"})
    unknown = client.post(SIGN_IN, {"email": "zoe00@example.org", "password": "guess"})
    assert wrong.status_code == unknown.status_code == 422
    said = [_without_token(answer.content.decode()).replace("zoe00", "alice") for answer in (wrong, unknown)]
    assert said[0] == said[1]
    assert "E-mail or password is wrong." in said[0]


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = "django.contrib.auth.hashers.Argon2PasswordHasher"
    for name in ("encode", "verify"):
        monkeypatch.setattr(f"{hasher}.{name}", _noting(getattr(Argon2PasswordHasher, name), hashed))
    counts = []
    User.objects.create_user("demo@example.org", None)
    for email in ("alice@example.org", "nobody@example.org", "demo@example.org"):
        hashed.clear()
        client.post(SIGN_IN, {"email": email, "password": "guess"})
        counts.append(len(hashed))
    assert counts == [1, 1, 1]


def test_a_session_gets_a_new_key_when_somebody_signs_in(client: Client, alice: User) -> None:
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    before = session.session_key
    client.post(SIGN_IN, {"email": "alice@example.org", "password": PASSWORD})
    assert client.session.session_key != before


def test_after_ten_tries_an_account_waits_and_is_told_how_long(client: Client, alice: User) -> None:
    """Seen to fail without the count by account."""
    for _ in range(10):
        client.post(SIGN_IN, {"email": "alice@example.org", "password": "guess"})
    answer = client.post(SIGN_IN, {"email": "Alice@Example.org", "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= tries.WINDOW
    assert "Too many tries." in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_many_accounts_tried_from_one_address_make_that_address_wait(client: Client, alice: User) -> None:
    for number in range(tries.BY_ADDRESS):
        tries.wait(_request(client), f"{number}@example.org", NOW)
    assert tries.wait(_request(client), "alice@example.org", NOW) > 0
    assert tries.wait(_request(client, REMOTE_ADDR="192.0.2.7"), "alice@example.org", NOW) == 0
    assert tries.wait(_request(client), "alice@example.org", NOW + timedelta(seconds=tries.WINDOW)) == 0


def test_what_a_visitor_writes_into_forwarded_for_is_not_believed(client: Client, settings: object) -> None:
    settings.PROXIES = 0  # type: ignore[attr-defined]
    assert tries.address_of(_request(client, HTTP_X_FORWARDED_FOR="192.0.2.1")) == "127.0.0.1"
    settings.PROXIES = 1  # type: ignore[attr-defined]
    assert tries.address_of(_request(client, HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.9")) == "198.51.100.9"


REDIRECTS = [
    "https://evil.example", "//evil.example", "\\\\evil.example", "https:/evil.example",
    "http://app.test@evil.example", "http://app.test.evil.example", "http://evil.example/app.test",
    "javascript:alert(1)", "data:text/html,x", "%0d%0aLocation:%20https://evil.example",
    "http://app.test%2eevil.example", "https://app.test:443@evil.example", "//app.test\\@evil.example",
    "　//evil.example", "///evil.example", "/\\evil.example", "\t//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("going", REDIRECTS)
def test_signing_in_never_leads_to_another_site(client: Client, alice: User, going: str) -> None:
    """Seen to fail without url_has_allowed_host_and_scheme."""
    answer = client.post(SIGN_IN, {"email": "alice@example.org", "password": PASSWORD, "next": going})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("going", ["/w/atelier/forecast/?days=7", "/%2f%2fevil.example", "/.evil.example"])
def test_signing_in_leads_on_to_where_one_was_going(client: Client, alice: User, going: str) -> None:
    answer = client.post(SIGN_IN, {"email": "alice@example.org", "password": PASSWORD, "next": going})
    assert answer["Location"] == going


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session


def test_a_link_signs_in_once(client: Client, alice: User) -> None:
    """Seen to fail with a `use` that leaves the link in place."""
    key = SignInLink.issue(alice, timezone.now())
    assert client.get(f"/accounts/once/{key}/")["Location"] == "/"
    assert client.session["_auth_user_id"] == str(alice.pk)
    again = Client().get(f"/accounts/once/{key}/")
    assert again.status_code == 410
    assert "This link is used up" in again.content.decode()


def test_looking_at_a_link_without_opening_it_does_not_use_it_up(client: Client, alice: User) -> None:
    key = SignInLink.issue(alice, timezone.now())
    assert client.head(f"/accounts/once/{key}/").status_code == 405
    assert client.get(f"/accounts/once/{key}/").status_code == 302


def test_a_link_is_worth_nothing_after_an_hour_or_once_a_newer_one_is_printed(alice: User) -> None:
    old = SignInLink.issue(alice, NOW)
    assert SignInLink.use(old, NOW + timedelta(minutes=61)) is None
    newer = SignInLink.issue(alice, NOW)
    assert SignInLink.use(old, NOW) is None
    assert SignInLink.use(newer, NOW) == alice


def test_somebody_who_was_disabled_gets_in_neither_way(client: Client, alice: User) -> None:
    key = SignInLink.issue(alice, timezone.now())
    User.objects.update(is_active=False)
    assert client.get(f"/accounts/once/{key}/").status_code == 410
    answer = client.post(SIGN_IN, {"email": "alice@example.org", "password": PASSWORD})
    assert "E-mail or password is wrong." in answer.content.decode()


def test_the_terminal_prints_a_link_for_a_person_by_address(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sign_in_link", "Alice@example.org")
    path = "/accounts/once/" + capsys.readouterr().out.split("/accounts/once/")[1].strip()
    assert Client().get(path).status_code == 302
    with pytest.raises(CommandError, match="Nobody here has the address zoe"):
        call_command("sign_in_link", "zoe@example.org")


def test_a_new_refrain_asks_its_first_visitor_to_sign_up_and_nobody_after_them(client: Client) -> None:
    assert client.get(SIGN_IN)["Location"] == "/accounts/signup/"
    answer = client.post("/accounts/signup/", _first())
    assert answer["Location"] == "/"
    made = Workspace.objects.get()
    assert (made.name, made.slug, made.timezone) == ("Café Zoé", "cafe-zoe", "Asia/Kolkata")
    assert made.memberships.get().role == "owner"
    assert Client().post("/accounts/signup/", _first(email="two@example.org"))["Location"] == SIGN_IN
    assert User.objects.count() == 1


def test_a_first_person_with_a_weak_password_or_a_zone_that_is_none_is_told(client: Client) -> None:
    answer = client.post("/accounts/signup/", _first(password="password", zone="Mars/Olympus"))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "too common" in said
    assert "“Mars/Olympus” is not a time zone." in said
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_sign_up_first_at_once_one_is_first() -> None:
    """Seen to fail without the row that they wait for."""
    start, made = Barrier(8), []

    def sign_up(number: int) -> None:
        start.wait()
        made.append(found(_first(email=f"{number}@example.org")))
        connections.close_all()

    threads = [Thread(target=sign_up, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in made if one]) == User.objects.count() == 1


def test_a_superuser_can_be_made_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", "--email", "Root@Example.org", verbosity=0)
    made = User.objects.get()
    assert (made.email, made.is_superuser, made.is_staff) == ("root@example.org", True, True)
    assert made.check_password(PASSWORD)


def test_somebody_in_no_workspace_is_told_what_to_do(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("zoe@example.org", PASSWORD))
    assert "You are in no workspace" in client.get("/").content.decode()
    assert client.get("/account/").status_code == 200


def _first(**given: str) -> dict[str, str]:
    usual = {"name": "Zoé", "email": "zoe@example.org", "password": PASSWORD, "workspace": "Café Zoé"}
    return {**usual, "zone": "Asia/Calcutta", **given}


def _request(client: Client, **fields: str) -> Any:
    return client.get(SIGN_IN, **fields).wsgi_request  # type: ignore[arg-type]


def _noting(function: Callable[..., str | bool], notes: list[str]) -> Callable[..., str | bool]:
    def noted(*args: Any) -> str | bool:
        notes.append(function.__name__)
        return function(*args)

    return noted


def _without_token(html: str) -> str:
    before, _mark, rest = html.partition('name="csrfmiddlewaretoken" value="')
    return before + rest.partition('"')[2]
