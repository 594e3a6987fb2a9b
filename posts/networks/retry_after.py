"""How long a network asks us to wait, in whichever of its ways it says so."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST, LONGEST, UNREADABLE = 1.0, 6 * 3600.0, 60.0
# The names that networks give to a window: X's and Reddit's, Mastodon's, Bluesky's and the IETF draft's.
WINDOWS = ("x-user-limit-24hour", "x-app-limit-24hour", "x-rate-limit", "x-ratelimit", "ratelimit")
# Meta's: JSON by account, each with the minutes until it is open again.
USAGE = ("x-business-use-case-usage", "x-ad-account-usage")
EPOCH = 10**9  # a larger number is a moment, a smaller one a span of seconds


def seconds_to_wait(headers: Mapping[str, str], body: object, now: datetime) -> float | None:
    """From 1 s to 6 h, or None where nothing is said. `now` by the network's clock where it shows one."""
    if "retry-after" in headers:
        return _clamped(_seconds(headers["retry-after"], now))
    if (seconds := _from_body(body)) is not None:
        return _clamped(seconds)
    if (seconds := _from_usage(headers)) is not None:
        return _clamped(seconds)
    waits = list(_windows(headers, now))
    return _clamped(max(waits)) if waits else None


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


def _windows(headers: Mapping[str, str], now: datetime) -> Iterator[float]:
    """Until each window opens that has nothing left, or that does not say what it has left."""
    for name in WINDOWS:
        if f"{name}-reset" in headers and headers.get(f"{name}-remaining", "0").strip() == "0":
            yield _reset(headers[f"{name}-reset"], now)


def _reset(value: str, now: datetime) -> float:
    """As seconds since 1970, as seconds from now, or as an ISO date."""
    if (number := _number(value)) is not None:
        return number - now.timestamp() if number > EPOCH else number
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return UNREADABLE
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()


def _from_usage(headers: Mapping[str, str]) -> float | None:
    """Meta's way: {"1784": [{"type": "pages", "estimated_time_to_regain_access": 28}]}, in minutes; zero: open."""
    told = [_json(headers[name]) for name in USAGE if name in headers]
    found = [minutes for one in told if isinstance(one, dict) for minutes in _minutes(one)]
    return max(found) * 60 if any(found) else None


def _minutes(usage: Mapping[str, object]) -> Iterator[float]:
    for uses in usage.values():
        for use in uses if isinstance(uses, list) else [uses]:
            match use:
                case {"estimated_time_to_regain_access": int() | float() as minutes}:
                    yield minutes


def _json(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


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
