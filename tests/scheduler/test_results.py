"""What the guards are told of reactions: of this content, on this channel, at one age, beside what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guards.base import Candidate, Moment
from posts.content import fingerprint
from posts.models import Channel, Post
from posts.sandbox.server import Server
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.fixes import apply
from scheduler.models import Measurement, Publication
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import a_post, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
TEXT = "Five ways to write a headline that people want to read, from our newsletter"
FALLEN = (240, 90, 50, 40, 12)


@pytest.fixture
def usual(workspace: Workspace, channel: Channel) -> Post:
    """Every other day for most of a year, the channel has earned 200."""
    ordinary = a_post(workspace, channel, text="Something else every time", status="active")
    sent(ordinary, channel, [NOW - 2 * k * DAY for k in range(2, 130)], [200] * 128, number=0)
    return ordinary


def sent(
    post: Post, channel: Channel, times: Sequence[datetime], earned: Sequence[int], *, age: int = 72, **fields: int
) -> list[Publication]:
    rows = Publication.objects.bulk_create(
        Publication(
            workspace=post.workspace, post=post, channel=channel, due_at=at, planned_for=at, published_at=at,
            state="published", text=post.text, fingerprint=fingerprint(post.text), number=fields.get("number", k),
        )
        for k, at in enumerate(times)
    )  # fmt: skip
    Measurement.objects.bulk_create(
        Measurement(publication=row, at=row.due_at + timedelta(hours=age), age_hours=age, likes=count, replies=0)
        for row, count in zip(rows, earned, strict=True)
    )
    return rows


def fallen(workspace: Workspace, channel: Channel, earned: Sequence[int] = FALLEN) -> Post:
    """A series whose next publication is due now, with this behind it, 30 days apart."""
    repeat = {"interval": 30, "unit": "day", "max_repeats": 20}
    zone = workspace.zone  # the clocks have changed since
    begun = (NOW.astimezone(zone) - 30 * len(earned) * DAY).astimezone(UTC)
    post = scheduled(workspace, channel, at=begun, now=NOW, text=TEXT, repeat=repeat)
    sent(post, channel, [begun + 30 * k * DAY for k in range(len(earned))], earned)
    return post


def candidate(post: Post, at: datetime = NOW) -> Candidate:
    row = with_facts(Publication.objects.filter(post=post, state="scheduled")).order_by("due_at")[0]
    one = Occurrence.of(row, at)
    return Docket([one], at, Moment.SENDING).candidate(one)


def earned(post: Post) -> list[int]:
    return [result.earned for result in candidate(post).reception.results]


def test_results_come_with_what_was_usual(workspace: Workspace, channel: Channel, usual: Post) -> None:
    found = candidate(fallen(workspace, channel)).reception
    assert [(result.number, result.earned) for result in found.results] == list(enumerate(FALLEN))
    assert all(result.usual == pytest.approx(200, rel=0.01) for result in found.results)
    assert found.luck == pytest.approx(0.4)


def test_a_series_that_is_worn_out_waits_and_goes_out_when_it_is_rewritten(
    workspace: Workspace, channel: Channel, usual: Post, sandbox: Server, alice: User
) -> None:
    """Seen to fail with the guard switched off, and with results that outlive a rewrite."""
    post = fallen(workspace, channel)
    run(NOW)
    held = Publication.objects.get(post=post, state="held")
    assert held.reason == "worn_out"
    Post.objects.filter(pk=post.pk).update(text="Our editor reads every letter. Write to her about your titles!")
    assert earned(post) == []
    apply(held, "release", {}, alice, NOW)
    run(NOW)
    assert Publication.objects.get(pk=held.pk).state == "published"


def test_what_a_person_keeps_goes_out_and_is_not_asked_about_at_the_next_repeat(
    workspace: Workspace, channel: Channel, usual: Post, sandbox: Server, alice: User
) -> None:
    post = fallen(workspace, channel)
    run(NOW)
    apply(Publication.objects.get(post=post, state="held"), "keep_going", {"days": 90}, alice, NOW)
    run(NOW)
    run(NOW + 30 * DAY)
    assert states(post)[5:7] == ["published", "published"]


def test_a_rest_leaves_out_what_would_come_and_the_series_goes_on_after_it(
    workspace: Workspace, channel: Channel, usual: Post, sandbox: Server, alice: User
) -> None:
    post = fallen(workspace, channel)
    run(NOW)
    done = apply(Publication.objects.get(post=post, state="held"), "rest", {"days": 80}, alice, NOW)
    assert done.sentence.count == 3
    assert states(post)[5:] == ["cancelled", "cancelled", "cancelled", "scheduled"]


def test_the_last_of_a_series_is_moved_behind_the_rest(workspace: Workspace, channel: Channel, alice: User) -> None:
    only = scheduled(workspace, channel, at=NOW, text=TEXT).publications.get()
    apply(only, "rest", {"days": 90}, alice, NOW)
    assert Publication.objects.get().planned_for == NOW + 90 * DAY


def test_only_results_of_one_age_count(workspace: Workspace, channel: Channel, usual: Post) -> None:
    post = fallen(workspace, channel, (240, 230))
    sent(post, channel, [NOW - 20 * DAY], [999], age=24, number=3)
    sent(post, channel, [NOW - 15 * DAY], [55], age=48, number=4)
    assert earned(post) == [240, 230, 55]


def test_a_copy_of_the_post_shares_its_results(workspace: Workspace, channel: Channel, usual: Post) -> None:
    fallen(workspace, channel)
    copy = scheduled(workspace, channel, at=NOW + DAY, now=NOW, text=TEXT)
    assert earned(copy) == list(FALLEN)


def test_another_channel_knows_nothing_of_it(workspace: Workspace, channel: Channel, usual: Post) -> None:
    elsewhere = Channel.objects.create(workspace=workspace, network="sandbox", handle="other", name="Other")
    fallen(workspace, channel)
    assert earned(scheduled(workspace, elsewhere, at=NOW + DAY, now=NOW, text=TEXT)) == []


def test_a_channel_with_nothing_else_on_it_tells_nothing(workspace: Workspace, channel: Channel) -> None:
    assert earned(fallen(workspace, channel)) == []


def test_a_batch_of_any_size_costs_the_same_queries(workspace: Workspace, channel: Channel, usual: Post) -> None:
    def queries(posts: int) -> int:
        for number in range(posts):
            scheduled(workspace, channel, at=NOW + DAY, now=NOW, text=f"{TEXT} {number}")
        rows = list(with_facts(Publication.objects.filter(state="scheduled")))
        with CaptureQueriesContext(connection) as asked:
            Docket([Occurrence.of(row, NOW) for row in rows], NOW, Moment.SENDING)
        return len(asked)

    fallen(workspace, channel)
    assert queries(1) == queries(30)
