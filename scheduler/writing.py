"""Saving what was written: a draft, a scheduled post, a change to a running series; whole, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from notices.sentences import say
from posts.models import Post, RepeatRule
from posts.writing import Content, write
from scheduler import approvals, links, queue
from scheduler.candidates import repeat_of
from scheduler.check import FAR
from scheduler.free_time import next_free_time
from scheduler.models import Publication
from scheduler.moves import move
from scheduler.plan import touch
from scheduler.record import record
from scheduler.recurrence import occurrences
from scheduler.schedule import must_not_be_blocked, reschedule, schedule
from scheduler.states import State
from scheduler.verbs import NotNow
from teams.models import User, Workspace


class ChangedMeanwhile(Exception):
    """Somebody else saved another version after this one was opened."""


def draft_for(workspace: Workspace, user: User, key: UUID, language: str) -> Post:
    """The post that came, or now comes, from the form with this key. However often it is sent, it is one."""
    given = {"author": user, "language": language, "text": ""}
    post, _ = Post.objects.get_or_create(workspace=workspace, key=key, defaults=given)
    return post


def autosave(post: Post, content: Content, user: User | None = None) -> bool:
    """Keep a draft while it is being written. False: it is no draft any more, or another version was saved."""
    with transaction.atomic():
        now_there = Post.objects.select_for_update().get(pk=post.pk)
        if now_there.status != Post.Status.DRAFT or now_there.revision != post.revision:
            return False
        write(post, content, user)
    return True


def save_draft(post: Post, content: Content, user: User, now: datetime) -> None:
    with transaction.atomic():
        _next_revision(post)
        post.reviewed_at = now
        write(post, content, user)
        record(user, now, [("written", post, say("wrote the draft “{title}”", title=post.title))])


def save_and_schedule(post: Post, content: Content, user: User, now: datetime) -> None:
    """Write it and let it begin at its start. Raises Stopped when a guard blocks it; then nothing is changed."""
    with transaction.atomic():
        _next_revision(post)
        post.reviewed_at = now
        write(post, content, user)
        schedule([post], user, now)


def save_changes(post: Post, content: Content, user: User, now: datetime) -> None:
    """Change a post that has dates already. Raises Stopped when a guard blocks what is to come."""
    before = Content.of(post)
    with transaction.atomic():
        _next_revision(post)
        post.reviewed_at = now
        reworded = write(post, content, user)
        if post.status == Post.Status.ACTIVE and not content.planned_like(before):
            reschedule(post, user, now)
            _take_back(post, now)
        elif Publication.objects.planned().filter(post=post).exists():
            must_not_be_blocked(post, now=now)
        links.want([post], now)
        if reworded and post.status == Post.Status.ACTIVE:
            approvals.ask([post], user, now)
        touch([post.workspace_id], now)
        record(user, now, [("changed", post, say("changed “{title}”", title=post.title))])
        if (post.queue or before.queue) and post.status == Post.Status.ACTIVE:
            queue.ready(post.workspace, now)


def begin(post: Post, user: User, now: datetime) -> None:
    """Let a draft, or a post that was stopped, begin at its time; where that is past, at the next free one.

    One that belongs into the queue takes the slots from now on.
    """
    channels = list(post.channels.all())
    if not channels or not post.text:
        raise NotNow(say("Write a text and choose a channel first."))
    with transaction.atomic():
        if post.starts_at is None or post.starts_at < now:
            free = now if post.queue else next_free_time(post.workspace, channels, now, post.category_id)
            post.starts_at = free
            post.save(update_fields=["starts_at", "updated_at"])
        schedule([post], user, now)


def repeat(post: Post, rule: RepeatRule, user: User, now: datetime) -> None:
    """Let it come again by this rule: its dates go on from its start, or begin anew when none of them is to come.

    An evergreen post stays in the queue; one that was to go out once now has dates of its own.
    """
    content = replace(Content.of(post), rule=rule)
    if post.queue == Post.Queue.EVERGREEN:
        content = replace(content, starts_at=content.starts_at if post.status == Post.Status.ACTIVE else now)
    else:
        again = goes_on(post, rule, now) and not post.queue
        start = content.starts_at if again else next_free_time(post.workspace, content.channels, now)
        content = replace(content, queue="", starts_at=start)
    save = save_changes if post.status == Post.Status.ACTIVE else save_and_schedule
    save(post, content, user, now)


def goes_on(post: Post, rule: RepeatRule, now: datetime) -> bool:
    """Whether the rule, counted from the post's start, gives a date that is still to come."""
    if post.starts_at is None:
        return False
    dates = occurrences(post.starts_at, post.workspace.zone, repeat_of(rule), now + FAR)
    return any(due > now for _, due in dates)


def keep(post: Post, user: User, now: datetime) -> None:
    """A person looked at it and found it still right."""
    with transaction.atomic():
        post.reviewed_at = now
        post.save(update_fields=["reviewed_at", "updated_at"])
        touch([post.workspace_id], now)
        record(user, now, [("kept", post, say("looked at “{title}” and kept it", title=post.title))])


def _next_revision(post: Post) -> None:
    """Compare and set: `post.revision` is the one that the writer had before their eyes."""
    mine = Post.objects.filter(pk=post.pk, revision=post.revision)
    if not mine.update(revision=F("revision") + 1):
        raise ChangedMeanwhile
    post.revision += 1


def _take_back(post: Post, now: datetime) -> None:
    """What is held from before a new start, or on a channel that was dropped, is no longer meant."""
    held = Publication.objects.filter(post=post, state=State.HELD).exclude(
        due_at__gte=post.starts_at, channel__in=post.channels.all()
    )
    move(list(held), State.CANCELLED, now)
