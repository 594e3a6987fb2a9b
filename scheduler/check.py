"""The dry run: drafts as plain data in, and for each what the guards would say on every date and channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from guards.base import Moment, Repeat
from guards.judge import Verdict
from notices.sentences import Sentence, say
from posts.along import NOTHING, Along
from posts.approvals import words
from posts.content import clean, problems
from posts.models import Channel, Post
from scheduler.candidates import Docket, Occurrence, Series
from scheduler.forecast import in_engine_order
from scheduler.plan import FEW
from scheduler.recurrence import occurrences
from scheduler.slots import Timetable
from scheduler.turns import turns
from teams.models import Workspace

MOST = 60  # judgements for one draft: 20 dates on 3 channels
FAR = timedelta(days=3653)


@dataclass(frozen=True)
class Draft:
    """A post as somebody means it, saved or not. `starts_at` None: now. `versions` go by network."""

    text: str
    language: str
    channels: list[Channel]
    category_id: int | None = None
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    repeat: Repeat | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    variations: Sequence[str] = ()
    post_id: int | None = None  # the post that it is to become, where there is one already
    queue: str = ""  # as Post.Queue: it takes the slots as they come
    along: Along = NOTHING

    def wordings(self, network: str) -> tuple[str, ...]:
        """As Post.wordings says: the network's own text or the text, then the variations."""
        main = clean(self.versions.get(network, "")) or clean(self.text)
        return main, *filter(None, map(clean, self.variations))

    @property
    def words(self) -> str:
        """What an approval of it would be bound to."""
        versions = {network: clean(text) for network, text in self.versions.items()}
        return words(clean(self.text), self.language, versions, map(clean, self.variations), self.along)


@dataclass(frozen=True)
class Judged:
    """One date on one channel; number 0 is the first publication, k the k-th repeat."""

    channel: Channel
    number: int
    at: datetime
    verdict: Verdict


@dataclass(frozen=True)
class Outcome:
    """What would become of a draft: `problems` say why it cannot be kept at all; then nothing is judged."""

    draft: Draft
    dates: list[Judged]
    problems: list[Sentence]

    @property
    def firsts(self) -> list[Judged]:
        """The first publication still to come on each channel."""
        first: dict[int, Judged] = {}
        for date in self.dates:
            first.setdefault(date.channel.pk, date)
        return list(first.values())

    @property
    def verdict(self) -> Verdict:
        """The strongest on the first publications: what scheduling would say."""
        verdicts = (date.verdict for date in self.firsts)
        return max(verdicts, key=lambda verdict: verdict.action, default=Verdict(()))


def check(workspace: Workspace, drafts: Sequence[Draft], now: datetime) -> list[Outcome]:
    """Judge drafts as if all were scheduled now, in the order in which the engine would send them.

    Each knows what the others, and its own earlier dates, will have said by then; of two that are due together
    the one named first goes first. At most MOST dates of each are judged; the number of queries is fixed.
    """
    troubles = [list(_problems(draft, now, workspace)) for draft in drafts]
    known = _told_before(workspace, drafts)
    planned = [
        (place, one)
        for place, draft in enumerate(drafts)
        if not troubles[place]
        for one in _dates(draft, _series(workspace, draft, place, known, now), now)
    ]
    docket = Docket([one for _, one in planned], now, Moment.WRITING)
    dated = [(place, one) for place, one in planned if not drafts[place].queue]
    fates = in_engine_order(dict(enumerate(one for _, one in dated)), docket, now + FAR)
    dates: list[list[Judged]] = [[] for _ in drafts]
    for number, (place, one) in enumerate(dated):
        dates[place].append(Judged(one.channel, one.number, one.at, fates[number].first))
    queued = [(place, one) for place, one in planned if drafts[place].queue]
    timetable = Timetable({one.channel.pk for _, one in queued})
    for place, one in queued:
        dates[place] += _turns(one, drafts[place], docket, timetable)
    return [Outcome(draft, dates[place], troubles[place]) for place, draft in enumerate(drafts)]


def coming(draft: Draft, workspace: Workspace, now: datetime) -> Iterator[tuple[int, datetime]]:
    """(number, due time) of the publications that are not past yet; in the queue nobody knows but of the first."""
    start = draft.starts_at or now
    if draft.queue:
        yield 0, max(start, now)
        return
    for number, due in occurrences(start, workspace.zone, draft.repeat, now + FAR):
        if due >= now - FEW:
            yield number, due


def _problems(draft: Draft, now: datetime, workspace: Workspace) -> Iterator[Sentence]:
    seen = {problem.text: problem for text in _texts(draft) for problem in problems(text)}
    yield from seen.values()
    start = draft.starts_at
    if start and start < now - FEW and not seen and next(coming(draft, workspace, now), None) is None:
        yield say("{when} is past. Choose a time to come.", when=start)


def _texts(draft: Draft) -> Iterator[str]:
    yield draft.text
    yield from (text for text in (*draft.versions.values(), *draft.variations) if text.strip())


def _series(workspace: Workspace, draft: Draft, place: int, known: Mapping[int, Post], now: datetime) -> Series:
    """Writing is a look at the content. A post that is none yet gets a number that no row has, to count it by."""
    before = known.get(draft.post_id or 0)
    return Series(
        workspace=workspace,
        language=draft.language,
        post_id=draft.post_id or -1 - place,
        category_id=draft.category_id,
        starts_at=draft.starts_at or now,
        expires_at=draft.expires_at,
        repeat=draft.repeat,
        reviewed_at=now,
        fine_until=before.fine_until if before and _worded_alike(draft, before) else None,
        allowed_more=before.allowed_more if before else 0,
        kept_at=before.reactions_kept_at if before else None,
        along=draft.along,
        words=draft.words if workspace.needs_approval else "",
    )


def _dates(draft: Draft, series: Series, now: datetime) -> Iterator[Occurrence]:
    wordings = {channel.pk: draft.wordings(channel.network) for channel in draft.channels}
    most = max(1, MOST // max(1, len(draft.channels)))
    for number, due in islice(coming(draft, series.workspace, now), most):
        for channel in draft.channels:
            texts = wordings[channel.pk]
            yield Occurrence(series, channel, max(due, now), number, texts, number % len(texts))


def _turns(one: Occurrence, draft: Draft, docket: Docket, timetable: Timetable) -> list[Judged]:
    """Its turns on one channel, as far as MOST goes."""
    most = max(1, MOST // max(1, len(draft.channels)))
    found = turns(one, draft.queue == Post.Queue.EVERGREEN, most, docket, timetable)
    return [Judged(at.channel, at.number, at.at, verdict) for at, verdict in found]


def _told_before(workspace: Workspace, drafts: Sequence[Draft]) -> dict[int, Post]:
    """The posts that exist already and of which a person has told the guards something."""
    ids = [draft.post_id for draft in drafts if draft.post_id]
    if not ids:
        return {}
    told = Post.objects.filter(workspace=workspace, pk__in=ids).exclude(
        allowed_more=0, fine_until=None, reactions_kept_at=None
    )
    return {post.pk: post for post in told.prefetch_related("versions", "variations")}


def _worded_alike(draft: Draft, post: Post) -> bool:
    """A word given for other words than these does not count."""
    same = (list(draft.wordings(one.network)) == post.wordings(one.network) for one in draft.channels)
    return draft.language == post.language and draft.along.words == Along.of(post).words and all(same)
