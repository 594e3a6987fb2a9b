"""Puts publications where the pages have something to show: held, blocked, unknown, out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from guards.base import Action, Finding, Fix, Span
from guards.judge import Check, Verdict
from notices.sentences import days, say
from posts.models import Channel, Post
from scheduler.models import Attempt, Outlook, Publication, Pulse
from scheduler.publish import keep_judgements
from scheduler.states import State
from teams.models import Workspace

TEXT = "Answer comments within the hour."


def awake(*workspaces: Workspace) -> None:
    """A worker that has just done its work, and forecasts that are fresh."""
    now = timezone.now()
    for name in ("worker", "beat"):
        Pulse.objects.update_or_create(name=name, defaults={"at": now})
    for workspace in workspaces:
        Outlook.objects.update_or_create(workspace=workspace, defaults={"computed_at": now, "stale_since": None})


def too_soon(to: datetime) -> Verdict:
    fixes = (
        Fix("move", say("Move to {when}", when=to), {"to": to.isoformat()}),
        Fix("use_variation", say("Use another wording"), {"variation": 0}),
        Fix("skip", say("Skip this one")),
    )
    message = say("Sent {ago} before, on {when}. Your rule keeps {gap}.", ago=days(9), when=to.date(), gap=days(30))
    found = Finding(message, fixes, evidence=(Span(0, 6),), until=to)
    passed = Check("review_due", Action.ALLOW, saw=say("Looked at {ago} ago.", ago=days(2)), options={"days": 90})
    return Verdict((passed, Check("too_soon", Action.HOLD, (found,), options={"days": 30})))


def expired() -> Verdict:
    fixes = (
        Fix("extend", say("Extend the expiry by {days}", days=days(30)), {"by_days": 30}),
        Fix("edit", say("Edit")),
    )
    return Verdict((Check("expired_content", Action.BLOCK, (Finding(say("It expired."), fixes),)),))


def standing(
    workspace: Workspace, channel: Channel, state: State, count: int = 1, *, text: str = TEXT, **fields: Any
) -> list[Publication]:
    """`count` publications in this state, judged as it takes, their time a while ago unless `at` says otherwise."""
    now = timezone.now()
    at = fields.pop("at", now - timedelta(hours=3))
    posts = Post.objects.bulk_create(
        Post(
            workspace=workspace, text=f"{text} {n}" if count > 1 else text, language="en", status="active", starts_at=at
        )
        for n in range(count)
    )
    rows = [
        Publication(workspace=workspace, post=post, channel=channel, due_at=at, planned_for=at, state=state, **fields)
        for post in posts
    ]
    for row in rows:
        row.next_attempt_at = at if state == State.SCHEDULED else None
        if state == State.PUBLISHED:
            row.published_at, row.text, row.url = at, row.post.text, "https://sandbox.example/1"
    Publication.objects.bulk_create(rows)
    if state in (State.HELD, State.BLOCKED):
        verdict = too_soon(now + timedelta(days=21)) if state == State.HELD else expired()
        keep_judgements([(row, verdict) for row in rows], "sending", at)  # type: ignore[arg-type]
        Publication.objects.bulk_update(rows, ["judgement", "reason", "sentence"])
    return rows


def unknown(workspace: Workspace, channel: Channel, text: str = "Are you out there?") -> Publication:
    (row,) = standing(
        workspace, channel, State.UNCONFIRMED, text=text, reason="unconfirmed",
        sentence=say("{channel} did not answer.", channel=channel.name).as_json(), post_revision=1,
    )  # fmt: skip
    Attempt.objects.create(
        publication=row, claim="12345678-1234-5678-1234-567812345678", started_at=row.planned_for,
        ended_at=row.planned_for, outcome="unconfirmed", sentence=row.sentence,
    )  # fmt: skip
    return row
