"""Files of posts: read, judged line by line, and made posts of only when a person says so.

    batch = read(workspace, user, "posts.csv", data, Choices(channels=(1,)), now)
    batch.lines.filter(fate="refused")             what each line would become, with `problems` and `findings`
    confirm(batch, wanted(batch), now)             all of these lines become scheduled posts, or none does

`read` raises posts.csv_bytes.Unreadable (with a `sentence`) when the file as a whole cannot be read. It is known by
its content: reading the same bytes again gives the import that exists already (`batch.confirmed_at` says whether
posts were made of it) and makes nothing new. `preview` judges all lines anew, with other choices if given; `mend`
does findings' fixes (`set_rule` or `move`, those in MENDS) to lines; `take` ticks and unticks them. `confirm` judges
once more and raises NotNow, with nothing saved, when a line can no longer be imported; confirming a line twice makes
one post.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from guards.base import Fix
from notices.sentences import Sentence, say, say_count
from posts import csv_import
from posts.models import Category, Post, RepeatRule
from scheduler.import_lines import Choices, Reading, judge_lines
from scheduler.models import Import, ImportLine
from scheduler.models_import import TAKEABLE
from scheduler.record import record
from scheduler.schedule import Stopped, schedule
from scheduler.verbs import NotNow
from teams.models import User, Workspace

BATCH = 500
MENDS = frozenset({"set_rule", "move"})


def read(workspace: Workspace, user: User | None, name: str, data: bytes, choices: Choices, now: datetime) -> Import:
    """The import of this file, judged: a new one, or the one that these bytes were before. Raises Unreadable."""
    digest = hashlib.sha256(data).hexdigest()
    if known := Import.objects.filter(workspace=workspace, digest=digest).first():
        return known
    sheet = csv_import.read(data)
    batch = Import(
        workspace=workspace, user=user, name=name[:200], digest=digest, choices=choices.as_json(), created_at=now,
        judged_at=now, columns=sheet.columns, unknown=list(sheet.unknown), day_first=sheet.day_first,
    )  # fmt: skip
    lines = [
        ImportLine(
            batch=batch, number=line.number, cells=line.cells, problem=line.problem.as_json() if line.problem else None
        )
        for line in sheet.lines
    ]
    judge_lines(batch, lines, now)
    try:
        with transaction.atomic():
            batch.save()
            ImportLine.objects.bulk_create(lines, batch_size=BATCH)
    except IntegrityError:  # the same file came twice at the same moment
        return Import.objects.get(workspace=workspace, digest=digest)
    return batch


def preview(batch: Import, now: datetime, choices: Choices | None = None) -> Import:
    """Judge all lines that are no posts yet anew. What a person had ticked or unticked by hand is forgotten."""
    with transaction.atomic():
        batch = _locked(batch)
        if choices is not None:
            batch.choices = choices.as_json()
        return _rejudge(batch, list(batch.lines.all()), now)


def mend(batch: Import, fixes: Mapping[int, Fix], now: datetime) -> Import:
    """Do a finding's fix to each of these lines, by number, and judge all anew. Raises NotNow for a strange one."""
    with transaction.atomic():
        batch = _locked(batch)
        lines = list(batch.lines.all())
        for line in lines:
            if line.number in fixes and line.post_id is None:
                cells = line.cells | _mended(fixes[line.number])
                line.cells = {field: cell for field, cell in cells.items() if cell}
        return _rejudge(batch, lines, now)


def take(batch: Import, numbers: Collection[int], wanted: bool) -> int:
    """Tick or untick lines; those that are refused, or posts already, stay as they are. Returns how many changed."""
    lines = batch.lines.filter(number__in=numbers, fate__in=TAKEABLE)
    return lines.exclude(wanted=wanted).update(wanted=wanted)


def wanted(batch: Import) -> set[int]:
    """The numbers of the lines that are ticked."""
    return set(batch.lines.filter(wanted=True).values_list("number", flat=True))


def confirm(batch: Import, numbers: Collection[int], now: datetime, user: User | None = None) -> list[Post]:
    """Make scheduled posts of these lines: all of them, or none and NotNow. Lines that are posts already are left."""
    with transaction.atomic():
        batch = _locked(batch)
        lines = list(batch.lines.filter(number__in=numbers, post=None))
        readings = judge_lines(batch, lines, now)
        for reading in readings:
            if reading.line.fate not in TAKEABLE:
                raise NotNow(_no_longer(reading.line))
        posts = _write(batch, readings, user or batch.user, now)
        for line, post in zip(lines, posts, strict=True):
            line.post, line.fate, line.wanted = post, ImportLine.Fate.IMPORTED, False
        ImportLine.objects.bulk_update(lines, ["post", "fate", "wanted"], batch_size=BATCH)
        if posts:
            batch.confirmed_at = now
            batch.save(update_fields=["confirmed_at"])
            record(user or batch.user, now, [("imported", batch, _imported(batch, len(posts)))])
    return posts


def _locked(batch: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).select_related("workspace", "user").get(pk=batch.pk)


def _rejudge(batch: Import, lines: Sequence[ImportLine], now: datetime) -> Import:
    """Lines are written anew as a whole: one insert of 500 costs less than 500 updates in one."""
    judge_lines(batch, lines, now)
    for line in lines:
        line.pk = None
    batch.lines.all().delete()
    ImportLine.objects.bulk_create(lines, batch_size=BATCH)
    batch.judged_at = now
    batch.save(update_fields=["choices", "judged_at"])
    return batch


def _mended(fix: Fix) -> dict[str, str]:
    """What the cells of a line become; blank ones are taken out."""
    values = fix.values
    try:
        if fix.verb == "set_rule":
            counted = values["max_repeats"]
            return {
                "every": str(int(values["interval"])),
                "unit": str(values["unit"]),
                "repeats": "" if counted is None else str(int(counted)),
                "until": values["end_date"] or "",
            }
        if fix.verb == "move":
            return {"date": datetime.fromisoformat(values["to"]).isoformat(), "time": ""}
    except (KeyError, TypeError, ValueError):
        raise NotNow(say("This fix lacks a value, or has a wrong one.")) from None
    raise NotNow(say("There is no such fix here."))


def _no_longer(line: ImportLine) -> Sentence:
    found = [*line.problems, *(finding["message"] for finding in line.findings)]
    reason = Sentence.from_json(found[0]) if found else ""
    return say("Line {number} cannot be imported any more, so nothing was. {reason}", number=line.number, reason=reason)


def _imported(batch: Import, count: int) -> Sentence:
    return say_count("imported {count} post from {file}", "imported {count} posts from {file}", count, file=batch.name)


def _write(batch: Import, readings: Sequence[Reading], user: User | None, now: datetime) -> list[Post]:
    made = Post.objects.bulk_create(_posts(batch, readings, user, now), batch_size=BATCH)
    through: Any = Post.channels.through
    links = [
        through(post_id=post.pk, channel_id=channel.pk)
        for post, reading in zip(made, readings, strict=True)
        for channel in reading.draft.channels
    ]
    through.objects.bulk_create(links, batch_size=BATCH)
    rules = [_rule(post, reading) for post, reading in zip(made, readings, strict=True) if reading.draft.repeat]
    RepeatRule.objects.bulk_create(rules, batch_size=BATCH)
    wanted = Post.objects.filter(pk__in=[post.pk for post in made]).select_related("rule", "workspace", "category")
    posts = list(wanted.prefetch_related("channels", "versions", "variations").order_by("pk"))
    try:
        schedule(posts, user, now)
    except Stopped as stopped:
        deciding = next(iter(stopped.verdict.findings))[1]
        raise NotNow(
            say("The guards stop one of these posts, so none was imported. {why}", why=deciding.message)
        ) from None
    return posts


def _posts(batch: Import, readings: Sequence[Reading], user: User | None, now: datetime) -> list[Post]:
    made = _categories(batch.workspace, [reading.category for reading in readings if reading.category])
    return [
        Post(
            workspace=batch.workspace,
            author=user,
            text=reading.draft.text,
            language=reading.draft.language[:12],
            category_id=reading.draft.category_id or made.get(reading.category.casefold()),
            starts_at=reading.draft.starts_at,
            expires_at=reading.draft.expires_at,
            reviewed_at=now,
            created_at=now,
        )
        for reading in readings
    ]


def _categories(workspace: Workspace, names: Sequence[str]) -> dict[str, int]:
    """The new categories that lines name, each made once, as it was spelt first."""
    by_name = {name.casefold(): Category(workspace=workspace, name=name) for name in reversed(names)}
    Category.objects.bulk_create(by_name.values())
    return {name: category.pk for name, category in by_name.items()}


def _rule(post: Post, reading: Reading) -> RepeatRule:
    rule = reading.draft.repeat
    assert rule is not None
    return RepeatRule(
        post=post, interval=rule.interval, unit=rule.unit, max_repeats=rule.max_repeats, end_date=rule.end_date
    )
