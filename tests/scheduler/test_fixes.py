"""Every fix does what its label says, Undo puts things back, and a wrong value is answered with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from guards.base import Action, Finding, Fix
from guards.judge import Check, Verdict
from notices.sentences import say
from posts.models import Channel, Post
from scheduler import fixes, verbs
from scheduler.fixes import apply, offered
from scheduler.models import Deed, Publication
from scheduler.moves import move
from scheduler.publish import keep_judgements
from scheduler.states import State
from teams.models import AuditEntry, User, Workspace
from tests.conftest import NOW
from tests.kit import a_post, scheduled

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REPEAT = {"interval": 14, "unit": "day", "max_repeats": 3}


@pytest.fixture
def held(workspace: Workspace, channel: Channel) -> Publication:
    """The first publication of a series, held for being too soon, its time an hour ago."""
    post = scheduled(workspace, channel, at=NOW - timedelta(hours=1), repeat=REPEAT, variations=["The other wording."])
    return stopped(post, State.HELD)


def stopped(post: Post, state: State, guard: str = "too_soon") -> Publication:
    row = Publication.objects.filter(post=post).order_by("due_at")[0]
    finding = Finding(say("Too soon."), (Fix("skip", say("Skip this one")),))
    action = Action.BLOCK if state == State.BLOCKED else Action.HOLD
    keep_judgements([(row, Verdict((Check(guard, action, (finding,)),)))], "sending", NOW)  # type: ignore[arg-type]
    move([row], state, NOW, each=["judgement", "reason", "sentence"], next_attempt_at=None)
    return fresh(row)


def fresh(row: Publication) -> Publication:
    return Publication.objects.select_related("post", "channel", "workspace", "judgement").get(pk=row.pk)


def look(row: Publication) -> dict[str, Any]:
    """Everything a fix can change, as it stands in the database."""
    now, post = fresh(row), Post.objects.get(pk=row.post_id)
    rule = post.rule
    return {
        "row": (now.state, now.planned_for, now.next_attempt_at, now.reason, now.sentence, now.variation),
        "post": (
            post.status,
            post.expires_at,
            post.reviewed_at,
            post.fine_until,
            post.allowed_more,
            post.reactions_kept_at,
        ),
        "rule": (rule.interval, rule.unit, rule.max_repeats, rule.end_date),
        "texts": [post.wordings(row.channel.network)],
        "channels": [one.pk for one in post.channels.all()],
        "coming": list(
            post.publications.exclude(pk=row.pk).order_by("due_at").values_list("due_at", "state", "planned_for")
        ),
    }


WHEN = NOW + 10 * DAY
DONE: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "move": ({"to": WHEN.isoformat()}, {"state": "scheduled", "planned_for": WHEN, "next_attempt_at": WHEN}),
    "spaced": ({}, {"state": "scheduled", "planned_for": NOW}),
    "put_back": ({}, {"state": "scheduled", "planned_for": NOW + timedelta(minutes=15)}),
    "skip": ({}, {"state": "skipped", "next_attempt_at": None}),
    "release": ({}, {"state": "scheduled", "planned_for": NOW, "next_attempt_at": NOW}),
    "restore": ({}, {"state": "scheduled", "planned_for": NOW}),
    "use_variation": ({"variation": 1}, {"state": "scheduled", "variation": 1}),
    "extend": ({"by_days": 30}, {"state": "scheduled", "post.expires_at": NOW + 30 * DAY}),
    "keep": ({"days": 90}, {"state": "scheduled", "post.reviewed_at": NOW}),
    "keep_going": ({"days": 90}, {"state": "scheduled", "post.reactions_kept_at": NOW}),
    "rest": ({"days": 20}, {"state": "cancelled", "coming": 2}),
    "allow_more": ({"count": 2}, {"state": "scheduled", "post.allowed_more": 2}),
    "add_more": ({"count": 2}, {"state": "scheduled", "post.rule.max_repeats": 5}),
    "set_rule": (
        {"interval": 3, "unit": "week", "max_repeats": 4, "end_date": None},
        {"state": "scheduled", "post.rule.interval": 3, "post.rule.unit": "week", "post.rule.max_repeats": 4},
    ),
    "trim": ({"to": 12}, {"state": "scheduled", "said": "Answer…"}),
    "drop_channel": ({}, {"state": "cancelled", "channels": 0, "coming": 0}),
    "fine_until": (
        {"until": (NOW + 90 * DAY).date().isoformat()},
        {"state": "scheduled", "post.fine_until": (NOW + 90 * DAY).date()},
    ),
    "end_series_on": (
        {"date": (NOW + 20 * DAY).date().isoformat()},
        {"state": "held", "post.rule.end_date": (NOW + 20 * DAY).date(), "coming": 2},
    ),
    "end_series": ({}, {"state": "cancelled", "post.status": "stopped", "coming": 0}),
    "retire": ({}, {"state": "cancelled", "post.status": "retired", "coming": 0}),
}


def seen(row: Publication, what: str) -> Any:
    now = fresh(row)
    if what == "said":
        return now.wording()[1]
    if what == "channels":
        return now.post.channels.count()
    if what == "coming":
        return now.post.publications.planned().count()
    value: Any = now
    for name in what.split("."):
        value = getattr(value, name)
    return value


@pytest.mark.parametrize("verb", DONE)
def test_a_fix_does_what_its_label_says(held: Publication, alice: User, verb: str) -> None:
    values, wanted = DONE[verb]
    apply(held, verb, values, alice, NOW)
    assert {what: seen(held, what) for what in wanted} == dict(wanted)
    assert AuditEntry.objects.filter(user=alice).exists()


@pytest.mark.parametrize("verb", DONE)
def test_undo_puts_everything_back(held: Publication, alice: User, verb: str) -> None:
    before = look(held)
    done = apply(held, verb, DONE[verb][0], alice, NOW)
    assert look(held) != before
    assert done.undo
    apply(fresh(held), done.undo.verb, done.undo.values, alice, NOW)
    assert look(held) == before


@pytest.mark.parametrize("verb", ["extend", "edit", "set_rule", "add_more"])
def test_undo_blocks_again_what_was_blocked(workspace: Workspace, channel: Channel, alice: User, verb: str) -> None:
    row = stopped(scheduled(workspace, channel, at=NOW, repeat=REPEAT), State.BLOCKED, "expired_content")
    if verb in fixes.LINKS:
        return
    before = look(row)
    done = apply(row, verb, DONE[verb][0], alice, NOW)
    assert fresh(row).state == "scheduled"
    assert done.undo
    apply(fresh(row), done.undo.verb, done.undo.values, alice, NOW)
    assert look(row) == before


def test_what_has_changed_since_is_not_undone(held: Publication, alice: User, bob: User) -> None:
    """Seen to fail without the comparison of revisions."""
    done = apply(held, "move", {"to": WHEN.isoformat()}, alice, NOW)
    verbs.skip(fresh(held), bob, NOW)
    assert done.undo
    with pytest.raises(verbs.NotNow, match="changed since"):
        apply(fresh(held), done.undo.verb, done.undo.values, alice, NOW)
    assert fresh(held).state == "skipped"
    assert Deed.objects.get().undone_at is None


def test_a_fix_is_undone_once(held: Publication, alice: User) -> None:
    done = apply(held, "skip", {}, alice, NOW)
    assert done.undo
    apply(fresh(held), "undo", done.undo.values, alice, NOW)
    with pytest.raises(verbs.NotNow):
        apply(fresh(held), "undo", done.undo.values, alice, NOW)


def test_the_fix_of_another_publication_cannot_be_undone_from_here(
    workspace: Workspace, channel: Channel, held: Publication, alice: User
) -> None:
    done = apply(held, "skip", {}, alice, NOW)
    other = scheduled(workspace, channel, at=NOW, text="Another.").publications.get()
    assert done.undo
    with pytest.raises(verbs.NotNow):
        apply(other, "undo", done.undo.values, alice, NOW)


WRONG = [
    ("nonsense", {}),
    ("move", {}),
    ("move", {"to": "soon"}),
    ("move", {"to": "2030-01-01T00:00:00"}),
    ("move", {"to": "9999-12-31T00:00:00+00:00"}),
    ("move", {"to": (NOW - DAY).isoformat()}),
    ("move", []),
    ("use_variation", {"variation": -1}),
    ("use_variation", {"variation": 7}),
    ("extend", {"by_days": 10**12}),
    ("extend", {"by_days": -5}),
    ("keep", {"days": "many"}),
    ("keep_going", {"days": 0}),
    ("rest", {"days": 365}),
    ("rest", {}),
    ("allow_more", {"count": -1}),
    ("fine_until", {}),
    ("fine_until", {"until": "2026-11-20"}),
    ("fine_until", {"until": "9999-12-31"}),
    ("fine_until", {"until": "soon"}),
    ("end_series_on", {}),
    ("end_series_on", {"date": "30 Nov"}),
    ("add_more", {"count": 10**9}),
    ("set_rule", {"interval": 0, "unit": "day", "max_repeats": 1, "end_date": None}),
    ("set_rule", {"interval": 1, "unit": "year", "max_repeats": 1, "end_date": None}),
    ("set_rule", {"interval": 1, "unit": "day", "max_repeats": None, "end_date": None}),
    ("set_rule", {"interval": 1, "unit": "day"}),
    ("trim", {"to": 0}),
    ("is_out", {}),
    ("resume", {}),
    ("resume", {"pause": "x"}),
    ("undo", {"deed": 10**9}),
    ("undo", {}),
]


@pytest.mark.parametrize(("verb", "values"), WRONG)
def test_a_wrong_value_is_answered_with_a_sentence_and_changes_nothing(
    held: Publication, alice: User, verb: str, values: Any
) -> None:
    before = look(held)
    with pytest.raises(verbs.NotNow) as why:
        apply(held, verb, values, alice, NOW)
    assert why.value.sentence.text.endswith(".")
    assert look(held) == before
    assert not Deed.objects.exists()


def test_what_a_person_settles_is_out_or_is_sent(workspace: Workspace, channel: Channel, alice: User) -> None:
    first, second = (_unconfirmed(workspace, channel, text) for text in ("One.", "Two."))
    assert [fix.verb for fix in offered(first)] == ["is_out", "not_out"]
    apply(first, "is_out", {}, alice, NOW)
    apply(second, "not_out", {}, alice, NOW)
    assert [fresh(first).state, fresh(second).state] == ["published", "scheduled"]


def test_a_resume_ends_the_pause_it_names(workspace: Workspace, channel: Channel, alice: User) -> None:
    row = scheduled(workspace, channel, at=NOW).publications.get()
    first, second = verbs.pause(workspace, alice, NOW), verbs.pause(workspace, alice, NOW, channel=channel)
    apply(row, "resume", {"pause": second.pk}, alice, NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (None, NOW)


def test_what_is_still_planned_offers_the_fixes_of_its_forecast(
    workspace: Workspace, channel: Channel, alice: User
) -> None:
    row = scheduled(workspace, channel, at=NOW + DAY, now=NOW).publications.get()
    check = Check("too_soon", Action.HOLD, (Finding(say("Too soon."), (Fix("skip", say("Skip this one")),)),))
    row.outlook_checks = [check.as_json()]
    assert [fix.verb for fix in offered(row)] == ["skip"]


def test_what_was_missed_can_be_put_back_sent_or_skipped(held: Publication) -> None:
    held.reason = "missed"
    assert [fix.verb for fix in offered(held)] == ["put_back", "release", "skip", "spaced"]


def _unconfirmed(workspace: Workspace, channel: Channel, text: str) -> Publication:
    post = a_post(workspace, channel, text=text, starts_at=NOW)
    row = Publication(
        workspace=workspace, post=post, channel=channel, due_at=NOW, planned_for=NOW, state=State.UNCONFIRMED, text=text
    )
    row.save()
    return fresh(row)
