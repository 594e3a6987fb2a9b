"""What must hold at every step of a publication's life, kept beside the engine and never asked of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from guards.base import Repeat
from posts.content import fingerprint
from posts.models import Post
from posts.sandbox.ledger import Row
from scheduler.candidates import repeat_of
from scheduler.flight import Errand
from scheduler.models import Override, Pause, Publication
from scheduler.recurrence import due_at
from scheduler.states import State
from teams.models import Workspace

GAP = timedelta(days=14)
CLOCK_CHANGE = timedelta(hours=1)
Snapshot = dict[int, Publication]


@dataclass(frozen=True)
class Intent:
    """One request that was allowed to leave: its words, when it was meant for, which guards a person let it pass."""

    publication: int
    channel: int
    text: str
    planned_for: datetime
    let_pass: frozenset[str]


@dataclass
class Model:
    """The truth as people know it: what they wrote, connected, paused and ended."""

    grace: timedelta
    zone: ZoneInfo
    texts: dict[int, str] = field(default_factory=dict)  # by post, as last confirmed to its writer
    running: set[int] = field(default_factory=set)  # posts whose series was begun and not ended
    connected: set[int] = field(default_factory=set)  # channels
    pauses: list[Pause] = field(default_factory=list)  # that nobody has ended
    rules: defaultdict[int, list[tuple[datetime, Repeat | None]]] = field(default_factory=lambda: defaultdict(list))
    dates: set[tuple[int, int, datetime]] = field(default_factory=set)  # post, number, date: given by a rule
    intents: list[Intent] = field(default_factory=list)

    def learn(self, workspace: Workspace) -> None:
        """After a person has done something: what they have been told is so from now on."""
        posts = list(Post.objects.filter(workspace=workspace).select_related("rule"))
        self.texts = {post.pk: post.text for post in posts}
        self.running = {post.pk for post in posts if post.status == Post.Status.ACTIVE}
        self.connected = set(workspace.channels.filter(state="connected").values_list("pk", flat=True))
        self.pauses = list(Pause.objects.filter(ended_at=None))
        for post in posts:
            rule = (post.starts_at, repeat_of(getattr(post, "rule", None)))
            if post.starts_at and rule not in self.rules[post.pk]:
                self.rules[post.pk].append((post.starts_at, rule[1]))

    def may_leave(self, errands: Iterable[Errand], now: datetime) -> None:
        """S3, S5, S6: every intent has the words and the right of this very moment."""
        for errand in errands:
            row = errand.publication
            assert errand.message.text == row.text == self.texts[row.post_id], "an old text is about to leave"
            assert row.post_id in self.running, "its series was ended"
            assert row.channel_id in self.connected, "its channel is disconnected"
            assert not [one for one in self.pauses if _stops(one, row, now)], "it is paused"
            assert now - row.planned_for <= self.grace, "it is too late for it"
            people = Override.objects.filter(publication=row).values_list("guards", flat=True)
            let_pass = frozenset(guard for guards in people for guard in guards)
            self.intents.append(Intent(row.pk, row.channel_id, row.text, row.planned_for, let_pass))

    def arrived(self, arrivals: list[Row], rows: Snapshot) -> None:
        """S1, S2, S3 and S8, against the network's own book."""
        counts = Counter(row.reference for row in arrivals)
        assert not [reference for reference, count in counts.items() if count > 1], "a publication is out twice"
        by_id = {str(row.id): row for row in arrivals}
        for row in rows.values():
            if row.state == State.PUBLISHED and row.remote_id:
                assert row.remote_id in by_id, "published, and the network has never seen it"
                out = by_id[row.remote_id]
                assert (out.reference, out.text) == (str(row.pk), row.text), "another text than the pinned one is out"
        allowed = {(str(one.publication), one.text) for one in self.intents}
        assert {(out.reference, out.text) for out in arrivals} <= allowed, "it left without an intent of these words"
        self._apart({int(reference) for reference in counts})

    def planned(self, before: Snapshot, after: Snapshot, person: bool) -> None:
        """S9 and part of S6: due dates are the rule's; only a person, or a hold that lifts, plans anew."""
        for pk, row in after.items():
            assert self._of_its_rule(row), "no rule gives this date"
            if not person and pk in before and before[pk].state != State.HELD:
                assert row.planned_for == before[pk].planned_for, "the engine planned it anew by itself"
        dates = Counter((row.post_id, row.channel_id, row.due_at) for row in after.values())
        assert max(dates.values(), default=0) <= 1, "two publications of one rule and date"

    def alive(self, rows: Snapshot) -> None:
        """L1, L2: no state without somebody who will look again, the engine at a time or a person who is told why."""
        for row in rows.values():
            if row.state == State.SCHEDULED:
                assert row.next_attempt_at is not None, "scheduled, and nobody will ever look"
            if row.state in (State.CLAIMED, State.SENDING):
                assert row.lease_until is not None, "with a worker for ever"
            if row.state in (State.HELD, State.UNCONFIRMED, State.BLOCKED, State.FAILED):
                assert row.sentence, "waits, and says nothing"

    def _of_its_rule(self, row: Publication) -> bool:
        """A date that was right once stays so: it may stand from before the rule was changed."""
        date = (row.post_id, row.number, row.due_at)
        rules = self.rules[row.post_id]
        if date not in self.dates and any(due_at(at, self.zone, rule, row.number) == row.due_at for at, rule in rules):
            self.dates.add(date)
        return date in self.dates

    def _apart(self, out: set[int]) -> None:
        """The same words on the same channel, by when they were meant for; a person may have let one pass."""
        last = {one.publication: one for one in self.intents if one.publication in out}
        for one, other in combinations(last.values(), 2):
            same = (one.channel, fingerprint(one.text)) == (other.channel, fingerprint(other.text))
            apart = abs(one.planned_for - other.planned_for)
            if same and apart < GAP - CLOCK_CHANGE:
                assert one.let_pass | other.let_pass, f"the same words {apart} apart"


def _stops(pause: Pause, row: Publication, now: datetime) -> bool:
    if pause.until is not None and pause.until <= now:
        return False
    named = [
        (pause.workspace_id, row.workspace_id),
        (pause.network or None, row.channel.network),
        (pause.channel_id, row.channel_id),
        (pause.category_id, row.post.category_id),
        (pause.post_id, row.post_id),
    ]
    return all(wanted in (None, actual) for wanted, actual in named)
