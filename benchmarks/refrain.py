"""Refrain's own rows: posts with words of their own, what was said earlier, and the repeats that come later.

`python -m benchmarks.refrain WORK START FILE` writes them and FILE, {publication: due in seconds since 1970}.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.system import Work  # noqa: E402
from posts.content import fingerprint  # noqa: E402
from posts.models import Channel, Post  # noqa: E402
from scheduler.models import Publication  # noqa: E402
from teams.models import Workspace  # noqa: E402

WORKSPACES = 10
EARLIER = 20  # texts that each channel has said in the last three weeks
REPEATS_OF = 2000  # posts that the publications of later days repeat


class Words:
    """Sentences of an ordinary length from a vocabulary of its own; two are hardly ever alike."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._known = ["".join(self._syllables()) for _ in range(3000)]

    def text(self, number: int) -> str:
        words = " ".join(self._dice.choice(self._known) for _ in range(22))
        return f"{words.capitalize()}. https://example.org/articles/{number} #example"

    def _syllables(self) -> Iterator[str]:
        for _ in range(self._dice.randint(1, 4)):
            yield self._dice.choice("bcdfghjklmnpqrstvw") + self._dice.choice("aeiou")


def load(work: Work, start: datetime) -> dict[str, float]:
    """Write the rows; returns when each of those that fall due does."""
    call_command("migrate", verbosity=0)
    words, dice = Words(1), random.Random(2)
    channels = _channels(work.channels)
    if work.due:  # where nothing is due, the reactions to what has gone out are not to be counted either
        _publish_earlier(channels, words, dice, start)
    _repeat_later(channels, words, work.scheduled - work.due, start)
    rows = []
    for number, post in enumerate(_posts(channels, words, work.due, start)):
        due = start + timedelta(seconds=number / work.rate if work.rate else 0)
        rows.append(_publication(post, channels[number % len(channels)], due))
    dice.shuffle(rows)
    Publication.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {str(row.pk): row.due_at.timestamp() for row in rows}


def _channels(count: int) -> list[Channel]:
    workspaces = [Workspace.objects.create(name=f"Workspace {n}", slug=f"w{n}") for n in range(WORKSPACES)]
    rows = [
        Channel(workspace=workspaces[n % WORKSPACES], network="sandbox", handle=f"place-{n}", name=f"Place {n}")
        for n in range(count)
    ]
    return Channel.objects.bulk_create(rows)


def _posts(channels: list[Channel], words: Words, count: int, start: datetime) -> list[Post]:
    rows = [
        Post(
            workspace_id=channels[n % len(channels)].workspace_id,
            text=words.text(n),
            language="en",
            status=Post.Status.ACTIVE,
            starts_at=start - timedelta(days=30),
            reviewed_at=start,
        )
        for n in range(count)
    ]
    posts = Post.objects.bulk_create(rows, batch_size=2000)
    link = Post.channels.through
    link._default_manager.bulk_create(
        [link(post_id=post.pk, channel_id=channels[n % len(channels)].pk) for n, post in enumerate(posts)],
        batch_size=5000,
    )
    return posts


def _publish_earlier(channels: list[Channel], words: Words, dice: random.Random, start: datetime) -> None:
    rows = []
    for number, post in enumerate(_posts(channels, words, EARLIER * len(channels), start)):
        at = start - timedelta(days=1 + 20 * dice.random())
        said = {"state": "published", "published_at": at, "text": post.text, "fingerprint": fingerprint(post.text)}
        rows.append(_publication(post, channels[number % len(channels)], at, **said))
    Publication.objects.bulk_create(rows, batch_size=2000)


def _repeat_later(channels: list[Channel], words: Words, count: int, start: datetime) -> None:
    """By the database itself, so that a million take seconds: one row of each post, copied to later days."""
    repeated = min(REPEATS_OF, count)
    posts = _posts(channels, words, repeated, start)
    first = start + timedelta(hours=1)
    rows = [_publication(post, channels[n % len(channels)], first) for n, post in enumerate(posts)]
    Publication.objects.bulk_create(rows, batch_size=2000)
    columns = [str(field.column) for field in Publication._meta.concrete_fields if field.name != "id"]
    moved = [f"{name} + make_interval(mins => n)" if name in _TIMES else name for name in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO scheduler_publication ({', '.join(columns)}) SELECT {', '.join(moved)} "
            "FROM scheduler_publication, generate_series(1, %s) AS n WHERE due_at = %s",
            [max(count // max(repeated, 1) - 1, 0), first],
        )


_TIMES = ("due_at", "planned_for", "next_attempt_at")


def _publication(post: Post, channel: Channel, due: datetime, **fields: Any) -> Publication:
    waits = {} if "state" in fields else {"next_attempt_at": due}
    return Publication(
        workspace_id=post.workspace_id, post=post, channel=channel, due_at=due, planned_for=due, **waits, **fields
    )


if __name__ == "__main__":
    due = load(Work(**json.loads(sys.argv[1])), datetime.fromtimestamp(float(sys.argv[2]), UTC))
    Path(sys.argv[3]).write_text(json.dumps(due))
