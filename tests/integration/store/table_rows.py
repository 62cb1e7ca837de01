"""Rows in every table, whatever the tables are: odd texts, both truth values, and NULL wherever it may be."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from linkwatch.store.database import Database, insert_many
from linkwatch.store.tables import metadata

# Databases that sort texts as people do put none of these where their bytes would.
_SPELLINGS = ("a", "B", "-a", "ä", "_Z", "z", "Ａ", "😀")
ODD = "tab\t, end\r\n, \\N, \\., 'quoted' \"twice\", \u2028, \x7f, e\u0301, \U0001f4a5"


def fill(database: Database, count: int = 24, tables: Iterable[Table] = metadata.sorted_tables) -> None:
    """Put so many rows into each of these tables, none of which has any; the database numbers them from 1."""
    with database.write() as connection:
        for table in tables:
            columns = [column for column in table.columns if column is not table.autoincrement_column]
            rows = ([_value(column, number) for column in columns] for number in range(1, count + 1))
            insert_many(connection, table, [column.name for column in columns], rows)


def _value(column: Column[Any], number: int) -> Any:
    if column.nullable and number % 3 == 0:
        return None
    if column.foreign_keys:
        return number
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Text):
        return f"{_SPELLINGS[number % len(_SPELLINGS)]}{number} {column} {ODD}"
    return 1_700_000_000_000 + number if isinstance(column.type, BigInteger) else -number
