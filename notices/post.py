"""The post office: letters are kept with what they tell of, and sent when there is time. A crash may send one twice."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from notices.models import Letter
from teams.models import User

log = logging.getLogger(__name__)

MOST_TRIES = 5
AGAIN = timedelta(minutes=10)  # longer than sending a batch takes
AT_ONCE = 20


@dataclass(frozen=True)
class Written:
    """A letter before it is kept."""

    user: User
    subject: str
    text: str


def keep(letters: Iterable[Written], now: datetime) -> None:
    """Only where a server to send them by is set."""
    if settings.LETTERS:
        Letter.objects.bulk_create(
            Letter(user=one.user, subject=_one_line(one.subject), text=one.text, created_at=now, due_at=now)
            for one in letters
        )


def send_due(now: datetime, most: int = AT_ONCE) -> int:
    """Send what is due; returns how many left. What fails is tried again, later each time, and given up in the end."""
    return sum(_send(letter, now) for letter in _taken(now, most))


def _taken(now: datetime, most: int) -> list[Letter]:
    """Put off before they are sent, so that nobody else sends them too."""
    with transaction.atomic():
        due = Letter.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=now)
        letters = list(due.select_related("user").order_by("due_at", "pk")[:most])
        pks = [letter.pk for letter in letters]
        Letter.objects.filter(pk__in=pks).update(due_at=now + AGAIN, tries=F("tries") + 1)
    return letters


def _send(letter: Letter, now: datetime) -> bool:
    tries = letter.tries + 1
    try:
        EmailMessage(letter.subject, letter.text, to=[letter.user.email]).send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("a letter could not be sent: %s", error)
        again = now + AGAIN * 2**tries if tries < MOST_TRIES else None
        Letter.objects.filter(pk=letter.pk).update(due_at=again)
        return False
    Letter.objects.filter(pk=letter.pk).update(due_at=None, sent_at=now)
    return True


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]
