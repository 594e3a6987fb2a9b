"""Paging by key: the next page begins after the last row that was shown, however many rows come in meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

Row = TypeVar("Row", bound=Model)
SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    summary: str
    earlier: str = ""  # the query string of the page before; empty: there is none
    later: str = ""


def page_by(
    rows: QuerySet[Row], key: str, query: QueryDict, summary: str, *, falling: bool = False, size: int = SIZE
) -> Page[Row]:
    """The page that `after` or `before` in the query names, sorted by a unique integer column."""
    after, before = _number(query.get("after")), _number(query.get("before"))
    past, ahead = ("lt", "gt") if falling else ("gt", "lt")
    order, back = (f"-{key}", key) if falling else (key, f"-{key}")
    if before is not None:
        found = list(rows.filter(**{f"{key}__{ahead}": before}).order_by(back)[: size + 1])
        more = len(found) > size
        shown = found[:size][::-1]
        earlier, later = more, True
    else:
        wanted = rows if after is None else rows.filter(**{f"{key}__{past}": after})
        found = list(wanted.order_by(order)[: size + 1])
        shown = found[:size]
        earlier, later = after is not None, len(found) > size
    if not shown:
        return Page([], summary)
    return Page(
        shown,
        summary,
        _address(query, before=getattr(shown[0], key)) if earlier else "",
        _address(query, after=getattr(shown[-1], key)) if later else "",
    )


def _number(told: str | None) -> int | None:
    return int(told) if told and told.isascii() and told.isdigit() and len(told) < 19 else None


def _address(query: QueryDict, **place: Any) -> str:
    kept = query.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    kept.update(place)
    return "?" + kept.urlencode()
