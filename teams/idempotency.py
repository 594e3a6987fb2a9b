"""A request sent twice is done once: the first answer is kept for two days and given again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from teams.models import IdempotencyKey, Workspace
from teams.problems import Problem

KEPT = timedelta(hours=48)
# Longer than any request runs: after that, whoever held the key has died, and what they did was rolled back.
DEAD = timedelta(minutes=5)
_FORM = re.compile(r"[\x21-\x7e]{1,255}")
_HEADERS = ("ETag", "Location")


def once(
    workspace: Workspace, key: str, request: str, now: datetime, do: Callable[[], Response], *, asking: bool = False
) -> HttpResponseBase | Response:
    """The answer to this request: the kept one, or what `do` answers now.

    `request` is all that makes two requests the same. `do` answers errors, and never raises: what it changed
    is rolled back with them. An answer of ours that failed (5xx) is not kept: nothing was done, so it may be tried.
    With `asking`, `do` asks a network and keeps transactions of its own: none of ours is open meanwhile.
    """
    if not _FORM.fullmatch(key):
        raise Problem(400, _("An Idempotency-Key has 1 to 255 visible ASCII characters and no spaces."))
    digest = hashlib.sha256(request.encode("utf-8", "surrogatepass")).hexdigest()
    row, ours = _claim(workspace, key, digest, now)
    if not ours:
        return _replayed(row, digest)
    if asking:
        return _kept(row, do())
    with transaction.atomic():
        # Held until all is written: whoever takes us for dead has to wait, and then finds an answer.
        if not IdempotencyKey.objects.select_for_update().filter(pk=row.pk, created_at=row.created_at).exists():
            raise Problem(409, _running())
        return _kept(row, do())


def _claim(workspace: Workspace, key: str, digest: str, now: datetime) -> tuple[IdempotencyKey, bool]:
    """The key's row, and whether it is ours to answer. Committed before anything is done, so others see it."""
    mine = IdempotencyKey.objects.filter(workspace=workspace)
    mine.filter(created_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            return mine.create(workspace=workspace, key=key, digest=digest, created_at=now), True
    except IntegrityError:
        row = mine.filter(key=key).first()
    if row is None:  # its first request failed just now
        raise Problem(409, _running())
    dead = mine.filter(pk=row.pk, status=None, digest=digest, created_at=row.created_at, created_at__lt=now - DEAD)
    taken = bool(dead.update(created_at=now))
    row.created_at = now if taken else row.created_at
    return row, taken


def _replayed(row: IdempotencyKey, digest: str) -> HttpResponse:
    if row.digest != digest:
        raise Problem(422, _("This Idempotency-Key was used for another request. Use a new one for each."))
    if row.status is None:
        raise Problem(409, _running())
    answer = HttpResponse(row.body.encode(), status=row.status, content_type=row.content_type)
    for name, value in row.headers.items():
        answer.headers[name] = value
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _kept(row: IdempotencyKey, response: Response) -> Response:
    still_ours = IdempotencyKey.objects.filter(pk=row.pk, created_at=row.created_at)
    if response.status_code >= 500:
        still_ours.delete()
        return response
    still_ours.update(
        status=response.status_code,
        body=JSONRenderer().render(response.data).decode() if response.data is not None else "",
        content_type=response.content_type or "application/json",
        headers={name: response.headers[name] for name in _HEADERS if name in response.headers},
    )
    return response


def _running() -> str:
    return _("The first request with this Idempotency-Key is still being worked on. Ask again in a moment.")
