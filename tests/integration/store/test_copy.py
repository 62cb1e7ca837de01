"""From SQLite into whatever the tests run on, and back."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from databases import SERVER, change, contents, rows, url_of
from integration.store.checks import NOW, begun, check, everything, places_of, seen
from integration.store.table_rows import fill

from linkwatch.errors import StoreError
from linkwatch.store import copy as copying
from linkwatch.store.copy import TABLES, CopyResult, copy_database
from linkwatch.store.database import Database, connect
from linkwatch.store.leases import DAEMON, TERM, acquire_lease
from linkwatch.store.schema import HEAD, open_database, upgrade_database

COUNT = 24
TOTAL = COUNT * len(TABLES)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Database]:
    """An SQLite database with rows in every table."""
    with open_database(f"sqlite:///{tmp_path}/source.db") as opened:
        fill(opened, COUNT)
        yield opened


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    with connect(url_of(tmp_path / "target.db", empty=True)) as opened:
        yield opened


def nothing(_done: int, _total: int) -> None:
    """A progress that nobody looks at."""


def held(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order that is no database's own."""
    return {
        table: sorted((tuple(row.values()) for row in rows), key=repr)
        for table, rows in everything(database).items()
        if table != "engines"
    }


def copied(source: Database, target: Database, progress: Callable[[int, int], None] = nothing) -> CopyResult:
    return copy_database(source, target, now=NOW, progress=progress)


def cut_off(source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """An attempt that ends in the middle, after so many chunks of five rows."""
    calls = iter(range(after - 1))

    def interrupt(_done: int, _total: int) -> None:
        if next(calls, None) is None:
            raise KeyboardInterrupt

    monkeypatch.setattr(copying, "CHUNK", 5)
    with pytest.raises(KeyboardInterrupt):
        copied(source, target, interrupt)


def test_every_row_of_every_table_arrives_and_comes_back(source: Database, target: Database, tmp_path: Path) -> None:
    before = held(source)
    result = copied(source, target)
    assert dict(result.rows) == dict.fromkeys((table.name for table in TABLES), COUNT)
    assert (result.arrived, result.restarted, result.rows_with_nul) == (0, False, 0)
    assert held(target) == before
    assert held(source) == before
    with connect(f"sqlite:///{tmp_path}/back.db") as back:
        copied(target, back)
        assert held(back) == before


def test_what_is_new_is_numbered_behind_what_was_copied(source: Database, target: Database, tmp_path: Path) -> None:
    copied(source, target)
    assert upgrade_database(target) == HEAD
    with connect(f"sqlite:///{tmp_path}/back.db") as back:
        copied(target, back)
        for database in (target, back):
            assert check(database, NOW, seen()) == COUNT + 1
            assert max(row["id"] for row in everything(database)["resources"]) == COUNT + 1


def test_what_other_software_keeps_is_neither_copied_nor_said_to_be_there(source: Database, target: Database) -> None:
    copied(source, target)
    assert everything(target)["engines"] == []


def test_tables_without_rows_are_as_good_as_no_tables(source: Database, tmp_path: Path) -> None:
    with open_database(url_of(tmp_path / "made.db")) as target:
        copied(source, target)
        assert held(target) == held(source)


def test_progress_is_reported_for_each_row_when_it_is_copied_and_when_it_is_compared(
    source: Database, target: Database
) -> None:
    progress: list[tuple[int, int]] = []
    copied(source, target, lambda done, total: progress.append((done, total)))
    assert progress[-1] == (2 * TOTAL, 2 * TOTAL)
    assert progress == sorted(progress)
    assert (TOTAL, 2 * TOTAL) in progress


# The first chunk of all; the last of the first table and the first of the next; somewhere; the last.
@pytest.mark.parametrize("after", [1, 5, 6, 37, 5 * len(TABLES)])
def test_a_copy_that_was_cut_off_goes_on(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    cut_off(source, target, monkeypatch, after=after)
    result = copied(source, target)
    assert (result.arrived, result.restarted) == (after // 5 * COUNT + after % 5 * 5, False)
    assert held(target) == held(source)


def test_half_a_copy_is_no_database(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cut_off(source, target, monkeypatch, after=7)
    with pytest.raises(StoreError, match="half a copy") as refused:
        upgrade_database(target)
    assert "linkwatch db copy" in refused.value.remedy
    with pytest.raises(StoreError, match="half a copy"), connect(f"sqlite:///{tmp_path}/other.db") as other:
        copied(target, other)


def test_a_copy_restarts_when_the_source_has_changed_since(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(source, target, monkeypatch, after=5 * len(TABLES))
    with source.write() as connection:
        connection.exec_driver_sql("UPDATE quota_days SET units = 77 WHERE units = -3")
    result = copied(source, target)
    assert (result.arrived, result.restarted) == (0, True)
    assert held(target) == held(source)


def test_what_was_added_since_does_not_restart_a_copy(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(source, target, monkeypatch, after=5 * len(TABLES))
    check(source, NOW, seen())
    result = copied(source, target)
    assert (result.arrived, result.restarted) == (TOTAL, False)
    assert held(target) == held(source)


@pytest.mark.parametrize(
    ("statement", "place", "restarted"),
    [
        ("UPDATE events SET after = 'x' WHERE id = 7", "events, id 7", True),
        ('DELETE FROM "overlaps" WHERE resource_id = 24', "overlaps, resource_id 24", False),
        ("INSERT INTO quota_days (day, units) VALUES ('9', 1)", "quota_days, day '9', key_digest ''", True),
    ],
)
def test_a_row_that_is_not_what_was_copied_is_named_and_mended_by_the_next_attempt(
    source: Database, target: Database, tmp_path: Path, statement: str, place: str, restarted: bool
) -> None:
    def meddle(done: int, _total: int) -> None:
        if done == TOTAL:
            change(tmp_path / "target.db", statement)

    with pytest.raises(StoreError, match="differs from the source") as found:
        copied(source, target, meddle)
    assert found.value.message.endswith(place)
    with pytest.raises(StoreError, match="half a copy"):
        upgrade_database(target)
    assert copied(source, target).restarted is restarted
    assert held(target) == held(source)


def test_a_nul_becomes_what_postgresql_can_hold(source: Database, target: Database) -> None:
    with source.write() as connection:
        connection.exec_driver_sql("UPDATE links SET label = 'a' || char(0) || 'b', url = char(0) WHERE id < 3")
        connection.exec_driver_sql("UPDATE aliases SET alias = 'c' || char(0) WHERE resolved_at % 24 = 5")
    result = copied(source, target)
    kept = "\ufffd" if SERVER else "\0"
    assert result.rows_with_nul == (3 if SERVER else 0)
    assert places_of(target, f"a{kept}b") == ["links.label"]
    assert places_of(target, f"c{kept}") == ["aliases.alias"]


def test_who_wants_to_write_into_the_source_waits(source: Database, target: Database, tmp_path: Path) -> None:
    progress: list[int] = []
    refused: list[str] = []

    def write(done: int, _total: int) -> None:
        progress.append(done)
        with closing(sqlite3.connect(tmp_path / "source.db", timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                refused.append(str(error))

    copied(source, target, write)
    assert refused == ["database is locked"] * len(progress)


def test_a_database_on_which_a_daemon_works_is_refused(source: Database, target: Database) -> None:
    with source.write() as connection:
        assert acquire_lease(connection, DAEMON, "host-1", NOW) is not None
    with pytest.raises(StoreError, match="a daemon uses") as refused:
        copied(source, target)
    assert "Stop it" in refused.value.remedy
    copy_database(source, target, now=NOW + TERM, progress=nothing)  # it has died since
    assert held(target) == held(source)


def test_a_check_without_an_end_is_reported(source: Database, target: Database) -> None:
    with source.write() as connection:
        connection.exec_driver_sql("UPDATE runs SET finished_at = 1 WHERE id = 24")
    with source.write() as connection:
        begun(connection)
    assert copied(source, target).unfinished_since == NOW


def test_a_target_with_rows_of_its_own_is_refused_and_left_alone(source: Database, tmp_path: Path) -> None:
    file = tmp_path / "used.db"
    with open_database(url_of(file)) as target:
        check(target, NOW, seen())
    before = contents(file)
    with connect(url_of(file)) as target, pytest.raises(StoreError, match="is not empty") as refused:
        copied(source, target)
    assert "empty database" in refused.value.remedy
    assert contents(file) == before


def test_a_target_of_another_program_is_refused_and_left_alone(source: Database, tmp_path: Path) -> None:
    file = tmp_path / "songs.db"
    with connect(url_of(file, empty=True)) as target:
        change(file, "CREATE TABLE songs (title TEXT)")
        with pytest.raises(StoreError, match="not linkwatch's"):
            copied(source, target)
    assert rows(file, "SELECT * FROM songs") == []


def test_half_a_copy_of_another_database_is_refused(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cut_off(source, target, monkeypatch, after=7)
    before = contents(tmp_path / "target.db")
    with (
        open_database(f"sqlite:///{tmp_path}/other.db") as other,
        pytest.raises(StoreError, match="half a copy of another"),
    ):
        copied(other, target)
    assert contents(tmp_path / "target.db") == before


def test_an_older_database_is_not_upgraded_unasked(source: Database, target: Database) -> None:
    with source.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    with pytest.raises(StoreError, match="has version 0003") as refused:
        copied(source, target)
    assert "linkwatch db upgrade --database sqlite:///" in refused.value.remedy


def test_a_newer_database_is_refused(source: Database, target: Database) -> None:
    with source.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer than this linkwatch"):
        copied(source, target)


def test_what_is_not_there_can_not_be_copied_and_nothing_is_made(tmp_path: Path) -> None:
    with (
        connect(f"sqlite:///{tmp_path}/missing.db", create=False) as source,
        connect(f"sqlite:///{tmp_path}/new.db") as target,
        pytest.raises(StoreError, match="nothing to copy"),
    ):
        copied(source, target)
    assert list(tmp_path.iterdir()) == []


def test_a_database_is_not_copied_into_itself(tmp_path: Path) -> None:
    url = url_of(tmp_path / "linkwatch.db")
    with open_database(url) as one, connect(url) as same, pytest.raises(StoreError, match="the same database"):
        copied(one, same)


@pytest.mark.postgresql("SQLite ends nobody's transaction")
def test_the_transaction_that_keeps_others_from_writing_may_last_as_long_as_the_copy(
    source: Database, target: Database, tmp_path: Path
) -> None:
    copied(source, target)
    limits: list[str] = []
    limit = "SHOW idle_in_transaction_session_timeout"
    target.guard = lambda connection: limits.append(str(connection.exec_driver_sql(limit).scalar()))
    with connect(f"sqlite:///{tmp_path / 'back.db'}") as back:
        copied(target, back)
    assert limits == ["0"]


def test_an_error_that_is_kept_keeps_no_cursor_open(
    source: Database, target: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLAlchemy logs an error, and prints it, for a cursor that is closed after its database."""

    def meddle(done: int, _total: int) -> None:
        if done == TOTAL:
            change(tmp_path / "target.db", "UPDATE events SET after = 'x' WHERE id = 7")

    with pytest.raises(StoreError, match="differs from the source") as raised:
        copied(source, target, meddle)
    source.close()
    target.close()
    del raised
    gc.collect()
    assert not caplog.messages
