"""What the next page says that has just happened, with a link and an Undo; kept in the session until it is shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

PLACE = "toast"


def toast(request: HttpRequest, text: str, url: str = "", undo_url: str = "", kind: str = "info") -> None:
    """`kind` error: it stays until it is closed."""
    request.session[PLACE] = {"text": text, "url": url, "undo_url": undo_url, "kind": kind}


def pop_toast(request: HttpRequest) -> dict[str, Any] | None:
    shown: dict[str, Any] | None = request.session.pop(PLACE, None)
    return shown
