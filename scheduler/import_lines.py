"""Judges the lines of a file: each becomes a draft, and the guards say what would become of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from guards.base import Action, Finding, Repeat
from guards.judge import Verdict
from notices.sentences import Sentence, say, say_count
from posts.content import clean, fingerprint
from posts.csv_cells import Values, values
from posts.models import Category, Channel, Post
from scheduler.check import Draft, Judged, Outcome, check
from scheduler.models import Import, ImportLine
from scheduler.recurrence import at_wall_clock
from teams.models import Workspace

TOO_FAR = timedelta(days=5 * 366)
MOST_FINDINGS = 5


@dataclass(frozen=True)
class Choices:
    """What holds for every line that does not say otherwise. `first_at` is naive: on the workspace's clock."""

    channels: tuple[int, ...] = ()
    language: str = ""  # empty: the workspace's
    first_at: datetime | None = None  # for lines without a date; the k-th of them goes `spacing` times k later
    spacing: int = 1
    spacing_unit: str = "day"  # or hour
    repeat: Repeat | None = None
    day_first: bool | None = None  # whether 03/04 is 3 April; None: as the file or the workspace's language says

    def as_json(self) -> dict[str, Any]:
        rule = self.repeat
        return {
            "channels": list(self.channels),
            "language": self.language,
            "first_at": self.first_at and self.first_at.isoformat(),
            "spacing": self.spacing,
            "spacing_unit": self.spacing_unit,
            "repeat": rule
            and {
                "interval": rule.interval,
                "unit": rule.unit,
                "max_repeats": rule.max_repeats,
                "end_date": rule.end_date and rule.end_date.isoformat(),
            },
            "day_first": self.day_first,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Choices:
        rule, first_at = kept.get("repeat"), kept.get("first_at")
        return cls(
            channels=tuple(kept.get("channels", ())),
            language=kept.get("language", ""),
            first_at=datetime.fromisoformat(first_at) if first_at else None,
            spacing=kept.get("spacing", 1),
            spacing_unit=kept.get("spacing_unit", "day"),
            repeat=rule and Repeat(**rule | {"end_date": rule["end_date"] and date.fromisoformat(rule["end_date"])}),
            day_first=kept.get("day_first"),
        )


@dataclass
class Reading:
    """A line on its way to a post. With `problems` there is no draft worth judging."""

    line: ImportLine
    draft: Draft
    category: str  # a name that no category has yet, or empty
    problems: list[Sentence] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)


def judge_lines(
    batch: Import, lines: Sequence[ImportLine], now: datetime, channels: Sequence[Channel] | None = None
) -> list[Reading]:
    """Read the lines with the import's choices and write what the guards say onto them; saves nothing.

    With a workspace that is not saved, its `channels` are given here, and no database is asked.
    """
    readings = _read(_Place(batch, now, channels), lines)
    good = [reading for reading in readings if not reading.problems]
    outcomes = check(batch.workspace, [reading.draft for reading in good], now)
    judged = {id(reading): outcome for reading, outcome in zip(good, outcomes, strict=True)}
    copies = _copies(batch.workspace, good)
    for reading in readings:
        _conclude(reading, judged.get(id(reading)), copies)
    return readings


def _read(place: _Place, lines: Sequence[ImportLine]) -> list[Reading]:
    """Every line as a draft; what stands in the way is said in `problems`."""
    readings, undated, named = [], 0, set[str]()
    for line in lines:
        found = values(line.cells, place.day_first)
        reading = place.reading(line, found, undated)
        if reading.category.casefold() not in named:
            reading.notes += _new_category(reading.category)
        named.add(reading.category.casefold())
        readings.append(reading)
        undated += "date" not in line.cells and "time" not in line.cells
    return readings


class _Place:
    """The workspace that lines are read for: its channels, categories, clock, and the choices made."""

    def __init__(self, batch: Import, now: datetime, channels: Sequence[Channel] | None) -> None:
        self.workspace, self.now = batch.workspace, now
        self.choices = Choices.from_json(batch.choices)
        saved = self.workspace.pk is not None
        self.channels = Channel.objects.filter(workspace=self.workspace) if channels is None else channels
        categories = Category.objects.filter(workspace=self.workspace) if saved else ()
        self.categories = {one.name.casefold(): one for one in categories}
        self.day_first = next(
            (known for known in (self.choices.day_first, batch.day_first) if known is not None),
            True if batch.workspace.language == "fr" else None,
        )

    def reading(self, line: ImportLine, found: Values, undated: int) -> Reading:
        category = self.categories.get(found.category.casefold())
        draft = Draft(
            text=clean(found.text),
            language=found.language or self.choices.language or self.workspace.language,
            channels=list(self._channels(found)),
            category_id=category.pk if category else None,
            starts_at=self._start(found, undated),
            expires_at=self._instant(found.expires),
            repeat=self._repeat(found),
        )
        reading = Reading(line, draft, "" if category else found.category[:60])
        reading.problems = [*self._unread(line), *found.problems, *self._missing(found, draft)]
        reading.notes = [*found.notes, *_idle_end(found, draft)]
        return reading

    def _unread(self, line: ImportLine) -> Iterator[Sentence]:
        if line.problem:
            yield Sentence.from_json(line.problem)

    def _channels(self, found: Values) -> Iterator[Channel]:
        wanted = {name.casefold() for name in found.channels}
        for channel in self.channels:
            names = {
                channel.name.casefold(),
                channel.handle.casefold(),
                channel.network,
                channel.connector.name.casefold(),
            }
            if names & wanted if wanted else channel.pk in self.choices.channels:
                yield channel

    def _start(self, found: Values, undated: int) -> datetime | None:
        if found.at or self.choices.first_at is None:
            return self._instant(found.at)
        later = self.choices.spacing * undated
        if self.choices.spacing_unit == "hour":
            return at_wall_clock(self.choices.first_at, self.workspace.zone) + timedelta(hours=later)
        return at_wall_clock(self.choices.first_at + timedelta(days=later), self.workspace.zone)

    def _instant(self, when: datetime | None) -> datetime | None:
        return at_wall_clock(when, self.workspace.zone) if when and when.tzinfo is None else when

    def _repeat(self, found: Values) -> Repeat | None:
        chosen = self.choices.repeat
        if not found.repeating:
            return chosen
        usual = chosen or Repeat(30, "day", None)
        interval, unit = (found.interval, found.unit) if found.interval else (usual.interval, usual.unit)
        return Repeat(interval, unit, found.repeats, found.until)

    def _missing(self, found: Values, draft: Draft) -> Iterator[Sentence]:
        called = {name for channel in draft.channels for name in _names(channel)}
        if strange := [name for name in found.channels if name.casefold() not in called]:
            known = ", ".join(channel.name for channel in self.channels)
            yield say("There is no channel “{name}” here. Channels: {known}.", name=", ".join(strange), known=known)
        elif not draft.channels:
            yield say("It names no channel. Choose channels for all lines above, or add a column “channels”.")
        if draft.starts_at is None and not found.problems:
            yield say("It has no date. Choose above when the first one goes out, or add a column “date”.")
        elif draft.starts_at and draft.starts_at <= self.now:
            yield say("{when} is past. Choose a time to come.", when=draft.starts_at)
        elif draft.starts_at and draft.starts_at > self.now + TOO_FAR:
            yield say("{when} is more than five years away. Is the year right?", when=draft.starts_at)


def _names(channel: Channel) -> set[str]:
    """What a file may call it: its name, its account, or its network."""
    said = (channel.name, channel.handle, channel.handle.removeprefix("@"), channel.network, channel.connector.name)
    return {name.casefold() for name in said}


def _new_category(name: str) -> Iterator[Sentence]:
    if name:
        yield say("The category “{name}” is new and will be made.", name=name)


def _idle_end(found: Values, draft: Draft) -> Iterator[Sentence]:
    if found.until and draft.repeat is None:
        yield say("Its end date means nothing, because it does not repeat.")


def _copies(workspace: Workspace, readings: Iterable[Reading]) -> dict[str, int]:
    """Fingerprint → the oldest post that says the same, for what these lines say."""
    wanted = {fingerprint(reading.draft.text) for reading in readings} if workspace.pk else set()
    rows = Post.objects.filter(workspace=workspace).order_by("-pk").values_list("pk", "text") if wanted else ()
    said = ((pk, fingerprint(text)) for pk, text in rows)
    return {print_: pk for pk, print_ in said if print_ in wanted}


def _conclude(reading: Reading, outcome: Outcome | None, copies: Mapping[str, int]) -> None:
    line, draft = reading.line, reading.draft
    verdict = outcome.verdict if outcome else Verdict(())
    problems = [*reading.problems, *(outcome.problems if outcome else ()), *_endless(draft, verdict)]
    line.text, line.starts_at = draft.text, draft.starts_at
    line.problems = [problem.as_json() for problem in problems]
    line.findings = list(_findings(verdict))
    later = list(_later(outcome.dates, verdict.action)) if outcome else []
    line.notes = [note.as_json() for note in (*reading.notes, *later)]
    line.dates = len({date.number for date in outcome.dates}) if outcome else 0
    line.copy_of_id = copies.get(fingerprint(draft.text)) if draft.text else None
    line.fate = _fate(line, verdict.action, bool(problems))
    line.wanted = line.fate == ImportLine.Fate.READY


def _endless(draft: Draft, verdict: Verdict) -> Iterator[Sentence]:
    """Whatever the guards are set to, no rule is kept that does not end."""
    rule = draft.repeat
    if rule and rule.max_repeats is None and rule.end_date is None and verdict.action < Action.BLOCK:
        yield say("Its rule has no end: say how many times it repeats, or until when.")


def _fate(line: ImportLine, action: Action, faulty: bool) -> ImportLine.Fate:
    if line.post_id:
        return ImportLine.Fate.IMPORTED
    if faulty or action == Action.BLOCK:
        return ImportLine.Fate.REFUSED
    if line.copy_of_id:
        return ImportLine.Fate.COPY
    return ImportLine.Fate.HELD if action == Action.HOLD else ImportLine.Fate.READY


def _findings(verdict: Verdict) -> Iterator[dict[str, Any]]:
    found = [(check.action, finding) for check, finding in verdict.findings if check.action > Action.ALLOW]
    for action, finding in found[:MOST_FINDINGS]:
        yield {"action": action.word, **finding.as_json()}


def _later(dates: Sequence[Judged], first: Action) -> Iterator[Sentence]:
    """What a reader must know of the repeats when the first publication passes."""
    stuck = [date for date in dates if not date.verdict.allows]
    if first >= Action.HOLD or not stuck:
        return
    reason: Finding = next(iter(stuck[0].verdict.findings))[1]
    days = len({date.number for date in stuck})
    yield say_count(
        "{count} of its {all} dates would not go out as planned, the first on {when}: {reason}",
        "{count} of its {all} dates would not go out as planned, the first on {when}: {reason}",
        days, all=len({date.number for date in dates}), when=stuck[0].at, reason=reason.message,
    )  # fmt: skip
