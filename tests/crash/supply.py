"""Posts for a crash run: some that are due, some that repeat, some that a person keeps skipping and taking back."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.utils import timezone

from guards.models import GuardSetting
from posts.models import Channel, Post, RepeatRule
from scheduler import plan
from scheduler.states import State
from teams.models import User, Workspace
from tests.crash.books import coming_due

PATIENCE = 20  # times that a lock is waited for
SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "wi", "xo", "kel", "mar", "tor")


class Supply:
    """One network's channels in one workspace, and what is to go out there; every post has words of its own."""

    def __init__(self, workspace: Workspace, network: str, *, channels: int = 5, handle: str = "place-{}") -> None:
        # What is late here is late because of the kills, and is to come as fast as it can.
        workspace.catch_up_per_hour, workspace.catch_up_minutes = 10_000, 0
        workspace.save()
        # Nor is it too much for a channel.
        GuardSetting.objects.update_or_create(workspace=workspace, guard="channel_full", defaults={"action": "off"})
        self.workspace = workspace
        self.network = network
        self.places = [
            Channel.objects.create(workspace=workspace, network=network, handle=handle.format(n), name=f"Place {n}")
            for n in range(channels)
        ]
        self._dice = random.Random(network)

    @classmethod
    def of_all_kinds(cls, workspace: Workspace, network: str) -> Supply:
        """Not only what is due: the planner and a person have something to do, too."""
        made = cls(workspace, network)
        made.repeating()
        made.for_a_person()
        return made

    def due(self, count: int, text: str = "") -> None:
        """So many publications, all due now; with words of their own, unless a text is given."""
        self._write(-(-count // len(self.places)), timezone.now(), self.places, text=text)

    def keep(self, level: int) -> None:
        """Top up, so that at least so many are waiting to go out."""
        missing = level - coming_due().filter(state=State.SCHEDULED).count()
        if missing > 0:
            self.due(missing)

    def repeating(self, posts: int = 3) -> None:
        """Daily repeats that begin the day after tomorrow: the planner has work, the publisher has none."""
        now = timezone.now()
        for post in self._write(posts, now + timedelta(days=2), self.places[:1], planned=False):
            RepeatRule.objects.create(post=post, interval=1, unit="day", max_repeats=5000)
            plan.plan([post], now)

    def for_a_person(self, count: int = 5) -> User:
        """Publications of the day after tomorrow, and somebody who may skip them."""
        self._write(count, timezone.now() + timedelta(days=2), self.places[:1])
        return User.objects.get_or_create(email="alice@example.org", defaults={"name": "Alice"})[0]

    def _write(
        self, count: int, at: datetime, places: list[Channel], *, text: str = "", planned: bool = True
    ) -> list[Post]:
        """As a person would: again, when a worker that was frozen in the middle of a transaction stands in the way."""
        for _ in range(PATIENCE):
            with suppress(OperationalError), transaction.atomic():
                return self._wrote(count, at, places, text=text, planned=planned)
        raise TimeoutError("a lock was not given back")

    def _wrote(self, count: int, at: datetime, places: list[Channel], *, text: str, planned: bool) -> list[Post]:
        posts = Post.objects.bulk_create(
            Post(
                workspace=self.workspace, text=text or self._words(), language="en", starts_at=at,
                reviewed_at=timezone.now(), status=Post.Status.ACTIVE,
            )
            for _ in range(count)
        )  # fmt: skip
        through = Post.channels.through
        through._default_manager.bulk_create(through(post=post, channel=place) for post in posts for place in places)
        if planned:
            plan.plan(posts, timezone.now())
        return posts

    def _words(self) -> str:
        """Eight words that nobody has said before: the guards have nothing to find."""
        words = ("".join(self._dice.choices(SYLLABLES, k=3)) for _ in range(8))
        return " ".join(words).capitalize() + "."
