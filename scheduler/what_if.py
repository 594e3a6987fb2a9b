"""What another setting of a guard, or another rule of a post, would change in the forecast. Nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from guards.base import Repeat
from guards.judge import Check, Verdict
from guards.models import GuardSetting, Policies
from notices.sentences import Sentence, say, say_count
from posts.models import Post, RepeatRule
from scheduler.candidates import with_facts
from scheduler.forecast import coming, foresee
from scheduler.models import Publication
from scheduler.outlook import Tally
from scheduler.plan import dates
from scheduler.states import State
from scheduler.verbs import NotNow
from teams.models import Workspace

MOST = 400  # publications looked at, the next first


@dataclass(frozen=True)
class Shift:
    """A publication whose verdict would be another one. `before` None: it would come; `after` None: it would go."""

    row: Publication
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True)
class Answer:
    """`until` is how far it was looked: less than asked when much is planned."""

    before: Tally
    after: Tally
    shifts: Sequence[Shift]
    looked_at: int
    until: datetime

    @property
    def sentence(self) -> Sentence:
        if not self.shifts:
            return say("Nothing would change.")
        less = self.before.out - self.after.out
        count = say_count("{count} publication would change", "{count} publications would change", len(self.shifts))
        if less > 0:
            return say("{changed}: {count} fewer would go out when planned.", changed=count, count=less)
        if less < 0:
            return say("{changed}: {count} more would go out when planned.", changed=count, count=-less)
        return say("{changed}: as many would go out when planned.", changed=count)


def with_setting(workspace: Workspace, setting: GuardSetting, now: datetime, until: datetime) -> Answer:
    """As if a guard were set so, for the workspace or one category."""
    rows, until = _rows(workspace, now, until)
    policies = Policies({workspace.pk}, {row.post_id for row in rows})
    policies.suppose(setting)
    return _compared(rows, rows, policies, now, until)


def with_rule(post: Post, repeat: Repeat | None, now: datetime, until: datetime) -> Answer:
    """As if a post had this rule. Raises NotNow for one that has no dates of its own."""
    if post.queue or post.starts_at is None or post.status != Post.Status.ACTIVE:
        raise NotNow(say("Only a post that has dates of its own can be looked at under another rule."))
    rows, until = _rows(post.workspace, now, until)
    policies = Policies({post.workspace_id}, {row.post_id for row in rows})
    return _compared(rows, list(_under(post, repeat, rows, now, until)), policies, now, until)


def _rows(workspace: Workspace, now: datetime, until: datetime) -> tuple[list[Publication], datetime]:
    rows = list(with_facts(coming(workspace, now).filter(planned_for__lte=until))[: MOST + 1])
    return rows[:MOST], rows[MOST - 1].planned_for if len(rows) > MOST else until


def _under(
    post: Post, repeat: Repeat | None, rows: Sequence[Publication], now: datetime, until: datetime
) -> Iterator[Publication]:
    """The rows of other posts, those of this one that a person has touched, and its dates by the rule."""
    _suppose(post, repeat)
    there = {(row.channel_id, row.due_at): row for row in rows if row.post_id == post.pk}
    had = Publication.objects.filter(post=post, due_at__gt=now).values_list("channel", "due_at")
    taken = set(had) - set(there)
    kept = [row for row in there.values() if not _by_rule(row, now)]
    new = [row for row in dates(post, now, until) if (row.channel_id, row.due_at) not in taken]
    for place, row in enumerate(new, 1):
        known = there.get((row.channel_id, row.due_at))
        row.pk, row.workspace = known.pk if known else -place, post.workspace
    prefetch_related_objects([post], "versions", "variations")
    prefetch_related_objects(new, "overrides")
    kept_dates = {(row.channel_id, row.due_at) for row in kept}
    for row in kept:
        row.post = post
    yield from (row for row in rows if row.post_id != post.pk)
    yield from kept
    yield from (row for row in new if (row.channel_id, row.due_at) not in kept_dates)


def _suppose(post: Post, repeat: Repeat | None) -> None:
    """The post has this rule, or none, as far as anybody sees who does not ask the database."""
    if repeat is None:
        Post._meta.get_field("rule").set_cached_value(post, None)
        return
    RepeatRule(
        post=post,
        interval=repeat.interval,
        unit=repeat.unit,
        max_repeats=repeat.max_repeats,
        end_date=repeat.end_date,
        skip_short_months=repeat.skip_short_months,
    )


def _by_rule(row: Publication, now: datetime) -> bool:
    """As its rule made it, and nobody has touched it: as scheduler.plan has it."""
    as_made = row.state == State.SCHEDULED and row.planned_for == row.due_at and row.planned_for > now
    return as_made and row.variation is None and not row.overrides.all()


def _compared(
    rows: Sequence[Publication], changed: Sequence[Publication], policies: Policies, now: datetime, until: datetime
) -> Answer:
    """Against the forecast as it is kept."""
    fates = foresee(changed, now, policies)
    before, after = Tally(), Tally()
    for row in rows:
        before.add(row.outlook, 1)
    for fate in fates.values():
        after.add(fate.first.action.word, 1)
    gone = [row for row in rows if row.pk not in fates]
    known = {row.pk: row for row in rows}
    shifts = [Shift(row, _kept(row), None) for row in gone]
    for row in changed:
        old, new = _kept(known[row.pk]) if row.pk in known else None, fates[row.pk].first
        if old is None or _gist(old) != _gist(new):
            shifts.append(Shift(row, old, new))
    shifts.sort(key=lambda one: (one.row.next_attempt_at or one.row.planned_for, one.row.pk))
    return Answer(before, after, shifts, len(rows), until)


def _kept(row: Publication) -> Verdict:
    return Verdict(tuple(Check.from_json(check) for check in row.outlook_checks))


def _gist(verdict: Verdict) -> tuple[bool, str]:
    """Whether it goes out, and if not, what stops it."""
    return verdict.allows, "" if verdict.allows or not verdict.deciding else verdict.deciding.guard
