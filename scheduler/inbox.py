"""What needs a person: what is held or will be, what ended badly, and what has been done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window

from guards.catalogue import RULES
from notices.sentences import Sentence, say
from posts.models import Post
from scheduler.fixes import verdict_on
from scheduler.models import Deed, Publication
from scheduler.states import State
from teams.models import AuditEntry, Workspace

SOON = timedelta(hours=48)
BLOCKED_SHOWN = timedelta(days=14)
FAILED_SHOWN = timedelta(days=7)
SOLVED_SHOWN = timedelta(days=30)
PAGE = 25
STOPS = ("hold", "block")
SHOWN_WITH = ("workspace", "channel", "post__rule", "post__category", "judgement")
TOLD_ONCE = ("paused", "channel_down")  # of what these keep back, people are told once and not row by row
SOLVED = (
    "released", "overridden", "settled", "skipped", "cancelled", "moved", "reworded", "restored", "undone", "changed",
    "stopped", "resumed", "approved", "changes_asked",
)  # fmt: skip

REASONS: dict[str, Sentence] = {
    "missed": say("Missed"),
    "not_sent": say("Could not be sent"),
    "quarantine": say("Set apart: Refrain stumbled over it"),
    "unconfirmed": say("No answer from the network"),
    "restored": say("May have gone out since the backup"),
    "refused": say("Refused by the network"),
    "duplicate": say("Refused as a duplicate"),
}


@dataclass(frozen=True)
class Group:
    """Publications stopped for the same reason; `total` counts those on other pages too."""

    reason: str
    rows: list[Publication]
    total: int

    @property
    def title(self) -> Sentence:
        return title(self.reason)


def title(reason: str) -> Sentence:
    return RULES[reason].title if reason in RULES else REASONS.get(reason, say("Other reasons"))


def reason_of(row: Publication) -> str:
    if row.state != State.SCHEDULED:
        return row.reason
    deciding = verdict_on(row).deciding
    return deciding.guard if deciding else ""


def sentence_of(row: Publication) -> Sentence | None:
    """Why it stands where it stands, or for what is still planned why it will not go out."""
    if row.state != State.SCHEDULED:
        return Sentence.from_json(row.sentence) if row.sentence else None
    deciding = verdict_on(row).deciding
    return deciding.findings[0].message if deciding and deciding.findings else None


def rows(workspace: Workspace) -> QuerySet[Publication]:
    """The workspace's publications with all that is needed to show one and to mend it."""
    return Publication.objects.filter(workspace=workspace).select_related(*SHOWN_WITH)


def waiting(workspace: Workspace, now: datetime, reason: str = "", channel: str = "") -> QuerySet[Publication]:
    """Held, unknown, and what lately ended as blocked or failed; newest deadline first."""
    lately = Q(state=State.BLOCKED, planned_for__gte=now - BLOCKED_SHOWN, post__status=Post.Status.ACTIVE)
    failed = Q(state=State.FAILED, planned_for__gte=now - FAILED_SHOWN, post__status=Post.Status.ACTIVE)
    found = rows(workspace).filter(Q(state__in=[State.HELD, State.UNCONFIRMED]) | lately | failed)
    if reason:
        found = found.filter(reason=reason)
    if channel.isdecimal():
        found = found.filter(channel=int(channel))
    return found.order_by("-planned_for", "-pk")


def soon(workspace: Workspace, now: datetime) -> QuerySet[Publication]:
    """What the forecast says the guards will stop in the coming two days, the next first."""
    coming = rows(workspace).filter(state=State.SCHEDULED, outlook__in=STOPS, planned_for__range=(now, now + SOON))
    return coming.order_by("planned_for", "pk")


def needing(workspace: Workspace, now: datetime, most: int) -> tuple[list[Publication], int]:
    """The newest that only a person can bring forward, and how many there are in all.

    What a pause or a channel that is down keeps back is told once, not row by row.
    """
    found = waiting(workspace, now).exclude(state=State.HELD, reason__in=TOLD_ONCE)
    some = found.annotate(total=Window(Count("pk")))[:most]
    return [*some], max((row.total for row in some), default=0)


def totals(found: QuerySet[Publication]) -> dict[str, int]:
    """How many there are for each reason, the most frequent first."""
    counted = found.order_by().values_list("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    return dict(counted)


def grouped(some: Iterable[Publication], totals: dict[str, int]) -> list[Group]:
    """By reason, in the order of each reason's first row."""
    by_reason: dict[str, list[Publication]] = {}
    for row in some:
        by_reason.setdefault(reason_of(row), []).append(row)
    return [Group(reason, those, totals.get(reason, len(those))) for reason, those in by_reason.items()]


def checked(workspace: Workspace, now: datetime) -> int:
    """How many publications the guards have judged in the last seven days."""
    return workspace.publications.filter(judgement__isnull=False, planned_for__range=(now - FAILED_SHOWN, now)).count()


@dataclass(frozen=True)
class Solved:
    """One line of what was done, by whom; `deed` when it can be taken back."""

    at: datetime
    by: str
    sentence: Sentence
    publication: int | None
    deed: Deed | None = None


def solved(workspace: Workspace, now: datetime, before: datetime | None, most: int) -> list[Solved]:
    """What people did about publications, and what Refrain itself left out, newest first."""
    until, since = before or now + timedelta(seconds=1), now - SOLVED_SHOWN
    entries = AuditEntry.objects.filter(workspace=workspace, action__in=SOLVED, at__lt=until, at__gte=since)
    people = [_of_entry(entry) for entry in entries.order_by("-at", "-pk")[:most]]
    left_out = Publication.objects.filter(
        Q(state=State.SKIPPED, reason="missed") | Q(state=State.BLOCKED), workspace=workspace,
        changed_at__lt=until, changed_at__gte=since, planned_for__gte=since, sentence__isnull=False,
    ).select_related("post")  # fmt: skip
    itself = [_of_row(row) for row in left_out.order_by("-changed_at")[:most]]
    lines = sorted([*people, *itself], key=lambda one: one.at, reverse=True)[:most]
    return _with_deeds(lines)


def _of_entry(entry: AuditEntry) -> Solved:
    pk = int(entry.object_id) if entry.object_type == "publication" else None
    return Solved(entry.at, entry.by, Sentence.from_json(entry.sentence), pk)


def _of_row(row: Publication) -> Solved:
    why: dict[str, Any] = row.sentence or {}
    told = say("left “{title}” out: {why}", title=row.post.title, why=Sentence.from_json(why))
    return Solved(row.changed_at, "Refrain", told, row.pk)


def _with_deeds(lines: list[Solved]) -> list[Solved]:
    """A fix's deed has the time of its record, and can be undone while the publication stands as it left it."""
    pks = [line.publication for line in lines if line.publication]
    found = Deed.objects.filter(publication__in=pks, undone_at=None, revision=F("publication__revision"))
    deeds = {(deed.publication_id, deed.at): deed for deed in found if deed.undoable}
    return [
        Solved(line.at, line.by, line.sentence, line.publication, deeds.get((line.publication, line.at)))
        for line in lines
    ]
