import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import databases
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from integration.store.checks import NOW, check, everything, seen
from integration.store.unprivileged import unprivileged, unprivileged_folder
from sqlalchemy import inspect, text

from linkwatch.errors import StoreError
from linkwatch.store.database import Database, connect
from linkwatch.store.migrations import known_versions, upgrade
from linkwatch.store.schema import HEAD, load_version, open_database, upgrade_database
from linkwatch.store.tables import metadata


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


def version(database: Database) -> str | None:
    with database.read() as connection:
        return load_version(connection)


def tables_of(database: Database) -> dict[str, Any]:
    """Everything about the tables but the order of columns, of which a migration adds the last."""
    with database.read() as connection:
        inspector = inspect(connection)
        return {
            table: {
                "columns": {each["name"]: {**each, "type": str(each["type"])} for each in inspector.get_columns(table)},
                "primary key": inspector.get_pk_constraint(table),
                "foreign keys": sorted(inspector.get_foreign_keys(table), key=str),
                "unique": sorted(inspector.get_unique_constraints(table), key=str),
                "checks": sorted(inspector.get_check_constraints(table), key=str),
                "indexes": sorted((str(each["name"]), str(each)) for each in inspector.get_indexes(table)),
            }
            for table in inspector.get_table_names()
        }


def test_a_new_database_has_the_tables_and_the_version(tmp_path: Path) -> None:
    database = open_database(databases.url_of(tmp_path / "new.db", empty=True))
    with database.read() as connection:
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
    assert version(database) == HEAD
    database.close()


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_a_new_database_has_the_tables_that_the_migrations_make(tmp_path: Path) -> None:
    """It is made without them: there is nothing to migrate."""
    new = open_database(databases.url_of(tmp_path / "new.db", empty=True))
    migrated = connect(databases.url_of(tmp_path / "migrated.db", empty=True))
    with migrated.write() as connection:
        upgrade(connection)
    assert tables_of(new) == tables_of(migrated)
    assert version(migrated) == HEAD
    for database in (new, migrated):
        database.close()


def test_head_is_the_newest_migration() -> None:
    assert max(known_versions()) == HEAD


def test_each_migration_is_named_after_its_version() -> None:
    folder = Path(sys.modules["linkwatch.store.migrations"].__file__ or "").parent / "versions"
    assert {file.name.partition("_")[0] for file in folder.glob("[0-9]*.py")} == known_versions()


def test_a_database_that_is_up_to_date_is_opened_without_a_change(tmp_path: Path) -> None:
    file = tmp_path / "linkwatch.db"
    first = open_database(databases.url_of(file))
    check(first, NOW, seen())
    before = everything(first)
    first.close()
    stored = databases.contents(file)
    second = open_database(databases.url_of(file))
    assert upgrade_database(second) == HEAD
    assert everything(second) == before
    second.close()
    assert databases.contents(file) == stored


def test_what_an_empty_database_was_before(tmp_path: Path) -> None:
    database = connect(databases.url_of(tmp_path / "new.db", empty=True))
    assert upgrade_database(database) is None
    assert upgrade_database(database) == HEAD
    database.close()


def test_a_database_of_a_newer_linkwatch_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "linkwatch.db"
    open_database(url_of(file)).close()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(StoreError, match=r"9999.*newer") as refused:
        open_database(url_of(file))
    assert "Upgrade" in refused.value.remedy
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param(["CREATE TABLE cookies (id)"], id="of another program"),
        pytest.param(["CREATE TABLE links (id)"], id="with a table of the same name"),
        pytest.param(
            ["CREATE TABLE cookies (id)", "CREATE TABLE alembic_version (version_num)"],
            id="Alembic's without a version",
        ),
        pytest.param(
            [
                "CREATE TABLE cookies (id)",
                "CREATE TABLE alembic_version (version_num)",
                "INSERT INTO alembic_version VALUES ('0001')",
            ],
            id="Alembic's, of the same number",
        ),
    ],
)
def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, statements: list[str]) -> None:
    file = tmp_path / "cookies.db"
    with closing(sqlite3.connect(file)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()
        tables = raw.execute("SELECT * FROM sqlite_master").fetchall()
    with pytest.raises(StoreError, match="not linkwatch's"):
        open_database(url_of(file))
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT * FROM sqlite_master").fetchall() == tables


def test_tables_that_are_made_in_a_transaction_that_fails_were_never_made(tmp_path: Path) -> None:
    database = connect(databases.url_of(tmp_path / "linkwatch.db", empty=True))

    def fail() -> None:
        with database.write() as connection:
            upgrade(connection)
            connection.execute(text("CREATE TABLE runs (id INTEGER)"))

    with pytest.raises(StoreError, match="already exists"):
        fail()
    with database.read() as connection:
        assert inspect(connection).get_table_names() == []
    assert upgrade_database(database) is None
    database.close()


@pytest.mark.parametrize(
    "content", [b"url,label\nhttps://youtu.be/x,\n" * 200, b"\x89PNG" * 300], ids=["text", "image"]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "resources.csv"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="not a database") as refused:
        open_database(url_of(file))
    assert "another database" in refused.value.remedy
    assert file.read_bytes() == content


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    file = tmp_path / "empty.db"
    file.touch()
    database = open_database(url_of(file))
    assert version(database) == HEAD
    database.close()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no folder .*nowhere") as refused:
        open_database(url_of(tmp_path / "nowhere" / "linkwatch.db"))
    assert "Create it" in refused.value.remedy
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open"):
        open_database(url_of(tmp_path))


def test_a_missing_file_is_not_made_for_who_only_looks(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path / "linkwatch.db"), create=False)
    assert all(rows == [] for rows in everything(database).values())
    database.close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_reported() -> None:
    with unprivileged_folder() as folder:
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(StoreError, match="unable to open") as refused:
            open_database(url_of(folder / "linkwatch.db"))
    assert "writable" in refused.value.remedy


def test_a_file_that_cannot_be_written_is_reported() -> None:
    with unprivileged_folder() as folder:
        file = folder / "linkwatch.db"
        open_database(url_of(file)).close()
        file.chmod(0o444)
        with unprivileged():
            database = open_database(url_of(file))
            with pytest.raises(StoreError, match="readonly") as refused:
                check(database, NOW, seen())
            database.close()
    assert "writable" in refused.value.remedy


_OPEN = """
import sys
from linkwatch.store.schema import open_database
import linkwatch.store.migrations
print("ready", flush=True)
sys.stdin.readline()
open_database(sys.argv[1]).close()
"""


def test_processes_that_open_the_same_new_database_at_once_all_succeed(tmp_path: Path) -> None:
    url = databases.url_of(tmp_path / "linkwatch.db", empty=True)
    command = [sys.executable, "-c", _OPEN, url]
    pipe = subprocess.PIPE
    openers = [subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(2)]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "ready\n"
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("\n")
        opener.stdin.flush()
    assert [(opener.communicate()[1], opener.returncode) for opener in openers] == [("", 0)] * 2
    database = open_database(url)
    assert version(database) == HEAD
    database.close()
