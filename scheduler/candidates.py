"""What the guards may look at, built in bulk: the only queries that they cause, the same number for any batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from guards.base import Action, Candidate, ChannelFacts, LinkFacts, Moment, Repeat, Sending
from guards.judge import Policy, Verdict, judge
from guards.likeness import twins
from guards.models import Policies
from guards.prepared import prepared
from guards.wear import FEWEST
from notices.sentences import Sentence, say
from posts import along as takes
from posts.along import NOTHING, Along
from posts.approvals import words_of
from posts.content import fingerprint
from posts.models import Channel, Post, RepeatRule
from scheduler.consents import Consents
from scheduler.echoes import Echoes
from scheduler.link_facts import KnownLinks
from scheduler.models import Publication
from scheduler.neighbourhood import Neighbourhood
from scheduler.pauses import Pauses, Place
from scheduler.results import Receptions
from scheduler.states import State
from scheduler.timetable import Key, Timetable
from teams.models import Workspace

FACTS = ("post__rule", "post__category", "channel", "workspace")


@dataclass(frozen=True)
class Series:
    """What a post says of itself and its repeats, saved or still being written."""

    workspace: Workspace
    language: str
    post_id: int | None = None
    category_id: int | None = None
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    repeat: Repeat | None = None
    reviewed_at: datetime | None = None
    fine_until: date | None = None
    allowed_more: int = 0
    kept_at: datetime | None = None
    along: Along = NOTHING
    words: str = ""  # what an approval of them is bound to, where one is needed

    @classmethod
    def of(cls, post: Post, workspace: Workspace) -> Series:
        return cls(
            workspace=workspace,
            language=post.language,
            post_id=post.pk,
            category_id=post.category_id,
            starts_at=post.starts_at,
            expires_at=post.expires_at,
            repeat=repeat_of(getattr(post, "rule", None)),
            reviewed_at=post.reviewed_at,
            fine_until=post.fine_until,
            allowed_more=post.allowed_more,
            kept_at=post.reactions_kept_at,
            along=Along.of(post),
            words=words_of(post) if workspace.needs_approval else "",
        )


@dataclass(frozen=True)
class Occurrence:
    """One publication to be judged, whether it is a row yet or not: which wording, where, when."""

    series: Series
    channel: Channel
    at: datetime
    number: int
    texts: tuple[str, ...]
    turn: int
    overridden: frozenset[str] = frozenset()
    of_this_run: bool = True  # False: left over from before the series was started anew

    @classmethod
    def of(cls, publication: Publication, at: datetime) -> Occurrence:
        texts = tuple(publication.post.wordings(publication.channel.network))
        return cls(
            series=Series.of(publication.post, publication.workspace),
            channel=publication.channel,
            at=at,
            number=publication.number,
            texts=texts,
            turn=publication.turn_of(len(texts)),
            overridden=frozenset(guard for one in publication.let_pass for guard in one.guards),
            of_this_run=publication.post.starts_at is None or publication.due_at >= publication.post.starts_at,
        )

    @property
    def text(self) -> str:
        return self.texts[self.turn]


def with_facts(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """Load with the rows all that Occurrence.of needs."""
    return rows.select_related(*FACTS).prefetch_related("post__versions", "post__variations", "overrides")


def listed_with_facts(rows: QuerySet[Publication]) -> list[Publication]:
    """The same for large batches, at a third of the cost: for judging, not for pages that ask for querysets."""
    found = list(rows.select_related(*FACTS))
    posts = [row.post for row in found]
    for name, related in (("listed_versions", "versions"), ("listed_variations", "variations")):
        prefetch_related_objects(posts, Prefetch(related, to_attr=name))
    takes.load(posts)
    prefetch_related_objects(found, Prefetch("overrides", to_attr="listed_overrides"))
    return found


def repeat_of(rule: RepeatRule | None) -> Repeat | None:
    if rule is None:
        return None
    return Repeat(rule.interval, rule.unit, rule.max_repeats, rule.end_date, rule.skip_short_months)


class Docket:
    """The occurrences of one batch with everything that the guards may know of them.

    `said` adds what this batch itself sends: the guards must see it when they judge the rest, or two copies of
    a post that are due together would both pass. What is held until a certain time has that time for itself.
    """

    def __init__(
        self, occurrences: Sequence[Occurrence], now: datetime, moment: Moment, policies: Policies | None = None
    ) -> None:
        self._now, self._moment = now, moment
        self._prints = {text: fingerprint(text) for one in occurrences for text in one.texts}
        # Of a workspace that is not saved nothing is known, and no database need be there to say so.
        saved = [one for one in occurrences if one.series.workspace.pk]
        channels = {one.channel.pk for one in saved}
        posts = {one.series.post_id for one in saved if one.series.post_id}
        self._history, self._sent = _past(saved, channels, posts, self._prints)
        heard = {channel for (channel, _), past in self._history.items() if len(past) >= FEWEST}
        zones = {one.channel.pk: one.series.workspace.zone for one in saved if one.channel.pk in heard}
        self._receptions = Receptions(zones, posts, self._prints.values(), now)
        self._around = Neighbourhood(channels, min((one.at for one in occurrences), default=now))
        self._links = KnownLinks({(one.series.workspace.pk, text) for one in saved for text in one.texts})
        times = [one.at for one in saved] or [now]
        self._timetable = Timetable(channels, posts, (min(times), max(times)), moment, now)
        self._echoes = Echoes([one.channel for one in saved], set(self._prints.values()), min(times))
        self._policies = policies or Policies({one.series.workspace.pk for one in saved}, posts)
        self._pauses = Pauses(now) if saved else None
        self._consents = Consents(one.series.post_id or 0 for one in saved if one.series.workspace.needs_approval)

    def policy(self, occurrence: Occurrence) -> Policy:
        series = occurrence.series
        return self._policies.of(series.workspace.pk, series.category_id, series.post_id)

    def judge(self, occurrence: Occurrence) -> Verdict:
        verdict = judge(self.candidate(occurrence), self.policy(occurrence), occurrence.overridden)
        if verdict.action == Action.HOLD and verdict.until:
            self._timetable.note(occurrence.channel.pk, verdict.until, _key(occurrence))
        else:
            self.forget(occurrence)
        return verdict

    def promised(self, occurrence: Occurrence) -> None:
        """It is held, and will go out then."""
        self._timetable.note(occurrence.channel.pk, occurrence.at, _key(occurrence))

    def forget(self, occurrence: Occurrence) -> None:
        """It does not go out when it was promised to."""
        self._timetable.forget(occurrence.channel.pk, _key(occurrence))

    def said(self, occurrence: Occurrence) -> None:
        print_ = self._prints[occurrence.text]
        self._history[occurrence.channel.pk, print_].append(Sending(occurrence.at, confirmed=False))
        self._around.said(occurrence.channel.pk, occurrence.text, occurrence.at, occurrence.series.post_id, print_)
        self._timetable.note(occurrence.channel.pk, occurrence.at, _key(occurrence))
        self._echoes.said(occurrence.channel, print_, occurrence.at)
        self._sent[occurrence.series.post_id, occurrence.channel.pk] += occurrence.of_this_run

    def stops(self, occurrence: Occurrence, first: Occurrence) -> bool:
        """Whether a guard that lets it pass would not, had the same words gone out there before as `first`."""
        candidate, policy = self.candidate(occurrence), self.policy(occurrence)
        said = sorted((*candidate.history, Sending(first.at, confirmed=False)), key=lambda sending: sending.at)
        after = judge(replace(candidate, history=tuple(said)), policy, occurrence.overridden)
        return bool(after.stopping - judge(candidate, policy, occurrence.overridden).stopping)

    def links(self, occurrence: Occurrence) -> tuple[LinkFacts, ...]:
        return self._links.of(occurrence.series.workspace.pk or 0, occurrence.text)

    def candidate(self, occurrence: Occurrence) -> Candidate:
        series, channel = occurrence.series, occurrence.channel
        rest, files = series.along.rest_on(channel.network), series.along.media_on(channel.network)
        histories = [self._heard(channel, text) for text in occurrence.texts]
        return Candidate(
            moment=self._moment,
            at=occurrence.at,
            now=self._now,
            zone=series.workspace.zone,
            text=occurrence.text,
            language=series.language,
            length=channel.connector.length(occurrence.text),
            channel=channel_facts(channel),
            number=occurrence.number,
            sent=self._sent[series.post_id, channel.pk] if series.post_id else 0,
            repeat=series.repeat,
            first_at=series.starts_at,
            expires_at=series.expires_at,
            reviewed_at=series.reviewed_at,
            fine_until=series.fine_until,
            allowed_more=series.allowed_more,
            history=histories[occurrence.turn],
            reception=self._receptions.of(channel.pk, histories[occurrence.turn]),
            kept_at=series.kept_at,
            variations={turn: past for turn, past in enumerate(histories) if turn != occurrence.turn},
            wordings={turn: text for turn, text in enumerate(occurrence.texts) if turn != occurrence.turn},
            neighbours=self._around.of(
                channel.pk, occurrence.at, series.post_id, {self._prints[text] for text in occurrence.texts}
            ),
            links=self.links(occurrence),
            rest=tuple(channel.connector.length(part) for part in rest),
            media=tuple(one.piece for one in files),
            has_media=bool(files),
            others=self._timetable.others(channel.pk, occurrence.at, _key(occurrence)),
            echoes={text: self._echoes.of(channel, self._prints[text]) for text in occurrence.texts},
            pauses=self._pauses.over(_place(occurrence)) if self._pauses else (),
            approval=self._consents.of(series.post_id, series.words) if series.workspace.needs_approval else None,
        )

    def _heard(self, channel: Channel, text: str) -> tuple[Sending, ...]:
        return tuple(sorted(self._history[channel.pk, self._prints[text]], key=lambda sending: sending.at))


def _key(occurrence: Occurrence) -> Key:
    return occurrence.series.post_id, occurrence.number


def _place(occurrence: Occurrence) -> Place:
    series, channel = occurrence.series, occurrence.channel
    where = (series.workspace.pk, channel.network, channel.pk, series.category_id, series.post_id)
    return Place(*where, repeats=occurrence.number > 0)


def channel_facts(channel: Channel) -> ChannelFacts:
    limits = channel.limits
    return ChannelFacts(
        name=channel.name,
        network=channel.connector.name,
        max_length=limits.max_length,
        counted_in=limits.counted_in,
        min_gap_days=limits.min_gap_days,
        needs_media=limits.needs_media,
        media=limits.media,
        parts=limits.parts,
        per_24h=limits.per_24h,
        same_words_after=limits.same_words_after,
        trouble=_trouble(channel),
        max_length_with_media=limits.max_length_with_media,
    )


def moved_to(occurrence: Occurrence, at: datetime) -> Occurrence:
    return replace(occurrence, at=at)


def _past(
    occurrences: Iterable[Occurrence], channels: Collection[int], posts: Collection[int], prints: Mapping[str, str]
) -> tuple[defaultdict[tuple[int, str], list[Sending]], defaultdict[tuple[int | None, int], int]]:
    """What was said, by channel and content; and how often in each running series, by post and channel.

    The time is the planned one: being a minute late moves no gap. What a post said before its text was edited
    counts for the new text, when the two are nearly the same.
    """
    history: defaultdict[tuple[int, str], list[Sending]] = defaultdict(list)
    sent: defaultdict[tuple[int | None, int], int] = defaultdict(int)
    series = {(one.channel.pk, one.series.post_id): one for one in occurrences}
    known = set(prints.values())
    rows = Publication.objects.said().filter(Q(fingerprint__in=known) | Q(post__in=posts), channel__in=channels)
    facts = rows.values_list("channel", "post", "fingerprint", "text", "planned_for", "due_at", "state", "pk")
    for channel, post, print_, text, at, due, state, pk in facts:
        sending, one = Sending(at, state == State.PUBLISHED, pk), series.get((channel, post))
        own = {prints[wording]: wording for wording in one.texts} if one else {}
        edited = [] if print_ in own else [name for name, wording in own.items() if _twins(text, wording)]
        for called in {print_, *edited} & known:
            history[channel, called].append(sending)
        if one and one.series.starts_at and due >= one.series.starts_at:
            sent[post, channel] += 1
    return history, sent


def _twins(one: str, other: str) -> bool:
    return twins(prepared(one), prepared(other))


def _trouble(channel: Channel) -> Sentence | None:
    if channel.state == Channel.State.CONNECTED:
        return None
    return Sentence.from_json(channel.trouble) if channel.trouble else say("It was disconnected.")
