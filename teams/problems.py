"""Errors of the API as RFC 9457 problem details, in the reader's language."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    response = exception_handler(error, context)
    if response is not None:
        response.content_type = "application/problem+json"
    return response
