"""Whole tables, row by row in one order, in a memory that does not grow with them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, collate, select

from linkwatch.store.database import BATCH

Row = tuple[Any, ...]
"""Values in the order of the table's columns, of the same types from both databases."""


def in_key_order(connection: Connection, table: Table) -> Iterator[Row]:
    """Every row of a table in the order of its primary key, which is the same on both databases.

    Args:
        connection: A transaction that reads.
        table: Any of `tables`.
    """
    keys: list[ColumnElement[Any]] = list(table.primary_key)
    if connection.dialect.name == "postgresql":
        # By code points, as SQLite sorts; PostgreSQL's own order may be that of a language.
        keys = [collate(key, "C") if isinstance(key.type, Text) else key for key in keys]
    query = select(table).order_by(*keys).execution_options(yield_per=BATCH)
    with connection.execute(query) as found:
        for row in found:
            yield tuple(row)


def count_common(source: Iterator[Row], arrived: Iterable[Row]) -> int | None:
    """How many rows have arrived; None when they are not those that the source begins with."""
    count = 0
    for row in arrived:
        if next(source, None) != row:
            return None
        count += 1
    return count


def first_difference(table: Table, one: Iterable[Row], other: Iterable[Row]) -> str | None:
    """The key of the first row that only one of both has, or has otherwise, in words; None when they are equal."""
    for mine, theirs in zip_longest(one, other):
        if mine != theirs:
            return min(_key(table, row) for row in (mine, theirs) if row is not None)[1]
    return None


def _key(table: Table, row: Sequence[Any]) -> tuple[tuple[Any, ...], str]:
    names = table.columns.keys()
    key = {column.name: row[names.index(column.name)] for column in table.primary_key}
    return tuple(key.values()), ", ".join(f"{name} {value!r}" for name, value in key.items())
