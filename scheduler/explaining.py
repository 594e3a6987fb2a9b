"""Why a publication went out, or did not: its verdict in words, every check with its numbers, what was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext

from guards.base import Action, Span
from guards.catalogue import RULES
from guards.judge import Check, Verdict
from notices.sentences import Sentence, say, say_count
from posts.models import Variation, Version
from scheduler import catch_up
from scheduler.candidates import FACTS
from scheduler.models import Attempt, Override, Publication
from scheduler.passing import Passing, foreseen
from scheduler.states import State
from teams.models import AuditEntry, Workspace

_STANDS: dict[State, Sentence] = {
    State.CLAIMED: say("It is being sent right now."),
    State.SENDING: say("It is being sent right now."),
    State.HELD: say("Held, so it did not go out: {why}"),
    State.BLOCKED: say("It will not go out: {why}"),
    State.UNCONFIRMED: say("It may be out, or not: {why} Refrain does not send it again by itself."),
    State.FAILED: say("The network said no: {why}"),
    State.SKIPPED: say("Skipped. {why}"),
    State.CANCELLED: say("It was cancelled, with its series or by a person."),
}


@dataclass(frozen=True)
class Step:
    """One check as it is explained. `options` are (label, value, unit, source); no source: the same as the action's."""

    title: Sentence
    status: str
    saw: Sequence[Sentence]
    options: Sequence[tuple[Sentence, str, Sentence | None, Sentence | None]]
    source: Sentence
    passed_by: Sequence[Override] = ()

    @property
    def mixed(self) -> bool:
        """Do the action and the options come from several levels?"""
        return any(source for *_, source in self.options)


@dataclass(frozen=True)
class Explained:
    """A publication, the verdict that explains it, when that was, and what would make it pass."""

    row: Publication
    verdict: Verdict
    judged_at: datetime | None
    passing: Passing = field(default_factory=Passing)
    tried: bool = False  # something was sent, or was about to be

    @property
    def planned(self) -> bool:
        return self.row.state == State.SCHEDULED


def explain(workspace: Workspace, pk: int, now: datetime) -> Explained | None:
    """What is still open is judged now, its series before it; else what the guards said in its time counts."""
    rows = _with_series(workspace, pk)
    row = next((one for one in rows if one.pk == pk), None)
    if row is None:
        return None
    tried = row.tried  # type: ignore[attr-defined]
    kept, then = (row.judgement.verdict, row.judgement.at) if row.judgement else (Verdict(()), None)
    if row.state not in (State.SCHEDULED, State.HELD, State.BLOCKED):
        return Explained(row, kept, then, tried=tried)
    first, passing = foreseen(row, rows, now)
    if row.state != State.SCHEDULED:
        return Explained(row, kept, then, passing, tried)
    row.outlook, row.outlook_checks = first.action.word, [check.as_json() for check in first.checks]
    return Explained(row, first, now, passing, tried)


def _with_series(workspace: Workspace, pk: int) -> list[Publication]:
    """The publication, and while it is planned those of its series that go out before it. Few posts have versions,
    variations or overrides, and most queries for them would find none."""
    asked = Publication.objects.filter(pk=pk, state=State.SCHEDULED)
    before = Exists(
        asked.filter(post=OuterRef("post"), channel=OuterRef("channel"), planned_for__gte=OuterRef("planned_for"))
    )
    there = {
        "versioned": Exists(Version.objects.filter(post=OuterRef("post"))),
        "varied": Exists(Variation.objects.filter(post=OuterRef("post"))),
        "overruled": Exists(Override.objects.filter(publication=OuterRef("pk"))),
        "tried": Exists(Attempt.objects.filter(publication=OuterRef("pk"))),
    }
    mine = Publication.objects.filter(workspace=workspace).filter(Q(pk=pk) | Q(before, state=State.SCHEDULED))
    rows = list(mine.select_related(*FACTS, "judgement").annotate(**there))
    prefetch_related_objects(
        rows,
        Prefetch("post__versions", _if_any(Version.objects.all(), rows, "versioned")),
        Prefetch("post__variations", _if_any(Variation.objects.all(), rows, "varied")),
        Prefetch("overrides", _if_any(Override.objects.all(), rows, "overruled")),
    )
    return rows


def _if_any(found: QuerySet[Any], rows: Sequence[Publication], there: str) -> QuerySet[Any]:
    return found if any(getattr(row, there) for row in rows) else found.none()


def steps(verdict: Verdict, overrides: Sequence[Override]) -> list[Step]:
    return [_step(check, overrides) for check in verdict.checks if check.guard in RULES]


def not_asked(verdict: Verdict) -> list[tuple[str, Sentence]]:
    """The guards, by name and title, that are off here, or came later."""
    asked = {check.guard for check in verdict.checks}
    return [(name, rule.title) for name, rule in RULES.items() if name not in asked]


def marked(text: str, verdict: Verdict) -> list[tuple[str, bool]]:
    """The text in pieces, those that a guard points at marked."""
    spans = sorted({span for _, finding in verdict.findings for span in finding.evidence}, key=_start)
    pieces, place = [], 0
    for span in spans:
        start, end = max(span.start, place), min(span.end, len(text))
        if start < end:
            pieces += [(text[place:start], False), (text[start:end], True)]
            place = end
    return [piece for piece in [*pieces, (text[place:], False)] if piece[0]]


def headline(row: Publication, verdict: Verdict, overrides: Sequence[Override]) -> Sentence:
    """The verdict in one sentence, the plainest there is."""
    if row.state == State.PUBLISHED:
        return _published(row, verdict, overrides)
    if row.state == State.SCHEDULED:
        return _planned(row, verdict)
    if row.state == State.SKIPPED and row.reason != "missed":
        return say("A person skipped it.")
    if row.state == State.CANCELLED and row.reason == "ended" and row.sentence:
        return say("It was cancelled. {why}", why=Sentence.from_json(row.sentence))
    why = Sentence.from_json(row.sentence) if row.sentence else say("No reason was kept.")
    told = _STANDS[State(row.state)]
    return Sentence(told.text, {"why": why})


def record_of(row: Publication) -> QuerySet[AuditEntry]:
    """What people did about it, and about its post, newest first."""
    own = Q(object_type="publication", object_id=str(row.pk)) | Q(object_type="post", object_id=str(row.post_id))
    return AuditEntry.objects.filter(own, workspace=row.workspace_id).order_by("-at", "-pk")[:50]


def _published(row: Publication, verdict: Verdict, overrides: Sequence[Override]) -> Sentence:
    if row.reason == "settled":
        return say("It is out. {why}", why=Sentence.from_json(row.sentence or {"text": ""}))
    if overrides:
        last = overrides[-1]
        return say("It went out because {by} let it pass: “{reason}”", by=last.by, reason=last.reason)
    if not verdict.checks:
        return say("It went out.")
    if noted := sum(check.action == Action.WARN for check in verdict.checks):
        return say_count(
            "It went out: no guard held it, and {count} had a remark.",
            "It went out: no guard held it, and {count} had remarks.",
            noted,
        )
    return say_count(
        "It went out because the one guard that was asked let it pass.",
        "It went out because all {count} guards let it pass.",
        len(verdict.checks),
    )


def _planned(row: Publication, verdict: Verdict) -> Sentence:
    deciding = verdict.deciding
    if row.reason in (catch_up.REASON, catch_up.ALONE) and row.sentence:
        return say("It waits: {why}", why=Sentence.from_json(row.sentence))
    if deciding is None or verdict.allows:
        return say("Asked now, the guards would let it go out on {when}.", when=row.planned_for)
    why = deciding.findings[0].message
    if verdict.action == Action.BLOCK:
        return say("Asked now, the guards would not let it go out: {why}", why=why)
    return say("Asked now, the guards would hold it: {why}", why=why)


def _step(check: Check, overrides: Sequence[Override]) -> Step:
    rule = RULES[check.guard]
    saw = [finding.message for finding in check.findings] or ([check.saw] if check.saw else [])
    passed_by = [one for one in overrides if check.guard in one.guards] if check.overridden else []
    return Step(rule.title, check.action.word, saw, list(_options(check)), check.source, passed_by)


def _options(check: Check) -> Iterator[tuple[Sentence, str, Sentence | None, Sentence | None]]:
    for one in fields(RULES[check.guard].Options):
        value = check.options.get(one.name)
        if value in (None, "", [], ()) or "label" not in one.metadata:
            continue
        yield one.metadata["label"], _value(value), one.metadata.get("unit"), check.sources.get(one.name)


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def _start(span: Span) -> int:
    return span.start
