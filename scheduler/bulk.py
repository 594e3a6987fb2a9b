"""Many rows, each with values of its own, written in one statement.

Django's bulk_update builds a CASE for every value: for 200 rows it takes longer than judging and sending them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

AT_ONCE = 1000  # rows in one statement; SQLite takes 32,766 values


def write(rows: Sequence[models.Model], each: Sequence[str], same: Mapping[str, Any], *, counted: str = "") -> None:
    """Write the fields `each` as the objects have them, and `same` alike on all; one is added to `counted`.

    The rows are of one model and stand in the database; whoever calls holds their locks.
    """
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        _Statement(type(some[0]), each, same, counted).run(some)


class _Statement:
    def __init__(self, model: type[models.Model], each: Sequence[str], same: Mapping[str, Any], counted: str) -> None:
        # As Django takes them: a foreign key by its own name, or by that of its column.
        fields = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
        self._table = _quoted(model._meta.db_table)
        self._each = [fields[name] for name in each]
        self._alike = [_kept(fields[name], value) for name, value in same.items()]
        self._sets = [f"{_column(fields[name])} = %s" for name in same]
        self._sets += [f"{_column(field)} = {_cast(field, place)}" for place, field in enumerate(self._each)]
        if counted:
            column = _column(fields[counted])
            self._sets.append(f"{column} = {self._table}.{column} + 1")

    def run(self, rows: Sequence[models.Model]) -> None:
        names = ", ".join(["row_id", *(f"value_{place}" for place in range(len(self._each)))])
        one = f"({', '.join(['%s'] * (1 + len(self._each)))})"
        statement = (
            f"WITH wanted ({names}) AS (VALUES {', '.join([one] * len(rows))}) "  # noqa: S608 (names of our own columns)
            f"UPDATE {self._table} SET {', '.join(self._sets)} FROM wanted WHERE {self._table}.id = wanted.row_id"
        )
        values = [value for row in rows for value in self._values(row)]
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, *self._alike])

    def _values(self, row: models.Model) -> list[Any]:
        return [row.pk, *(_kept(field, getattr(row, field.attname)) for field in self._each)]


def _kept(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, models.Model):
        value = value.pk
    return field.get_db_prep_save(value, connection)


def _cast(field: models.Field[Any, Any], place: int) -> str:
    """PostgreSQL takes a bare value for text; SQLite has no such types, and casting would change the value."""
    if not connection.features.requires_casted_case_in_updates:
        return f"wanted.value_{place}"
    return f"wanted.value_{place}::{field.cast_db_type(connection)}"


def _column(field: models.Field[Any, Any]) -> str:
    assert field.column is not None
    return _quoted(field.column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
