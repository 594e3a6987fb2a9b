"""What the engine tells people, each in one notice: held, missed, failed, unknown, a channel down, a pause."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from notices.sentences import Sentence, say
from notices.tell import News, tell
from posts.models import Channel
from scheduler.models import Pause, Publication
from scheduler.pauses import scope
from teams.models import Workspace


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
    sentence = say("{channel} cannot be reached. {trouble}", channel=channel.name, trouble=trouble)
    link = reverse("channels", args=[channel.workspace.slug])
    tell([News(channel.workspace_id, "channel_down", sentence, about=f"channel {channel.pk}", link=link)])


def paused(pause: Pause, workspaces: Iterable[Workspace]) -> None:
    until = say(" until {when}", when=pause.until) if pause.until else ""
    reason = say(": {reason}", reason=pause.reason) if pause.reason else ""
    said = say("{by} paused {scope}{until}{reason}.", by=pause.by, scope=scope(pause), until=until, reason=reason)
    _about_pause("paused", pause, said, workspaces)


def resumed(pause: Pause, workspaces: Iterable[Workspace]) -> None:
    said = say("{by} resumed {scope}. What was missed waits in Guard.", by=pause.ended_by, scope=scope(pause))
    _about_pause("resumed", pause, said, workspaces)


def _about_pause(event: str, pause: Pause, said: Sentence, workspaces: Iterable[Workspace]) -> None:
    about = f"pause {pause.pk}"
    tell(News(one.pk, event, said, about, reverse("pause", args=[one.slug])) for one in workspaces)


def _once_per_workspace(rows: Iterable[Publication], event: str, sentence: Sentence) -> None:
    slugs = {row.workspace_id: row.workspace.slug for row in rows}
    tell(News(pk, event, sentence, link=reverse("guard", args=[slug])) for pk, slug in slugs.items())
