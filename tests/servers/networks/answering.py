"""Whether a server answers yet, for those that speak HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from tests.servers.launch import Unanswered


def ask(url: str, headers: Mapping[str, str] | None = None) -> bytes:
    """What it says; Unanswered until it says it."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", f"{parts.path or '/'}?{parts.query}", headers=dict(headers or {}))
        answer = connection.getresponse()
        if answer.status >= 300:
            raise Unanswered(f"{url} says {answer.status}")
        return answer.read()
    except (OSError, HTTPException) as silence:
        raise Unanswered(str(silence)) from silence
    finally:
        connection.close()
