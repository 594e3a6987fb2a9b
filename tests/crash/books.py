"""Compares our database with the ledger of the sandbox network, both ways; the ledger is the only witness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from posts.models import Post
from posts.sandbox.ledger import Row
from scheduler.candidates import repeat_of
from scheduler.models import Attempt, Publication, PublicationQuerySet
from scheduler.recurrence import occurrences
from scheduler.states import State
from teams.models import AuditEntry

WAITING = Q(state=State.HELD) | Q(state=State.UNCONFIRMED, next_attempt_at=None)
ENDED = Q(state__in=[State.PUBLISHED, State.BLOCKED, State.SKIPPED, State.FAILED, State.CANCELLED])


@dataclass(frozen=True)
class Books:
    """What is not as it should be; each line names a publication or a post. Empty everywhere: all is well."""

    doubled: list[str]  # the network accepted it more than once
    lost: list[str]  # published, we say, and the network has never seen it; or ended without a word
    disowned: list[str]  # the network has it, and we say that it is not out
    altered: list[str]  # what arrived is not what was written down before it left
    stuck: list[str]  # the engine still has something to do about it
    torn: list[str]  # an attempt without an end, a deed without a record, an occurrence missing or twice

    @classmethod
    def compared(cls, ledger: Iterable[Row]) -> Books:
        arrived: defaultdict[str, list[Row]] = defaultdict(list)
        for row in ledger:
            arrived[row.reference].append(row)
        due = list(coming_due().select_related("post", "channel"))
        return cls(
            doubled=[reference for reference, copies in arrived.items() if len(copies) > 1],
            lost=[f"{row.pk} {row.state}" for row in due if _lost(row, arrived[str(row.pk)])],
            disowned=[f"{row.pk} {row.state}" for row in due if _disowned(row, arrived[str(row.pk)])],
            altered=[str(row.pk) for row in due if any(_altered(row, copy) for copy in arrived[str(row.pk)])],
            stuck=[f"{row.pk} {row.state}" for row in unfinished()],
            torn=[*_open_attempts(), *_deeds_without_record(), *_crooked_plans()],
        )

    @property
    def figures(self) -> str:
        return ", ".join(f"{len(getattr(self, field.name))} {field.name}" for field in fields(self))

    @property
    def wrong(self) -> dict[str, list[str]]:
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: lines for name, lines in found.items() if lines}


def coming_due() -> PublicationQuerySet:
    """What was due in this run. What lies days ahead is there to be planned and changed, not published."""
    return Publication.objects.filter(planned_for__lt=tomorrow())


def far_ahead() -> PublicationQuerySet:
    return Publication.objects.filter(planned_for__gte=tomorrow())


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


def unfinished() -> list[Publication]:
    return list(coming_due().exclude(WAITING | ENDED))


def states() -> dict[str, int]:
    return dict(Counter(coming_due().values_list("state", flat=True)))


def attempts() -> tuple[float, int]:
    """For one publication that was tried at all: on average, and at most."""
    counts = list(coming_due().annotate(count=Count("attempts")).filter(count__gt=0).values_list("count", flat=True))
    return (sum(counts) / len(counts), max(counts)) if counts else (0.0, 0)


def _lost(row: Publication, copies: list[Row]) -> bool:
    if row.state == State.PUBLISHED:
        return row.remote_id not in [str(copy.id) for copy in copies]
    return row.sentence is None and row.state != State.SCHEDULED and not row.lease_until


def _disowned(row: Publication, copies: list[Row]) -> bool:
    return bool(copies) and row.state not in (State.PUBLISHED, State.UNCONFIRMED)


def _altered(row: Publication, copy: Row) -> bool:
    return not (copy.text == row.text == row.post.text and copy.channel == row.channel.handle)


def _open_attempts() -> list[str]:
    """A request whose outcome nobody wrote down, though its publication is settled."""
    left = Attempt.objects.filter(ended_at=None).exclude(publication__state__in=[State.SENDING, State.UNCONFIRMED])
    return [f"attempt {one.pk} at {one.publication_id}, which is {one.publication.state}" for one in left]


def _deeds_without_record() -> list[str]:
    """Only persons move what lies far ahead: each of its revisions has its line in the record."""
    moved = dict(far_ahead().values_list("pk", "revision"))
    entries = AuditEntry.objects.filter(object_type="publication").values_list("object_id", flat=True)
    told = Counter(int(pk) for pk in entries)
    return [f"{pk}: {count} moves, {told[pk]} records" for pk, count in moved.items() if count != told[pk]]


def _crooked_plans() -> list[str]:
    posts = Post.objects.filter(rule__isnull=False).select_related("rule", "workspace").prefetch_related("channels")
    return [f"the plan of post {post.pk}" for post in posts if not _straight(post)]


def _straight(post: Post) -> bool:
    """Every occurrence up to the horizon stands there once on each channel, and nothing else does."""
    assert post.starts_at
    assert post.planned_until
    there = Counter(Publication.objects.filter(post=post).values_list("channel", "due_at"))
    until = max(post.planned_until, *(due for _, due in there))  # one planner may see further than the last one
    every = occurrences(post.starts_at, post.workspace.zone, repeat_of(post.rule), until)
    return there == Counter((channel.pk, due) for _, due in every for channel in post.channels.all())
