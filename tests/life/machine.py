"""A workspace in which anything may happen next: people, workers that die, a network that misbehaves, time."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.test import override_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from guards.base import Fix
from posts.models import Category, Channel, Post
from posts.networks.base import ChannelRefused
from posts.sandbox.ledger import Row
from posts.sandbox.server import serve
from posts.writing import Content
from scheduler import backlog, channels, claims, fixes, forecast, plan, publish, settle, verbs, writing
from scheduler.candidates import with_facts
from scheduler.flight import Answer, Errand, Flight
from scheduler.models import Pause, Publication
from scheduler.schedule import Stopped, stop
from scheduler.states import State
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import scheduled
from tests.life.model import Model, Snapshot

TEXTS = (
    "Answer comments within the hour.",
    "We are looking for a second weaver who likes wool.",
    "Three ways to mend a torn sleeve without a machine.",
)
NETWORKS = ("sandbox", "sandbox_reading", "sandbox_silent")
FAULTS = (
    "reset-after", "reset-before", "500-stored", "500-not-stored", "id-missing", "truncated-json", "apply-late-10",
    "503-retry-after-s", "503-retry-after-garbage", "429-tg", "429-retry-after",
    "400-validation", "403-duplicate", "403-suspended", "reset-after",
)  # fmt: skip
SPANS = [
    timedelta(**{unit: count})
    for unit, count in [("seconds", 1), ("seconds", 16), ("minutes", 2), ("minutes", 4), ("minutes", 14),
                        ("minutes", 40), ("days", 3), ("days", 14)]
]  # fmt: skip
RULES = (None, {"interval": 14, "unit": "day", "max_repeats": 2}, {"interval": 1, "unit": "month", "max_repeats": 1})
SCOPES: dict[str, Callable[[Publication], dict[str, Any]]] = {
    "workspace": lambda row: {},
    "network": lambda row: {"network": row.channel.network},
    "channel": lambda row: {"channel": row.channel},
    "category": lambda row: {"category": row.post.category},
    "post": lambda row: {"post": row.post},
}
MOST_POSTS = 4
SOON = timedelta(hours=1)  # longer than any lease, and than all questions to a network
LONGEST_SETTLING = 200  # looks
any_one = st.integers(0, 59)  # of however many there are then


@dataclass
class Batch:
    """What one worker has in its hands; gone with the worker."""

    claim: UUID
    decided: Any = None  # when
    errands: list[Errand] | None = None
    answers: list[Answer] | None = None


@dataclass
class Seen:
    """All moves that any run has made, for whoever wants to know which were never tried."""

    moves: Counter[tuple[str, str]] = field(default_factory=Counter)


class Life(RuleBasedStateMachine):
    """Each rule is one thing that somebody does; `tests.life.model` knows what must hold after it."""

    seen = Seen()

    def __init__(self) -> None:
        super().__init__()
        self._all = transaction.atomic()
        self._all.__enter__()
        self.now = NOW
        self._folder = tempfile.TemporaryDirectory()
        self.sandbox = serve("127.0.0.1", 0, Path(self._folder.name, "ledger.sqlite3"))
        self.sandbox.ledger.clock = lambda: self.now.timestamp()  # noqa: PLW0108 (now moves on)
        self.sandbox.start()
        self._settings = override_settings(SANDBOX_URL=self.sandbox.address)
        self._settings.enable()
        self.workspace = Workspace.objects.create(name="Atelier", slug="atelier", timezone="Europe/Paris")
        self.user = User.objects.create(email="alice@example.org", name="Alice")
        self.category = Category.objects.create(workspace=self.workspace, name="Tips")
        self.channels = [
            Channel.objects.create(workspace=self.workspace, network=network, handle=network, name=network)
            for network in NETWORKS
        ]
        self.model = Model(self.workspace.grace, self.workspace.zone)
        self.model.learn(self.workspace)
        self.batches: list[Batch] = []
        self.asking: list[int] = []
        self.undos: list[tuple[Publication, Fix]] = []
        self.before: Snapshot = {}
        self.person = False

    def teardown(self) -> None:
        try:
            self._all_settles()
        finally:
            self._settings.disable()
            self.sandbox.stop()
            self._folder.cleanup()
            transaction.set_rollback(True)
            self._all.__exit__(None, None, None)

    @initialize(texts=st.permutations(TEXTS), repeat=st.sampled_from(RULES), soon=st.sampled_from(SPANS))
    def two_posts_are_there(self, texts: list[str], repeat: Any, soon: timedelta) -> None:
        self.somebody_schedules(texts[0], repeat, soon, 0)
        self.somebody_schedules(texts[1], None, soon, 1)

    @rule(text=st.sampled_from(TEXTS), repeat=st.sampled_from(RULES), soon=st.sampled_from(SPANS), at=any_one)
    @precondition(lambda self: len(self.model.texts) < MOST_POSTS)
    def somebody_schedules(self, text: str, repeat: Any, soon: timedelta, at: int) -> None:
        places = [self.channels[at % 3]] if at % 4 else self.channels
        with self._a_person(), suppress(Stopped), transaction.atomic():
            kept = dict(repeat) if repeat else None
            scheduled(
                self.workspace,
                *places,
                at=self.now + soon,
                now=self.now,
                text=text,
                category=self.category,
                repeat=kept,
            )

    @rule(which=any_one, text=st.sampled_from(TEXTS))
    @precondition(lambda self: self.model.texts)
    def somebody_edits(self, which: int, text: str) -> None:
        post = self._post(which)
        with self._a_person(), suppress(Stopped, verbs.NotNow):
            writing.save_changes(post, replace(Content.of(post), text=text), self.user, self.now)
            assert self._post(which).text == text, "a confirmed edit is lost"

    @rule(which=any_one, later=st.sampled_from(SPANS))
    @precondition(lambda self: self.model.texts)
    def somebody_begins_anew(self, which: int, later: timedelta) -> None:
        post = self._post(which)
        with self._a_person(), suppress(Stopped, verbs.NotNow):
            content = replace(Content.of(post), starts_at=self.now + later)
            save = writing.save_changes if post.status == Post.Status.ACTIVE else writing.save_and_schedule
            save(post, content, self.user, self.now)

    @rule(which=any_one, status=st.sampled_from([Post.Status.STOPPED, Post.Status.RETIRED]))
    @precondition(lambda self: self.model.running)
    def somebody_ends_the_series(self, which: int, status: Post.Status) -> None:
        with self._a_person():
            stop(self._post(which), self.user, self.now, status)

    @rule(which=any_one, verb=st.sampled_from(["skip", "cancel", "restore", "release", "override", "move", "settle"]),
          later=st.sampled_from(SPANS))  # fmt: skip
    @precondition(lambda self: self.before)
    def somebody_decides(self, which: int, verb: str, later: timedelta) -> None:
        row = self._row(which)
        out = str(row.pk) in {arrived.reference for arrived in self._arrivals()}
        doing: dict[str, Callable[[], object]] = {
            "skip": lambda: verbs.skip(row, self.user, self.now),
            "cancel": lambda: verbs.cancel(row, self.user, self.now),
            "restore": lambda: verbs.restore(row, self.user, self.now),
            "release": lambda: verbs.release(row, self.user, self.now),
            "override": lambda: verbs.override(row, self.user, "I know what I do", self.now),
            "move": lambda: verbs.move_to(row, self.now + later, self.user, self.now),
            "settle": lambda: verbs.settle(row, out, self.user, self.now),
        }
        with self._a_person(), suppress(verbs.NotNow):
            doing[verb]()

    @rule(which=any_one, fix=any_one)
    @precondition(lambda self: self.before)
    def somebody_takes_an_offered_fix(self, which: int, fix: int) -> None:
        row = self._row(which)
        offered = [one for one in fixes.offered(row) if one.verb not in fixes.LINKS | {"is_out", "not_out"}]
        if offered:
            chosen = offered[fix % len(offered)]
            with self._a_person(), suppress(verbs.NotNow, Stopped):
                done = fixes.apply(row, chosen.verb, chosen.values, self.user, self.now)
                self.undos += [(row, done.undo)] if done.undo else []

    @rule(which=any_one, verb=st.sampled_from(["skip", "move", "release", "restore"]))
    @precondition(lambda self: self.before)
    def somebody_takes_a_fix_of_their_own(self, which: int, verb: str) -> None:
        row = self._row(which)
        with self._a_person(), suppress(verbs.NotNow):
            done = fixes.apply(row, verb, {"to": (self.now + SPANS[4]).isoformat()}, self.user, self.now)
            self.undos += [(row, done.undo)] if done.undo else []

    @rule(which=any_one)
    @precondition(lambda self: self.undos)
    def somebody_takes_it_back(self, which: int) -> None:
        row, undo = self.undos.pop(which % len(self.undos))
        with self._a_person(), suppress(verbs.NotNow, Stopped):
            fixes.apply(row, undo.verb, undo.values, self.user, self.now)

    @rule(which=any_one, scope=st.sampled_from(list(SCOPES)), until=st.sampled_from([None, *SPANS[2:7]]))
    @precondition(lambda self: self.before)
    def somebody_pauses(self, which: int, scope: str, until: timedelta | None) -> None:
        end = self.now + until if until else None
        with self._a_person():
            verbs.pause(self.workspace, self.user, self.now, until=end, **SCOPES[scope](self._row(which)))

    @rule(which=any_one, then=st.sampled_from(backlog.THEN))
    @precondition(lambda self: self.model.pauses)
    def somebody_resumes(self, which: int, then: str) -> None:
        with self._a_person(), suppress(verbs.NotNow):
            paused = Pause.objects.get(pk=self.model.pauses[which % len(self.model.pauses)].pk)
            backlog.end(paused, self.user, self.now, then)

    @rule(which=any_one)
    def somebody_connects_or_disconnects(self, which: int) -> None:
        channel = Channel.objects.get(pk=self.channels[which % 3].pk)
        change = channels.disconnect if channel.state == Channel.State.CONNECTED else channels.reconnect
        with self._a_person():
            change(channel, self.user, self.now)

    @rule(which=any_one, fault=st.sampled_from(FAULTS))
    def the_network_will_misbehave(self, which: int, fault: str) -> None:
        self.sandbox.stage.play_next(NETWORKS[which % 3], fault)

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        self.now += span

    @rule()
    @precondition(lambda self: any(row.state == State.SCHEDULED for row in self.before.values()))
    def the_next_is_due(self) -> None:
        planned = [row.next_attempt_at for row in self.before.values() if row.state == State.SCHEDULED]
        self.now = max(self.now, min(at for at in planned if at))

    @rule(which=any_one)
    @precondition(lambda self: self.batches)
    def a_worker_goes_on(self, which: int) -> None:
        self._go_on(self.batches[which % len(self.batches)])

    @rule(which=any_one)
    @precondition(lambda self: self.batches)
    def a_worker_dies(self, which: int) -> None:
        self.batches.pop(which % len(self.batches))

    @rule(which=any_one)
    @precondition(lambda self: self.batches)
    def a_message_comes_twice(self, which: int) -> None:
        self.batches.append(Batch(self.batches[which % len(self.batches)].claim))

    @rule(fault=st.sampled_from([None, *FAULTS]), which=any_one, steps=st.integers(0, 3))
    @precondition(lambda self: any(row.state == State.SCHEDULED for row in self.before.values()))
    def the_next_goes_out(self, fault: str | None, which: int, steps: int) -> None:
        """As far as its worker gets."""
        self.the_next_is_due()
        if fault:
            self.the_network_will_misbehave(which, fault)
        if claim := claims.claim_due(self.now, settings.BATCH):
            self.batches.append(Batch(claim))
            for _ in range(steps):
                self._go_on(self.batches[-1])

    @rule(which=any_one)
    @precondition(lambda self: self.batches)
    def a_worker_finishes(self, which: int) -> None:
        for _ in range(3):
            self._go_on(self.batches[which % len(self.batches)])

    @rule(most=st.sampled_from([1, 2, 100, 100]))
    def a_tick(self, most: int) -> None:
        settle.rescue(self.now)
        settle.lift(self.now)
        self._look()
        self.asking += settle.due_to_ask(self.now, 10)
        if claim := claims.claim_due(self.now, most):
            self.batches.append(Batch(claim))

    @rule(most=st.sampled_from([1, 2]))
    @precondition(lambda self: self.batches)
    def another_worker_claims(self, most: int) -> None:
        if claim := claims.claim_due(self.now, most):
            self.batches.append(Batch(claim))

    @rule()
    @precondition(lambda self: self.asking)
    def the_network_is_asked(self) -> None:
        settle.settle(self.asking, self.now)
        self.asking = []

    @rule()
    @precondition(lambda self: self.model.running)
    def upkeep_is_done(self) -> None:
        plan.extend(self.now)
        forecast.refresh(self.workspace, self.now)

    @invariant()
    def all_is_well(self) -> None:
        self._look()
        self.person = False

    def _look(self) -> None:
        after = self._rows()
        self.model.arrived(self._arrivals(), after)
        self.model.planned(self.before, after, self.person)
        self.model.alive(after)
        for pk, row in after.items():
            if pk in self.before and self.before[pk].revision != row.revision:
                self.seen.moves[self.before[pk].state, row.state] += 1
        self.before = after

    def _go_on(self, batch: Batch) -> None:
        """One step further: judge and write the intents, send, or record."""
        if batch.errands is None:
            batch.decided, batch.errands = self.now, publish.decide(batch.claim, self.now)
            self.model.may_leave(batch.errands, self.now)
        elif batch.answers is None:
            spent = (self.now - batch.decided).total_seconds()
            last_start = monotonic() + settings.LEASE - settings.SEND_DEADLINE - spent
            batch.answers, flight = [], Flight()
            flight.launch(batch.errands, last_start)
            while flight:
                batch.answers += flight.land()
        else:
            if batch.answers:
                publish.record(batch.answers, self.now)
            if any(isinstance(one.outcome, ChannelRefused) for one in batch.answers):
                self.model.learn(self.workspace)
            batch.answers = []
        self._look()

    def _all_settles(self) -> None:
        """L1, L2: whatever stood half-way when the workers died comes to its end, or waits for a person."""
        self.batches = []
        for _ in range(LONGEST_SETTLING):
            times = [at for row in self.before.values() if (at := _next_look(row))]
            if not times or min(times) > self.now + SOON:
                break
            self.now = max(self.now, min(times)) + timedelta(seconds=1)
            self._everything_due()
            self.all_is_well()
        left = [row for row in self.before.values() if (at := _next_look(row)) and at <= self.now + SOON]
        assert not left, "it never comes to an end"

    def _everything_due(self) -> None:
        settle.rescue(self.now)
        settle.lift(self.now)
        settle.settle(settle.due_to_ask(self.now, 100), self.now)
        self._look()
        while claim := claims.claim_due(self.now, settings.BATCH):
            batch = Batch(claim)
            for _ in range(3):
                self._go_on(batch)

    def _a_person(self) -> Any:
        return _Deed(self)

    def _posts(self) -> list[Post]:
        return list(Post.objects.filter(workspace=self.workspace).select_related("rule", "workspace").order_by("pk"))

    def _post(self, which: int) -> Post:
        posts = self._posts()
        return posts[which % len(posts)]

    def _rows(self) -> Snapshot:
        rows = Publication.objects.filter(workspace=self.workspace).order_by("due_at", "pk")
        return {row.pk: row for row in rows.defer("outlook_checks")}

    def _row(self, which: int) -> Publication:
        """As the person who looks at it has it before them."""
        pk = list(self.before)[which % len(self.before)]
        return with_facts(Publication.objects.all()).get(pk=pk)

    def _arrivals(self) -> list[Row]:
        return list(self.sandbox.ledger.all())


def _next_look(row: Publication) -> datetime | None:
    """When the engine has to look at it again. None: it has ended, or waits for a person."""
    if row.state in (State.CLAIMED, State.SENDING):
        return row.lease_until
    return row.next_attempt_at if row.state in (State.SCHEDULED, State.HELD, State.UNCONFIRMED) else None


class _Deed:
    """What a person does, and then knows to be so."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def __enter__(self) -> None:
        self._life.person = True

    def __exit__(self, *failure: object) -> None:
        if failure[0] is None:
            self._life.model.learn(self._life.workspace)
