"""Writes notices; the same event about the same thing is told once while it is unread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from notices.models import Notice
from notices.sentences import Sentence


@dataclass(frozen=True)
class News:
    workspace_id: int
    event: str
    sentence: Sentence
    about: str = ""
    link: str = ""


def tell(news: Iterable[News]) -> None:
    Notice.objects.bulk_create(
        (
            Notice(
                workspace_id=one.workspace_id,
                event=one.event,
                about=one.about,
                sentence=one.sentence.as_json(),
                link=one.link,
            )
            for one in news
        ),
        ignore_conflicts=True,
    )


def again(workspace_id: int, event: str, about: str, now: datetime) -> None:
    """What was told of this and is unread is taken as read, so that it can be told anew."""
    unread = Notice.objects.filter(workspace=workspace_id, event=event, about=about, read_at=None)
    unread.update(read_at=now)
