"""A link in a letter asks before it does anything, does it once, and only what its reader may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from guards.base import Fix
from notices.models import UsedLink
from posts.models import Approval, Channel, Post
from scheduler import fixes, verbs
from scheduler.claims import claim_due
from scheduler.models import Publication
from scheduler.offers import GOOD_FOR, offers, token
from scheduler.publish import publish
from scheduler.states import State
from teams.models import AuditEntry, Membership, SignInLink, User, Workspace
from tests.kit import scheduled
from tests.pages.standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(workspace: Workspace, channel: Channel) -> Publication:
    return standing(workspace, channel, State.HELD)[0]


def offered(row: Publication, verb: str) -> Fix:
    return next(fix for fix in fixes.offered(row) if fix.verb == verb)


def link(row: Publication, user: User, verb: str, **more: Any) -> str:
    now = more.get("now") or timezone.now()
    return f"/letters/{token(row, user, more.get('fix') or offered(row, verb), now)}/"


def states() -> list[str]:
    return list(Publication.objects.values_list("state", flat=True))


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_opening_it_says_what_will_happen_and_changes_nothing(client: Client, held: Publication, bob: User) -> None:
    """Seen to fail with the deed done on GET."""
    where = link(held, bob, "skip")
    for _ in range(2):
        answer = client.get(where)
        assert answer.status_code == 200
        assert "Nothing has happened yet" in text_of(answer)
        assert "Skip this one" in text_of(answer)
        assert "in the name of Bob" in text_of(answer)
        assert "no-store" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]
    client.head(where)
    assert states() == ["held"]
    assert not UsedLink.objects.exists()
    assert not AuditEntry.objects.exists()


def test_pressing_the_button_does_it_once_as_that_person(client: Client, held: Publication, bob: User) -> None:
    where = link(held, bob, "skip")
    assert "Skipped." in text_of(client.post(where))
    assert states() == ["skipped"]
    assert [(entry.user, entry.action) for entry in AuditEntry.objects.all()] == [(bob, "skipped")]
    again = client.post(where)
    assert again.status_code == client.get(where).status_code == 410
    assert "used already" in text_of(again)
    assert AuditEntry.objects.count() == 1


def test_what_was_undone_since_is_not_done_again(client: Client, held: Publication, bob: User) -> None:
    """Seen to fail without the note of what was used, and a revision put back by hand."""
    where, revision = link(held, bob, "skip"), held.revision
    client.post(where)
    Publication.objects.update(state="held", revision=revision)
    assert client.post(where).status_code == 410
    assert states() == ["held"]


def test_a_link_to_something_that_has_changed_since_does_nothing(
    client: Client, held: Publication, bob: User, alice: User
) -> None:
    where = link(held, bob, "skip")
    verbs.move_to(held, timezone.now() + timedelta(days=3), alice, timezone.now())
    for answer in (client.get(where), client.post(where)):
        assert answer.status_code == 410
        assert "Something has been done about this" in text_of(answer)
    assert states() == ["scheduled"]


def test_it_is_good_for_a_week(client: Client, held: Publication, bob: User) -> None:
    where = link(held, bob, "skip", now=timezone.now() - GOOD_FOR - timedelta(seconds=1))
    answer = client.post(where)
    assert answer.status_code == 410
    assert "This link was good until" in text_of(answer)
    assert states() == ["held"]
    assert client.get(link(held, bob, "skip", now=timezone.now() - GOOD_FOR + timedelta(hours=1))).status_code == 200


def test_a_token_that_was_changed_or_made_for_something_else_is_none(
    client: Client, held: Publication, bob: User
) -> None:
    """Seen to fail with the salt taken away."""
    good = token(held, bob, offered(held, "skip"), timezone.now())
    told = signing.loads(good, salt="refrain.letter.fix")
    others = [
        good[:-2] + ("AA" if good[-2:] != "AA" else "BB"),
        good[5:],
        signing.dumps(told),
        signing.dumps(told, salt="refrain.sign-in"),
        signing.dumps(told, salt="refrain.letter.fix", key="another key of another house" * 2),
        SignInLink.issue(bob, timezone.now()),
        "x",
    ]
    for text in others:
        for answer in (client.get(f"/letters/{text}/"), client.post(f"/letters/{text}/")):
            assert answer.status_code == 404
            assert "not one of ours" in text_of(answer)
    assert states() == ["held"]


def test_a_deed_that_no_finding_offers_is_refused(client: Client, held: Publication, bob: User) -> None:
    """Even well signed: the link can do no more than the letter said."""
    where = link(held, bob, "", fix=Fix("retire", offered(held, "skip").label))
    assert client.post(where).status_code == 410
    assert states() == ["held"]


def test_the_role_counts_when_the_button_is_pressed(client: Client, held: Publication, bob: User) -> None:
    """Seen to fail without the look at the role."""
    where = link(held, bob, "skip")
    Membership.objects.filter(user=bob).update(role="viewer")
    answer = client.post(where)
    assert answer.status_code == 403
    assert "Your role does not allow this" in text_of(answer)
    Membership.objects.filter(user=bob).delete()
    assert client.post(where).status_code == 403
    assert states() == ["held"]


def test_somebody_who_has_left_the_house_does_nothing(client: Client, held: Publication, bob: User) -> None:
    where = link(held, bob, "skip")
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.post(where).status_code == 403
    assert states() == ["held"]


def test_nobody_reaches_into_another_workspace(client: Client, held: Publication, charlie: User) -> None:
    answer = client.post(link(held, charlie, "skip"))
    assert answer.status_code == 403
    assert "no member of the workspace" in text_of(answer)
    assert states() == ["held"]


def test_whoever_is_signed_in_has_to_be_the_reader(client: Client, held: Publication, bob: User, alice: User) -> None:
    where = link(held, bob, "skip")
    client.force_login(alice)
    for answer in (client.get(where), client.post(where)):
        assert answer.status_code == 403
        assert "written to Bob" in text_of(answer)
    client.force_login(bob)
    assert client.post(where).status_code == 200


def test_a_form_from_elsewhere_is_refused(held: Publication, bob: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    where = link(held, bob, "skip")
    assert strict.post(where).status_code == 403
    assert states() == ["held"]


@pytest.fixture
def unapproved(workspace: Workspace, channel: Channel) -> Publication:
    Workspace.objects.update(needs_approval=True)
    workspace.refresh_from_db()
    now = timezone.now()
    scheduled(workspace, channel, at=now, text="The words.", variations=["The other words."])
    claim = claim_due(now, 10)
    assert claim
    publish(claim, now)
    return Publication.objects.get()


@pytest.mark.django_db(transaction=True)
def test_approving_by_link_shows_all_the_words_and_is_for_those_only(
    client: Client, unapproved: Publication, alice: User
) -> None:
    where = link(unapproved, alice, "approve")
    shown = text_of(client.get(where))
    assert "The words." in shown
    assert "The other words." in shown
    Post.objects.update(text="Edited.")
    refused = client.post(where)
    assert refused.status_code == 409
    assert "have changed since you read them" in text_of(refused)
    assert Approval.objects.get().answer == ""
    Post.objects.update(text="The words.")
    assert "Approved" in text_of(client.post(where))
    assert Approval.objects.get().by == "Alice"


@pytest.mark.django_db(transaction=True)
def test_an_editors_letter_offers_no_approval_and_her_link_would_not_give_one(
    client: Client, unapproved: Publication, bob: User, workspace: Workspace
) -> None:
    member = Membership.objects.select_related("user", "workspace").get(user=bob)
    assert [fix.verb for fix, _ in offers(unapproved, member, timezone.now())] == ["remind"]
    assert client.post(link(unapproved, bob, "approve")).status_code == 403
    assert Approval.objects.get().answer == ""
