"""What people are told, each in one notice: held, missed, failed, unknown, a channel down, a pause, approvals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from notices.sentences import Sentence, say, say_count
from notices.tell import News, again, tell
from posts.models import Channel, Post
from scheduler.models import Pause, Publication
from scheduler.pauses import scope
from scheduler.record import REFRAIN
from scheduler.states import PLANNED, State
from teams.models import User, Workspace

FEW = 3


def held(rows: Iterable[Publication]) -> None:
    _once_per_workspace(rows, "held", say("Something is held and waits for you in Guard."))


def missed(rows: Iterable[Publication]) -> None:
    _once_per_workspace(
        rows, "missed", say("Publications were missed while nothing could go out. They wait for your word in Guard.")
    )


def restored(rows: Iterable[Publication]) -> None:
    said = say("The database was restored. What may have gone out since the backup is asked after; see Guard.")
    _once_per_workspace(rows, "restored", said)


def failed(rows: Iterable[Publication]) -> None:
    tell(
        News(
            row.workspace_id,
            "failed",
            say("“{title}” did not go out on {channel}.", title=row.post.title, channel=row.channel.name),
            about=f"publication {row.pk}",
            link=row.get_absolute_url(),
        )
        for row in rows
    )


def quarantined(rows: Iterable[Publication]) -> None:
    tell(
        News(
            row.workspace_id,
            "quarantined",
            say(
                "Refrain stumbled over “{title}” on {channel} and has set it apart. It waits for you in Guard.",
                title=row.post.title,
                channel=row.channel.name,
            ),
            about=f"publication {row.pk}",
            link=row.get_absolute_url(),
        )
        for row in rows
    )


def unconfirmed(rows: Iterable[Publication]) -> None:
    tell(
        News(
            row.workspace_id,
            "unconfirmed",
            say(
                "{channel} did not answer for “{title}”: it may be out. Refrain will not send it again by itself.",
                title=row.post.title,
                channel=row.channel.name,
            ),
            about=f"publication {row.pk}",
            link=row.get_absolute_url(),
        )
        for row in rows
    )


def channel_down(channel: Channel, trouble: Sentence) -> None:
    """One notice for an incident, with the posts that wait for it."""
    waiting = waits(channel)
    sentence = say(
        "{channel} cannot be reached. {trouble} {waiting}", channel=channel.name, trouble=trouble, waiting=waiting
    )
    link = reverse("channels", args=[channel.workspace.slug])
    tell([News(channel.workspace_id, "channel_down", sentence, about=f"channel {channel.pk}", link=link)])


def waits(channel: Channel) -> Sentence:
    """Which posts wait for this channel, those that are due first by their names."""
    rows = Publication.objects.filter(channel=channel, state__in=[*PLANNED, State.SENDING])
    posts = Post.objects.filter(publications__in=rows).annotate(next_at=Min("publications__planned_for"))
    count = posts.count()
    if not count:
        return say("Nothing is planned there.")
    named = ", ".join(f"“{post.title}”" for post in posts.order_by("next_at", "pk")[:FEW])
    if count <= FEW:
        return say_count("This waits: {posts}.", "These wait: {posts}.", count, posts=named)
    return say_count("{posts} and {count} more wait.", "{posts} and {count} more wait.", count - FEW, posts=named)


def paused(pause: Pause, workspaces: Iterable[Workspace]) -> None:
    until = say(" until {when}", when=pause.until) if pause.until else ""
    reason = say(": {reason}", reason=pause.reason) if pause.reason else ""
    said = say("{by} paused {scope}{until}{reason}.", by=pause.by, scope=scope(pause), until=until, reason=reason)
    _about_pause("paused", pause, said, workspaces)


def resumed(pause: Pause, workspaces: Iterable[Workspace]) -> None:
    said = say("{by} resumed {scope}. What was missed waits in Guard.", by=pause.ended_by, scope=scope(pause))
    _about_pause("resumed", pause, said, workspaces)


def approval_asked(posts: Sequence[Post], user: User | None) -> None:
    """One notice for each; for many at once, one for all of a workspace."""
    if len(posts) <= FEW:
        tell(
            News(
                post.workspace_id,
                "approval_asked",
                say("{who} asks for approval of “{title}”.", who=str(user or REFRAIN), title=post.title),
                about=f"post {post.pk}",
                link=_approval(post),
            )
            for post in posts
        )
        return
    slugs = {post.workspace_id: post.workspace.slug for post in posts}
    count = Counter(post.workspace_id for post in posts)
    said = {pk: say("{count} posts wait for approval.", count=count[pk]) for pk in slugs}
    tell(News(pk, "approval_asked", said[pk], link=reverse("approvals", args=[slug])) for pk, slug in slugs.items())


def approval_reminded(post: Post, user: User, now: datetime) -> None:
    """Told again, though the first notice is unread: that one is taken as read."""
    about = f"post {post.pk}"
    again(post.workspace_id, "approval_asked", about, now)
    said = say("{who} reminds you that “{title}” waits for approval.", who=str(user), title=post.title)
    tell([News(post.workspace_id, "approval_asked", said, about=about, link=_approval(post))])


def approved(post: Post, user: User) -> None:
    _answer(post, "approved", say("{who} approved “{title}”.", who=str(user), title=post.title))


def changes_asked(post: Post, user: User, reason: str) -> None:
    said = say("{who} asks for changes to “{title}”: {reason}", who=str(user), title=post.title, reason=reason)
    _answer(post, "changes_asked", said)


def _answer(post: Post, event: str, said: Sentence) -> None:
    link = reverse("post", args=[post.workspace.slug, post.pk])
    tell([News(post.workspace_id, event, said, about=f"post {post.pk}", link=link)])


def _approval(post: Post) -> str:
    return reverse("approval", args=[post.workspace.slug, post.pk])


def _about_pause(event: str, pause: Pause, said: Sentence, workspaces: Iterable[Workspace]) -> None:
    about = f"pause {pause.pk}"
    tell(News(one.pk, event, said, about, reverse("pause", args=[one.slug])) for one in workspaces)


def _once_per_workspace(rows: Iterable[Publication], event: str, sentence: Sentence) -> None:
    slugs = {row.workspace_id: row.workspace.slug for row in rows}
    tell(News(pk, event, sentence, link=reverse("guard", args=[slug])) for pk, slug in slugs.items())
