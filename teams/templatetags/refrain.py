"""The dashboard's own template tags: icons, status badges, and the small charts drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django import template
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()


class Face(NamedTuple):
    """How a status looks: never a colour alone."""

    icon: str
    word: str | Promise


FACES: Final[dict[str, Face]] = {
    "draft": Face("circle", _("Draft")),
    "in_review": Face("half", _("In review")),
    "scheduled": Face("clock", _("Scheduled")),
    "planned": Face("clock", _("Planned")),
    "held": Face("shield", _("Held")),
    "claimed": Face("arrow-up", _("Publishing")),
    "sending": Face("arrow-up", _("Publishing")),
    "publishing": Face("arrow-up", _("Publishing")),
    "published": Face("tick", _("Published")),
    "failed": Face("cross", _("Failed")),
    "unconfirmed": Face("question", _("Unknown")),
    "unknown": Face("question", _("Unknown")),
    "paused": Face("pause", _("Paused")),
    "blocked": Face("block", _("Blocked")),
    "skipped": Face("skip", _("Skipped")),
    "cancelled": Face("cross", _("Cancelled")),
    "ended": Face("flag", _("Ended")),
    "resting": Face("moon", _("Resting")),
    "healthy": Face("tick", _("Healthy")),
    "watch": Face("warning", _("Watch")),
    "tired": Face("moon", _("Tired")),
    "connected": Face("tick", _("Connected")),
    "reconnect": Face("warning", _("Reconnect")),
    "disconnected": Face("cross", _("Disconnected")),
    "on": Face("tick", _("On")),
    "off": Face("circle", _("Off")),
    "allow": Face("tick", _("Passes")),
    "warn": Face("info", _("Notes")),
    "hold": Face("shield", _("Holds")),
    "block": Face("block", _("Blocks")),
    "stops": Face("shield", _("Stops")),
    "asks": Face("question", _("Asks")),
    "notes": Face("info", _("Notes")),
    "info": Face("info", _("Note")),
    "error": Face("warning", _("Problem")),
    "degraded": Face("warning", _("Problem")),
}


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """One symbol of the sprite, silent to screen readers: put words beside it."""
    return format_html(
        '<svg class="{}" width="20" height="20" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def status_icon(status: str) -> SafeString:
    return icon(FACES[status].icon)


@register.filter
def status_word(status: str) -> str:
    return str(FACES[status].word)


@register.inclusion_tag("parts/_status.html")
def status(status: str, word: str = "") -> dict[str, Any]:
    """A badge. `word` says it more exactly where the usual word is too broad."""
    return {"status": status, "word": word or FACES[status].word}


@register.simple_tag
def bars(out: int = 0, held: int = 0, asks: int = 0, free: int = 0, most: int = 1, blocked: int = 0) -> SafeString:
    """One day's column: what goes out, is held or blocked, waits for a yes, is empty; `most` is the tallest day."""
    unit = 40 / max(most, 1)
    pieces, top = [], 41.0
    for name, count in (("out", out), ("held", held), ("blocked", blocked), ("asks", asks), ("free", free)):
        top -= count * unit
        pieces.append((name, round(top, 1), round(max(count * unit - 1, 0), 1)))
    drawn = format_html_join(
        "", '<rect class="bar-{}" x="2" y="{}" width="16" height="{}" rx="1"/>', [p for p in pieces if p[2]]
    )
    return format_html(
        '<svg viewBox="0 0 20 42" preserveAspectRatio="none" aria-hidden="true">{}'
        '<path class="bar-base" d="M0 41.5h20"/></svg>',
        drawn,
    )


@register.simple_tag
def sparkline(values: Sequence[float]) -> SafeString:
    """A line through the values, oldest first; say the numbers in words beside it."""
    low, high = min(values, default=0), max(values, default=0)
    step = 96 / max(len(values) - 1, 1)
    points = [
        (round(2 + index * step, 1), round(22 - 20 * (value - low) / ((high - low) or 1), 1))
        for index, value in enumerate(values)
    ]
    if not points:
        return SafeString("")
    line = " ".join(f"{x},{y}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 100 24" aria-hidden="true"><polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="2.5"/></svg>',
        line,
        *points[-1],
    )


@register.simple_tag
def dotline(gaps: Sequence[int], rule: int) -> SafeString:
    """Publications on a line, as far apart as they were in days; a gap below the rule ends in a hollow dot."""
    whole = sum(gaps) or 1
    places, day = [(6.0, "kept")], 0
    for gap in gaps:
        day += gap
        places.append((round(6 + 188 * day / whole, 1), "short" if gap < rule else "kept"))
    return format_html(
        '<svg class="dotline" viewBox="0 0 200 16" aria-hidden="true"><line x1="0" y1="8" x2="200" y2="8"/>{}</svg>',
        format_html_join("", '<circle class="{1}" cx="{0}" cy="8" r="4.5"/>', places),
    )


@register.simple_tag
def swatch(colour: str) -> SafeString:
    """A category's own colour as a bar: text never stands on it."""
    return format_html(
        '<svg class="swatch" viewBox="0 0 4 16" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="4" height="16" fill="{}"/></svg>',
        colour,
    )
