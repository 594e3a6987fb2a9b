"""Posts: what is said, where, and by which rule it comes again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from notices.sentences import say
from notices.speak import speak
from posts.models import Post
from posts.writing import Content
from scheduler import approvals, line
from scheduler.api.base import WorkspaceView
from scheduler.api.post_body import (
    ApproveBody,
    ChangesBody,
    NewPostBody,
    PostBody,
    PostFilters,
    PostShown,
    ScheduleBody,
    changed,
    content_of,
    draft_of,
    post_json,
)
from scheduler.check import check
from scheduler.schedule import stop
from scheduler.verbs import NotNow
from scheduler.writing import save_and_schedule, save_changes, save_draft
from teams.models import digest
from teams.problems import Problem


class Posts(WorkspaceView):
    """Posts are written as drafts, scheduled, and end; what went out of them stays on record."""

    serializer_class = PostShown
    filters = PostFilters
    order = "-pk"
    scopes: ClassVar = {"approve": "publish", "ask_changes": "publish"}
    guarded: ClassVar = {"update", "partial_update"}  # only with If-Match

    def get_queryset(self) -> QuerySet[Post]:
        mine = Post.objects.filter(workspace=self.workspace).select_related("rule", "category", "workspace")
        return mine.prefetch_related("channels", "versions", "variations", "approvals", "attachments__media")

    @extend_schema(parameters=[PostFilters])
    def list(self, request: Request) -> Response:
        """Posts of the workspace, newest first."""
        rows = self.get_queryset()
        wanted = self.wanted()
        if "channel" in wanted:
            wanted["channels"] = wanted.pop("channel")
        return self.page(rows.filter(**wanted), post_json)

    @extend_schema(request=NewPostBody, responses={201: PostShown})
    def create(self, request: Request) -> Response:
        """Write a post: as a draft, or with `"status": "active"` scheduled at once.

        When a guard blocks it nothing is saved, and the problem (422) carries the verdict with its fixes.
        """
        given = self.read(NewPostBody)
        content, post = self._sound(content_of(given, self.workspace)), Post(workspace=self.workspace, author=self.user)
        post.text, post.language = content.text, content.language
        post.save()
        if given["status"] == "active":
            self._begin(post, content)
        else:
            save_draft(post, content, self.user, self.now)
        return self._answer(post.pk, 201)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One post, with the ETag that a change of it needs."""
        return self._answer(int(pk))

    @extend_schema(request=PostBody)
    def update(self, request: Request, pk: str) -> Response:
        """Write a post anew: what the body leaves out takes its usual value. Needs If-Match."""
        post = self._locked(pk, needs_match=True)
        return self._change(post, content_of(self.read(PostBody), self.workspace))

    @extend_schema(request=PostBody)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what the body names. Needs If-Match. What is out already stays as it went out."""
        post = self._locked(pk, needs_match=True)
        given = self.read(PostBody, partial=True)
        return self._change(post, changed(Content.of(post), given))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """End the series and retire the post for good: what is still to come is cancelled.

        The post and what went out of it stay readable, as `retired`, since they are the record.
        Doing it again changes nothing.
        """
        post = self._locked(pk)
        if post.status != Post.Status.RETIRED:
            stop(post, self.user, self.now, Post.Status.RETIRED)
        return Response(status=204)

    @extend_schema(request=ScheduleBody, responses=PostShown)
    @action(detail=True, methods=["post"])
    def schedule(self, request: Request, pk: str) -> Response:
        """Let a draft, or a post that was stopped, begin. A blocked one is a 422 that carries the verdict."""
        post, given = self._locked(pk), self.read(ScheduleBody)
        if post.status == Post.Status.ACTIVE:
            raise NotNow(say("This is scheduled already. Change the post to change its times."))
        content = changed(Content.of(post), given)
        if content.queue and content.starts_at and content.starts_at < self.now:
            content = replace(content, starts_at=None)  # its turns are counted anew
        self._begin(post, self._sound(content))
        return self._answer(post.pk)

    @extend_schema(request=None, responses=PostShown)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        """End the series: what is still to come is cancelled. It can be scheduled again."""
        post = self._locked(pk)
        if post.status != Post.Status.ACTIVE:
            raise NotNow(say("This is not scheduled, so there is nothing to stop."))
        stop(post, self.user, self.now)
        return self._answer(post.pk)

    @extend_schema(request=None, responses=PostShown)
    @action(detail=True, methods=["post"])
    def sooner(self, request: Request, pk: str) -> Response:
        """Let it change places with the one before it in the queue."""
        line.sooner(self._locked(pk), self.user, self.now)
        return self._answer(int(pk))

    @extend_schema(request=None, responses=PostShown)
    @action(detail=True, methods=["post"])
    def later(self, request: Request, pk: str) -> Response:
        """Let it change places with the one after it in the queue."""
        line.later(self._locked(pk), self.user, self.now)
        return self._answer(int(pk))

    @extend_schema(request=None, responses=PostShown)
    @action(detail=True, methods=["post"], url_path="ask-approval")
    def ask_approval(self, request: Request, pk: str) -> Response:
        """Ask the approvers for their yes; when they are asked already, remind them, once an hour at most."""
        approvals.ask_or_remind(self._locked(pk), self.user, self.now)
        return self._answer(int(pk))

    @extend_schema(request=ApproveBody, responses=PostShown)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Say yes to the words that `words` stands for. When the post has others by now, it is a 409.

        What was held only for want of this goes on if it is still on time; what is late waits for a person.
        """
        approvals.approve(self._locked(pk), self.read(ApproveBody)["words"], self.user, self.now)
        return self._answer(int(pk))

    @extend_schema(request=ChangesBody, responses=PostShown)
    @action(detail=True, methods=["post"], url_path="ask-changes")
    def ask_changes(self, request: Request, pk: str) -> Response:
        """Say no to these words, and why. Nothing of them goes out, an earlier yes or not."""
        post, given = self._locked(pk), self.read(ChangesBody)
        approvals.ask_changes(post, given["words"], given["reason"], self.user, self.now)
        return self._answer(int(pk))

    def _sound(self, content: Content) -> Content:
        """With the moment from which on it is in the queue; refused when queue and repeat contradict each other."""
        if content.queue == Post.Queue.ONCE and content.rule:
            raise ValidationError({"queue": [_("What takes one slot does not repeat. Choose evergreen instead.")]})
        if content.queue == Post.Queue.EVERGREEN and not content.rule:
            raise ValidationError({"repeat": [_("What comes again in the queue needs a gap and an end: give repeat.")]})
        if content.queue and content.starts_at is None:
            return replace(content, starts_at=self.now)
        return content

    def _begin(self, post: Post, content: Content) -> None:
        if content.starts_at is None:
            raise ValidationError({"starts_at": [_("Say when it first goes out.")]})
        if not content.channels:
            raise ValidationError({"channels": [_("Choose at least one channel.")]})
        (outcome,) = check(self.workspace, [draft_of(content, post.pk)], self.now)
        if outcome.problems:
            raise ValidationError({"starts_at": [speak(problem) for problem in outcome.problems]})
        save_and_schedule(post, content, self.user, self.now)

    def _change(self, post: Post, content: Content) -> Response:
        if content.queue and content.starts_at is None:
            content = replace(content, starts_at=post.starts_at if post.queue == content.queue else None)
        content = self._sound(content)
        if post.status == Post.Status.ACTIVE and content.starts_at is None:
            raise ValidationError({"starts_at": [_("Say when it first goes out.")]})
        save_changes(post, content, self.user, self.now)
        return self._answer(post.pk)

    def _locked(self, pk: str, *, needs_match: bool = False) -> Post:
        """The post, ours alone until the change is done, in the version that the request speaks of."""
        get_object_or_404(Post.objects.select_for_update().filter(workspace=self.workspace), pk=int(pk))
        post = self.get_queryset().get(pk=int(pk))
        matches = self.request.headers.get("If-Match")
        if matches is None and needs_match:
            raise Problem(
                428, _("Send If-Match with the ETag of the version that you change, so that no change is lost.")
            )
        if matches is not None and not _names(matches, etag(post_json(post))):
            raise Problem(412, _("Somebody has changed this post since you read it. Read it again, then change it."))
        return post

    def _answer(self, pk: int, status: int = 200) -> Response:
        shown = post_json(get_object_or_404(self.get_queryset(), pk=pk))
        response = Response(shown, status=status, headers={"ETag": etag(shown)})
        if status == 201:
            response.headers["Location"] = self.reverse_action("detail", args=[pk])
        return response


def etag(shown: dict[str, Any]) -> str:
    """Of the whole answer but its clock: who reads it in another zone has read the same."""
    moments: dict[str, Any] = {
        name: value and datetime.fromisoformat(value).timestamp()
        for name, value in shown.items()
        if name.endswith("_at")
    }
    if shown["approval"]:  # in the reader's language and on the reader's clock; the rest of it says the same
        moments["approval"] = {**shown["approval"], "sentence": "", "at": ""}
    return f'"{digest(json.dumps(shown | moments, sort_keys=True))[:32]}"'


def _names(header: str, tag: str) -> bool:
    """Compression on the way makes a tag weak (W/"…") without changing what it stands for."""
    tags = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in tags or tag in tags
