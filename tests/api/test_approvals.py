"""Approval through the API: what a post says of it, who may answer, and that a yes is for the words that were read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from posts.models import Approval, Channel, Post
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.api.conftest import Api, token_of
from tests.kit import scheduled

pytestmark = pytest.mark.django_db
REASON = "The price is wrong."


@pytest.fixture
def post(workspace: Workspace, channel: Channel, bob: User) -> Post:
    Workspace.objects.update(needs_approval=True)
    workspace.refresh_from_db()
    now = timezone.now()
    return scheduled(workspace, channel, at=now + timedelta(days=1), now=now, author=bob)


@pytest.fixture
def editor(bob: User, workspace: Workspace) -> Api:
    return token_of(bob, workspace)


def shown(api: Api, post: Post) -> Any:
    return api.get(f"posts/{post.pk}/").json()["approval"]


def test_where_none_is_needed_a_post_says_nothing_of_it(api: Api, workspace: Workspace, channel: Channel) -> None:
    now = timezone.now()
    post = scheduled(workspace, channel, at=now + timedelta(days=1), now=now)
    assert shown(api, post) is None
    answer = api.post(f"posts/{post.pk}/approve/", {"words": "x"})
    assert answer.status_code == 409
    assert "need no approval" in answer.json()["detail"]


def test_a_post_says_where_its_approval_stands(api: Api, post: Post) -> None:
    told = shown(api, post)
    assert (told["state"], told["asked"], told["by"], told["reason"]) == ("waiting", True, "Refrain", "")
    assert told["sentence"].startswith("Waiting for approval since")
    assert len(told["words"]) == 64
    answer = api.post(f"posts/{post.pk}/approve/", {"words": told["words"]})
    assert answer.status_code == 200
    assert answer.json()["approval"]["state"] == "given"
    assert shown(api, post)["by"] == "Alice"


def test_a_yes_to_other_words_than_these_is_a_409(api: Api, post: Post) -> None:
    words = shown(api, post)["words"]
    tag = api.get(f"posts/{post.pk}/").headers["ETag"]
    assert api.patch(f"posts/{post.pk}/", {"text": "Quite other words."}, If_Match=tag).status_code == 200
    for path, body in (("approve", {"words": words}), ("ask-changes", {"words": words, "reason": REASON})):
        answer = api.post(f"posts/{post.pk}/{path}/", body)
        assert answer.status_code == 409
        assert "have changed since" in answer.json()["detail"]
    assert api.post(f"posts/{post.pk}/approve/", {}).status_code == 400
    assert not Approval.objects.exclude(answer="").exists()


def test_an_edit_after_the_yes_shows_as_outdated(api: Api, post: Post) -> None:
    api.post(f"posts/{post.pk}/approve/", {"words": shown(api, post)["words"]})
    api.patch(f"posts/{post.pk}/", {"text": "Other words."}, If_Match="*")
    told = shown(api, post)
    assert (told["state"], told["asked"], told["by"]) == ("outdated", True, "Alice")


def test_asking_for_changes_takes_a_reason(api: Api, post: Post) -> None:
    words = shown(api, post)["words"]
    assert api.post(f"posts/{post.pk}/ask-changes/", {"words": words}).status_code == 400
    assert api.post(f"posts/{post.pk}/ask-changes/", {"words": words, "reason": "no"}).status_code == 409
    answer = api.post(f"posts/{post.pk}/ask-changes/", {"words": words, "reason": REASON})
    assert answer.json()["approval"]["state"] == "changes"
    assert answer.json()["approval"]["reason"] == REASON


def test_an_editor_asks_and_may_not_answer(editor: Api, post: Post) -> None:
    Approval.objects.all().delete()
    asked = editor.post(f"posts/{post.pk}/ask-approval/")
    assert asked.json()["approval"]["asked"] is True
    assert editor.post(f"posts/{post.pk}/ask-approval/").status_code == 409
    words = asked.json()["approval"]["words"]
    assert editor.post(f"posts/{post.pk}/approve/", {"words": words}).status_code == 403
    assert editor.post(f"posts/{post.pk}/ask-changes/", {"words": words, "reason": REASON}).status_code == 403
    row = Publication.objects.get()
    fix = {"verb": "approve", "values": {"words": words}}
    assert editor.post(f"publications/{row.pk}/fix/", fix).status_code == 403
    assert Approval.objects.get().answer == ""


def test_the_fix_approves_through_the_publication_too(api: Api, post: Post) -> None:
    row, words = Publication.objects.get(), shown(api, post)["words"]
    answer = api.post(f"publications/{row.pk}/fix/", {"verb": "approve", "values": {"words": words}})
    assert "Approved" in answer.json()["sentence"]
    assert answer.json()["undo"] is None
    assert shown(api, post)["state"] == "given"


def test_sent_twice_with_one_key_it_is_done_once(api: Api, post: Post) -> None:
    words = shown(api, post)["words"]
    answers = [api.post(f"posts/{post.pk}/approve/", {"words": words}, Idempotency_Key="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert Approval.objects.count() == 1
    assert api.post(f"posts/{post.pk}/approve/", {"words": words}).status_code == 409


def test_another_workspaces_post_is_not_found(stranger: Api, post: Post) -> None:
    for path in ("approve", "ask-approval", "ask-changes"):
        assert stranger.post(f"posts/{post.pk}/{path}/", {"words": "x", "reason": REASON}).status_code == 404


@pytest.mark.parametrize("posts", [10, 100])
def test_a_page_of_posts_costs_the_same_however_many(
    api: Api, post: Post, workspace: Workspace, posts: int, django_assert_max_num_queries: Any
) -> None:
    Post.objects.bulk_create(Post(workspace=workspace, text=f"Post {n}", language="en") for n in range(posts))
    with django_assert_max_num_queries(12):
        assert len(api.get("posts/?limit=100").json()["results"]) == min(posts + 1, 100)


def test_its_etag_is_the_same_whatever_the_readers_language(api: Api, post: Post) -> None:
    tags = {api.get(f"posts/{post.pk}/", Accept_Language=one).headers["ETag"] for one in ("en", "fr")}
    assert len(tags) == 1
