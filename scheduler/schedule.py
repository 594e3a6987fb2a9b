"""Scheduling posts: the guards are asked first, then the publications are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from guards.base import Action, Moment
from guards.judge import Verdict
from notices.sentences import say
from posts.models import Post
from scheduler import approvals, links, queue
from scheduler.candidates import Docket, Occurrence, Series
from scheduler.line import join
from scheduler.models import Publication
from scheduler.moves import move
from scheduler.plan import forget, plan, replan, touch
from scheduler.record import record
from scheduler.slots import Timetable
from scheduler.states import State
from scheduler.verbs import NotNow
from teams.models import User


class Stopped(Exception):
    """The guards would not let this post start. `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("a guard blocks this post")
        self.verdict = verdict


def first_verdicts(posts: Sequence[Post], now: datetime) -> list[tuple[Post, Verdict]]:
    """The strongest verdict on each post's first publications, one per channel; each post knows those before it."""
    timetable = Timetable({channel.pk for post in posts if post.queue for channel in post.channels.all()})
    docket_for = [(post, _firsts(post, timetable, now)) for post in posts]
    docket = Docket([one for _, firsts in docket_for for one in firsts], now, Moment.SCHEDULING)
    judged = []
    for post, firsts in docket_for:
        verdicts = [docket.judge(one) for one in firsts]
        for one, verdict in zip(firsts, verdicts, strict=True):
            if verdict.allows:
                docket.said(one)
        judged.append((post, max(verdicts, key=lambda verdict: verdict.action, default=Verdict(()))))
    return judged


def must_not_be_blocked(*posts: Post, now: datetime) -> None:
    """Raises Stopped when a guard blocks the first publication of one of them, NotNow for an endless evergreen."""
    for post in posts:
        if post.queue == Post.Queue.EVERGREEN and getattr(post, "rule", None) is None:
            raise NotNow(say("What goes out again and again needs an end: a number of times, or a day."))
    for _, verdict in first_verdicts(posts, now):
        if verdict.action == Action.BLOCK:
            raise Stopped(verdict)


def schedule(posts: Sequence[Post], user: User | None, now: datetime) -> int:
    """Make drafts active and write their publications. Raises Stopped when a guard blocks one of them: then none is."""
    must_not_be_blocked(*posts, now=now)
    with transaction.atomic():
        for post in posts:
            post.status = Post.Status.ACTIVE
            post.starts_at = now if post.queue and post.starts_at is None else post.starts_at
        Post.objects.bulk_update(posts, ["status", "starts_at"], batch_size=500)
        join([post for post in posts if post.queue])
        written = plan(posts, now)
        links.want(posts, now)
        record(user, now, [("scheduled", post, say("scheduled “{title}”", title=post.title)) for post in posts])
        _into_slots(posts, now)
        approvals.ask(posts, user, now)
    return written


def reschedule(post: Post, user: User | None, now: datetime) -> None:
    """After a change of an active post's times, rule or channels. Raises Stopped, and leaves all as it was."""
    must_not_be_blocked(post, now=now)
    with transaction.atomic():
        join([post] if post.queue and not post.queue_place else [])
        replan(post, now)
        record(user, now, [("replanned", post, say("changed when “{title}” goes out", title=post.title))])
        _into_slots([post], now)


def stop(post: Post, user: User | None, now: datetime, status: Post.Status = Post.Status.STOPPED) -> int:
    """End the series for good: what is still to come is taken back, what is held is cancelled."""
    with transaction.atomic():
        post.status, post.planned_until = status, None
        post.save(update_fields=["status", "planned_until", "updated_at"])
        taken = forget(post, now)
        left = Publication.objects.filter(post=post, state__in=[State.SCHEDULED, State.HELD])
        taken += len(move(list(left), State.CANCELLED, now))
        touch([post.workspace_id], now)
        record(user, now, [("stopped", post, say("ended the series of “{title}”", title=post.title))])
    return taken


def _into_slots(posts: Sequence[Post], now: datetime) -> None:
    """Whoever has queued something sees at once when it goes out, where that is quick to find."""
    for workspace in {post.workspace for post in posts if post.queue}:
        queue.ready(workspace, now)


def _firsts(post: Post, timetable: Timetable, now: datetime) -> list[Occurrence]:
    """One for each channel: at its time, or in the first slot that takes it."""
    series, start = Series.of(post, post.workspace), max(post.starts_at or now, now)

    def at(channel: int) -> datetime:
        slot = timetable.first(channel, post.category_id, start, post.workspace.zone) if post.queue else None
        return slot or start

    return [
        Occurrence(series, channel, at(channel.pk), 0, tuple(post.wordings(channel.network)), 0)
        for channel in post.channels.all()
    ]
