"""Settings, tokens and one's own account: who may change what, and what is shown once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from teams.models import ApiToken, AuditEntry, Membership, User, Workspace

pytestmark = pytest.mark.django_db
SETTINGS = "/w/atelier/settings/"
FORM = {
    "name": "Studio",
    "language": "fr",
    "zone": "Europe/Paris",
    "keep": "clock",
    "grace_minutes": "30",
    "catch_up_per_hour": "6",
    "catch_up_minutes": "2",
}
TOKEN = {"name": "Zapier", "scopes": ["read", "write"], "days": "90"}


def test_an_owner_changes_the_workspace_and_it_is_on_record(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.post(SETTINGS, FORM)["Location"] == SETTINGS
    workspace = Workspace.objects.get(slug="atelier")
    assert (workspace.name, workspace.language, workspace.grace_minutes) == ("Studio", "fr", 30)
    assert AuditEntry.objects.get().action == "settings"


def test_an_editor_sees_the_settings_and_cannot_change_them(client: Client, bob: User) -> None:
    client.force_login(bob)
    page = client.get(SETTINGS).content.decode()
    assert "Settings are for administrators" in page
    assert client.post(SETTINGS, FORM).status_code == 403
    assert Workspace.objects.get(slug="atelier").name == "Atelier"


def test_a_stranger_learns_nothing(client: Client, charlie: User, workspace: Workspace) -> None:
    client.force_login(charlie)
    assert client.get(SETTINGS).status_code == client.post(SETTINGS + "tokens/", TOKEN).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone."),
        ({"zone": ""}, "This field is required."),
        ({"catch_up_per_hour": "0"}, "greater than or equal to 1"),
        ({"grace_minutes": "1441"}, "At most 1440 minutes"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_kept_is_said_beside_it(client: Client, alice: User, wrong: dict[str, str], said: str) -> None:
    client.force_login(alice)
    answer = client.post(SETTINGS, FORM | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Workspace.objects.get(slug="atelier").name == "Atelier"


def test_an_old_name_of_a_zone_is_kept_under_its_present_one(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post(SETTINGS, FORM | {"zone": "Asia/Calcutta"})
    assert Workspace.objects.get(slug="atelier").timezone == "Asia/Kolkata"


def test_a_token_is_shown_once_and_works_until_it_is_revoked(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.post(SETTINGS + "tokens/", TOKEN)
    text = re.search(r"rfn_[\w-]{43}", page.content.decode())
    assert text is not None
    assert "no-store" in page["Cache-Control"]
    assert text[0] not in client.get(SETTINGS).content.decode()
    asked = {"Authorization": f"Bearer {text[0]}"}
    assert Client().get("/api/v1/posts/", headers=asked).status_code == 200
    client.post(f"{SETTINGS}tokens/{ApiToken.objects.get().pk}/revoke/")
    assert Client().get("/api/v1/posts/", headers=asked).status_code == 401
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["token_made", "token_revoked"]


def test_nobody_can_make_a_token_that_may_do_more_than_they_may(client: Client, bob: User) -> None:
    """Seen to fail with all scopes offered to all."""
    client.force_login(bob)
    answer = client.post(SETTINGS + "tokens/", TOKEN | {"scopes": ["read", "publish"]})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_an_editor_sees_and_revokes_only_tokens_of_their_own(client: Client, alice: User, bob: User) -> None:
    """Seen to fail with all of the workspace's tokens for everybody."""
    workspace = Workspace.objects.get(slug="atelier")
    hers, _ = ApiToken.issue(workspace, alice, "Hers", ["read"])
    his, _ = ApiToken.issue(workspace, bob, "His", ["read"])
    client.force_login(bob)
    page = client.get(SETTINGS).content.decode()
    assert ("His" in page, "Hers" in page) == (True, False)
    assert client.post(f"{SETTINGS}tokens/{hers.pk}/revoke/").status_code == 404
    assert client.post(f"{SETTINGS}tokens/{his.pk}/revoke/").status_code == 302


def test_a_new_password_ends_every_other_session(client: Client, alice: User) -> None:
    """Seen to fail with sign_out_everywhere left out of the session's hash (the second half)."""
    here, there = Client(), Client()
    here.force_login(alice)
    there.force_login(alice)
    words = {"old": "correct horse battery", "new": "quite another staple"}
    assert here.post("/account/password/", words | {"old": "guess"}).status_code == 422
    assert here.post("/account/password/", words).status_code == 302
    assert (here.get("/account/").status_code, there.get("/account/").status_code) == (200, 302)
    there.login(username="alice@example.org", password="quite another staple")
    assert here.post("/account/elsewhere/").status_code == 302
    assert (here.get("/account/").status_code, there.get("/account/").status_code) == (200, 302)


def test_somebody_without_a_password_sets_one_without_an_old_one(client: Client, workspace: Workspace) -> None:
    user = User.objects.create_user("demo@example.org")
    Membership.objects.create(user=user, workspace=workspace)
    client.force_login(user)
    assert client.post("/account/password/", {"new": "quite another staple"}).status_code == 302
    user.refresh_from_db()
    assert user.check_password("quite another staple")


def test_language_and_theme_are_kept(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post("/account/", {"name": "Alice M.", "language": "fr"})
    page = client.get("/account/", headers={"Accept-Language": "en"})
    assert page["Content-Language"] == "fr"
    client.post("/account/language/", {"language": "en", "next": SETTINGS})
    assert User.objects.get(pk=alice.pk).language == "en"
    away = client.post("/account/theme/", {"theme": "dark", "next": "//evil.example"})
    assert (away["Location"], away.cookies["theme"].value) == ("/", "dark")
    assert 'data-theme="dark"' in client.get("/account/").content.decode()


def test_one_starts_where_one_was_last(client: Client, alice: User) -> None:
    other = Workspace.objects.create(name="Other", slug="other")
    Membership.objects.create(user=alice, workspace=other, role="viewer")
    client.force_login(alice)
    client.get("/w/other/settings/")
    assert client.get("/")["Location"].startswith("/w/other/")


@pytest.mark.parametrize("path", [SETTINGS, "/account/"])
def test_a_page_costs_as_many_queries_for_many_rows_as_for_few(
    client: Client, alice: User, workspace: Workspace, path: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(alice)
    client.get(path)
    for number in range(60):
        ApiToken.issue(workspace, alice, f"Token {number}", ["read"])
        user = User.objects.create_user(f"{number}@example.org")
        Membership.objects.create(user=user, workspace=workspace)
    with django_assert_max_num_queries(12):
        assert client.get(path).status_code == 200
