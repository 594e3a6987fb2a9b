"""The next time at which a post has its channels to itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from guards.base import Candidate, ChannelFacts, Moment
from guards.catalogue import RULES
from guards.judge import Setting
from guards.models import Policies
from posts.models import Channel
from scheduler.models import Publication
from scheduler.states import PLANNED
from teams.models import Workspace

LEAD = timedelta(minutes=15)  # a person can still think better of it
APART = timedelta(minutes=60)
QUARTER = timedelta(minutes=15)


def next_free_time(
    workspace: Workspace, channels: Sequence[Channel], now: datetime, category_id: int | None = None
) -> datetime:
    """The first quarter of an hour, LEAD ahead or more, outside quiet time and APART from what is planned there."""
    quiet = Policies({workspace.pk}).of(workspace.pk, category_id).get("quiet_time")
    at = _awake(workspace, quiet, _quarter(now + LEAD))
    for planned in _planned(channels, at):
        if planned >= at + APART:
            break
        if planned > at - APART:
            at = _awake(workspace, quiet, _quarter(planned + APART))
    return at


def _planned(channels: Sequence[Channel], at: datetime) -> Iterator[datetime]:
    rows = Publication.objects.filter(
        channel__in=[channel.pk for channel in channels], state__in=PLANNED, planned_for__gt=at - APART
    )
    return rows.order_by("planned_for").values_list("planned_for", flat=True).iterator(chunk_size=200)


def _quarter(moment: datetime) -> datetime:
    """Zones are whole quarters of an hour from UTC, so a quarter there is one everywhere."""
    return moment + (datetime.min.replace(tzinfo=moment.tzinfo) - moment) % QUARTER


def _awake(workspace: Workspace, quiet: Setting | None, at: datetime) -> datetime:
    """`at`, or the end of the quiet time that it lies in; an endless one is not waited for."""
    if quiet is None or quiet.action is None:
        return at
    nothing = ChannelFacts("", "", 0)
    candidate = Candidate(Moment.WRITING, at, at, workspace.zone, "", workspace.language, 0, nothing)
    ends = [finding.until for finding in RULES["quiet_time"].check(candidate, quiet.options) if finding.until]
    return _quarter(max(ends)) if ends else at
