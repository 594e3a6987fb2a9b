"""Who is silent, worker or beat, and telling every workspace once for each time that it happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from notices.sentences import Sentence, say
from notices.tell import News, tell
from scheduler import instance
from scheduler.models import Pulse
from scheduler.pulses import is_silent
from teams.models import Workspace


@dataclass(frozen=True)
class Silence:
    who: str  # worker or beat
    since: datetime | None  # None: it never said a word
    sentence: Sentence


def silence(pulses: Mapping[str, datetime | None], now: datetime) -> Silence | None:
    """The worker first: without it a beat cannot be heard either."""
    worker, beat = pulses.get("worker"), pulses.get("beat")
    if is_silent(worker, now):
        return Silence("worker", worker, _worker(worker))
    if is_silent(beat, now):
        return Silence("beat", beat, _beat(beat))
    return None


def tell_silence(now: datetime) -> bool:
    """True when it was told just now. Read or not, it is never told a second time for the same silence."""
    if instance.check(now):
        return False
    found = silence(dict(Pulse.objects.values_list("name", "at")), now)
    if found is None:
        return False
    event, about = f"{found.who}_silent", f"since {found.since}"
    if Notice.objects.filter(event=event, about=about).exists():
        return False
    tell(
        News(one.pk, event, found.sentence, about, reverse("home", args=[one.slug])) for one in Workspace.objects.all()
    )
    return True


def look_out() -> None:
    tell_silence(timezone.now())


def _worker(since: datetime | None) -> Sentence:
    if since is None:
        return say("Nothing goes out: no worker has answered yet.")
    return say("Nothing goes out: the worker has been silent since {when}.", when=since)


def _beat(since: datetime | None) -> Sentence:
    if since is None:
        return say("No beat has rung yet: publications go out up to a minute late. Start the beat.")
    return say("The beat has been silent since {when}: publications go out up to a minute late.", when=since)
