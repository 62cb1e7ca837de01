"""Procrastinate's tables in our database: created once, upgraded with the package; foreign ones are refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from databases import change, rows, url_of
from integration.workers.queue import work_off
from procrastinate.schema import SchemaManager
from sqlalchemy import insert

from linkwatch.errors import StoreError
from linkwatch.store.database import Database
from linkwatch.store.schema import open_database
from linkwatch.store.tables import engines
from linkwatch.workers.schema import upgrade_queue_schema

QUEUES = pytest.mark.postgresql("queues are on PostgreSQL alone")
MIGRATIONS = sorted(file.stem for file in Path(SchemaManager.get_migrations_path()).glob("*.sql"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(url_of(tmp_path / "linkwatch.db")) as opened:
        yield opened


def contents(tmp_path: Path) -> tuple[object, ...]:
    file = tmp_path / "linkwatch.db"
    tables = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'procrastinate%' ORDER BY 1"
    functions = "SELECT proname, md5(prosrc) FROM pg_proc WHERE proname LIKE 'procrastinate%' ORDER BY 1, 2"
    return (rows(file, tables), rows(file, functions), rows(file, "SELECT name, version FROM engines"))


@QUEUES
def test_the_tables_are_created_once(database: Database, tmp_path: Path) -> None:
    upgrade_queue_schema(database)
    before = contents(tmp_path)
    assert before[2] == [("procrastinate", MIGRATIONS[-1])]
    assert ("procrastinate_jobs",) in before[0]  # type: ignore[operator]
    upgrade_queue_schema(database)
    assert contents(tmp_path) == before


@QUEUES
def test_of_workers_that_start_at_once_one_creates_the_tables(tmp_path: Path) -> None:
    url = url_of(tmp_path / "linkwatch.db")

    def start(_number: int) -> None:
        with open_database(url) as database:
            upgrade_queue_schema(database)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert contents(tmp_path)[2] == [("procrastinate", MIGRATIONS[-1])]


@QUEUES
def test_the_tables_of_an_older_version_are_upgraded(database: Database, tmp_path: Path) -> None:
    # As an installation with the Procrastinate of some versions ago has them.
    scripts = [Path(SchemaManager.get_migrations_path(), f"{name}.sql").read_text("utf-8") for name in MIGRATIONS[:-5]]
    for script in scripts:
        with database.write() as connection:
            connection.connection.driver_connection.execute(script)  # type: ignore[union-attr]
    with database.write() as connection:
        connection.execute(insert(engines).values(name="procrastinate", version=MIGRATIONS[-6]))
    (tables, before, _) = contents(tmp_path)
    upgrade_queue_schema(database)
    (tables_after, functions, versions) = contents(tmp_path)
    assert versions == [("procrastinate", MIGRATIONS[-1])]
    assert tables_after == tables
    assert functions != before
    work_off(url_of(tmp_path / "linkwatch.db"), None)


@QUEUES
def test_tables_of_a_newer_version_are_refused(database: Database, tmp_path: Path) -> None:
    upgrade_queue_schema(database)
    change(tmp_path / "linkwatch.db", "UPDATE engines SET version = '99.00.00_01_pre'")
    with pytest.raises(StoreError, match="newer than the one installed here"):
        upgrade_queue_schema(database)


@QUEUES
def test_tables_that_linkwatch_did_not_create_are_refused(database: Database, tmp_path: Path) -> None:
    change(tmp_path / "linkwatch.db", "CREATE TABLE procrastinate_jobs (id int)")
    with pytest.raises(StoreError, match="not created by linkwatch"):
        upgrade_queue_schema(database)
    assert rows(tmp_path / "linkwatch.db", "SELECT count(*) FROM engines") == [(0,)]


@pytest.mark.sqlite("workers meet on PostgreSQL")
def test_sqlite_is_refused_with_what_to_do(database: Database) -> None:
    with pytest.raises(StoreError, match="workers need PostgreSQL") as refused:
        upgrade_queue_schema(database)
    assert "linkwatch db copy" in refused.value.remedy
