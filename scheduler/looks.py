"""How a publication looks in the calendar's chips and lists: its words, its marks and its whole sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext

from guards.judge import Check
from notices.sentences import Sentence, say, say_count
from notices.speak import moment, speak, speak_kept
from scheduler.gaps import Gap
from scheduler.models import Publication
from scheduler.month import Day
from scheduler.states import State

SHORT = 28  # characters of a post in a chip
MOVABLE = frozenset({State.SCHEDULED, State.HELD})
_PUBLISHING = frozenset({State.CLAIMED, State.SENDING})


class Look:
    """One publication as lists show it."""

    def __init__(self, row: Publication) -> None:
        self.row = row
        self.pk = row.pk

    @property
    def icon(self) -> str:
        return self.row.channel.connector.icon

    @property
    def status(self) -> str:
        return "publishing" if self.row.state in _PUBLISHING else self.row.state

    @property
    def movable(self) -> bool:
        return self.row.state in MOVABLE

    @property
    def trouble(self) -> bool:
        """Planned, and the forecast says that it will not go out as it is."""
        return self.row.state == State.SCHEDULED and self.row.outlook in ("hold", "block")

    @property
    def ghost(self) -> bool:
        """A repeat still to come, without trouble ahead."""
        return self.row.state == State.SCHEDULED and self.row.number > 0 and not self.trouble

    @property
    def title(self) -> str:
        return self.row.post.title

    @property
    def short(self) -> str:
        return self.title if len(self.title) <= SHORT else self.title[: SHORT - 1].rstrip() + "…"

    @property
    def mark(self) -> str:
        """Which repeat of how many: 3/5; nothing for a first publication."""
        rule = getattr(self.row.post, "rule", None)
        if not self.row.number:
            return ""
        return f"{self.row.number}/{rule.max_repeats}" if rule and rule.max_repeats else str(self.row.number)

    @property
    def clock(self) -> str:
        return time_format(timezone.localtime(self.row.planned_for), "TIME_FORMAT")

    @property
    def why(self) -> str:
        """What became of it, or what will, in words."""
        if self.trouble:
            finding = _deciding(self.row)
            ahead = say("will be held") if self.row.outlook == "hold" else say("will be blocked")
            return speak(say("{ahead}: {why}", ahead=ahead, why=finding)) if finding else speak(ahead)
        word = str(State(self.row.state).label).lower()
        if self.row.taken_down_at:
            return speak(say("{state}, taken down on {when}", state=word, when=self.row.taken_down_at))
        if self.row.state in (State.SCHEDULED, State.PUBLISHED) or not self.row.sentence:
            return word
        return speak(say("{ahead}: {why}", ahead=word, why=speak_kept(self.row.sentence)))

    @cached_property
    def sentence(self) -> str:
        """All that the chip says, for whoever hears it or points at it."""
        series = gettext("repeat {mark}").format(mark=self._repeat) if self.mark else ""
        parts = [moment(self.row.planned_for), self.row.channel.name, self.title, series, self.why]
        return ", ".join(part for part in parts if part)

    @property
    def _repeat(self) -> str:
        number, _, most = self.mark.partition("/")
        return gettext("{number} of {most}").format(number=number, most=most) if most else number


@dataclass(frozen=True)
class DayLook:
    """One day of the grid or of a list."""

    day: Day
    today: date
    outside: bool = False
    gaps: Sequence[Gap] = ()  # slots that nothing fills; the first is shown

    @property
    def date(self) -> date:
        return self.day.date

    @property
    def past(self) -> bool:
        return self.date < self.today

    @property
    def is_today(self) -> bool:
        return self.date == self.today

    @cached_property
    def chips(self) -> list[Look]:
        return [Look(row) for row in self.day.shown]

    @property
    def gap(self) -> Gap | None:
        return self.gaps[0] if self.gaps else None

    @property
    def gap_words(self) -> Sentence:
        return say_count("{count} empty slot", "{count} empty slots", len(self.gaps))

    @property
    def name(self) -> Sentence:
        count = say_count("{count} publication", "{count} publications", self.day.count)
        return say("{day}, {count}", day=self.date, count=count)

    @property
    def more(self) -> Sentence | None:
        hidden, care = self.day.more, self.day.care_hidden
        if not hidden:
            return None
        more = say("+{number} more", number=hidden)
        return say("{more}, {care} to look at", more=more, care=care) if care else more


def _deciding(row: Publication) -> Sentence | None:
    checks = [Check.from_json(check) for check in row.outlook_checks]
    strongest = max(checks, key=lambda check: check.action, default=None)
    return strongest.findings[0].message if strongest and strongest.findings else None
