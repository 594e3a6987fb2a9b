"""The strip under the composer's text: what the guards saw, grouped, with what a click would change in the form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guards.base import Action, Finding, Fix, Span
from guards.catalogue import RULES
from guards.judge import Check
from notices.sentences import Sentence, say, say_count
from notices.speak import speak
from scheduler.check import Judged, Outcome, coming
from teams.models import Workspace

FACES = {Action.BLOCK: "stops", Action.HOLD: "asks", Action.WARN: "notes", Action.ALLOW: "notes"}
CHANGES = frozenset(
    {"set_rule", "extend", "move", "trim", "drop_channel", "join_parts"}
)  # what scheduler.form_fixes does
MOST = 8
MOST_DATES = 13
COUNTED = 400


@dataclass(frozen=True)
class Remedy:
    """A button of the form: it comes back with this changed. `href`: a page to go to instead."""

    label: Sentence
    value: str = ""
    page: str = ""


@dataclass
class Seen:
    """One thing that a guard saw, on one date or on several."""

    check: Check
    finding: Finding
    first: Judged
    channels: dict[int, str] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    remedies: list[Remedy] = field(default_factory=list)
    everywhere: bool = True

    @property
    def somewhere(self) -> str:
        """The channels' names, where it is not the same on all of them."""
        return "" if self.everywhere else ", ".join(self.channels.values())

    @property
    def face(self) -> str:
        return FACES[self.check.action]

    @property
    def title(self) -> Sentence:
        return RULES[self.check.guard].title

    @property
    def how_often(self) -> Sentence | None:
        """Where a repeat is meant and not the first publication."""
        if self.first.number == 0:
            return None
        return say_count("On {day}", "From {day} on, {count} of the repeats", len(self.numbers), day=self.first.at)


@dataclass(frozen=True)
class Day:
    """One date of the series with the strongest word on it."""

    at: datetime
    action: Action
    why: Sentence | None

    @property
    def word(self) -> str:
        return speak(self.why) if self.why else ""


@dataclass(frozen=True)
class Strip:
    outcome: Outcome
    seen: list[Seen]
    days: list[Day]
    publications: int  # dates still to come, by the rule
    marked: list[SafeString]
    passed: list[Sentence]

    @property
    def blocked(self) -> bool:
        return self.outcome.verdict.action == Action.BLOCK

    @property
    def held(self) -> int:
        """Dates on which something waits for a person; a pause is no judgement."""
        return sum(1 for day in self.days if day.action == Action.HOLD)

    @property
    def stopped(self) -> int:
        return sum(1 for day in self.days if day.action == Action.BLOCK)

    @property
    def summary(self) -> Sentence:
        count = {face: sum(1 for one in self.seen if one.face == face) for face in ("stops", "asks", "notes")}
        parts = [
            say_count("{count} stop", "{count} stops", count["stops"]),
            say_count("{count} question", "{count} questions", count["asks"]),
            say_count("{count} note", "{count} notes", count["notes"]),
        ]
        said = [part for part in parts if part.count]
        match said:
            case []:
                return say("Nothing stands against it.")
            case [one]:
                return say("{one}.", one=one)
            case [one, two]:
                return say("{one}, {two}.", one=one, two=two)
        return say("{one}, {two}, {three}.", one=said[0], two=said[1], three=said[2])

    @property
    def counted(self) -> Sentence:
        """Both numbers, since they differ by one. What is out already is counted with the rule, not here."""
        repeats = say_count("{count} repeat", "{count} repeats", self.publications - 1)
        publications = say_count("{count} publication", "{count} publications", self.publications)
        if self.days and self.outcome.dates[0].number:
            return say("{publications} still to come.", publications=publications)
        return say("{repeats} = {publications} on each channel.", repeats=repeats, publications=publications)

    @property
    def more_days(self) -> int:
        return max(0, self.publications - MOST_DATES)

    @property
    def shown_days(self) -> list[Day]:
        return self.days[:MOST_DATES]


def strip(outcome: Outcome, workspace: Workspace, now: datetime) -> Strip:
    seen = sorted(_grouped(outcome), key=lambda one: -one.check.action)[:MOST]
    for one in seen:
        one.remedies = list(_remedies(one, outcome, workspace.zone))
        one.everywhere = len(one.channels) == len(outcome.draft.channels)
    started = bool(outcome.dates)
    count = _count(outcome, workspace, now) if started else 0
    return Strip(outcome, seen, _days(outcome), count, _marked(outcome, seen), _passed(outcome))


def _count(outcome: Outcome, workspace: Workspace, now: datetime) -> int:
    if outcome.draft.queue:
        return len({judged.number for judged in outcome.dates})
    return sum(1 for _ in islice(coming(outcome.draft, workspace, now), COUNTED))


def _grouped(outcome: Outcome) -> list[Seen]:
    """On the first dates each finding once; on the repeats each guard once, unless it has spoken as strongly."""
    groups: dict[tuple[str, str], Seen] = {}
    spoken: dict[str, Action] = {}
    for judged in outcome.dates:
        for check, finding in judged.verdict.findings:
            if check.action == Action.ALLOW:
                continue
            first = judged.number == outcome.dates[0].number
            if not first and spoken.get(check.guard, Action.ALLOW) >= check.action:
                continue
            key = (check.guard, str(finding.message.as_json()) if first else "repeats")
            if first:
                spoken[check.guard] = max(spoken.get(check.guard, Action.ALLOW), check.action)
            one = groups.setdefault(key, Seen(check, finding, judged))
            one.channels[judged.channel.pk] = judged.channel.name
            one.numbers.add(judged.number)
    return list(groups.values())


def _days(outcome: Outcome) -> list[Day]:
    dates: dict[int, list[Judged]] = defaultdict(list)
    for judged in outcome.dates:
        dates[judged.number].append(judged)
    strongest = (max(some, key=lambda one: one.verdict.action) for some in dates.values())
    return [Day(one.at, one.verdict.action, _why(one)) for one in strongest]


def _why(judged: Judged) -> Sentence | None:
    deciding = judged.verdict.deciding
    return RULES[deciding.guard].title if deciding else None


def _passed(outcome: Outcome) -> list[Sentence]:
    """What was looked at and found well on the first publication."""
    if not outcome.dates:
        return []
    return [check.saw for check in outcome.dates[0].verdict.checks if check.saw is not None]


def _remedies(one: Seen, outcome: Outcome, zone: ZoneInfo) -> Iterator[Remedy]:
    before = [judged for judged in outcome.dates if judged.number < min(one.numbers)]
    offered: set[str] = set()
    for fix in one.finding.fixes:
        remedy = _remedy(fix, one, before, outcome, zone)
        if remedy and remedy.value not in offered:
            offered.add(remedy.value)
            yield remedy


def _remedy(fix: Fix, one: Seen, before: list[Judged], outcome: Outcome, zone: ZoneInfo) -> Remedy | None:
    """The finding's fix as a change of the form; None where it is one for a saved publication only."""
    channel, values = one.first.channel, dict(fix.values)
    if fix.verb == "move" and before:
        return _wider(fix, before[-1], outcome, zone)
    if fix.verb == "end_series_on" and before and before[-1].number:
        return Remedy(fix.label, _value("end_on", {"day": values["date"]}))
    if fix.verb in ("end_series", "end_series_on"):
        return _ended(before[-1], zone) if before else None
    if fix.verb == "reconnect":
        return Remedy(fix.label, page="channels")
    if fix.verb == "trim":
        turn = one.first.number % len(outcome.draft.wordings(channel.network))
        values |= {"network": channel.network, "turn": turn}
    if fix.verb == "join_parts":
        values |= {"network": channel.network}
    if fix.verb == "drop_channel":
        values |= {"channel": channel.pk}
    return Remedy(fix.label, _value(fix.verb, values)) if fix.verb in CHANGES else None


def _wider(fix: Fix, before: Judged, outcome: Outcome, zone: ZoneInfo) -> Remedy | None:
    """A repeat cannot be moved by itself before it exists; a longer interval moves it."""
    rule = outcome.draft.repeat
    gap = datetime.fromisoformat(fix.values["to"]) - before.at
    days = -(-gap // timedelta(days=1))
    if rule is None or before.number != 0 or days <= rule.days:
        return None
    end = rule.end_date and rule.end_date.isoformat()
    values = {"interval": days, "unit": "day", "max_repeats": rule.max_repeats, "end_date": end}
    label = say_count("Repeat every {count} day instead", "Repeat every {count} days instead", days)
    return Remedy(label, _value("set_rule", values))


def _ended(last: Judged, zone: ZoneInfo) -> Remedy:
    if last.number == 0:
        return Remedy(say("Do not repeat"), _value("no_repeat", {}))
    day = last.at.astimezone(zone).date()
    return Remedy(say("End the series on {day}", day=day), _value("end_on", {"day": day.isoformat()}))


def _value(verb: str, values: Mapping[str, Any]) -> str:
    """One value of one button, since a form without scripts sends no more than that."""
    return f"{verb}?{urlencode({name: '' if value is None else value for name, value in values.items()})}"


def _marked(outcome: Outcome, seen: list[Seen]) -> list[SafeString]:
    """Copies of the texts with the evidence marked, each text once."""
    spans: dict[str, set[Span]] = defaultdict(set)
    for one in seen:
        wordings = outcome.draft.wordings(one.first.channel.network)
        spans[wordings[one.first.number % len(wordings)]].update(one.finding.evidence)
    return [marked(text, found) for text, found in spans.items() if found]


def marked(text: str, spans: set[Span]) -> SafeString:
    """The text with these places in <mark>; places that overlap become one."""
    pieces: list[tuple[SafeString | str]] = []
    end = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        start, stop = max(span.start, end), min(span.end, len(text))
        if stop <= start:
            continue
        pieces += [(text[end:start],), (format_html("<mark>{}</mark>", text[start:stop]),)]
        end = stop
    return format_html_join("", "{}", [*pieces, (text[end:],)])
