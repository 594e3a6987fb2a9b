"""What every tick asks the database, in one query, written out.

It is asked every second for ever: put together by the ORM it cost ten times as much as the asking.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from scheduler.models import Instance
from scheduler.models_instance import THE_ONE
from scheduler.pulses import HEARTBEAT

SLOW_DUTIES = timedelta(seconds=30)
OUTAGE = timedelta(minutes=10)

_ASKED = """
SELECT instance.*, {clock} AS clock,
    (SELECT SUM(id) FROM django_migrations) AS migrations,
    EXISTS (SELECT 1 FROM scheduler_publication
        WHERE state = 'scheduled' AND next_attempt_at <= %(now)s) AS due,
    EXISTS (SELECT 1 FROM scheduler_publication
        WHERE lease_until IS NOT NULL AND lease_until <= %(now)s) AS leased,
    EXISTS (SELECT 1 FROM scheduler_publication
        WHERE state = 'held' AND next_attempt_at <= %(now)s) AS lifts,
    EXISTS (SELECT 1 FROM scheduler_publication
        WHERE state = 'unconfirmed' AND next_attempt_at <= %(now)s) AS asks,
    EXISTS (SELECT 1 FROM scheduler_pulse WHERE name = 'tick' AND at < %(outage)s) AS away,
    EXISTS (SELECT 1 FROM scheduler_pulse WHERE name = 'tick' AND at > %(heartbeat)s AND at <= %(now)s) AS ticked,
    EXISTS (SELECT 1 FROM scheduler_pulse WHERE name = 'beat' AND at > %(heartbeat)s AND at <= %(now)s) AS rung,
    EXISTS (SELECT 1 FROM scheduler_pulse WHERE name = 'worker' AND at > %(heartbeat)s AND at <= %(now)s) AS worked,
    EXISTS (SELECT 1 FROM scheduler_pulse WHERE name = 'upkeep' AND at > %(slow)s AND at <= %(now)s) AS kept_up
FROM scheduler_instance AS instance WHERE instance.id = %(id)s
"""
# SQLite has no clock but that of this machine.
_POSTGRESQL, _SQLITE = _ASKED.format(clock="statement_timestamp()"), _ASKED.format(clock="NULL")


def ask(now: datetime) -> Any:
    """The instance with all this on it; None: no instance has worked with this database yet."""
    times = {"now": now, "outage": now - OUTAGE, "heartbeat": now - HEARTBEAT, "slow": now - SLOW_DUTIES}
    asked = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    row: Any = next(iter(Instance.objects.raw(asked, times | {"id": THE_ONE})), None)
    if row is not None:
        row.clock = row.clock or now
    return row
