"""The demo: written once, whole or not at all, true to the guards, and busy from its first seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Model

from guards.base import Action
from guards.judge import Verdict
from posts.content import problems
from posts.models import Channel, Post
from posts.sandbox.ledger import Earlier, Ledger, Row
from posts.sandbox.server import Server
from scheduler import demo, fixes, queue
from scheduler.candidates import with_facts
from scheduler.demo.story import texts
from scheduler.forecast import foresee
from scheduler.gaps import gaps
from scheduler.models import Attempt, Judgement, Measurement, Override, Publication
from scheduler.states import State
from teams.models import AuditEntry, Membership, User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, run

WRITTEN: list[type[Model]] = [
    User, Workspace, Membership, Channel, Post, Publication, Judgement, Attempt, Measurement, Override, AuditEntry,
]  # fmt: skip
AT_ANY_HOUR = [
    NOW,
    datetime(2026, 7, 14, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 50, tzinfo=UTC),  # ten minutes before Paris shows two o'clock once more
    datetime(2027, 3, 28, 0, 59, 30, tzinfo=UTC),  # half a minute before it leaves two o'clock out
    datetime(2028, 2, 29, 22, 58, tzinfo=UTC),
    datetime(2026, 12, 31, 22, 59, 30, tzinfo=UTC),
]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite3")


def written() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in WRITTEN}


@pytest.mark.django_db
def test_seeding_twice_adds_nothing(ledger: Ledger) -> None:
    person = demo.seed_if_empty(NOW, ledger)
    assert person is not None
    assert person.name == "Marie Martin"
    before, booked = written(), len(list(ledger.all()))
    assert demo.seed_if_empty(NOW + timedelta(hours=1), ledger) == person
    assert demo.seed(NOW + timedelta(days=1), ledger) is None
    assert (written(), len(list(ledger.all()))) == (before, booked)


@pytest.mark.django_db
def test_people_who_are_there_already_get_no_demo_that_they_did_not_ask_for(alice: User, ledger: Ledger) -> None:
    assert demo.seed_if_empty(NOW, ledger) == alice
    assert not Workspace.objects.filter(slug=demo.SLUG).exists()


@pytest.mark.django_db
def test_the_command_adds_the_demo_to_a_database_in_use_and_says_so(
    alice: User, settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    call_command("demo")
    assert "Added the workspace Atelier Martin: 40 posts" in capsys.readouterr().out
    call_command("demo")
    assert capsys.readouterr().out == "The demo workspace is there already; nothing was added.\n"


class Torn(Ledger):
    """The process dies when the sandbox has its part and the database has not."""

    def accept_earlier(self, posts: Sequence[Earlier]) -> list[Row]:
        super().accept_earlier(posts)
        raise KeyboardInterrupt


@pytest.mark.django_db
def test_a_seeding_that_breaks_off_leaves_nothing_and_the_next_doubles_nothing(tmp_path: Path) -> None:
    """Seen to fail without keys in the ledger: each publication of the past stood there twice."""
    with pytest.raises(KeyboardInterrupt):
        demo.seed(NOW, Torn(tmp_path / "ledger.sqlite3"))
    assert set(written().values()) == {0}
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    demo.seed(NOW + timedelta(seconds=40), ledger)
    assert len(list(ledger.all())) == Publication.objects.filter(state=State.PUBLISHED).count()


@pytest.mark.django_db
def test_the_past_stands_in_the_sandbox_as_in_the_database(ledger: Ledger) -> None:
    demo.seed(NOW, ledger)
    out = list(Publication.objects.filter(state=State.PUBLISHED).select_related("channel"))
    booked = {row.reference: row for row in ledger.all()}
    assert len(out) > 40
    assert {str(row.pk): (row.text, row.channel.handle, row.published_at) for row in out} == {
        reference: (row.text, row.channel, row.accepted) for reference, row in booked.items()
    }
    for one in Measurement.objects.all():
        assert one.likes is not None
        assert 0 <= one.likes <= booked[str(one.publication_id)].likes


@pytest.mark.django_db
def test_what_went_out_was_allowed_and_what_did_not_has_its_reason(ledger: Ledger) -> None:
    demo.seed(NOW, ledger)
    past = Publication.objects.filter(due_at__lt=NOW).exclude(state=State.SKIPPED)
    for row in past.select_related("judgement"):
        assert row.judgement is not None
        assert row.judgement.verdict.allows == (row.state == State.PUBLISHED)
    stopped = past.exclude(state=State.PUBLISHED).order_by("due_at").values_list("state", "reason")
    assert list(stopped) == [("blocked", "expired_content"), ("held", "too_soon")]
    override = Override.objects.get()
    assert (override.by, override.guards, override.publication.state) == ("Marie Martin", ["too_soon"], "published")


@pytest.mark.django_db
@pytest.mark.parametrize("now", AT_ANY_HOUR, ids=str)
def test_the_first_minutes_bring_the_same_at_any_hour_of_any_day(ledger: Ledger, now: datetime) -> None:
    demo.seed(now, ledger)
    soon = Publication.objects.filter(state=State.SCHEDULED, due_at__lt=now + timedelta(minutes=2))
    rows = list(with_facts(soon.order_by("due_at", "pk")))
    verdicts = foresee(rows, now)
    found = [(round((row.due_at - now).total_seconds()), _deciding(verdicts[row.pk].first)) for row in rows]
    assert found == [
        (5, None), (20, "expired_content"), (35, None), (50, "too_soon"), (65, None), (80, None),
        (95, "retired_name"), (110, None),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("now", AT_ANY_HOUR, ids=str)
def test_the_queue_has_filled_slots_and_shows_a_gap(ledger: Ledger, now: datetime) -> None:
    workspace = demo.seed(now, ledger)
    assert workspace is not None
    rows = list(Publication.objects.filter(slot__isnull=False).select_related("post", "slot"))
    assert {row.post.queue for row in rows} == {"once", "evergreen"}
    assert len(rows) == 5
    assert all(now < row.due_at <= now + queue.HORIZON for row in rows)
    assert gaps(workspace.outlook, now)
    assert queue.fill(workspace, now) == 0


def _deciding(verdict: Verdict) -> str | None:
    deciding = verdict.deciding
    return deciding.guard if deciding and deciding.action > Action.WARN else None


@pytest.mark.django_db(transaction=True)
def test_two_minutes_show_what_refrain_does(sandbox: Server) -> None:
    now = datetime.now(UTC)  # the sandbox keeps its book by the real clock
    demo.seed(now, sandbox.ledger)
    booked = len(arrivals(sandbox))
    assert _two_minutes(now) == {
        "A dry seam": ["published"],
        "Tools for success": ["blocked"],
        "Une patine ne": ["unconfirmed", "published"],
        "Bring us the": ["held"],
        "Perdu rue de": ["unconfirmed"],
        "Elle est arrivée": ["published"],
        "Pour photographier un": ["held"],
        "Notre étal revient": ["held"],
    }
    assert Channel.objects.get(handle__startswith="marche").state == Channel.State.DOWN
    assert len(arrivals(sandbox)) - booked == 4
    copy = Publication.objects.get(reason="too_soon", due_at__gt=now)
    move, other_wording, _ = fixes.offered(copy)
    assert (move.verb, other_wording.verb) == ("move", "use_variation")
    fixes.apply(copy, move.verb, move.values, User.objects.get(email=demo.EMAIL), now + timedelta(minutes=2))
    assert copy.state == State.SCHEDULED


def _two_minutes(now: datetime) -> dict[str, list[str]]:
    """By a post's first three words: the states in which it was found, one after the other."""
    due = Publication.objects.filter(due_at__gte=now, due_at__lt=now + timedelta(minutes=2)).order_by("due_at")
    seen: dict[str, list[str]] = {}
    for seconds in range(0, 121, 5):
        run(now + timedelta(seconds=seconds))
        for row in due.select_related("post"):
            states = seen.setdefault(" ".join(row.post.text.split()[:3]), [])
            if row.state not in [State.SCHEDULED, *states[-1:]]:
                states.append(row.state)
    return seen


@pytest.mark.parametrize("text", list(texts()), ids=lambda text: text[:20])
def test_every_text_of_the_demo_can_be_kept_and_fits_the_sandbox(text: str) -> None:
    assert list(problems(text)) == []
    assert len(text) <= 500
