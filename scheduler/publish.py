"""Claim, judge, write the intent, send, record: one batch of due publications at a time.

The order is the safety. The intent is committed before anything leaves, so a crash never hides a request; from
the intent on only proof, of the network or of a person, lets a publication be sent again.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import transaction

from guards.base import Action, Moment
from guards.judge import Verdict
from notices.sentences import Sentence, say
from posts.content import fingerprint
from posts.models import Channel, Post
from posts.networks.base import ChannelRefused, Message, NotSent, Proof, Receipt, Refused, SendError, Unconfirmed
from scheduler import breakers, bulk, catch_up, earlier, gate, instance, parcels, quarantine, refusals, sharing, tell
from scheduler.candidates import Docket, Occurrence, listed_with_facts
from scheduler.claims import claim_due, lease
from scheduler.flight import Answer, Errand, Flight
from scheduler.last_look import Untried
from scheduler.models import Attempt, Judgement, Publication
from scheduler.moves import move
from scheduler.pauses import Pauses, held, place_of
from scheduler.plan import touch
from scheduler.states import State
from scheduler.steps import Kept

MOST_TRIES = 6
BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(minutes=30)


def publish(claim: UUID, now: datetime) -> int:
    """Bring a claimed batch to its outcomes. Returns how many requests left the house."""
    started = monotonic()
    with quarantine.alone(claim, now), Flight() as flight:
        sent = _launch(flight, claim, now)
        while flight:
            answers = flight.land()
            record(answers, now + timedelta(seconds=monotonic() - started))
    return sent


def publish_due(
    clock: Callable[[], datetime], seconds: float, why_not: Callable[[datetime], Sentence | None] = instance.check
) -> int:
    """Claim, judge and send what is due, batch after batch, until nothing is or `seconds` are over.

    `why_not` is asked before each claim; with a reason nothing more is claimed, and what is on its way is recorded.
    While requests are on their way the next batch is judged: a network that takes its time keeps only its own
    channel waiting. Returns how many requests left the house.
    """
    sent, until = 0, monotonic() + seconds
    with Flight() as flight:
        while True:
            stop = flight.full or monotonic() > until or why_not(clock())
            claim = None if stop else claim_due(clock(), settings.BATCH)
            if claim and quarantine.suspected(claim, clock()):
                sent += publish(claim, clock())
            elif claim:
                sent += _launch(flight, claim, clock())
            elif not flight:
                return sent
            if answers := flight.land():
                record(answers, clock())


def _launch(flight: Flight, claim: UUID, now: datetime) -> int:
    # The answer to what leaves later than this might outlast the lease.
    last_start = monotonic() + settings.LEASE - settings.SEND_DEADLINE
    with quarantine.in_hand(claim, now):
        return flight.launch(decide(claim, now), last_start)
    return 0


def decide(claim: UUID, now: datetime) -> list[Errand]:
    """Judge the batch and write down, in one transaction, what is about to leave and what is not, and why.

    The channels are locked: two batches must not both find that the same words were never said there. The posts
    are, too: whoever edits or ends one is told so either before its words are read here or after they are pinned.
    """
    with suppress(instance.Frozen), transaction.atomic():
        ours = Publication.objects.filter(claim=claim, state=State.CLAIMED, lease_until__gt=now)
        _lock(Channel, ours.values_list("channel", flat=True))
        _lock(Post, ours.values_list("post", flat=True))
        rows = _of_running_series(listed_with_facts(ours.order_by("planned_for", "pk")), now)
        going = breakers.let_through(catch_up.in_turn(catch_up.on_time(rows, now), now), now)
        aside = {row.workspace_id for row in rows if row.state != State.CLAIMED}
        errands = _intend(_unless_paused(_judge(going, now), now), claim, now)
        touch(aside, now)  # last: whoever moves a row locks it before its forecast
        if rows:
            instance.advance(now)
        return errands
    return []


def record(answers: Sequence[Answer], now: datetime) -> None:
    """Write down what came back. The attempt keeps its answer even when the publication is no longer ours."""
    by_outcome: defaultdict[type, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_outcome[type(answer.outcome)].append(answer)
        _close(answer, now)
    with transaction.atomic():
        attempts = [answer.errand.attempt for answer in answers]
        bulk.write(attempts, ["outcome", "sentence", "remote_id", "url"], {"ended_at": now})
        for kind, some in by_outcome.items():
            _RECORD[kind](some, now)
        quarantine.answered(_rows(answers), _rows(by_outcome[quarantine.Stumbled]))
        # No forecast saw these coming, and what follows them now stands differently.
        touch({row.workspace_id for kind in _UNFORESEEN for row in _rows(by_outcome[kind])}, now)
    breakers.learn([(answer.errand.publication, answer.outcome) for answer in answers], now)


def _lock(kind: type[Channel | Post], pks: Iterable[int]) -> None:
    # Without their keys: whoever schedules a post, or pauses a channel, refers to these rows and would wait for the
    # batch, or deadlock with two.
    list(kind.objects.select_for_update(no_key=True).filter(pk__in=set(pks)).order_by("pk").values_list("pk"))


def _of_running_series(rows: Sequence[Publication], now: datetime) -> list[Publication]:
    """Without those whose series was ended since: after the claim, or while nobody knew whether they are out."""
    ended = [row for row in rows if row.post.status != Post.Status.ACTIVE]
    for row in ended:
        row.reason, row.sentence = "ended", say("Its series was ended before it could go out.").as_json()
    move(ended, State.CANCELLED, now, each=["reason", "sentence"])
    return [row for row in rows if row not in ended]


def _judge(rows: Sequence[Publication], now: datetime) -> list[tuple[Publication, Occurrence, Verdict]]:
    occurrences = [Occurrence.of(row, now) for row in rows]
    docket = Docket(occurrences, now, Moment.SENDING)
    judged = []
    for row, occurrence in zip(rows, occurrences, strict=True):
        verdict = docket.judge(occurrence)
        if verdict.allows:
            docket.said(occurrence)
            parcels.pin(row, occurrence.series.along, docket.links(occurrence))
        judged.append((row, occurrence, verdict))
    sharing.pin([(row, occurrence.text) for row, occurrence, verdict in judged if verdict.allows])
    return judged


def _unless_paused(
    judged: Sequence[tuple[Publication, Occurrence, Verdict]], now: datetime
) -> list[tuple[Publication, Occurrence, Verdict]]:
    """The guards were told of the pauses before; what was paused since is held by the pauses of this moment."""
    gate.pass_through()
    pauses = Pauses(now)
    covering = [pauses.over(place_of(row)) if verdict.allows else () for row, _, verdict in judged]
    return [
        (row, occurrence, held(verdict, found) if found else verdict)
        for (row, occurrence, verdict), found in zip(judged, covering, strict=True)
    ]


def _intend(judged: Sequence[tuple[Publication, Occurrence, Verdict]], claim: UUID, now: datetime) -> list[Errand]:
    keep_judgements([(row, verdict) for row, _, verdict in judged], Moment.SENDING, now)
    going = []
    for row, occurrence, verdict in judged:
        if verdict.allows:
            if not parcels.bound(row):
                row.text, row.fingerprint = occurrence.text, fingerprint(occurrence.text)
                row.post_revision = row.post.revision
            row.intended_at = row.intended_at or now
            going.append(row)
    stopped = ["judgement", "reason", "sentence"]
    for row, _, verdict in judged:
        row.next_attempt_at = verdict.until
    waiting = [row for row, _, verdict in judged if verdict.action == Action.HOLD]
    blocked = [row for row, _, verdict in judged if verdict.action == Action.BLOCK]
    tell.held(move(waiting, State.HELD, now, each=[*stopped, "next_attempt_at"]))
    tell.held(move(blocked, State.BLOCKED, now, each=stopped))
    pinned = [*stopped, "text", "fingerprint", "along", "post_revision", "intended_at", "steps"]
    sending = move(going, State.SENDING, now, each=pinned, claim=claim, lease_until=now + lease())
    attempts = Attempt.objects.bulk_create(Attempt(publication=row, claim=claim, started_at=now) for row in sending)
    return [
        Errand(row, attempt, message(row, row.intended_at or now))
        for row, attempt in zip(sending, attempts, strict=True)
    ]


def keep_judgements(judged: Sequence[tuple[Publication, Verdict]], moment: Moment, now: datetime) -> None:
    """Store the verdicts and put the deciding guard and its sentence on the publications (not saved here)."""
    kept = Judgement.objects.bulk_create(
        Judgement(
            publication=row,
            at=now,
            moment=moment,
            action=verdict.action.word,
            checks=[check.as_json() for check in verdict.checks],
        )
        for row, verdict in judged
    )
    for (row, verdict), judgement in zip(judged, kept, strict=True):
        deciding = verdict.deciding
        row.judgement = judgement
        row.reason = deciding.guard if deciding else ""
        row.sentence = deciding.findings[0].message.as_json() if deciding else None


def message(row: Publication, since: datetime) -> Message:
    told = Message(
        row.text, row.post.language, row.key, since, str(row.pk),
        due=row.due_at, steps=Kept(row), known=earlier.remote_ids(row),
    )  # fmt: skip
    return parcels.plain(row, told)


def _close(answer: Answer, now: datetime) -> None:
    attempt, outcome = answer.errand.attempt, answer.outcome
    attempt.ended_at = now
    if isinstance(outcome, Receipt):
        attempt.outcome = Attempt.Outcome.PUBLISHED
        attempt.remote_id, attempt.url = outcome.remote_id, outcome.url
        attempt.sentence = outcome.note.as_json() if outcome.note else None
    else:
        attempt.outcome = _OUTCOMES[type(outcome)]
        attempt.sentence = outcome.sentence.as_json()


def _published(answers: Sequence[Answer], now: datetime) -> None:
    for answer in answers:
        row, receipt = answer.errand.publication, answer.outcome
        assert isinstance(receipt, Receipt)
        row.remote_id, row.url = receipt.remote_id, receipt.url
    move(_rows(answers), State.PUBLISHED, now, each=["remote_id", "url"], published_at=now, tries=0)


def _not_sent(answers: Sequence[Answer], now: datetime) -> None:
    retry([(one.errand.publication, one.outcome) for one in answers if isinstance(one.outcome, NotSent)], now)


def _untried(answers: Sequence[Answer], now: datetime) -> None:
    """Back, to be looked at anew in half a minute at most: by then it is known how its channel stands."""
    _put_back(answers, now)


def _put_back(answers: Sequence[Answer], now: datetime) -> None:
    for answer in answers:
        assert isinstance(answer.outcome, SendError)
        row = answer.errand.publication
        row.reason, row.sentence = "not_sent", answer.outcome.sentence.as_json()
        row.next_attempt_at = now + _wait(0, None)
    move(_rows(answers), State.SCHEDULED, now, each=["reason", "sentence", "next_attempt_at"])


def _refused(answers: Sequence[Answer], now: datetime) -> None:
    for answer in answers:
        assert isinstance(answer.outcome, Refused)
        ending = State.BLOCKED if answer.outcome.duplicate else State.FAILED
        _end(answer, ending, "duplicate" if answer.outcome.duplicate else "refused", now)
    tell.failed(_rows(answers))


def _channel_refused(answers: Sequence[Answer], now: datetime) -> None:
    for answer in answers:
        assert isinstance(answer.outcome, ChannelRefused)
        channel = answer.errand.publication.channel
        if not refusals.mark_down(channel, answer.outcome.sentence, now) and refusals.was_mended(channel):
            _put_back([answer], now)
        else:
            _end(answer, State.HELD, "channel_down", now)


def _unconfirmed(answers: Sequence[Answer], now: datetime) -> None:
    rows = _rows(answers)
    for answer in answers:
        assert isinstance(answer.outcome, Unconfirmed)
        row = answer.errand.publication
        row.reason, row.sentence = "unconfirmed", answer.outcome.sentence.as_json()
        row.next_attempt_at = ask_at(row, now)
    tell.unconfirmed(move(rows, State.UNCONFIRMED, now, each=["reason", "sentence", "next_attempt_at"]))


def ask_at(row: Publication, now: datetime) -> datetime | None:
    """When the network can be asked what became of it. None: it can prove nothing, a person has to look."""
    connector = row.channel.connector
    return None if connector.proof is Proof.NOTHING else now + timedelta(seconds=connector.settle_after)


def retry(unsent: Sequence[tuple[Publication, NotSent]], now: datetime) -> None:
    """Back to scheduled, since certainly nothing left; held once the tries or the grace are used up."""
    fields = ["reason", "sentence", "tries"]
    again: list[Publication] = []
    over: list[Publication] = []
    for row, error in unsent:
        row.tries += 1 if error.counts else 0
        row.next_attempt_at = now + _wait(row.tries, error.retry_after)
        row.reason, row.sentence = "not_sent", error.sentence.as_json()
        late = row.next_attempt_at > row.planned_for + row.workspace.grace
        (over if late or row.tries >= MOST_TRIES else again).append(row)
    # Nothing of it is on its way: sent later, it is a sending of that time.
    tell.failed(move(over, State.HELD, now, each=fields, next_attempt_at=None, intended_at=None))
    move(again, State.SCHEDULED, now, each=[*fields, "next_attempt_at"])


def _wait(tries: int, retry_after: float | None) -> timedelta:
    """Full jitter, so that those who failed together do not come back together."""
    if retry_after is not None:
        return timedelta(seconds=retry_after * random.uniform(1.0, 1.1))  # noqa: S311
    longest: timedelta = min(BACKOFF * 2 ** max(tries - 1, 0), LONGEST_BACKOFF)
    return longest * random.random()  # noqa: S311


def _end(answer: Answer, ending: State, reason: str, now: datetime) -> None:
    assert isinstance(answer.outcome, SendError)
    row = answer.errand.publication
    row.reason, row.sentence = reason, answer.outcome.sentence.as_json()
    move([row], ending, now, each=["reason", "sentence"], next_attempt_at=None, intended_at=None)


def _rows(answers: Sequence[Answer]) -> list[Publication]:
    return [answer.errand.publication for answer in answers]


_RECORD = {
    Receipt: _published,
    NotSent: _not_sent,
    Untried: _untried,
    Refused: _refused,
    ChannelRefused: _channel_refused,
    Unconfirmed: _unconfirmed,
    quarantine.Stumbled: _unconfirmed,
}
_UNFORESEEN = (NotSent, Untried, Refused, ChannelRefused)
_OUTCOMES = {
    NotSent: Attempt.Outcome.NOT_SENT,
    Untried: Attempt.Outcome.NOT_SENT,
    Refused: Attempt.Outcome.REFUSED,
    ChannelRefused: Attempt.Outcome.CHANNEL_REFUSED,
    Unconfirmed: Attempt.Outcome.UNCONFIRMED,
    quarantine.Stumbled: Attempt.Outcome.UNCONFIRMED,
}
