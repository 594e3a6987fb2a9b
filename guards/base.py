"""What a guard is given and what it gives back: plain data, no clock, no query, no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from guards.neighbours import Neighbours
from guards.wear import LUCK
from notices.sentences import Sentence
from posts.networks.base import MediaLimits
from posts.networks.fit import Piece


class Action(IntEnum):
    """What a finding amounts to, weakest first: the strongest of all findings is the verdict."""

    ALLOW = 0
    WARN = 1
    HOLD = 2
    BLOCK = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Moment(StrEnum):
    """When the guards are asked."""

    WRITING = "writing"
    SCHEDULING = "scheduling"
    FORECAST = "forecast"
    SENDING = "sending"


@dataclass(frozen=True)
class Sending:
    """One time that this content went out on this channel, or may have: unconfirmed counts as said."""

    at: datetime
    confirmed: bool = True
    publication: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Result:
    """What one sending of this content had earned after two or three days, and what is usual on this channel."""

    number: int  # 0: the first sending of this content here, k: its k-th repeat
    at: datetime  # when it was measured
    earned: int  # reactions
    usual: float  # what a typical post of that weekday earned at that time


@dataclass(frozen=True)
class Reception:
    """How this content was received on this channel, oldest first. `luck`: how much sendings differ by chance."""

    results: tuple[Result, ...] = ()
    luck: float = LUCK


@dataclass(frozen=True)
class Other:
    """Another publication on the same channel: it went out, is on its way, or will go out."""

    at: datetime
    repeat: bool = False


@dataclass(frozen=True)
class Echo:
    """These very words on another of the workspace's channels on the same network."""

    channel: str
    at: datetime


@dataclass(frozen=True)
class Repeat:
    """A repeat rule: every `interval` units, `max_repeats` more times after the first, until `end_date`."""

    interval: int
    unit: str  # day, week or month
    max_repeats: int | None = None
    end_date: date | None = None
    skip_short_months: bool = False  # on the 31st: leave February out, or take its last day?

    @property
    def days(self) -> int:
        """The shortest time between two publications, in days."""
        return self.interval * {"day": 1, "week": 7, "month": 28}[self.unit]


@dataclass(frozen=True)
class ChannelFacts:
    """What the channel and its network demand."""

    name: str
    network: str
    max_length: int
    counted_in: str = "characters"
    min_gap_days: int = 0  # the network's own floor between identical posts
    needs_media: bool = False
    media: MediaLimits = field(default_factory=MediaLimits)
    parts: int = 1  # posts of one thread, at most; 1: it has no threads
    per_24h: int | None = None  # the most that the network takes; None: it does not say
    same_words_after: int | None = 0  # days until the network takes the same words again; None: never
    trouble: Sentence | None = None  # why nothing can be sent there now
    max_length_with_media: int | None = None  # where words beside a file may be less long; None: as long as alone


@dataclass(frozen=True)
class PauseFacts:
    """A pause in force."""

    scope: Sentence
    by: str
    since: datetime
    until: datetime | None = None
    reason: str = ""
    id: int | None = None  # which one the fix "resume" would end


class Consent(StrEnum):
    """What people have said of the words, where they are asked before anything goes out."""

    MISSING = "missing"  # nobody was asked
    WAITING = "waiting"
    GIVEN = "given"  # for these very words
    OUTDATED = "outdated"  # given for other words than these
    CHANGES = "changes"  # somebody wants other words


@dataclass(frozen=True)
class ApprovalFacts:
    """Where the approval of these words stands. `by` and `at` are those of the last answer, or of the asking."""

    consent: Consent
    words: str = ""  # the digest that an approval of them is bound to
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    asked: bool = False  # somebody has asked, and nobody has answered yet


@dataclass(frozen=True)
class Span:
    """A place in the text, as character offsets."""

    start: int
    end: int


@dataclass(frozen=True)
class LinkFacts:
    """One link of the text and what its visits have told so far. `state` and `sign` are those of posts.links."""

    url: str
    span: Span
    state: str = "unknown"
    sign: str = ""
    detail: str = ""
    title: str = ""  # of its page
    description: str = ""
    times: int = 0  # failed visits, one after the other
    since: datetime | None = None  # the first of them
    checked_at: datetime | None = None


@dataclass(frozen=True)
class Candidate:
    """One publication as the guards see it. All times are aware; days are counted in `zone`."""

    moment: Moment
    at: datetime  # when it would go out
    now: datetime
    zone: tzinfo
    text: str
    language: str
    length: int  # as the network counts
    channel: ChannelFacts
    number: int = 0  # 0 for the first publication of the series, k for its k-th repeat
    sent: int = 0  # publications of this series on this channel so far, unconfirmed ones included
    repeat: Repeat | None = None
    first_at: datetime | None = None
    expires_at: datetime | None = None
    reviewed_at: datetime | None = None  # when a person last looked at the content
    fine_until: date | None = None  # a person said that these words are right up to this day
    allowed_more: int = 0  # sendings a person allowed beyond the workspace's cap
    history: tuple[Sending, ...] = ()  # this content on this channel, copies and twins included, oldest first
    reception: Reception = Reception()  # the measured of those sendings
    kept_at: datetime | None = None  # when a person kept it although reactions had fallen
    variations: Mapping[int, tuple[Sending, ...]] = field(default_factory=dict)  # the post's other wordings
    wordings: Mapping[int, str] = field(default_factory=dict)  # the same, their texts
    neighbours: Neighbours = field(default_factory=Neighbours)  # what other posts said lately on this channel
    links: tuple[LinkFacts, ...] = ()
    others: tuple[Other, ...] = ()  # what else goes out on this channel, from a day before this, by time
    echoes: Mapping[str, tuple[Echo, ...]] = field(default_factory=dict)  # by wording, where the network minds
    has_media: bool = False
    media: tuple[Piece, ...] = ()  # the files that go with it there
    rest: tuple[int, ...] = ()  # the further posts of its thread there: how long each is, as the network counts
    pauses: tuple[PauseFacts, ...] = ()
    approval: ApprovalFacts | None = None  # None: none is needed here

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def day(self, moment: datetime) -> date:
        return self.local(moment).date()


@dataclass(frozen=True)
class Fix:
    """One thing that would help, for a person to choose: `verb` with its `values` is done by the scheduler."""

    verb: str
    label: Sentence
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"verb": self.verb, "label": self.label.as_json(), "values": dict(self.values)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Fix:
        return cls(kept["verb"], Sentence.from_json(kept["label"]), kept["values"])


@dataclass(frozen=True)
class Finding:
    """What a guard saw. `until`: the moment it lifts by itself. A `soft` finding never does more than warn."""

    message: Sentence
    fixes: tuple[Fix, ...] = ()
    evidence: tuple[Span, ...] = ()
    until: datetime | None = None
    soft: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "message": self.message.as_json(),
            "fixes": [fix.as_json() for fix in self.fixes],
            "evidence": [[span.start, span.end] for span in self.evidence],
            "until": self.until and self.until.isoformat(),
            "soft": self.soft,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Finding:
        return cls(
            Sentence.from_json(kept["message"]),
            tuple(Fix.from_json(fix) for fix in kept["fixes"]),
            tuple(Span(*span) for span in kept["evidence"]),
            datetime.fromisoformat(kept["until"]) if kept["until"] else None,
            kept["soft"],
        )


class Rule(Protocol):
    """What every module in guards/rules/ has; its docstring (what, Why:, When to turn it off:) is the manual.

    A rule whose options are written by hand may also have `problems(options) -> Iterator[Sentence]`, which says
    what cannot be read in them; it is asked when they are entered. One that is `of_the_moment` looks at what is
    kept nowhere once it has changed, so that nobody can tell what it would have said last month.
    """

    __doc__: str | None
    __name__: str
    title: Sentence
    default: Action  # in a fresh workspace
    overridable: bool  # may a named person let it pass, with a reason?
    Options: type[Any]

    def check(self, candidate: Candidate, options: Any) -> Iterator[Finding]: ...

    def saw(self, candidate: Candidate, options: Any) -> Sentence:
        """What it looked at, with its numbers, for the explanation of a publication that passed."""
        ...

    def example(self, ordinary: Candidate, options: Any) -> tuple[Candidate, Any]:
        """The ordinary publication made one that this rule alone finds, and the options with which it does.

        Those are the given ones, except where nothing can be found with them, as with an empty list of names.
        """
        ...


def option(
    default: Any,
    label: Sentence,
    *,
    unit: Sentence | None = None,
    low: int | None = None,
    high: int | None = None,
    stricter: str = "",
) -> Any:
    """A field of a rule's Options, with what the settings page needs to show and check it.

    `stricter` says which way the guard finds more: with "more" of it or with "less"; empty: neither, or it depends.
    """
    told = {"label": label, "unit": unit, "low": low, "high": high, "stricter": stricter}
    return field(default=default, metadata=told)
