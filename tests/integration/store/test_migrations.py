"""A database of every older version, with rows in all of its tables, becomes one of this version and loses nothing."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from databases import url_of
from integration.store.checks import NOW, check, seen
from integration.store.table_rows import fill
from sqlalchemy import Connection, MetaData, Row, Table, select, text

from linkwatch.store.database import Database, connect
from linkwatch.store.migrations import known_versions, upgrade
from linkwatch.store.quota import load_quota_day, pacific_day
from linkwatch.store.schema import HEAD, upgrade_database
from linkwatch.store.tables import metadata

COUNT = 24


def of_version(file: Path, version: str) -> tuple[Database, list[Table]]:
    """A new database of an older version, and its tables, each behind those that it refers to."""
    database = connect(url_of(file, empty=True))
    with database.write() as connection:
        upgrade(connection, version)
    found = MetaData()
    with database.read() as connection:
        found.reflect(connection)
    return database, [table for table in found.sorted_tables if table.name != "alembic_version"]


def stored(connection: Connection, table: Table) -> list[Row[tuple[object, ...]]]:
    """Every row, of these columns alone, in an order that is no database's own."""
    return sorted(connection.execute(select(table)), key=repr)


@pytest.mark.parametrize("version", sorted(known_versions()))
def test_no_value_is_lost_and_nothing_is_missing(tmp_path: Path, version: str) -> None:
    database, tables = of_version(tmp_path / "old.db", version)
    fill(database, COUNT, tables)
    with database.read() as connection:
        before = {table.name: stored(connection, table) for table in tables}
    assert all(len(rows) == COUNT for rows in before.values())
    pairs = before.pop("overlaps", []) if version < "0015" else []
    assert upgrade_database(database) == version
    with database.read() as connection:
        assert {table.name: stored(connection, table) for table in tables if table.name in before} == before
        groups: dict[int, int] = dict(connection.execute(text('SELECT resource_id, group_id FROM "overlaps"')).all())
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert all(groups[row.first_id] == groups[row.second_id] for row in pairs)
    assert upgrade_database(database) == HEAD
    assert check(database, NOW, seen()) == COUNT + 1, "and checks go on"
    database.close()


@pytest.mark.parametrize("version", sorted(known_versions() - {HEAD}))
def test_an_upgrade_that_fails_leaves_the_database_as_it_was(tmp_path: Path, version: str) -> None:
    database, tables = of_version(tmp_path / "old.db", version)
    fill(database, COUNT, tables)
    with database.read() as connection:
        before = {table.name: stored(connection, table) for table in tables}

    def fail() -> None:
        with database.write() as connection:
            upgrade(connection)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with database.read() as connection:
        assert {table.name: stored(connection, table) for table in tables} == before
    assert upgrade_database(database) == version
    database.close()


def test_units_of_the_day_are_kept_for_whichever_key_is_used(tmp_path: Path) -> None:
    database, _ = of_version(tmp_path / "old.db", "0010")
    with database.write() as connection:
        connection.execute(text("INSERT INTO quota_days (day, units) VALUES (:day, 41)"), {"day": pacific_day(NOW)})
    upgrade_database(database)
    with database.read() as connection:
        assert [load_quota_day(connection, NOW, 50, key).left for key in ("one key", "another")] == [9, 9]
    database.close()
