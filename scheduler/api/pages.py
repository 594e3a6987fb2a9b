"""Pages of a list by key, not by number: rows that come or go meanwhile neither repeat nor hide others."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

USUAL, MOST = 50, 200
BIGGEST_KEY = 2**63 - 1


class Keyset(BasePagination):
    """Ordered by the view's `order`: one field, or one and then the primary key; a minus turns both around."""

    next: str | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        field, back = _order(view)
        size = _limit(request)
        sign = "-" if back else ""
        rows = queryset.order_by(f"{sign}{field}", f"{sign}pk")
        if "cursor" in request.query_params:
            rows = rows.filter(_after(field, back, *_read(request.query_params["cursor"], field)))
        found = list(rows[: size + 1])
        if len(found) > size:
            found.pop()
            self.next = replace_query_param(request.build_absolute_uri(), "cursor", _write(found[-1], field))
        return found

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        return Response({"next": self.next, "results": data})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            {
                "name": "cursor", "in": "query", "required": False, "schema": {"type": "string"},
                "description": "Where the page before this one ended: follow `next` and leave it alone.",
            },
            {"name": "limit", "in": "query", "required": False, "schema": limit, "description": "Rows on a page."},
        ]  # fmt: skip

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "description": "The next page; null on the last."}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": link, "results": schema},
        }


def _order(view: Any) -> tuple[str, bool]:
    order: str = getattr(view, "order", "-pk")
    return order.removeprefix("-"), order.startswith("-")


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", str(USUAL))
    if not (given.isascii() and given.isdecimal() and len(given) < 5 and 1 <= int(given) <= MOST):
        raise ValidationError({"limit": [_("Write a whole number from 1 to {most}.").format(most=MOST)]})
    return int(given)


def _after(field: str, back: bool, value: Any, key: int) -> Q:
    way = "lt" if back else "gt"
    if field == "pk":
        return Q(**{f"pk__{way}": key})
    return Q(**{f"{field}__{way}": value}) | Q(**{field: value, f"pk__{way}": key})


def _write(row: Model, field: str) -> str:
    value = None if field == "pk" else getattr(row, field).isoformat()
    return base64.urlsafe_b64encode(json.dumps([value, row.pk]).encode()).decode().rstrip("=")


def _read(cursor: str, field: str) -> tuple[datetime | None, int]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        value, key = json.loads(base64.b64decode(padded, b"-_", validate=True))
        if type(key) is not int or not 0 <= key <= BIGGEST_KEY:
            raise ValueError(key)
        at = None if field == "pk" else datetime.fromisoformat(value)
        if at is not None and at.tzinfo is None:
            raise ValueError(value)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise ValidationError({"cursor": [_("This is no cursor of ours. Start without one.")]}) from None
    return at, key
