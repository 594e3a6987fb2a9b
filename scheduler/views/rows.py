"""A publication that needs somebody, as a row: its sentence, its fixes as buttons, and what else can be done."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guards.base import Action, Fix
from guards.catalogue import RULES
from notices.sentences import Sentence
from notices.speak import speak
from scheduler import fixes, inbox
from scheduler.models import Publication
from scheduler.states import State
from teams.models import Membership

SHOWN = 3
DIALOGS = ("override", "approve")


@dataclass(frozen=True)
class Button:
    """A fix to press (`value`), or a page where a person goes on (`href`)."""

    label: str
    value: str = ""
    href: str = ""
    dialog: bool = False
    key: str = ""


@dataclass(frozen=True)
class Row:
    publication: Publication
    slug: str
    status: str
    word: str
    sentence: Sentence | None
    buttons: list[Button] = field(default_factory=list)
    more: list[Button] = field(default_factory=list)
    done: Sentence | None = None

    @property
    def since(self) -> datetime | None:
        """None while it is still planned, and once something was done about it."""
        return None if self.done or self.publication.state == State.SCHEDULED else self.publication.changed_at


def shown(publication: Publication, membership: Membership, most: int = SHOWN, *, done: Sentence | None = None) -> Row:
    """`done` is what a fix has just said: then there is nothing more to press."""
    slug = membership.workspace.slug
    status, word = _status(publication, done)
    if done:
        return Row(publication, slug, status, word, None, done=done)
    buttons = list(_buttons(publication, membership))
    first = [_keyed(button, str(place)) for place, button in enumerate(buttons[:most], 1)]
    more = [*buttons[most:], *_let_pass(publication, membership)]
    return Row(publication, slug, status, word, inbox.sentence_of(publication), first, more)


def spoken(fix: Fix) -> str:
    return speak(fix.label)


def chosen(value: str) -> tuple[str, dict[str, Any]]:
    """The verb and values that a pressed button sent."""
    try:
        kept = json.loads(value)
        return str(kept["verb"]), kept["values"]
    except (ValueError, TypeError, KeyError):
        return "", {}


def value_of(fix: Fix) -> str:
    return json.dumps({"verb": fix.verb, "values": dict(fix.values)})


def _status(publication: Publication, done: Sentence | None) -> tuple[str, str]:
    if publication.state == State.SCHEDULED and not done:
        blocks = publication.outlook == Action.BLOCK.word
        return ("block", _("Will not go out")) if blocks else ("hold", _("Will be held"))
    if publication.state == State.BLOCKED:
        return "blocked", _("Will not go out")
    return publication.state, ""


def _buttons(publication: Publication, membership: Membership) -> Iterable[Button]:
    """In the guards' order; but whoever can answer is not first of all offered to be reminded."""
    approver = membership.may("approver")
    for fix in sorted(fixes.offered(publication), key=lambda fix: approver and fix.verb == "remind"):
        if not membership.may(fixes.NEEDS.get(fix.verb, "editor")) or fix.verb == "leave":
            continue
        href = _page(fix, publication, membership.workspace.slug)
        if href:
            yield Button(spoken(fix), href=href, dialog=fix.verb in DIALOGS)
        elif fix.verb not in fixes.LINKS:
            yield Button(spoken(fix), value=value_of(fix))


def _page(fix: Fix, publication: Publication, slug: str) -> str:
    if fix.verb in ("edit", "add_media"):
        return reverse("edit", args=[slug, publication.post_id])
    if fix.verb == "reconnect":
        return reverse("channels", args=[slug])
    if fix.verb == "approve":  # nobody says yes to words that are not before their eyes
        return reverse("approval", args=[slug, publication.post_id])
    return reverse("override", args=[slug, publication.pk]) if fix.verb == "override" else ""


def _let_pass(publication: Publication, membership: Membership) -> Iterable[Button]:
    """Beside the guard's own fixes: letting it pass once, with a reason; and skipping, which is always possible."""
    offered = {fix.verb for fix in fixes.offered(publication)}
    if not membership.may("editor"):
        return
    if publication.state in (State.HELD, State.SCHEDULED) and "skip" not in offered:
        yield Button(_("Skip this one"), value=value_of(Fix("skip", Sentence(""))))
    if publication.state == State.HELD and "override" not in offered and membership.may("approver"):
        guard = RULES.get(publication.reason)
        if guard and guard.overridable:
            href = reverse("override", args=[membership.workspace.slug, publication.pk])
            yield Button(_("Let it pass once…"), href=href, dialog=True)


def _keyed(button: Button, key: str) -> Button:
    return Button(button.label, button.value, button.href, button.dialog, key)
