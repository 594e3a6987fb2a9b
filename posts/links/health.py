"""What a link's visits amount to: alive, dead, suspicious, or nothing that could be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from posts.links import page
from posts.links.hosts import owner
from posts.networks.visit import Page, Trouble


class State(StrEnum):
    UNKNOWN = "unknown"
    ALIVE = "alive"
    SUSPICIOUS = "suspicious"
    DEAD = "dead"


class Sign(StrEnum):
    """What was seen. The first six, seen often enough, make a link dead; the next make it suspicious."""

    NOT_FOUND = "404"
    GONE = "410"
    FORBIDDEN_BY_LAW = "451"
    NO_SUCH_NAME = "no_such_name"
    WRONG_NAME = "wrong_name"
    EXPIRED = "expired"
    FRONT_PAGE = "front_page"
    LOGIN = "login"
    SEARCH = "search"
    OTHER_OWNER = "other_owner"
    SAYS_NOT_FOUND = "says_not_found"
    LIKE_ANY_OTHER = "like_any_other"
    PARKED = "parked"
    OTHER_TITLE = "other_title"
    NO_ANSWER = "no_answer"
    NOT_FOR_US = "not_for_us"  # it answered, and would not say
    NOT_OURS = "not_ours"  # an address that we do not call
    FINE = "fine"


@dataclass(frozen=True)
class Proof:
    """How often, and over how long a time, it must have been seen."""

    times: int
    over: timedelta


_THRICE = Proof(3, timedelta(days=3))
_CLEAR = Proof(2, timedelta(days=1))
_LONG = Proof(3, timedelta(days=14))  # a certificate is often renewed late
PROOFS = {
    Sign.NOT_FOUND: _THRICE,
    Sign.GONE: _CLEAR,
    Sign.FORBIDDEN_BY_LAW: _THRICE,
    Sign.NO_SUCH_NAME: _CLEAR,
    Sign.WRONG_NAME: _THRICE,
    Sign.EXPIRED: _LONG,
}
DOUBTS = frozenset(
    {
        Sign.FRONT_PAGE, Sign.LOGIN, Sign.SEARCH, Sign.OTHER_OWNER, Sign.SAYS_NOT_FOUND, Sign.LIKE_ANY_OTHER,
        Sign.PARKED, Sign.OTHER_TITLE,
    }
)  # fmt: skip
OFFLINE = frozenset({Sign.NO_ANSWER, Sign.NO_SUCH_NAME, Sign.WRONG_NAME, Sign.EXPIRED})
_SIGNS = {404: Sign.NOT_FOUND, 410: Sign.GONE, 451: Sign.FORBIDDEN_BY_LAW}
_TROUBLES = {
    Trouble.NO_SUCH_NAME: Sign.NO_SUCH_NAME,
    Trouble.WRONG_NAME: Sign.WRONG_NAME,
    Trouble.EXPIRED: Sign.EXPIRED,
    Trouble.FORBIDDEN: Sign.NOT_OURS,
}


@dataclass(frozen=True)
class Look:
    """One visit: what was seen, where it ended and under which title."""

    sign: Sign
    landed: str = ""
    title: str = ""
    detail: str = ""  # the status, for what would not say
    description: str = ""  # what the page says of itself


@dataclass(frozen=True)
class Strike:
    sign: Sign
    at: datetime


@dataclass(frozen=True)
class Health:
    """What is known of a link. `landed` and `title` are those of the first visit that found a page there."""

    state: State = State.UNKNOWN
    sign: Sign | None = None  # of the last visit that told anything
    detail: str = ""
    landed: str = ""
    title: str = ""
    strikes: Sequence[Strike] = field(default=())  # since it was last alive
    accepted: str = ""  # what a person called fine: where it landed, and under which title


def seen(url: str, answer: Page | Trouble, health: Health) -> Look:
    """What one visit shows, before it is compared with a page that cannot exist."""
    if isinstance(answer, Trouble):
        return Look(_TROUBLES.get(answer, Sign.NO_ANSWER), detail=answer.value)
    if answer.status in _SIGNS:
        return Look(_SIGNS[answer.status])
    if not 200 <= answer.status < 300 or page.doubts_us(answer.text):
        return Look(Sign.NOT_FOR_US, detail=str(answer.status))
    named = page.title(answer.text)
    return Look(
        _doubt(url, answer, named, health) or Sign.FINE, answer.url, named, description=page.description(answer.text)
    )


def after(health: Health, look: Look, now: datetime) -> Health:
    """What is known after one more visit."""
    if look.sign is Sign.FINE:
        return Health(State.ALIVE, look.sign, "", health.landed or look.landed, health.title or look.title, (), "")
    if look.sign in DOUBTS:
        state = State.ALIVE if health.accepted == signature(look) else State.SUSPICIOUS
        return replace(health, state=state, sign=look.sign, detail=_shown(look), strikes=())
    if look.sign in PROOFS:
        strikes = (*health.strikes, Strike(look.sign, now))
        if health.state == State.SUSPICIOUS and not _proven(strikes):
            return replace(health, strikes=strikes)
        state = State.DEAD if health.state == State.DEAD or _proven(strikes) else State.UNKNOWN
        return replace(health, state=state, sign=look.sign, detail=look.detail, strikes=strikes)
    if health.state in (State.DEAD, State.SUSPICIOUS):
        return health  # nothing was told: what was known stays known
    return replace(health, state=State.UNKNOWN, sign=look.sign, detail=look.detail)


def signature(look: Look) -> str:
    return f"{look.landed} {look.title}"


def _proven(strikes: Sequence[Strike]) -> bool:
    """By the strikes of one kind, or by all of them together under the strictest of their proofs."""
    kinds = {strike.sign for strike in strikes}
    strictest = max((PROOFS[sign] for sign in kinds), key=lambda proof: (proof.times, proof.over))
    each = ((PROOFS[sign], [one for one in strikes if one.sign is sign]) for sign in kinds)
    return any(
        len(some) >= proof.times and some[-1].at - some[0].at >= proof.over
        for proof, some in [(strictest, strikes), *each]
    )


def _doubt(url: str, answer: Page, named: str, health: Health) -> Sign | None:
    meant = health.landed or url
    signs = {
        Sign.PARKED: page.says_parked(answer.text),
        Sign.OTHER_OWNER: bool(health.landed) and _owner(answer.url) != _owner(meant),
        Sign.LOGIN: page.is_login(answer.url) and not page.is_login(meant),
        Sign.SEARCH: page.is_search(answer.url) and not page.is_search(meant),
        Sign.FRONT_PAGE: page.is_deep(meant) and not page.is_deep(answer.url) and _owner(answer.url) == _owner(meant),
        Sign.SAYS_NOT_FOUND: page.says_not_found(answer.text),
        # Front pages have another headline every day.
        Sign.OTHER_TITLE: page.is_deep(meant) and page.titles_differ(health.title, named),
    }
    return next((sign for sign, found in signs.items() if found), None)


def _shown(look: Look) -> str:
    return {Sign.OTHER_TITLE: look.title, Sign.OTHER_OWNER: _owner(look.landed)}.get(look.sign, "")


def _owner(url: str) -> str:
    return owner(urlsplit(url).hostname or "")
