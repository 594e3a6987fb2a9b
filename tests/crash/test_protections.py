"""Each protection is taken out in turn, and something goes wrong that the books show; with it, nothing does.

The processes are led step by step to the moment for which the protection is there, so nothing is left to chance.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from posts.sandbox.server import Server
from scheduler import verbs
from scheduler.models import Attempt, Publication
from scheduler.states import State
from teams.models import Workspace
from tests.crash.books import Books
from tests.crash.hands import DEADLINE, Hand
from tests.crash.sabotage import CONSTRAINTS, SABOTAGES
from tests.crash.supply import Supply

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

LEASE = 3 * DEADLINE
SHORT = 1.0  # seconds for a request of those who stand still: this is waited for
WORDS = "The weaver answers on Tuesdays."


@dataclass
class Stage:
    """A place where one scene is played, with or without one protection."""

    workspace: Workspace
    sandbox: Server
    without: str
    hands: list[Hand] = field(default_factory=list)

    def supply(self, handle: str = "place-{}") -> Supply:
        return Supply(self.workspace, "sandbox_reading", channels=1, handle=handle)

    def hand(self, point: str = "", strike: str = "wait", deadline: float = DEADLINE) -> Hand:
        without = self.without if self.without in SABOTAGES else ""
        number = len(self.hands) + 1
        self.hands.append(
            Hand(self.sandbox.address, number, point=point, strike=strike, without=without, deadline=deadline)
        )
        return self.hands[-1]

    def after(self, seconds: float) -> datetime:
        return timezone.now() + timedelta(seconds=seconds)

    def others_recover_and_publish(self) -> None:
        """The lease is over, the network is asked, what is not out goes out. The engine is told the time."""
        other = self.hand()
        assert other.do("recover", self.after(LEASE + 1)) == "done"
        assert other.do("recover", self.after(LEASE + 10)) == "done"
        assert other.do("publish", self.after(LEASE + 11)) == "done"

    def wrong(self) -> set[str]:
        """What the books say, and whether the same words arrived twice from different publications."""
        found = set(Books.compared(self.sandbox.ledger.all()).wrong)
        said = Counter(row.text for row in self.sandbox.ledger.all())
        return found | ({"said twice"} if max(said.values(), default=0) > 1 and "doubled" not in found else set())


def intent(stage: Stage) -> set[str]:
    """A worker dies when the answer has come and nothing is recorded yet."""
    stage.supply().due(1)
    first = stage.hand("before the record", "kill")
    first.begin("publish", stage.after(0))
    first.dies()
    stage.others_recover_and_publish()
    return stage.wrong()


def fence(stage: Stage) -> set[str]:
    """A worker is late with the word that nothing was sent, and others have sent it meanwhile."""
    stage.supply("place--503-retry-after-s--once").due(1)
    first = stage.hand("before the record")
    first.begin("publish", stage.after(0))
    first.comes_to_its_point()
    stage.others_recover_and_publish()
    first.goes_on()
    assert first.ends() == "done"
    assert stage.hand().do("publish", stage.after(300)) == "done"
    return stage.wrong()


def last_look(stage: Stage) -> set[str]:
    """A worker stands still between the intent and its last look, and others have sent it meanwhile."""
    return _stands_still(stage, "after the intent, before the last look")


def last_moment(stage: Stage) -> set[str]:
    """A worker stands still between its last look and the request, and others have sent it meanwhile."""
    return _stands_still(stage, "after the last look, before the request")


def _stands_still(stage: Stage, point: str) -> set[str]:
    stage.supply().due(1)
    first = stage.hand(point, deadline=SHORT)
    first.begin("publish", stage.after(0))
    while not first.is_at_its_point():  # a busy machine took too long to get there, and nothing was sent
        first.begin("publish", stage.after(2))
    held_since = time.monotonic()
    stage.others_recover_and_publish()
    assert not first.is_done_within(max(held_since + 3 * SHORT - time.monotonic(), 0.0))
    first.goes_on()
    assert first.ends() == "done"
    return stage.wrong()


def channel_lock(stage: Stage) -> set[str]:
    """Two batches judge the same words for the same channel at the same time."""
    stage.supply().due(2, WORDS)
    first, second = stage.hand("after the claim"), stage.hand("after the guards, before the intent")
    first.begin("publish", stage.after(0), 1)
    first.comes_to_its_point()
    second.begin("publish", stage.after(LEASE / 2), 1)  # a channel that was only just taken is left alone
    second.comes_to_its_point()
    first.goes_on()
    first.is_done_or_waits_for_a_lock()
    second.goes_on()
    assert (first.ends(), second.ends()) == ("done", "done")
    return stage.wrong()


def said_in_the_batch(stage: Stage) -> set[str]:
    """The same words are due twice on one channel, in one batch."""
    stage.supply().due(2, WORDS)
    assert stage.hand().do("publish", stage.after(0)) == "done"
    return stage.wrong()


def pause_check(stage: Stage) -> set[str]:
    """A pause begins when a worker has claimed, and has not judged yet."""
    stage.supply().due(1)
    first = stage.hand("after the claim")
    first.begin("publish", stage.after(0))
    first.comes_to_its_point()
    verbs.pause(stage.workspace, None, timezone.now() - timedelta(minutes=1), by="Alice")
    first.goes_on()
    assert first.ends() == "done"
    return stage.wrong() | ({"sent in a pause"} if list(stage.sandbox.ledger.all()) else set())


def unique_key(stage: Stage) -> set[str]:
    """Two planners write the same occurrences at the same time."""
    stage.supply().repeating(1)
    first, second = stage.hand("before the coming occurrences' commit"), stage.hand()
    first.begin("plan", stage.after(0))
    first.comes_to_its_point()
    second.begin("plan", stage.after(0))
    second.is_done_or_waits_for_a_lock()
    first.goes_on()
    assert (first.ends(), second.ends()) == ("done", "done")
    return stage.wrong()


def unique_open_attempt(stage: Stage) -> set[str]:
    """Something that is not the engine puts a row back, of whose request nobody knows what became."""
    stage.supply().due(1)
    first = stage.hand("before the record", "kill")
    first.begin("publish", stage.after(0))
    first.dies()
    Publication.objects.update(state=State.SCHEDULED, claim=None, lease_until=None, next_attempt_at=timezone.now())
    stage.hand().do("publish", stage.after(1))
    return stage.wrong() - {"stuck", "torn", "disowned"}  # the row is as that something left it


SCENES: dict[str, tuple[Callable[[Stage], set[str]], str]] = {
    "intent": (intent, "doubled"),
    "fence": (fence, "doubled"),
    "last look": (last_look, "doubled"),
    "last moment": (last_moment, "doubled"),
    "channel lock": (channel_lock, "said twice"),
    "said in the batch": (said_in_the_batch, "said twice"),
    "pause check": (pause_check, "sent in a pause"),
    "unique key": (unique_key, "torn"),
    "unique open attempt": (unique_open_attempt, "doubled"),
}


@pytest.fixture
def stage(request: pytest.FixtureRequest, workspace: Workspace, sandbox: Server) -> Iterator[Stage]:
    made = Stage(workspace, sandbox, without=request.param)
    with dropped(CONSTRAINTS[made.without]) if made.without in CONSTRAINTS else as_it_is():
        yield made
        for hand in made.hands:
            hand.let_go()


def test_every_protection_that_can_be_taken_out_has_a_scene() -> None:
    assert set(SCENES) == set(SABOTAGES) | set(CONSTRAINTS)


@pytest.mark.parametrize("stage", [""], indirect=True, ids=["complete"])
@pytest.mark.parametrize("name", SCENES)
def test_the_protections_hold(stage: Stage, name: str) -> None:
    play, _ = SCENES[name]
    assert play(stage) == set()


@pytest.mark.parametrize(("stage", "name"), [(name, name) for name in SCENES], indirect=["stage"], ids=list(SCENES))
def test_without_it_the_books_show_what_went_wrong(stage: Stage, name: str) -> None:
    play, wrong = SCENES[name]
    assert wrong in play(stage)


def test_a_post_can_be_scheduled_on_a_channel_while_a_worker_judges_what_is_due_there(
    workspace: Workspace, sandbox: Server
) -> None:
    """It deadlocked: the worker's lock on the channels kept everybody from referring to them."""
    supply = Supply(workspace, "sandbox")
    supply.due(5)
    worker = Hand(sandbox.address, 1, point="after the guards, before the intent")
    worker.begin("publish", timezone.now())
    worker.comes_to_its_point()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        supply.due(5)
        cursor.execute("RESET lock_timeout")
    worker.let_go()


@contextmanager
def dropped(name: str) -> Iterator[None]:
    """The database without one of its constraints, until the end of the scene."""
    models = (Publication, Attempt)
    model, constraint = next((m, c) for m in models for c in m._meta.constraints if c.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        Publication.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


@contextmanager
def as_it_is() -> Iterator[None]:
    yield
