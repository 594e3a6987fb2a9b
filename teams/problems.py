"""Errors of the API as RFC 9457 problem details, in the reader's language."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: gettext_lazy("This request cannot be understood"),
    401: gettext_lazy("Who are you?"),
    403: gettext_lazy("This is not allowed"),
    404: gettext_lazy("There is nothing here"),
    405: gettext_lazy("This cannot be done here"),
    406: gettext_lazy("No answer in that form"),
    409: gettext_lazy("Not as things stand"),
    412: gettext_lazy("It has changed meanwhile"),
    413: gettext_lazy("This is too large"),
    415: gettext_lazy("Not in this form"),
    422: gettext_lazy("This was understood, and refused"),
    428: gettext_lazy("Say which version you change"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong on our side"),
}


class Problem(APIException):
    """An error with a sentence; `members` are added to the body."""

    def __init__(self, status: int, sentence: str, **members: Any) -> None:
        super().__init__(sentence)
        self.status_code = status
        self.members = members


def problem(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler. What nobody foresaw is logged, and told without its inside."""
    if isinstance(error, (RequestDataTooBig, TooManyFilesSent)):
        error = Problem(413, _("The body of this request is too large."))
    response = exception_handler(error, context)
    if response is None:
        log.error("the API failed", exc_info=error)
        response = Response(None, 500)
        error = Problem(500, _("This could not be done, and nothing was changed. Try again in a moment."))
    response.data = _body(error, response.status_code, context)
    response.content_type = MEDIA_TYPE
    return response


def _body(error: Exception, code: int, context: Mapping[str, Any]) -> dict[str, Any]:
    request = context.get("request")
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(_TITLES.get(code, HTTPStatus(code).phrase)),
        "status": code,
        "detail": _detail(error, code),
        "instance": request.path if request is not None else "",
    }
    if isinstance(error, ValidationError):
        body["errors"] = list(_flat(error.detail))
    return body | getattr(error, "members", {})


def _detail(error: Exception, code: int) -> str:
    if isinstance(error, ValidationError):
        return _("Something in this request needs a change; “errors” says what.")
    if code == 404:
        return _("This workspace has nothing at this address. Addresses end with a slash; /api/v1/docs/ lists them.")
    said = getattr(error, "detail", None)
    return str(said) if isinstance(said, str) else str(_TITLES.get(code, ""))


def _flat(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """One entry for each mistake; a field inside another is named with a dot: repeat.interval, channels.0."""
    if isinstance(detail, ErrorDetail | str):
        yield {"field": field, "message": str(detail)}
    elif isinstance(detail, Mapping):
        for name, inner in detail.items():
            below = field if name == "non_field_errors" else f"{field}.{name}" if field else str(name)
            yield from _flat(inner, below)
    else:
        for place, inner in enumerate(detail):
            leaf = isinstance(inner, ErrorDetail | str)
            yield from _flat(inner, field if leaf else f"{field}.{place}")
