"""What the doctor looks at, one sentence each, and what to do where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import Error, connection
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from notices.sentences import Sentence, minutes, say
from posts import sealing
from scheduler import clocks, fitness, instance, schema
from scheduler.celery import app
from scheduler.models import Instance, Publication, Pulse
from scheduler.pulses import is_silent
from scheduler.silence import silence

LATE = timedelta(minutes=2)
PATIENCE = 3  # seconds that the broker may take


@dataclass(frozen=True)
class Finding:
    """`fix` is None where all is well."""

    name: str
    sentence: Sentence
    fix: Sentence | None = None


def diagnose(now: datetime) -> list[Finding]:
    """In the order in which one thing rests on the other; what rests on something broken is not asked."""
    began = monotonic()
    tables = _tables()
    working = _working(now, began) if tables[-1].fix is None else ()
    return [*tables, *working, _broker(), _keys()]


def _tables() -> list[Finding]:
    try:
        why = schema.why_not(schema.written(), schema.applied())
    except Error as error:
        said = say("The database does not answer: {error}", error=str(error).strip().splitlines()[0])
        return [Finding("database", said, say("Start it, or correct REFRAIN_DATABASE_URL."))]
    answers = Finding("database", say("The database answers ({vendor}).", vendor=connection.vendor))
    if why is None:
        return [answers, Finding("migrations", say("The database and this version of Refrain belong together."))]
    fix = say("Then restart web, worker and beat, all with the same version.")
    return [answers, Finding("migrations", why, fix)]


def _broker() -> Finding:
    if not settings.REDIS_URL:
        return Finding("broker", say("Messages stay inside the one process, so there is no broker to ask."))
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=PATIENCE)
    except (OperationalError, OSError):
        fix = say("Start Redis, or correct REFRAIN_REDIS_URL. Nothing is lost: what is due stands in the database.")
        return Finding("broker", say("The broker (Redis) does not answer."), fix)
    return Finding("broker", say("The broker (Redis) answers."))


def _keys() -> Finding:
    wrong = sealing.trouble()
    if wrong is None:
        return Finding("keys", say("The keys to the channels' credentials are there."))
    fix = say("Put back the file credential_keys in the data folder, or correct REFRAIN_CREDENTIAL_KEYS.")
    return Finding("keys", wrong, fix)


def _working(now: datetime, began: float) -> Iterator[Finding]:
    frozen = instance.check(now)
    yield _identity(frozen)
    yield _clock(now, began)
    if frozen is None:
        yield from _pulses(now)
        yield from _refusal(now)
        yield _oldest(now)


def _identity(frozen: Sentence | None) -> Finding:
    if frozen is None:
        return Finding("identity", say("This database is this instance's own."))
    fix = say("If the original still runs elsewhere, leave it frozen. Else run “manage.py thaw”, or use the dashboard.")
    return Finding("identity", frozen, fix)


def _clock(now: datetime, began: float) -> Finding:
    row = Instance.objects.annotate(clock=Now()).get()
    apart = clocks.why_not(clocks.Reading(now, row.clock, monotonic() - began, monotonic()))
    if apart is None:
        return Finding("clock", say("This machine's clock and the database's agree."))
    return Finding("clock", apart, say("Let both machines keep their time by NTP."))


def _pulses(now: datetime) -> Iterator[Finding]:
    """Without a worker no beat can be heard, so that nothing is said of it then."""
    found = silence(dict(Pulse.objects.values_list("name", "at")), now)
    if found and found.who == "worker":
        yield Finding("worker", found.sentence, say("Start the worker; its own log says why it stopped."))
        return
    yield Finding("worker", say("The worker works."))
    if found:
        yield Finding("beat", found.sentence, say("Start the beat; its own log says why it stopped."))
    else:
        yield Finding("beat", say("The beat rings."))


def _refusal(now: datetime) -> Iterator[Finding]:
    row = instance.current(now)
    if row.refusal and not is_silent(row.refused_at, now):
        yield Finding("refusal", Sentence.from_json(row.refusal), say("See to that worker; the others go on."))
    if waiting := fitness.recovering(row.recovering_until, now):
        yield Finding("recovering", waiting)


def _oldest(now: datetime) -> Finding:
    oldest = Publication.objects.due(now).values_list("next_attempt_at", flat=True).first()
    if oldest is None or now - oldest < LATE:
        return Finding("overdue", say("Nothing that is due is waiting."))
    late = minutes(int((now - oldest).total_seconds() // 60))
    fix = say("If worker and beat are well, more falls due than they can send: start another worker.")
    return Finding("overdue", say("The oldest publication that is due has waited for {late}.", late=late), fix)
