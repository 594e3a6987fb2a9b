"""A file of posts becomes scheduled posts only when a person says so, all of them or none, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from guards.base import Fix, Repeat
from guards.models import GuardSetting
from notices.sentences import Sentence, say
from notices.speak import speak
from posts.csv_bytes import Unreadable
from posts.models import Channel, Post, RepeatRule
from posts.sandbox.server import Server
from scheduler import verbs
from scheduler.import_lines import Choices
from scheduler.imports import confirm, mend, preview, read, take, wanted
from scheduler.models import Import, ImportLine, Publication
from scheduler.states import State
from scheduler.verbs import NotNow
from teams.models import AuditEntry, User, Workspace
from tests.conftest import NOW
from tests.kit import a_post, arrivals, run, scheduled, states

pytestmark = pytest.mark.django_db

GOOD = "text,date\nAnswer comments within the hour.,2026-12-01 09:30\nAsk a question.,2026-12-02 09:30\n"


@pytest.fixture
def bring(workspace: Workspace, alice: User, channel: Channel) -> Callable[..., Import]:
    def bring(content: str, **chosen: Any) -> Import:
        choices = Choices(**{"channels": (channel.pk,), **chosen})
        return read(workspace, alice, "posts.csv", content.encode(), choices, NOW)

    return bring


def tips(count: int, start: datetime = datetime(2026, 12, 1, 9)) -> str:
    rows = (f"Tip number {at} is about patience.,{start + timedelta(hours=at)}" for at in range(count))
    return "text,date\n" + "\n".join(rows) + "\n"


def fates(batch: Import) -> list[str]:
    return list(batch.lines.values_list("fate", flat=True))


def line(batch: Import, number: int) -> ImportLine:
    return batch.lines.get(number=number)


def said(of: ImportLine) -> str:
    findings = [finding["message"] for finding in of.findings]
    return " ".join(speak(Sentence.from_json(kept)) for kept in [*of.problems, *findings, *of.notes])


def test_reading_saves_no_post_and_confirming_schedules_all(bring: Callable[..., Import], channel: Channel) -> None:
    batch = bring(GOOD)
    assert fates(batch) == ["ready", "ready"]
    assert Post.objects.count() == 0
    posts = confirm(batch, wanted(batch), NOW)
    assert [post.status for post in posts] == ["active", "active"]
    first = Publication.objects.order_by("due_at")[0]
    assert (first.channel, first.due_at.isoformat()) == (channel, "2026-12-01T08:30:00+00:00")  # 09:30 in Paris
    assert fates(batch) == ["imported", "imported"]
    assert AuditEntry.objects.filter(action="imported").count() == 1


def test_only_the_lines_that_are_named_are_imported(bring: Callable[..., Import]) -> None:
    batch = bring(GOOD)
    confirm(batch, {3}, NOW)
    assert list(Post.objects.values_list("text", flat=True)) == ["Ask a question."]
    assert fates(batch) == ["ready", "imported"]


def test_the_same_file_twice_makes_no_second_post(bring: Callable[..., Import]) -> None:
    """Seen to fail with a digest that was not of the content; the constraint alone is enough, too."""
    first = bring(GOOD)
    confirm(first, wanted(first), NOW)
    again = bring(GOOD)
    assert again.pk == first.pk
    assert again.confirmed_at == NOW
    assert confirm(again, wanted(again), NOW) == []
    assert Post.objects.count() == 2


def test_confirming_twice_makes_one_post(bring: Callable[..., Import]) -> None:
    """A double click: seen to fail without `post=None` in the query."""
    batch = bring(GOOD)
    assert len(confirm(batch, {2, 3}, NOW)) == 2
    assert confirm(batch, {2, 3}, NOW) == []
    assert Post.objects.count() == 2


def test_all_or_nothing_when_a_line_has_become_impossible(bring: Callable[..., Import]) -> None:
    """Seen to fail when the lines were not judged again."""
    batch = bring(GOOD)
    later = datetime.fromisoformat("2026-12-01T10:00+00:00")
    with pytest.raises(NotNow) as refused:
        confirm(batch, {2, 3}, later)
    assert "Line 2 cannot be imported any more" in speak(refused.value.sentence)
    assert Post.objects.count() == 0
    assert fates(batch) == ["ready", "ready"]


def test_a_refused_line_cannot_be_slipped_in(bring: Callable[..., Import]) -> None:
    batch = bring("text,date\nYesterday's news.,2026-11-20 09:00\n")
    assert fates(batch) == ["refused"]
    assert take(batch, {2}, True) == 0
    with pytest.raises(NotNow):
        confirm(batch, {2}, NOW)
    assert Post.objects.count() == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Late.,2026-11-20 09:00", "is past"),
        ("Late and repeating.,2026-11-20 09:00,14,6", "is past"),
        ("Far.,2226-11-20 09:00", "more than five years away"),
        ("Undated.,", "It has no date"),
        ("Serial.,46110.5", "as Excel counts it"),
        (",2026-12-01 09:00", "Write the text"),
        ("For ever.,2026-12-01 09:00,14,forever", "never stop"),
        ("Too often.,2026-12-01 09:00,14,99", "99 times"),
        ("Hasty.,2026-12-01 09:00,1,5", "At least 2 days are needed"),
        ("x" * 600 + ",2026-12-01 09:00", "600"),
    ],
)
def test_a_line_that_cannot_go_out_says_why(bring: Callable[..., Import], row: str, words: str) -> None:
    batch = bring("text,date,every,repeats\n" + row + "\n")
    assert fates(batch) == ["refused"]
    assert words in said(line(batch, 2))


def test_one_bad_line_of_a_hundred_keeps_the_others(bring: Callable[..., Import]) -> None:
    rows = tips(100).splitlines()
    rows[57] = "Yesterday.,2026-11-20 09:00"
    batch = bring("\n".join(rows))
    assert line(batch, 58).fate == "refused"
    assert fates(batch).count("ready") == 99
    assert len(confirm(batch, wanted(batch), NOW)) == 99


def test_an_absurd_rule_is_mended_in_its_line(bring: Callable[..., Import]) -> None:
    batch = bring("text,date,every,repeats\nAnswer comments.,2026-12-01 09:00,14,99\n")
    (finding,) = line(batch, 2).findings
    fix = Fix.from_json(finding["fixes"][0])
    assert fix.verb == "set_rule"
    mend(batch, {2: fix}, NOW)
    assert fates(batch) == ["ready"]
    confirm(batch, {2}, NOW)
    rule = RepeatRule.objects.get()
    assert (rule.interval, rule.unit, rule.max_repeats) == (14, "day", 12)


def test_a_line_that_comes_too_soon_is_moved_to_where_it_may_stand(bring: Callable[..., Import]) -> None:
    batch = bring("text,date\nThe same words.,2026-12-01 09:00\nthe SAME words,2026-12-03 09:00\n")
    fix = next(Fix.from_json(kept) for kept in line(batch, 3).findings[0]["fixes"])
    mend(batch, {3: fix}, NOW)
    assert fates(batch) == ["ready", "ready"]
    starts_at = line(batch, 3).starts_at
    assert starts_at
    assert starts_at.isoformat() == "2026-12-15T08:00:00+00:00"


@pytest.mark.parametrize("fix", [Fix("override", say("Let it pass")), Fix("move", say("Move"), {"to": "soon"})])
def test_no_other_fix_is_done_to_a_line(bring: Callable[..., Import], fix: Fix) -> None:
    batch = bring(GOOD)
    with pytest.raises(NotNow):
        mend(batch, {2: fix}, NOW)


def test_a_rule_without_an_end_is_refused_even_where_that_guard_is_off(
    bring: Callable[..., Import], workspace: Workspace
) -> None:
    """The database would refuse it, and the whole import with it. Seen to fail without `_endless`."""
    GuardSetting.objects.create(workspace=workspace, guard="absurd_rule", action="off")
    batch = bring("text,date,every,repeats\nAnswer comments.,2026-12-01 09:00,14,forever\n")
    assert fates(batch) == ["refused"]


def test_a_copy_later_in_the_file_is_held_and_left_out(bring: Callable[..., Import]) -> None:
    batch = bring("text,date\nThe same words.,2026-12-01 09:00\nthe SAME words,2026-12-03 09:00\n")
    assert fates(batch) == ["ready", "held"]
    assert wanted(batch) == {2}


def test_a_copy_of_a_post_that_exists_is_shown_and_left_out(
    bring: Callable[..., Import], workspace: Workspace, channel: Channel
) -> None:
    post = a_post(workspace, channel, text="Answer comments within the hour!")
    batch = bring(GOOD)
    assert fates(batch) == ["copy", "ready"]
    assert line(batch, 2).copy_of == post
    take(batch, {2}, True)
    assert wanted(batch) == {2, 3}


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_imported_twice_stay_apart(bring: Callable[..., Import], sandbox: Server) -> None:
    """The guard, not the file, is what keeps the copies back: they were ticked in by hand."""
    start = datetime(2026, 12, 1, 9)
    once = bring(tips(20, start))
    confirm(once, wanted(once), NOW)
    twice = bring(tips(20, start + timedelta(days=1)))
    assert fates(twice) == ["copy"] * 20
    take(twice, range(100), True)
    copies = confirm(twice, wanted(twice), NOW)
    assert len(copies) == 20
    for hour in range(48):
        run(datetime.fromisoformat("2026-12-01T08:00+00:00") + timedelta(hours=hour))
    assert len(arrivals(sandbox)) == 20
    assert {state for post in copies for state in states(post)} == {"held"}


@pytest.mark.django_db(transaction=True)
def test_what_has_been_sent_lately_is_held(
    bring: Callable[..., Import], workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    scheduled(workspace, channel, at=NOW, text="The same words.")
    run(NOW)
    batch = bring("text,date\nThe same words.,2026-11-23 09:00\n")
    assert fates(batch) == ["copy"]
    assert "Sent 2 days before" in said(line(batch, 2))


def test_channels_are_named_by_name_handle_or_network(bring: Callable[..., Import], channel: Channel) -> None:
    batch = bring("text,date,channels\nOne.,2026-12-01 09:00,Atelier\nTwo.,2026-12-01 10:00,SANDBOX\n", channels=())
    assert fates(batch) == ["ready", "ready"]


def test_a_channel_that_is_not_here_is_named_not_dropped(bring: Callable[..., Import]) -> None:
    batch = bring('text,date,channels\nOne.,2026-12-01 09:00,"Atelier, Bluesky"\n')
    assert fates(batch) == ["refused"]
    assert "There is no channel “Bluesky” here. Channels: Atelier." in said(line(batch, 2))


def test_without_a_channel_it_asks_for_one(bring: Callable[..., Import]) -> None:
    batch = bring(GOOD, channels=())
    assert fates(batch) == ["refused", "refused"]
    assert "Choose channels for all lines" in said(line(batch, 2))


def test_choices_fill_what_the_file_leaves_open(bring: Callable[..., Import], channel: Channel) -> None:
    batch = bring("text\nOne thing.\nAnother thing.\n", channels=())
    assert fates(batch) == ["refused", "refused"]
    choices = Choices(
        (channel.pk,), "fr", datetime(2026, 12, 1, 9), spacing=2, repeat=Repeat(14, "day", 6), day_first=None
    )
    preview(batch, NOW, choices)
    assert fates(batch) == ["ready", "ready"]
    posts = confirm(batch, wanted(batch), NOW)
    assert [post.starts_at.isoformat() for post in posts if post.starts_at] == [
        "2026-12-01T08:00:00+00:00",
        "2026-12-03T08:00:00+00:00",
    ]
    assert {(post.language, post.rule.max_repeats) for post in posts} == {("fr", 6)}


def test_the_day_comes_first_in_a_french_workspace(bring: Callable[..., Import], workspace: Workspace) -> None:
    workspace.language = "fr"
    workspace.save()
    batch = bring("texte;date\nBonjour.;03/12/2026 09:00\n")
    starts_at = line(batch, 2).starts_at
    assert starts_at
    assert starts_at.date().isoformat() == "2026-12-03"


def test_an_ambiguous_date_is_asked_about_and_the_answer_counts(bring: Callable[..., Import]) -> None:
    batch = bring("text,date\nHello.,03/12/2026 09:00\n")
    assert fates(batch) == ["refused"]
    assert "Say above which comes first" in said(line(batch, 2))
    preview(batch, NOW, Choices(tuple(Channel.objects.values_list("pk", flat=True)), day_first=True))
    assert fates(batch) == ["ready"]


def test_a_new_category_is_said_and_made_once(bring: Callable[..., Import], workspace: Workspace) -> None:
    workspace.categories.create(name="News")
    batch = bring("text,date,category\nA.,2026-12-01,Tips\nB.,2026-12-02,tips\nC.,2026-12-03,NEWS\n")
    assert "The category “Tips” is new" in said(line(batch, 2))
    confirm(batch, wanted(batch), NOW)
    assert sorted(workspace.categories.values_list("name", flat=True)) == ["News", "Tips"]
    assert Post.objects.filter(category__name="Tips").count() == 2


def test_repeats_that_would_be_held_are_announced(bring: Callable[..., Import]) -> None:
    batch = bring("text,date,every,repeats\nAnswer comments.,2026-12-01 09:00,7,3\n")
    assert fates(batch) == ["ready"]
    assert "3 of its 4 dates would not go out as planned" in said(line(batch, 2))


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(1)", "+41 is a prefix", "-2+3+cmd|' /C calc'!A0", "＝1+1", "'=1+1"])
def test_formula_like_texts_become_posts_as_they_are(bring: Callable[..., Import], cell: str) -> None:
    batch = bring(f'text,date\n"{cell}",2026-12-01 09:00\n')
    confirm(batch, wanted(batch), NOW)
    assert Post.objects.get().text == cell


def test_a_file_that_cannot_be_read_leaves_nothing_behind(bring: Callable[..., Import]) -> None:
    with pytest.raises(Unreadable):
        bring("date\n2026-12-01\n")
    assert Import.objects.count() == 0


def test_another_workspace_may_import_the_same_file(bring: Callable[..., Import], charlie: User) -> None:
    bring(GOOD)
    elsewhere = charlie.workspaces.get()
    other = read(elsewhere, charlie, "posts.csv", GOOD.encode(), Choices(), NOW)
    assert other.workspace == elsewhere
    assert Import.objects.count() == 2


def test_a_rule_of_another_workspaces_channel_does_not_reach_it(bring: Callable[..., Import], charlie: User) -> None:
    theirs = Channel.objects.create(workspace=charlie.workspaces.get(), network="sandbox", handle="x", name="Theirs")
    batch = bring(GOOD, channels=(theirs.pk,))
    assert fates(batch) == ["refused", "refused"]


def test_reading_and_confirming_cost_the_same_queries_for_500_as_for_10(
    bring: Callable[..., Import], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for count in (10, 500):
        with django_assert_max_num_queries(20):
            batch = bring(tips(count, datetime(2026, 12, 1)))
        assert fates(batch) == ["ready"] * count
        chosen = wanted(batch)
        with django_assert_max_num_queries(50):
            confirm(batch, chosen, NOW)
        Post.objects.all().delete()


def test_a_planned_row_can_be_skipped_like_any_other(bring: Callable[..., Import], alice: User) -> None:
    batch = bring(GOOD)
    (post, _) = confirm(batch, wanted(batch), NOW)
    verbs.skip(Publication.objects.get(post=post), alice, NOW)
    assert Publication.objects.get(post=post).state == State.SKIPPED
