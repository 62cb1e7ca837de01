"""Rows in every table, whatever the tables are: odd texts, both truth values, and NULL wherever it may be."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Text

from linkwatch.store.database import Database, insert_many
from linkwatch.store.tables import metadata

# Databases that sort texts as people do put none of these where their bytes would.
_SPELLINGS = ("a", "B", "-a", "ä", "_Z", "z", "Ａ", "😀")
ODD = "tab\t, end\r\n, \\N, \\., 'quoted' \"twice\", \u2028, \x7f, e\u0301, \U0001f4a5"


def fill(database: Database, count: int = 24) -> None:
    """Put so many rows into each table, numbered from 1."""
    with database.write() as connection:
        for table in metadata.sorted_tables:
            rows = ([_value(column, number) for column in table.columns] for number in range(1, count + 1))
            insert_many(connection, table, table.columns.keys(), rows)


def _value(column: Column[Any], number: int) -> Any:
    if column.nullable and number % 3 == 0:
        return None
    if column.foreign_keys or column is column.table.autoincrement_column:
        return number
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Text):
        return f"{_SPELLINGS[number % len(_SPELLINGS)]}{number} {column} {ODD}"
    return 1_700_000_000_000 + number if isinstance(column.type, BigInteger) else -number
