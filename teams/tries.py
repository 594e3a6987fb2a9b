"""How often somebody may try a password: by address and by account, in windows of a quarter of an hour."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WINDOW = 15 * 60  # seconds
BY_ADDRESS = 50
BY_ACCOUNT = 10


def wait(request: HttpRequest, email: str, now: datetime) -> int:
    """Count one try; how many seconds to wait before it may be made (0: it may).

    Counted before the password is looked at, so that many tries at once are no way round, and alike for an
    e-mail address that nobody has. A cache that cannot be reached lets people in: it must not keep them from
    the pause button, and the slow hash still holds back whoever guesses.
    """
    window, elapsed = divmod(int(now.timestamp()), WINDOW)
    try:
        tries = [
            (_count(f"tries:{window}:{_network(address_of(request))}"), BY_ADDRESS),
            (_count(_account(window, email)), BY_ACCOUNT),
        ]
    except RedisError:
        log.exception("sign-in tries are not counted: the cache cannot be reached")
        return 0
    return WINDOW - elapsed if any(count > most for count, most in tries) else 0


def forget(email: str, now: datetime) -> None:
    """The right password was given: the account starts afresh."""
    try:
        cache.delete(_account(int(now.timestamp()) // WINDOW, email))
    except RedisError:
        log.exception("sign-in tries are not forgotten: the cache cannot be reached")


def address_of(request: HttpRequest) -> str:
    """Who is asking. Behind proxies of ours, the address that the outermost of them saw; nobody else is believed."""
    told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if settings.PROXIES and told:
        return told[-min(settings.PROXIES, len(told))]
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """One household: an IPv4 address, or the /64 that an IPv6 address is one of very many of."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def _account(window: int, email: str) -> str:
    return f"tries:{window}:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"


def _count(key: str) -> int:
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two lines
        return 1
