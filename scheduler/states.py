"""A publication's states and the moves between them, as data; docs/states.md draws it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    CLAIMED = "claimed", _("Publishing")
    SENDING = "sending", _("Publishing")
    PUBLISHED = "published", _("Published")
    HELD = "held", _("Held")
    UNCONFIRMED = "unconfirmed", _("Unknown")
    BLOCKED = "blocked", _("Blocked")
    SKIPPED = "skipped", _("Skipped")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


MOVES: dict[State, frozenset[State]] = {
    # To unconfirmed when a restored database is thawed: it may have gone out after the backup was made.
    State.SCHEDULED: frozenset(
        {
            State.SCHEDULED,
            State.CLAIMED,
            State.UNCONFIRMED,
            State.HELD,
            State.BLOCKED,
            State.SKIPPED,
            State.CANCELLED,
        }
    ),
    # Nothing has left yet: a claim that is lost goes back.
    State.CLAIMED: frozenset(
        {State.SCHEDULED, State.SENDING, State.HELD, State.BLOCKED, State.SKIPPED, State.CANCELLED}
    ),
    # The intent is written. Back to scheduled only on the network's word, or our own, that nothing left.
    State.SENDING: frozenset(
        {State.PUBLISHED, State.FAILED, State.BLOCKED, State.SCHEDULED, State.HELD, State.UNCONFIRMED}
    ),
    # Nobody knows. The network's proof or a person settles it; time alone never does.
    State.UNCONFIRMED: frozenset({State.UNCONFIRMED, State.PUBLISHED, State.SCHEDULED, State.HELD, State.FAILED}),
    State.HELD: frozenset({State.HELD, State.SCHEDULED, State.BLOCKED, State.SKIPPED, State.CANCELLED}),
    State.BLOCKED: frozenset({State.SCHEDULED}),
    State.SKIPPED: frozenset({State.SCHEDULED}),
    State.CANCELLED: frozenset({State.SCHEDULED}),
    State.FAILED: frozenset({State.SCHEDULED}),
    State.PUBLISHED: frozenset(),
}

# Counts as said: it is out, or may be.
SAID = frozenset({State.SENDING, State.PUBLISHED, State.UNCONFIRMED})
# Still to come.
PLANNED = frozenset({State.SCHEDULED, State.HELD})
ENDED = frozenset({State.PUBLISHED, State.BLOCKED, State.SKIPPED, State.FAILED, State.CANCELLED})
