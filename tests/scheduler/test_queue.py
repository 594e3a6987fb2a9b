"""The queue fills open slots: least recently sent first, never inside a gap, the same however often it is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from guards.models import GuardSetting
from notices.speak import speak, speak_kept
from posts.content import fingerprint
from posts.models import Category, Channel, Post
from posts.sandbox.server import Server
from posts.writing import Content
from scheduler import fixes, queue, slots, verbs
from scheduler.gaps import gaps
from scheduler.line import sooner
from scheduler.models import Outlook, Publication, Slot
from scheduler.plan import touch
from scheduler.schedule import schedule, stop
from scheduler.states import State
from scheduler.verbs import NotNow
from scheduler.writing import save_changes
from scheduler.zone import change_zone
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import a_post, arrivals, run, scheduled

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
RULE = {"interval": 14, "max_repeats": 5}
TEXTS = (
    "Rub beeswax along the seam.", "Our workshop smells of leather.", "A belt lasts longer than a fashion.",
    "Ask before you cut.", "Bring your grandmother's bag.", "Thread is cheaper than regret.",
)  # fmt: skip


def slot(channel: Channel, weekday: int = 1, at: str = "10:00", category: Category | None = None) -> Slot:
    """Tuesday at ten, unless said otherwise."""
    return Slot.objects.create(
        workspace_id=channel.workspace_id,
        channel=channel,
        weekday=weekday,
        at=time.fromisoformat(at),
        category=category,
    )


def daily(channel: Channel, at: str = "10:00") -> list[Slot]:
    return [slot(channel, day, at) for day in range(7)]


def queued(workspace: Workspace, *channels: Channel, text: str, now: datetime = NOW, **fields: Any) -> Post:
    fields = {"queue": "evergreen", "repeat": RULE, "reviewed_at": now, "starts_at": now, **fields}
    if fields["queue"] == "once":
        fields.pop("repeat")
    post = a_post(workspace, *channels, text=text, **fields)
    schedule([post], None, now)
    return post


def evergreens(workspace: Workspace, channel: Channel, number: int) -> list[Post]:
    return [queued(workspace, channel, text=text) for text in TEXTS[:number]]


def coming() -> list[tuple[str, str]]:
    """(day and time in UTC, the text's first word) of what the queue has filled."""
    rows = Publication.objects.filter(slot__isnull=False, state=State.SCHEDULED).order_by("planned_for", "pk")
    return [(f"{row.planned_for:%d %H:%M}", row.post.text.split()[0]) for row in rows.select_related("post")]


def snapshot() -> list[tuple[Any, ...]]:
    return list(
        Publication.objects.order_by("pk").values_list("pk", "post", "channel", "due_at", "number", "slot_date")
    )


def told(workspace: Workspace, now: datetime = NOW) -> list[str]:
    return [speak(gap.why) for gap in gaps(Outlook.objects.get(workspace=workspace), now)]


def sent(post: Post, channel: Channel, at: datetime) -> None:
    Publication.objects.create(
        workspace=post.workspace, post=post, channel=channel, due_at=at, planned_for=at, state=State.PUBLISHED,
        published_at=at, text=post.text, fingerprint=fingerprint(post.text),
    )  # fmt: skip


def test_slots_are_filled_two_weeks_ahead_in_the_order_of_the_queue(workspace: Workspace, channel: Channel) -> None:
    slot(channel)
    evergreens(workspace, channel, 3)
    assert coming() == [("24 09:00", "Rub"), ("01 09:00", "Our")]
    row = Publication.objects.earliest("planned_for")
    assert (row.slot_date, row.due_at, row.next_attempt_at) == (date(2026, 11, 24), row.planned_for, row.planned_for)
    assert speak(slots.name_of(Slot.objects.get())) == "Tuesday 10:00"
    queue.fill(workspace, NOW + 7 * DAY)
    assert coming()[2:] == [("08 09:00", "A")]


def test_least_recently_sent_goes_first_and_never_sent_before_it(workspace: Workspace, channel: Channel) -> None:
    first, second, _third = evergreens(workspace, channel, 3)
    sent(first, channel, NOW - 30 * DAY)
    sent(second, channel, NOW - 60 * DAY)
    for one in daily(channel)[3:]:
        one.delete()
    queue.fill(workspace, NOW)
    assert [word for _, word in coming()] == ["A", "Our", "Rub"]
    kept = Publication.objects.get(post=second, state="scheduled").sentence
    assert speak_kept(kept) == "Of all that may go out then, it was sent longest ago: on Tue 22 Sep 09:00."


def test_filling_twice_changes_nothing(workspace: Workspace, channel: Channel) -> None:
    evergreens(workspace, channel, 5)
    daily(channel)
    assert queue.fill(workspace, NOW) == 5
    before, said = snapshot(), told(workspace)
    assert queue.fill(workspace, NOW) == 0
    assert queue.fill(workspace, NOW + timedelta(hours=1)) == 0
    assert (snapshot(), told(workspace)) == (before, said)


def test_a_slot_that_nobody_may_fill_is_a_gap_that_says_why(workspace: Workspace, channel: Channel) -> None:
    slot(channel)
    slot(channel, 2)
    evergreens(workspace, channel, 1)
    queue.fill(workspace, NOW)
    assert coming() == [("24 09:00", "Rub")]
    assert told(workspace) == [
        "Nothing to fill it. Too soon: 1 post, until Tue 8 Dec 09:00.",
        "Nothing to fill it. Too soon: 1 post, until Tue 8 Dec 09:00.",
        "Nothing to fill it. Too soon: 1 post, until Tue 8 Dec 09:00.",
    ]
    empty = Category.objects.create(workspace=workspace, name="Tips")
    slot(channel, 3, category=empty)
    queue.fill(workspace, NOW)
    assert "Nothing to fill it: no post in the queue suits it." in told(workspace)


def test_a_copy_counts_as_the_same_content_before_and_after(workspace: Workspace, channel: Channel) -> None:
    """The gap looks both ways: a dated copy, planned after the slot, must not be held because of the queue."""
    daily(channel)
    scheduled(workspace, channel, at=NOW + 9 * DAY, now=NOW, text=TEXTS[0])
    evergreens(workspace, channel, 1)
    assert coming() == []
    sent(a_post(workspace, channel, text=TEXTS[1], status="active", starts_at=NOW), channel, NOW - DAY)
    queued(workspace, channel, text=TEXTS[1])
    assert coming() == [("04 09:00", "Our")]


def test_the_workspaces_gap_counts_when_it_is_longer_than_the_posts_own(workspace: Workspace, channel: Channel) -> None:
    GuardSetting.objects.create(workspace=workspace, guard="too_soon", action="hold", options={"days": 10})
    daily(channel)
    queued(workspace, channel, text=TEXTS[0], repeat={"interval": 2, "max_repeats": 5})
    assert [day for day, _ in coming()] == ["22 09:00", "02 09:00"]


def test_without_the_guard_the_posts_own_gap_still_counts(workspace: Workspace, channel: Channel) -> None:
    GuardSetting.objects.create(workspace=workspace, guard="too_soon", action="off")
    daily(channel)
    queued(workspace, channel, text=TEXTS[0], repeat={"interval": 5, "max_repeats": 1})
    assert [day for day, _ in coming()] == ["22 09:00", "27 09:00"]


def test_a_slot_of_a_category_takes_only_its_posts(workspace: Workspace, channel: Channel) -> None:
    tips = Category.objects.create(workspace=workspace, name="Tips")
    slot(channel, category=tips)
    queued(workspace, channel, text=TEXTS[0])
    queued(workspace, channel, text=TEXTS[1], category=tips)
    assert [word for _, word in coming()] == ["Our"]


def test_what_goes_out_once_takes_the_next_slot_before_what_comes_again(workspace: Workspace, channel: Channel) -> None:
    slot(channel)
    slot(channel, 4)
    evergreens(workspace, channel, 4)
    assert [word for _, word in coming()] == ["Rub", "Our", "A", "Ask"]
    post = queued(workspace, channel, text="News of the day.", queue="once")
    assert coming()[0] == ("24 09:00", "News")
    assert len(coming()) == 4
    assert Publication.objects.filter(post=post).count() == 1
    queue.fill(workspace, NOW + DAY)
    assert Publication.objects.filter(post=post).count() == 1


def test_an_evergreen_post_ends_by_its_number_and_by_its_date(workspace: Workspace, channel: Channel) -> None:
    GuardSetting.objects.create(workspace=workspace, guard="too_soon", action="off")
    daily(channel)
    counted = queued(workspace, channel, text=TEXTS[0], repeat={"interval": 2, "max_repeats": 2})
    dated = queued(
        workspace, channel, text=TEXTS[1], repeat={"interval": 3, "max_repeats": None, "end_date": date(2026, 11, 27)}
    )
    rows = Publication.objects.order_by("planned_for")
    assert list(rows.filter(post=counted).values_list("number", flat=True)) == [0, 1, 2]
    assert [row.slot_date for row in rows.filter(post=dated)] == [date(2026, 11, 23), date(2026, 11, 26)]
    counted.refresh_from_db()
    assert counted.planned_until is None


def test_without_an_end_nothing_comes_again(workspace: Workspace, channel: Channel) -> None:
    post = a_post(workspace, channel, queue="evergreen", starts_at=NOW)
    with pytest.raises(NotNow):
        schedule([post], None, NOW)
    assert Post.objects.get().status == "draft"


def test_skipping_lets_another_post_take_the_slot_and_not_the_same(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    slot(channel)
    evergreens(workspace, channel, 1)
    skipped = Publication.objects.earliest("planned_for")
    verbs.skip(skipped, alice, NOW)
    queue.fill(workspace, NOW)
    assert coming() == [("01 09:00", "Rub")]
    queued(workspace, channel, text=TEXTS[1])
    assert coming()[0] == ("24 09:00", "Our")
    verbs.restore(Publication.objects.get(pk=skipped.pk), alice, NOW)  # a person's word: the slot is theirs
    queue.fill(workspace, NOW)
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert [row.post.text for row in Publication.objects.filter(planned_for=at, state="scheduled")] == [TEXTS[0]]


def test_undoing_a_skip_whose_slot_was_filled_meanwhile_works(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    slot(channel)
    evergreens(workspace, channel, 2)
    row = Publication.objects.earliest("planned_for")
    done = fixes.apply(row, "skip", {}, alice, NOW)
    queue.fill(workspace, NOW)
    assert Publication.objects.filter(slot_date=row.slot_date, state="scheduled").count() == 1
    row.refresh_from_db()
    assert done.undo
    fixes.apply(row, "undo", done.undo.values, alice, NOW)
    row.refresh_from_db()
    assert (row.state, row.slot) == ("scheduled", None)


def test_what_goes_out_once_and_is_skipped_does_not_come_back_by_itself(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    slot(channel)
    queued(workspace, channel, text="News of the day.", queue="once")
    verbs.skip(Publication.objects.get(), alice, NOW)
    queue.fill(workspace, NOW)
    assert coming() == []


def test_what_a_person_moved_stays_and_its_slot_stays_empty(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    slot(channel)
    evergreens(workspace, channel, 2)
    row = Publication.objects.earliest("planned_for")
    verbs.move_to(row, NOW + 2 * DAY, alice, NOW)
    queue.fill(workspace, NOW)
    assert coming() == [("23 09:00", "Rub"), ("01 09:00", "Our")]


def test_a_dated_post_at_the_very_time_of_a_slot_takes_it(workspace: Workspace, channel: Channel) -> None:
    slot(channel)
    evergreens(workspace, channel, 2)
    scheduled(workspace, channel, at=datetime(2026, 11, 24, 9, tzinfo=UTC), now=NOW, text="Press day.")
    queue.fill(workspace, NOW)
    assert coming() == [("01 09:00", "Rub")]


def test_a_stopped_post_leaves_its_slots_to_others(workspace: Workspace, channel: Channel, alice: User) -> None:
    slot(channel)
    first, _ = evergreens(workspace, channel, 2)
    stop(first, alice, NOW)
    queue.fill_stale(NOW)
    assert coming() == [("24 09:00", "Our")]


def test_a_pause_takes_back_what_it_covers_and_the_end_of_it_fills_again(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    slot(channel)
    first, _ = evergreens(workspace, channel, 2)
    made = verbs.pause(workspace, alice, NOW, post=first)
    queue.fill_stale(NOW)
    assert coming() == [("24 09:00", "Our")]
    assert "Paused: 1 post" in told(workspace)[0]
    verbs.resume(made, alice, NOW)
    queue.fill_stale(NOW)
    assert coming() == [("24 09:00", "Rub"), ("01 09:00", "Our")]
    verbs.pause(workspace, alice, NOW)
    queue.fill_stale(NOW)
    assert coming() == []


def test_what_will_have_expired_is_not_filled_and_an_edit_plans_anew(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    slot(channel)
    post, _ = evergreens(workspace, channel, 2)
    Post.objects.filter(pk=post.pk).update(expires_at=NOW + DAY)
    touch([workspace.pk], NOW)
    queue.fill_stale(NOW)
    assert coming() == [("24 09:00", "Our")]
    save_changes(post, replace(Content.of(post), expires_at=None, text="Rub it twice."), alice, NOW)
    assert coming() == [("24 09:00", "Rub"), ("01 09:00", "Our")]
    save_changes(post, replace(Content.of(post), queue="", starts_at=NOW + DAY, rule=None), alice, NOW)
    assert coming() == [("24 09:00", "Our")]
    assert Publication.objects.filter(post=post, slot=None).count() == 1


def test_quiet_time_leaves_a_slot_empty(workspace: Workspace, channel: Channel) -> None:
    options = {"blackout": ["2026-11-24"]}
    GuardSetting.objects.create(workspace=workspace, guard="quiet_time", action="hold", options=options)
    slot(channel)
    evergreens(workspace, channel, 1)
    assert coming() == [("01 09:00", "Rub")]
    assert told(workspace) == ["Nothing to fill it. Quiet time: 1 post, until Tue 24 Nov 23:00."]


@pytest.mark.parametrize(
    ("now", "clock", "utc"),
    [
        (
            datetime(2026, 3, 20, 9, tzinfo=UTC),
            "02:30",
            "29 01:30",
        ),  # Paris has no half past two: it is half past three
        (datetime(2026, 10, 20, 9, tzinfo=UTC), "02:30", "25 00:30"),  # it is there twice: the first counts
    ],
)
def test_a_slot_follows_the_clock_where_it_changes(
    workspace: Workspace, channel: Channel, now: datetime, clock: str, utc: str
) -> None:
    slot(channel, 6, clock)
    for text in TEXTS:
        queued(workspace, channel, text=text, now=now)
    queue.fill(workspace, now)
    assert [day for day, _ in coming()].count(utc) == 1
    dates = list(Publication.objects.values_list("slot_date", flat=True))
    assert len(dates) == len(set(dates)) == 2


def test_two_slots_that_the_clock_puts_at_one_moment_send_once(workspace: Workspace, channel: Channel) -> None:
    now = datetime(2026, 3, 20, 9, tzinfo=UTC)
    slot(channel, 6, "02:30")
    slot(channel, 6, "03:30")
    for text in TEXTS:
        queued(workspace, channel, text=text, now=now)
    days = [day for day, _ in coming()]
    assert days.count("29 01:30") == 1


def test_another_time_zone_keeps_the_slots_clock(workspace: Workspace, channel: Channel, alice: User) -> None:
    slot(channel)
    evergreens(workspace, channel, 2)
    change_zone(workspace, "America/New_York", keep_clock=True, user=alice, now=NOW)
    queue.fill(workspace, NOW)
    assert coming() == [("24 15:00", "Rub"), ("01 15:00", "Our")]


def test_a_slot_that_changes_or_goes_takes_its_fills_along(workspace: Workspace, channel: Channel, alice: User) -> None:
    one, other = slot(channel), slot(channel, 2)
    evergreens(workspace, channel, 4)
    assert len(coming()) == 4
    slots.change(one, alice, NOW, at=time(11))
    queue.fill_stale(NOW)
    assert {day for day, _ in coming()} == {"24 10:00", "25 09:00", "01 10:00", "02 09:00"}
    slots.remove(other, alice, NOW)
    assert {day for day, _ in coming()} == {"24 10:00", "01 10:00"}
    slots.change(one, alice, NOW, active=False)
    queue.fill_stale(NOW)
    assert coming() == []


def test_slots_are_added_once_and_copied(workspace: Workspace, channel: Channel, alice: User) -> None:
    other = Channel.objects.create(workspace=workspace, network="sandbox", handle="b", name="Blue bird")
    assert len(slots.add(channel, [0, 2, 2], time(9), None, alice, NOW)) == 2
    assert len(slots.add(channel, [0, 1], time(9), None, alice, NOW)) == 1
    with pytest.raises(NotNow):
        slots.add(channel, [0], time(9), None, alice, NOW)
    assert slots.copy(channel, [other], alice, NOW) == 3
    assert slots.copy(channel, [other], alice, NOW) == 0
    first, second = channel.slots.all()[:2]
    with pytest.raises(NotNow):
        slots.change(first, alice, NOW, weekday=second.weekday)


def test_the_order_of_the_queue_is_changed_by_a_step(workspace: Workspace, channel: Channel, alice: User) -> None:
    slot(channel)
    first, second, third = evergreens(workspace, channel, 3)
    sooner(third, alice, NOW)
    assert [post.pk for post in queue.in_queue(workspace)] == [first.pk, third.pk, second.pk]
    assert [word for _, word in coming()] == ["Rub", "A"]
    with pytest.raises(NotNow):
        sooner(first, alice, NOW)


def test_a_filled_slot_goes_out_and_comes_again_after_its_gap(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    slot(channel)
    (post,) = evergreens(workspace, channel, 1)
    when = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert run(when) == 1
    assert [row.text for row in arrivals(sandbox)] == [TEXTS[0]]
    queue.fill(workspace, when + timedelta(minutes=1))
    rows = Publication.objects.filter(post=post).order_by("due_at")
    assert [(row.state, row.number, row.slot_date) for row in rows] == [
        ("published", 0, date(2026, 11, 24)), ("scheduled", 1, date(2026, 12, 8)),
    ]  # fmt: skip


def test_the_database_refuses_a_second_publication_for_a_slot_on_one_date(
    workspace: Workspace, channel: Channel
) -> None:
    """Seen to fail without `slot_filled_once`."""
    slot(channel)
    evergreens(workspace, channel, 2)
    row = Publication.objects.earliest("planned_for")
    row.pk, row.due_at = None, row.due_at + DAY
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_who_fill_at_once_fill_each_slot_once(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail with neither the lock nor the constraints."""
    evergreens(workspace, channel, 6)
    daily(channel)
    start = Barrier(2)

    def fill() -> None:
        try:
            start.wait(timeout=10)
            queue.fill(workspace, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(fill) for _ in range(2)]:
            one.result()
    rows = Publication.objects.all()
    assert rows.count() == 6
    assert len({(row.slot_id, row.slot_date) for row in rows}) == 6
    assert len({row.post_id for row in rows}) == 6


@pytest.mark.parametrize("number", [10, 500])
def test_filling_takes_the_same_number_of_queries_however_much_there_is(
    workspace: Workspace, channel: Channel, number: int, django_assert_max_num_queries: Any
) -> None:
    for hour in range(1 + number // 50):
        daily(channel, f"{hour + 6:02}:00")
    posts = Post.objects.bulk_create(
        Post(workspace=workspace, text=f"{text(n)}", language="en", status="active", queue="once", queue_place=n,
             starts_at=NOW, reviewed_at=NOW, planned_until=NOW)
        for n in range(number)
    )  # fmt: skip
    channel.posts.add(*posts)
    with django_assert_max_num_queries(32):
        assert queue.fill(workspace, NOW) >= 10
    Post.objects.update(status="stopped")
    with django_assert_max_num_queries(32):
        assert queue.fill(workspace, NOW) >= 10
    assert coming() == []


def text(number: int) -> str:
    """Other words each time, so that none is near another."""
    return " ".join(f"{word}{number}" for word in ("a", "bee", "sees", "dee", "eats"))
