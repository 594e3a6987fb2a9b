"""Counts how often something happens in a window of time, in the cache that all web processes share."""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def count(what: str, window: int, now: datetime) -> tuple[int, int]:
    """Count one more; (how many in this window, seconds until it ends).

    A cache that cannot be reached counts nothing: it must not keep people from the pause button.
    """
    number, elapsed = divmod(int(now.timestamp()), window)
    key = f"{what}:{number}"
    try:
        cache.add(key, 0, window)
        return cache.incr(key), window - elapsed
    except RedisError:
        log.exception("not counted, since the cache cannot be reached: %s", what.partition(":")[0])
        return 0, window - elapsed
    except ValueError:  # it expired between the two lines
        return 1, window - elapsed


def forget(what: str, window: int, now: datetime) -> None:
    try:
        cache.delete(f"{what}:{int(now.timestamp()) // window}")
    except RedisError:
        log.exception("not forgotten, since the cache cannot be reached")
