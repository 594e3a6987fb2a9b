"""How often somebody may try a password: by address and by account, in windows of a quarter of an hour."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from teams import counting

WINDOW = 15 * 60  # seconds
BY_ADDRESS = 50
BY_ACCOUNT = 10


def wait(request: HttpRequest, email: str, now: datetime) -> int:
    """Count one try; how many seconds to wait before it may be made (0: it may).

    Counted before the password is looked at, so that many tries at once are no way round, and alike for an
    e-mail address that nobody has.
    """
    tries = [
        (counting.count(f"tries:{_network(address_of(request))}", WINDOW, now), BY_ADDRESS),
        (counting.count(_account(email), WINDOW, now), BY_ACCOUNT),
    ]
    return max((left for (made, left), most in tries if made > most), default=0)


def forget(email: str, now: datetime) -> None:
    """The right password was given: the account starts afresh."""
    counting.forget(_account(email), WINDOW, now)


def address_of(request: HttpRequest) -> str:
    """Who is asking. Behind proxies of ours, the address that the outermost of them saw; nobody else is believed."""
    told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if settings.PROXIES and told:
        return str(told[-min(settings.PROXIES, len(told))])
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """One household: an IPv4 address, or the /64 that an IPv6 address is one of very many of."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def _account(email: str) -> str:
    return f"tries:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
