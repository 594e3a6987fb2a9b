"""Who may use what: every operation of the schema, tried with every kind of token, answers as its class says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from guards.base import Action, Finding, Fix
from guards.judge import Check
from notices.sentences import say
from posts.models import Category, Channel, Media, Post, Upload
from scheduler.api.urls import router
from scheduler.models import Import, ImportLine, Judgement, Publication, Slot
from scheduler.verbs import pause
from teams.models import ApiToken, Membership, User, Workspace
from teams.tokens import AUTHZ_CLASSES, ROLES
from tests.api.conftest import ALL, Api, token_of

pytestmark = pytest.mark.django_db
SCOPE = {named: scope for scope, named in AUTHZ_CLASSES.items()}


@dataclass
class Things:
    """One of each, in Alice's workspace."""

    ids: dict[str, Any]

    @classmethod
    def make(cls, workspace: Workspace, alice: User) -> Things:
        now = timezone.now()
        channel = Channel.objects.create(workspace=workspace, network="sandbox", handle="a", name="A")
        category = Category.objects.create(workspace=workspace, name="Tips")
        post = Post.objects.create(workspace=workspace, text="Hers.", language="en", starts_at=now + timedelta(days=2))
        post.channels.add(channel)
        row = Publication.objects.create(
            workspace=workspace, post=post, channel=channel, due_at=now, planned_for=now, state="held"
        )
        move = Fix("skip", say("Skip this one"))
        checks = [Check("too_soon", Action.HOLD, (Finding(say("Too soon."), (move,)),)).as_json()]
        row.judgement = Judgement.objects.create(
            publication=row, at=now, moment="sending", action="hold", checks=checks
        )
        row.save()
        batch = Import.objects.create(
            workspace=workspace, user=alice, name="a.csv", digest="0" * 64, created_at=now, judged_at=now
        )
        ImportLine.objects.create(batch=batch, number=2, cells={"text": "A."})
        slot = Slot.objects.create(workspace=workspace, channel=channel, weekday=0, at=time(9))
        ids = {
            "slots": slot.pk,
            "posts": post.pk, "publications": row.pk, "channels": channel.pk, "categories": category.pk,
            "media": Media.objects.create(workspace=workspace, width=1, height=1, size=1, sha256="0" * 64, name="a").pk,
            "uploads": Upload.objects.create(workspace=workspace, name="a.png", size=9).pk,
            "pauses": pause(workspace, alice, now, reason="test").pk, "imports": batch.pk, "guards": "too_soon",
        }  # fmt: skip
        return cls(ids)

    def path(self, pattern: str) -> str:
        resource = pattern.removeprefix("/api/v1/").split("/")[0]
        key = "posts" if "/posts/{id}" in pattern else resource
        return pattern.replace("{id}", str(self.ids.get(key))).replace("{guard}", "too_soon")


BODIES: dict[str, dict[str, Any]] = {
    "posts": {"text": "Mine."},
    "categories": {"name": "News"},
    "check": {"text": "Mine."},
    "pauses": {},
    "guards": {"action": "block"},
    "override": {"reason": "It is a different event."},
    "settle": {"out": True},
    "move": {"to": "2090-01-01T00:00:00Z"},
    "fix": {"verb": "skip"},
    "confirm": {"lines": []},
    "media": {"url": "http://10.0.0.1/a.png"},
    "uploads": {"name": "a.mp4", "size": 5},
}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found = [
        (method.upper(), pattern, operation)
        for pattern, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]
    assert len(found) > 35
    return found


OPERATIONS = operations()
NAMES = [f"{method} {pattern}" for method, pattern, _ in OPERATIONS]


@pytest.fixture
def tokens(workspace: Workspace, alice: User, charlie: User) -> dict[str, Api]:
    past = timezone.now() - timedelta(seconds=1)
    revoked = token_of(alice, workspace)
    ApiToken.objects.filter(user=alice).update(revoked_at=past)
    people = {role: _person(workspace, role) for role in ("viewer", "editor", "approver", "admin")}
    removed, disabled = _person(workspace, "owner", "removed"), _person(workspace, "owner", "disabled")
    kinds = {
        "none": Api(),
        "garbage": Api("rfn_" + "x" * 43),
        "not ASCII": Api("rfn_é\x80"),
        "revoked": revoked,
        "expired": token_of(alice, workspace, expires_at=past),
        "removed member": token_of(removed, workspace),
        "disabled person": token_of(disabled, workspace),
        "other workspace": token_of(charlie, Workspace.objects.get(slug="elsewhere")),
        "no scope": token_of(alice, workspace, []),
        **{f"only {scope}": token_of(alice, workspace, [scope]) for scope in ALL},
        **{f"{role}'s": token_of(person, workspace) for role, person in people.items()},
        "owner's": token_of(alice, workspace),
    }
    Membership.objects.filter(user=removed).delete()
    User.objects.filter(pk=disabled.pk).update(is_active=False)
    return kinds


@pytest.mark.parametrize(("method", "pattern", "operation"), OPERATIONS, ids=NAMES)
def test_an_operation_answers_each_kind_of_token_as_its_class_says(
    method: str, pattern: str, operation: dict[str, Any], workspace: Workspace, alice: User, tokens: dict[str, Api]
) -> None:
    """Seen to fail with the role left out of `refusal`, and with a queryset over all workspaces."""
    scope = SCOPE[operation["x-authz-class"]]
    things, gone = Things.make(workspace, alice), False
    for kind, token in tokens.items():
        cache.clear()
        answer = _ask(token, method, things.path(pattern), pattern)
        expected = _expected(kind, scope, "{id}" in pattern, gone)
        gone |= method == "DELETE" and answer.status_code == 204
        assert answer.status_code in expected, (kind, answer.status_code, answer.content[:300])


REFUSED = {"none", "garbage", "not ASCII", "revoked", "expired", "removed member", "disabled person"}
DONE = {200, 201, 204, 400, 409}  # let in: what it answers then is the other tests' business


def _expected(kind: str, scope: str, names_one: bool, gone: bool) -> set[int]:
    if kind in REFUSED:
        return {401}
    if kind == "no scope" or (kind.startswith("only ") and kind != f"only {scope}"):
        return {403}
    if kind.endswith("'s") and not Membership(role=kind.removesuffix("'s")).may(ROLES[scope]):
        return {403}
    if kind == "other workspace" and names_one:
        return {404}
    return DONE | {404} if gone else DONE


def _ask(token: Api, method: str, path: str, pattern: str) -> Any:
    last = [part for part in pattern.split("/") if part][-1]
    resource = pattern.removeprefix("/api/v1/").split("/")[0]
    headers = {"If_Match": "*"} if method in ("PUT", "PATCH") else {}
    if pattern.endswith("imports/") and method == "POST":
        return token.send(method, path, b"text\nMine.\n", Content_Type="text/csv")
    body = BODIES.get(last) or BODIES.get(resource) or {}
    body = body if last in BODIES or last in ("{id}", "{guard}", resource) else {}
    return token.send(method, path, None if method in ("GET", "DELETE") else body, **headers)


def _person(workspace: Workspace, role: str, name: str = "") -> User:
    user = User.objects.create_user(f"{name or role}@example.org")  # without a password: none is hashed
    Membership.objects.create(user=user, workspace=workspace, role=role)
    return user


def test_every_operation_has_a_class_and_a_description() -> None:
    for method, pattern, operation in OPERATIONS:
        assert operation["x-authz-class"] in SCOPE, (method, pattern)
        assert len(operation["description"]) >= 10, (method, pattern)


def test_every_address_of_the_router_is_in_the_schema() -> None:
    routed = {str(url.pattern).replace("^", "").replace("$", "").split("(?P")[0].split("/")[0] for url in router.urls}
    described = {pattern.removeprefix("/api/v1/").split("/")[0] for _, pattern, _ in OPERATIONS}
    assert routed == described


def test_a_fix_that_lets_something_out_needs_more_than_writing(workspace: Workspace, alice: User, bob: User) -> None:
    """Seen to fail without `need`."""
    things = Things.make(workspace, alice)
    writer = token_of(bob, workspace, ["read", "write"])
    where = f"publications/{things.ids['publications']}/fix/"
    for verb in ("release", "allow_more", "add_more", "not_out"):
        assert writer.post(where, {"verb": verb, "values": {"count": 1}}).status_code == 403
    assert writer.post(where, {"verb": "skip"}).status_code == 200


def test_a_token_that_asks_too_often_is_told_when_to_come_back(
    api: Api, bob: User, workspace: Workspace, settings: Any
) -> None:
    """Seen to fail without the throttle."""
    settings.API_RATE = 3
    answers = [api.get("channels/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert token_of(bob, workspace).get("channels/").status_code == 200


def test_a_401_says_how_to_sign_in(db: None) -> None:
    assert Api().get("posts/")["WWW-Authenticate"] == 'Bearer realm="Refrain"'


def test_a_browser_that_is_signed_in_has_no_way_in_without_a_token(client: Any, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/api/v1/posts/").status_code == 401
