"""What goes out beside a publication on its channel: each gets a time of its own, and none is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guards.base import Moment
from guards.models import GuardSetting
from posts.models import Channel, Post
from posts.sandbox.server import Server
from scheduler import fixes, forecast
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.fixes import UNDO
from scheduler.models import Publication
from scheduler.verbs import NotNow
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TEXTS = [
    "Our bakery opens at seven",
    "Read the new guide to headlines",
    "Who repairs old clocks?",
    "Thanks for the cake",
]


def limited(workspace: Workspace, **options: int) -> GuardSetting:
    return GuardSetting.objects.create(workspace=workspace, guard="channel_full", action="hold", options=options)


def due(workspace: Workspace, channel: Channel, count: int, **fields: Any) -> list[Post]:
    return [scheduled(workspace, channel, at=NOW, text=text, **fields) for text in TEXTS[:count]]


def test_of_several_planned_for_one_minute_each_gets_a_time_of_its_own_and_goes_out(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail while those that wait did not know of each other: all were held until the same minute."""
    limited(workspace, spacing=5)
    posts = due(workspace, channel, 4)
    run(NOW)
    assert [states(post) for post in posts] == [["published"], ["held"], ["held"], ["held"]]
    waits = [only(post).next_attempt_at for post in posts[1:]]
    assert waits == [NOW + 5 * MINUTE, NOW + 10 * MINUTE, NOW + 15 * MINUTE]
    for minutes in (5, 10, 15):
        run(NOW + minutes * MINUTE)
    assert len(arrivals(sandbox)) == 4
    assert {row.reason for row in Publication.objects.all()} <= {"", "channel_full"}


def test_a_batch_knows_what_waits_since_an_earlier_one(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    limited(workspace, spacing=5)
    due(workspace, channel, 2)
    run(NOW)
    late = scheduled(workspace, channel, at=NOW + 4 * MINUTE, text=TEXTS[3])
    run(NOW + 4 * MINUTE)
    assert only(late).next_attempt_at == NOW + 10 * MINUTE


def test_the_day_is_counted_from_what_really_went_out(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    limited(workspace, per_day=2)
    posts = due(workspace, channel, 3)
    run(NOW + MINUTE)
    assert [states(post) for post in posts] == [["published"], ["published"], ["held"]]
    again = only(posts[2]).next_attempt_at
    assert again is not None
    assert NOW + MINUTE + DAY <= again < NOW + 2 * MINUTE + DAY
    run(again)
    assert states(posts[2]) == ["published"]


def test_by_default_nothing_waits_that_is_due_together(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    due(workspace, channel, 4)
    assert run(NOW) == 4


def test_the_forecast_says_what_will_happen(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    limited(workspace, spacing=5)
    posts = due(workspace, channel, 3, now=NOW - DAY)
    forecast.refresh(workspace, NOW - DAY)
    assert [only(post).outlook for post in posts] == ["allow", "hold", "hold"]
    found = [finding for _, finding in fixes.verdict_on(only(posts[2])).findings]
    run(NOW)
    assert [states(post) for post in posts] == [["published"], ["held"], ["held"]]
    assert only(posts[2]).next_attempt_at == found[0].until
    forecast.refresh(workspace, NOW)
    assert [only(post).outlook for post in posts[1:]] == ["allow", "allow"]


def test_while_writing_what_is_planned_counts(workspace: Workspace, channel: Channel) -> None:
    limited(workspace, spacing=30)
    due(workspace, channel, 1)
    mine = scheduled(workspace, channel, at=NOW + 10 * MINUTE, now=NOW, text=TEXTS[3])
    verdicts = {moment: _judged(mine, moment) for moment in (Moment.WRITING, Moment.SENDING)}
    assert verdicts == {Moment.WRITING: "channel_full", Moment.SENDING: None}


def test_moved_to_the_next_free_time_it_goes_out(
    workspace: Workspace, channel: Channel, sandbox: Server, alice: User
) -> None:
    limited(workspace, spacing=5)
    held = only(_held(workspace, channel))
    (move,) = (fix for fix in fixes.offered(held) if fix.verb == "move")
    fixes.apply(held, move.verb, move.values, alice, NOW + MINUTE)
    run(NOW + 5 * MINUTE)
    assert Publication.objects.get(pk=held.pk).state == "published"


def test_a_raised_limit_is_the_workspaces_and_can_be_taken_back(
    workspace: Workspace, channel: Channel, sandbox: Server, alice: User
) -> None:
    setting = limited(workspace, per_day=1, spacing=0)
    held = only(_held(workspace, channel))
    (raised,) = (fix for fix in fixes.offered(held) if fix.verb == "raise_limit")
    done = fixes.apply(held, raised.verb, raised.values, alice, NOW)
    setting.refresh_from_db()
    assert setting.options == {"per_day": 2, "spacing": 0}
    assert done.undo is not None
    fixes.apply(only(held.post), UNDO, done.undo.values, alice, NOW)
    setting.refresh_from_db()
    assert setting.options == {"per_day": 1, "spacing": 0}
    assert only(held.post).state == "held"


def test_a_limit_that_nobody_has_set_is_made_the_workspaces_own(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    row = only(due(workspace, channel, 1)[0])
    values = {"guard": "channel_full", "option": "per_day", "to": 120}
    done = fixes.apply(row, "raise_limit", values, alice, NOW)
    assert GuardSetting.objects.get().options == {"per_day": 120}
    assert done.undo is not None
    fixes.apply(row, UNDO, done.undo.values, alice, NOW)
    assert not GuardSetting.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"to": 5000}, {"to": "many"}, {"option": "nothing"}, {"guard": "nothing"}, {"option": None}]
)
def test_a_limit_that_cannot_be_is_not_set(
    workspace: Workspace, channel: Channel, alice: User, wrong: dict[str, object]
) -> None:
    row = only(due(workspace, channel, 1)[0])
    values = {"guard": "channel_full", "option": "per_day", "to": 120} | wrong
    with pytest.raises(NotNow):
        fixes.apply(row, "raise_limit", values, alice, NOW)
    assert not GuardSetting.objects.exists()


def _held(workspace: Workspace, channel: Channel) -> Post:
    posts = due(workspace, channel, 2)
    run(NOW)
    return posts[1]


def _judged(post: Post, moment: Moment) -> str | None:
    row = with_facts(Publication.objects.filter(post=post)).get()
    one = Occurrence.of(row, row.planned_for)
    deciding = Docket([one], NOW, moment).judge(one).deciding
    return deciding.guard if deciding else None
