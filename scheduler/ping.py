"""The ping to a dead man's switch: as long as work is done, a monitor elsewhere hears from us every minute."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.error import URLError
from urllib.request import urlopen

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=55)  # asked twice a minute
PATIENCE = 10.0  # seconds


def ping(url: str) -> bool:
    """The address is the operator's own, so that it may well be inside their network. Whether it was answered."""
    try:
        urlopen(url, timeout=PATIENCE).close()  # noqa: S310  # the scheme is looked at when Refrain starts
    except (URLError, OSError) as error:
        log.warning("The monitor at REFRAIN_PING_URL did not answer: %s", error)
        return False
    return True
