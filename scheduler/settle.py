"""What was interrupted: lost claims go back, lost requests become unconfirmed and are settled by proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from notices.sentences import Sentence, say
from posts.networks.base import Absent, Found, Message, NotSent, Proof, Receipt, SendError, Unknown
from scheduler import quarantine, tell
from scheduler.candidates import with_facts
from scheduler.models import Attempt, Publication
from scheduler.moves import move
from scheduler.parcels import asked_about
from scheduler.publish import ask_at, message, retry
from scheduler.refreshing import with_good_keys
from scheduler.states import State
from teams.models import Workspace

RESTORED = "restored"  # the reason on what is doubted because the database was restored
CONFIRMED = say("The network confirmed that it is out.")
ANOTHER = say("The network shows these words, but from an earlier publication. Please look and decide.")
ASKING = timedelta(seconds=15)  # whoever asks has this long before somebody else may
# Five answers that say nothing, over half an hour; then a person has to look.
ASK_AGAIN: tuple[timedelta, ...] = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=24),
)


def rescue(now: datetime) -> int:
    """Rows whose lease ran out. Claimed: nothing left, so back. Sending: nobody knows, so never back."""
    lost = list(Publication.objects.filter(lease_until__lte=now).select_related("channel", "post", "workspace"))
    if not lost:
        return 0
    quarantine.count_lost(lost)
    poisoned = [row for row in lost if row.state == State.CLAIMED and quarantine.poisoned(row)]
    claimed = [row for row in lost if row.state == State.CLAIMED and not quarantine.poisoned(row)]
    sending = [row for row in lost if row.state == State.SENDING]
    for row in sending:
        row.reason = "unconfirmed"
        row.sentence = say(
            "Refrain was interrupted while it sent this to {channel}.", channel=row.channel.name
        ).as_json()
        row.next_attempt_at = ask_at(row, now)
    held = quarantine.hold(poisoned, now)
    back = move(claimed, State.SCHEDULED, now, each=["lost"], next_attempt_at=now)
    open_ = move(sending, State.UNCONFIRMED, now, each=["reason", "sentence", "next_attempt_at", "lost"])
    tell.unconfirmed(open_)
    return len(held) + len(back) + len(open_)


def lift(now: datetime) -> int:
    """Held publications whose reason ends by itself: planned anew for that moment, and judged again then.

    Not what a pause with an end kept back past its time: all of it would go out at the moment the pause ends.
    """
    held = list(Publication.objects.filter(state=State.HELD, next_attempt_at__lte=now).select_related("workspace"))
    missed = [row for row in held if kept_past_its_time(row.reason, row.planned_for, now, row.workspace)]
    for row in missed:
        row.reason = "missed"
        row.sentence = say("Was due on {when}, during a pause.", when=row.planned_for).as_json()
    tell.missed(move(missed, State.HELD, now, each=["reason", "sentence"], next_attempt_at=None))
    on_time = [row for row in held if row not in missed]
    for row in on_time:
        if row.reason != "paused":  # what a pause kept back is late, and comes as late things do: one by one
            row.planned_for = row.next_attempt_at or row.planned_for
    return len(move(on_time, State.SCHEDULED, now, each=["planned_for", "next_attempt_at"])) + len(missed)


def kept_past_its_time(reason: str, planned_for: datetime, at: datetime, workspace: Workspace) -> bool:
    """Whether what was held for this reason is missed, and not looked at again, when the hold ends."""
    return reason == "paused" and at - planned_for > workspace.grace


def due_to_ask(now: datetime, most: int) -> list[int]:
    """Unconfirmed publications whose network can be asked now; put off a little, so that nobody else asks too."""
    rows = list(
        Publication.objects.filter(state=State.UNCONFIRMED, next_attempt_at__lte=now).order_by("next_attempt_at")[:most]
    )
    return [row.pk for row in move(rows, State.UNCONFIRMED, now, next_attempt_at=now + ASKING)]


def settle(pks: Sequence[int], now: datetime) -> int:
    """Ask what became of these; returns how many are settled. What no network can prove waits for a person."""
    rows = with_facts(Publication.objects.filter(pk__in=pks, state=State.UNCONFIRMED)).prefetch_related("attempts")
    return sum(_settle_one(row, now) for row in rows)


def adopt(row: Publication, receipt: Receipt, now: datetime, said: Sentence = CONFIRMED) -> bool:
    """It is out: take the receipt as ours, and keep whose word that is."""
    row.remote_id, row.url = receipt.remote_id, receipt.url
    row.reason, row.sentence = "settled", said.as_json()
    fields = ["remote_id", "url", "reason", "sentence"]
    return bool(move([row], State.PUBLISHED, now, each=fields, published_at=_when_sent(row)))


def close_attempts(row: Publication, now: datetime) -> None:
    Attempt.objects.filter(publication=row, ended_at=None).update(ended_at=now, outcome=Attempt.Outcome.UNCONFIRMED)


def _settle_one(row: Publication, now: datetime) -> bool:
    if known := _evidence(row):
        return adopt(row, known, now)
    tried = min((attempt.started_at for attempt in row.attempts.all()), default=row.planned_for)
    answer = _find(row, asked_about(row, message(row, row.intended_at or tried)), now)
    if isinstance(answer, Found) and _is_of_another(row, answer.receipt):
        _ask_later(row, ANOTHER, now)
        return False
    if isinstance(answer, Found):
        close_attempts(row, now)
        return adopt(row, answer.receipt, now)
    if isinstance(answer, Absent):
        close_attempts(row, now)
        return _not_found(row, now) if row.reason == RESTORED else _send_again(row, now)
    _ask_later(row, answer.sentence, now)
    return False


def _find(row: Publication, sent: Message, now: datetime) -> Found | Absent | Unknown:
    channel = row.channel
    try:
        return with_good_keys(channel, now, lambda: channel.connector.find(channel.account, sent))
    except SendError as error:
        return Unknown(error.sentence)


def _is_of_another(row: Publication, receipt: Receipt) -> bool:
    """A timeline is read back by its words, and an earlier publication may have had the same."""
    same = Publication.objects.filter(channel=row.channel_id, remote_id=receipt.remote_id)
    return same.exclude(pk=row.pk).exists()


def _ask_later(row: Publication, why: Sentence, now: datetime) -> None:
    """Not at all any more once it was asked often enough: then a person has to look."""
    later = ASK_AGAIN[row.asked] if row.asked < len(ASK_AGAIN) else None
    row.asked += 1
    row.sentence = why.as_json()
    row.next_attempt_at = now + later if later else None
    move([row], State.UNCONFIRMED, now, each=["asked", "sentence", "next_attempt_at"])


def _evidence(row: Publication) -> Receipt | None:
    """An answer that came after the lease was lost is still the network's word."""
    receipts = (Receipt(attempt.remote_id, attempt.url) for attempt in row.attempts.all() if attempt.remote_id)
    return next(receipts, None)


def _send_again(row: Publication, now: datetime) -> bool:
    """At once the first time, then as any other try: a network that is out of order is not asked without end."""
    before = row.state
    if quarantine.poisoned(row):
        quarantine.hold_unsent(row, now)
        return row.state != before
    known = say("The network confirmed that it is not out.")
    if row.channel.connector.resend_with_key:  # a webhook is not even asked: whoever has the key drops a repeat
        known = say("It is not known to be out, and its key keeps a second sending from doubling it.")
    retry([(row, NotSent(known, retry_after=None if row.tries else 0))], now)
    return row.state != before


def _not_found(row: Publication, now: datetime) -> bool:
    """After a restore only the network's key proves that it is not out: its words may have been changed since."""
    if row.channel.connector.proof is Proof.BY_KEY and now - row.planned_for <= row.workspace.grace:
        return _send_again(row, now)
    row.reason = "missed"
    row.sentence = say(
        "Was due on {when}, after the backup that this database was restored from. {channel} does not have it.",
        when=row.planned_for,
        channel=row.channel.name,
    ).as_json()
    held = move([row], State.HELD, now, each=["reason", "sentence"], next_attempt_at=None)
    tell.missed(held)
    return bool(held)


def _when_sent(row: Publication) -> datetime:
    return max((attempt.started_at for attempt in row.attempts.all()), default=row.planned_for)
