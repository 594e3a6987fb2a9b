"""Letting a series rest on one channel: its coming dates are left out until a day, and it goes on after that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from scheduler import verbs
from scheduler.models import Publication
from scheduler.states import State
from teams.models import User

LONGEST_REST = 90  # days: as far ahead as publications are written down for certain


def rest(publication: Publication, until: datetime, user: User, now: datetime) -> tuple[int, bool]:
    """How many dates are left out, and whether this one, as the last of its series, was moved behind the rest.

    Moved together they would all come later, but the rule writes the dates beyond the horizon where it always
    did: two would then lie closer together than anybody wanted.
    """
    series = Publication.objects.filter(
        post=publication.post_id, channel=publication.channel_id, state__in=[State.SCHEDULED, State.HELD]
    )
    with transaction.atomic():
        before = list(series.filter(planned_for__lt=until).exclude(pk=publication.pk).select_related("post"))
        goes_on = publication.post.planned_until is not None or series.filter(planned_for__gte=until).exists()
        for row in [*before, publication] if goes_on else before:
            verbs.cancel(row, user, now)
        if not goes_on:
            verbs.move_to(publication, until, user, now)
    return len(before) + goes_on, not goes_on
