"""The demo's past: publications that were due before now, judged by the real guards and written as they turned out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.conf import settings

from guards.base import Action, Moment
from guards.judge import Verdict
from notices.sentences import say
from posts.content import fingerprint
from posts.sandbox.ledger import Draft, Earlier, Ledger
from scheduler import tell
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.demo.story import Telling
from scheduler.measure import AGES
from scheduler.models import Attempt, Measurement, Override, Publication
from scheduler.publish import keep_judgements
from scheduler.record import record
from scheduler.settle import CONFIRMED
from scheduler.states import State
from teams.models import User

ANSWERED = timedelta(seconds=2)
STILL_WAITS = timedelta(days=3)  # what was held longer ago than this somebody has skipped since
FIELDS = (
    "state", "revision", "changed_at", "next_attempt_at", "text", "fingerprint", "post_revision", "judgement",
    "reason", "sentence", "remote_id", "url", "published_at",
)  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """A past publication with the post's story and the channel's way of answering: "", "when asked" or "never"."""

    row: Publication
    telling: Telling
    occurrence: Occurrence
    answers: str

    @property
    def at(self) -> datetime:
        return self.row.due_at


def live_through(
    tellings: Mapping[int, Telling],
    answers: Mapping[int, str],
    people: Mapping[str, User],
    now: datetime,
    ledger: Ledger,
) -> None:
    """Judge what was due before `now`, oldest first, and write what became of it. Keys: posts, channels."""
    rows = with_facts(Publication.objects.filter(post__in=tellings, due_at__lt=now, state=State.SCHEDULED))
    turns = [_turn(row, tellings[row.post_id], answers[row.channel_id]) for row in rows.order_by("due_at", "pk")]
    docket = Docket([turn.occurrence for turn in turns], now, Moment.SENDING)
    out = [turn for turn in turns if _goes_out(turn, docket, people, now)]
    _arrive(out, now, ledger)
    Publication.objects.bulk_update([turn.row for turn in turns], FIELDS, batch_size=100)
    Attempt.objects.bulk_create(attempt for turn in out for attempt in _attempts(turn))
    Measurement.objects.bulk_create(one for turn in out if turn.row.remote_id for one in _measured(turn, now))
    tell.held([turn.row for turn in turns if turn.row.state == State.HELD])


def _turn(row: Publication, telling: Telling, answers: str) -> Turn:
    occurrence = Occurrence.of(row, row.due_at)
    series = replace(occurrence.series, reviewed_at=telling.looked_at(row.due_at))
    return Turn(row, telling, replace(occurrence, series=series), answers)


def _goes_out(turn: Turn, docket: Docket, people: Mapping[str, User], now: datetime) -> bool:
    """Ask the guards as they stood then; what they stop is left where a person left it."""
    row = turn.row
    if row.number in turn.telling.skipped:
        _skip(turn, people["marie"], turn.at - timedelta(hours=20))
        return False
    verdict = _judge(turn, docket)
    if verdict.action == Action.HOLD and turn.telling.overridden:
        verdict = _override(turn, docket, verdict, people["marie"])
    if verdict.allows:
        docket.said(turn.occurrence)
        _publish(turn, people["hugo"])
    elif verdict.action == Action.BLOCK:
        _stand(row, State.BLOCKED, turn.at)
    elif now - turn.at > STILL_WAITS:
        _skip(turn, people["hugo"], turn.at + timedelta(hours=2))
    else:
        _stand(row, State.HELD, turn.at)
        row.next_attempt_at = verdict.until
    return verdict.allows


def _judge(turn: Turn, docket: Docket, overridden: frozenset[str] = frozenset()) -> Verdict:
    verdict = docket.judge(replace(turn.occurrence, overridden=overridden))
    keep_judgements([(turn.row, verdict)], Moment.SENDING, turn.at)
    return verdict


def _override(turn: Turn, docket: Docket, verdict: Verdict, user: User) -> Verdict:
    row, reason = turn.row, turn.telling.overridden
    holding = [check.guard for check in verdict.checks if check.action == Action.HOLD]
    when = turn.at + timedelta(minutes=50)
    Override.objects.create(publication=row, user=user, by=str(user), reason=reason, guards=holding, at=when)
    said = say("let “{title}” pass, because: {reason}", title=row.post.title, reason=reason)
    record(user, when, [("overridden", row, said)])
    return _judge(turn, docket, frozenset(holding))


def _skip(turn: Turn, user: User, at: datetime) -> None:
    _stand(turn.row, State.SKIPPED, at)
    record(user, at, [("skipped", turn.row, say("skipped one of “{title}”", title=turn.row.post.title))])


def _publish(turn: Turn, user: User) -> None:
    row, occurrence = turn.row, turn.occurrence
    _stand(row, State.PUBLISHED, turn.at + ANSWERED)
    row.published_at = turn.at + ANSWERED
    row.text, row.fingerprint, row.post_revision = occurrence.text, fingerprint(occurrence.text), row.post.revision
    if turn.answers == "when asked":
        row.reason, row.sentence = "settled", CONFIRMED.as_json()
    elif turn.answers == "never":
        row.reason, row.sentence = "settled", say("{who} saw that it is out.", who=str(user)).as_json()
        seen = say("saw that “{title}” is out", title=row.post.title)
        record(user, turn.at + timedelta(minutes=20), [("settled", row, seen)])


def _stand(row: Publication, state: State, at: datetime) -> None:
    row.state, row.changed_at, row.next_attempt_at, row.revision = state, at, None, row.revision + 2


def _arrive(out: Sequence[Turn], now: datetime, ledger: Ledger) -> None:
    """The sandbox gets its copy last and in one piece; its keys make a second seeding find the first one's posts."""
    accepted = ledger.accept_earlier([_earlier(turn, now) for turn in out])
    for turn, arrived in zip(out, accepted, strict=True):
        if turn.answers != "never":
            turn.row.remote_id = str(arrived.id)
            turn.row.url = f"{settings.SANDBOX_URL}/posts/{arrived.id}"


def _earlier(turn: Turn, now: datetime) -> Earlier:
    row = turn.row
    key = uuid5(NAMESPACE_URL, f"refrain-demo:{row.channel.handle}:{row.number}:{row.text}")
    likes, reposts, replies = _earned(turn, (now - turn.at) / timedelta(hours=1))
    draft = Draft(row.channel.handle, row.text, row.post.language, str(row.pk), str(key))
    return Earlier(draft, turn.at + ANSWERED, likes, reposts, replies)


def _attempts(turn: Turn) -> Iterator[Attempt]:
    outcome, sentence = Attempt.Outcome.PUBLISHED, None
    if turn.answers:
        outcome = Attempt.Outcome.UNCONFIRMED
        sentence = say("The connection to {network} broke. The post may be out or not.", network="Sandbox").as_json()
    yield Attempt(
        publication=turn.row,
        claim=uuid4(),
        started_at=turn.at + ANSWERED / 2,
        ended_at=turn.at + ANSWERED,
        outcome=outcome,
        sentence=sentence,
        remote_id="" if turn.answers else turn.row.remote_id,
        url="" if turn.answers else turn.row.url,
    )


def _measured(turn: Turn, now: datetime) -> Iterator[Measurement]:
    for age in AGES:
        at = turn.at + ANSWERED + timedelta(hours=age)
        if at < now:
            likes, reposts, replies = _earned(turn, age)
            yield Measurement(publication=turn.row, at=at, age_hours=age, likes=likes, reposts=reposts, replies=replies)


def _earned(turn: Turn, hours: float) -> tuple[int, int, int]:
    """Likes, reposts and replies at an age: half of them in the first eight hours, the rest ever more slowly."""
    luck = 0.85 + zlib.crc32(f"{turn.row.number}{turn.row.channel.handle}{turn.row.text}".encode()) % 31 / 100
    likes = turn.telling.likes * turn.telling.trend**turn.row.number * luck * hours / (hours + 8)
    return round(likes), round(likes / 7), round(likes / 11)
