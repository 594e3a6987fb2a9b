"""Two who act at the same moment, in whichever order: nothing leaves without right, and no edit is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations_with_replacement, count

import pytest
from django.conf import settings
from django.db.models import Min

from posts.models import Channel, Post
from posts.sandbox.ledger import Row
from posts.sandbox.server import Server
from posts.writing import Content
from scheduler import channels, claims, forecast, publish, settle, verbs, writing
from scheduler.models import Publication
from scheduler.schedule import stop
from scheduler.states import State
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.interleavings.stepping import LOOKED, Actor, Doing, Log, interleave
from tests.kit import arrivals, run, scheduled

pytestmark = pytest.mark.django_db(transaction=True)

AFTER = NOW + timedelta(minutes=3)
TOLD = (verbs.NotNow, writing.ChangedMeanwhile)  # what a person is told when somebody else was first
worlds = count(1)


@dataclass
class World:
    """A post that is due, and one whose request was lost and never arrived; both on one channel."""

    workspace: Workspace
    alice: User
    channel: Channel
    due: Post
    lost: Post
    log: Log = field(default_factory=Log)

    @classmethod
    def make(cls, alice: User, sandbox: Server) -> World:
        number = next(worlds)
        workspace = Workspace.objects.create(name="Atelier", slug=f"atelier-{number}", timezone="Europe/Paris")
        handle = f"place-{number}"
        sandbox.stage.play_next(handle, "reset-before")
        channel = Channel.objects.create(workspace=workspace, network="sandbox_reading", handle=handle, name="Place")
        at, before = NOW + timedelta(minutes=1), NOW
        lost = scheduled(workspace, channel, at=before, text=f"Lost once, number {number}")
        run(before)
        due = scheduled(workspace, channel, at=at, now=before, text=f"To be sent, number {number}")
        return cls(workspace, alice, channel, due, lost)

    def publish(self) -> Doing:
        def do() -> None:
            claim = claims.claim_due(AFTER, settings.BATCH)
            if claim:
                publish.publish(claim, AFTER)

        return do

    def settle(self) -> Doing:
        pks = list(Publication.objects.filter(post=self.lost).values_list("pk", flat=True))
        return lambda: settle.settle(pks, AFTER)

    def edit(self) -> Doing:
        posts = [_fresh(self.due), _fresh(self.lost)]

        def do() -> None:
            for post in posts:
                content = replace(Content.of(post), text=f"{post.text}, edited by {id(posts)}")
                writing.save_changes(post, content, self.alice, AFTER)

        return do

    def pause(self) -> Doing:
        return lambda: verbs.pause(self.workspace, self.alice, AFTER)

    def disconnect(self) -> Doing:
        channel = Channel.objects.get(pk=self.channel.pk)
        return lambda: channels.disconnect(channel, self.alice, AFTER)

    def delete(self) -> Doing:
        posts = [_fresh(self.due), _fresh(self.lost)]
        return lambda: [stop(post, self.alice, AFTER, Post.Status.RETIRED) for post in posts]

    def refresh(self) -> Doing:
        return lambda: forecast.refresh(self.workspace, AFTER)

    def skip(self) -> Doing:
        row = Publication.objects.select_related("post").get(post=self.due)
        return lambda: verbs.skip(row, self.alice, AFTER)


# Each with the number of its commits: it is stopped before each of them.
ACTORS: dict[str, tuple[Callable[[World], Doing], int]] = {
    "publish": (World.publish, 3),
    "settle": (World.settle, 2),
    "edit": (World.edit, 2),
    "pause": (World.pause, 1),
    "disconnect": (World.disconnect, 1),
    "delete": (World.delete, 2),
    "refresh": (World.refresh, 1),
    "skip": (World.skip, 1),
}
FORBIDS = {"pause", "disconnect", "delete"}  # nothing leaves once one of these is confirmed
INTENT = ("commit", "publish", 2)  # the claim, the intent, the record


@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(ACTORS, 2)))
def test_two_at_once_break_no_promise(alice: User, sandbox: Server, one: str, other: str) -> None:
    for first, second in dict.fromkeys([(one, other), (other, one)]):
        for stop_at in range(LOOKED, ACTORS[first][1] + 1):
            _at_once(World.make(alice, sandbox), sandbox, first, second, stop_at)


def _at_once(world: World, sandbox: Server, first: str, second: str, stop_at: int) -> None:
    where = f"{first}, stopped at {stop_at}, and {second}"
    names = [first, second if second != first else f"{second} too"]
    known = len(arrivals(sandbox))
    actors = [
        Actor(names[0], lambda: ACTORS[first][0](world), world.log, stop_at),
        Actor(names[1], lambda: ACTORS[second][0](world), world.log),
    ]
    interleave(*actors)
    for actor in actors:
        assert actor.failure is None or isinstance(actor.failure, TOLD), f"{where}: {actor.failure!r}"
    early = arrivals(sandbox)[known:]
    _end_it(world)
    late = arrivals(sandbox)[known + len(early) :]
    _check(world, dict(zip(names, (first, second), strict=True)), early, late, where)


def _check(world: World, actors: dict[str, str], early: list[Row], late: list[Row], where: str) -> None:
    references = [row.reference for row in (*early, *late)]
    assert len(references) == len(set(references)), f"{where}: twice"
    done = {kind: ("done", name) for name, kind in actors.items() if ("done", name) in world.log.lines}
    for kind, deed in done.items():
        before_the_intent = world.log.before(deed, INTENT)
        without_right = [*late, *(early if before_the_intent else [])]
        if kind in FORBIDS:
            assert not without_right, f"{where}: it left after {kind} was confirmed; {world.log.lines}"
        if kind == "edit":
            old = [row for row in without_right if "edited" not in row.text]
            assert not old, f"{where}: old words left after the edit was confirmed; {world.log.lines}"
    if "edit" in done:
        assert all("edited" in _fresh(post).text for post in (world.due, world.lost)), f"{where}: the edit is lost"
    states = list(Publication.objects.filter(channel=world.channel).values_list("state", flat=True))
    assert not set(states) & {State.CLAIMED, State.SENDING, State.SCHEDULED, State.UNCONFIRMED}, f"{where}: {states}"
    if not set(done) & {*FORBIDS, "skip"}:
        assert set(states) == {State.PUBLISHED}, f"{where}: {states}"


def _end_it(world: World) -> None:
    """All that the engine still does by itself, to the end."""
    at = AFTER
    mine = Publication.objects.filter(channel=world.channel, next_attempt_at__lte=AFTER + timedelta(hours=1))
    while (first := mine.aggregate(at=Min("next_attempt_at"))["at"]) is not None:
        at = max(at, first) + timedelta(seconds=1)
        run(at)


def _fresh(post: Post) -> Post:
    return Post.objects.select_related("workspace").get(pk=post.pk)
