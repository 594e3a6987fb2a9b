"""How long a network asks us to wait, in whichever of its ways it says so."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST, LONGEST, UNREADABLE = 1.0, 6 * 3600.0, 60.0


def seconds_to_wait(headers: Mapping[str, str], body: object, now: datetime) -> float | None:
    """From 1 s to 6 h, or None where nothing is said. `now` by the network's clock where it shows one."""
    if "retry-after" in headers:
        return _clamped(_seconds(headers["retry-after"], now))
    if (seconds := _from_body(body)) is not None:
        return _clamped(seconds)
    if "x-rate-limit-reset" in headers:
        epoch = _number(headers["x-rate-limit-reset"])
        return _clamped(UNREADABLE if epoch is None else epoch - now.timestamp())
    return None


def http_date(value: str) -> datetime | None:
    """The moment in an HTTP-date header; None for anything else."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seconds(value: str, now: datetime) -> float:
    if (seconds := _number(value)) is not None:
        return seconds
    if (moment := http_date(value)) is not None:
        return moment.timestamp() - now.timestamp()
    return UNREADABLE


def _from_body(body: object) -> float | None:
    """Telegram's way: {"parameters": {"retry_after": 35}}. Discord's: {"retry_after": 64.57}."""
    match body:
        case {"parameters": {"retry_after": int() | float() as seconds}} | {"retry_after": int() | float() as seconds}:
            return seconds
    return None


def _number(value: str) -> float | None:
    return float(value) if re.fullmatch(r"\s*[+-]?[0-9]+(\.[0-9]+)?\s*", value) else None


def _clamped(seconds: float) -> float:
    return min(max(seconds, SHORTEST), LONGEST)
