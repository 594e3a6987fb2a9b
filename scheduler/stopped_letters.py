"""Letters about what was held or blocked: why, and each fix as a link that asks before it does anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from notices import post
from notices.post import Written
from notices.speak import moment, speak
from scheduler import inbox
from scheduler.letters import IN_ONE, as_to, ended, members
from scheduler.models import Publication, Pulse
from scheduler.offers import offers
from scheduler.states import State
from teams.models import Membership, Workspace

LAG = timedelta(minutes=1)  # what was stopped in one batch is told in one letter, and all of it is committed by then
OLDEST = timedelta(hours=1)
LOOKED_BACK = timedelta(days=30)


def write_stopped(now: datetime) -> int:
    """Tell of what was held or blocked since the last time, in one letter to each who can mend it. Returns how many."""
    if not settings.LETTERS:
        return 0
    Pulse.objects.get_or_create(name="letters", defaults={"at": now - LAG})
    with transaction.atomic():
        last = Pulse.objects.select_for_update().get(name="letters")
        since, until = max(last.at, now - OLDEST), now - LAG
        if until <= since:
            return 0
        letters = list(_about(_stopped(since, until), now))
        post.keep(letters, now)
        Pulse.objects.filter(pk=last.pk).update(at=until)
    return len(letters)


def _stopped(since: datetime, until: datetime) -> dict[int, list[Publication]]:
    # Each workspace, its states, its planned times: there is an index on these three, and none on the change.
    listed = {"workspace__in": Workspace.objects.values("pk"), "planned_for__gte": since - LOOKED_BACK}
    rows = Publication.objects.filter(state__in=[State.HELD, State.BLOCKED], **listed)
    rows = rows.filter(changed_at__gt=since, changed_at__lte=until)
    found: defaultdict[int, list[Publication]] = defaultdict(list)
    for row in rows.exclude(reason__in=inbox.TOLD_ONCE).select_related(*inbox.SHOWN_WITH).order_by("planned_for", "pk"):
        found[row.workspace_id].append(row)
    return found


def _about(stopped: dict[int, list[Publication]], now: datetime) -> Iterator[Written]:
    for member in members(stopped, "editor"):
        with as_to(member):
            yield _written(member, stopped[member.workspace_id], now)


def _written(member: Membership, rows: Sequence[Publication], now: datetime) -> Written:
    name, count = member.workspace.name, len(rows)
    subject = ngettext("{name}: {count} publication is stopped", "{name}: {count} publications are stopped", count)
    told = [_told(row, member, now) for row in rows[:IN_ONE]]
    if count > IN_ONE:
        more = ngettext("And {count} more, in Guard.", "And {count} more, in Guard.", count - IN_ONE)
        told.append(more.format(count=count - IN_ONE))
    guard = settings.PUBLIC_URL + reverse("guard", args=[member.workspace.slug])
    told.append(gettext("All that waits: {address}").format(address=guard))
    return Written(member.user, subject.format(name=name, count=count), ended(told))


def _told(row: Publication, member: Membership, now: datetime) -> str:
    why = inbox.sentence_of(row)
    lines = [f"{row.post.title}", f"{row.channel.name}, {moment(row.planned_for)}", speak(why) if why else ""]
    lines += [f"- {speak(fix.label)}: {address}" for fix, address in offers(row, member, now)]
    lines.append("- " + gettext("Look at it: {address}").format(address=settings.PUBLIC_URL + row.get_absolute_url()))
    return "\n".join(line for line in lines if line)
