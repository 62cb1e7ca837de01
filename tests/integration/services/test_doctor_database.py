"""The database and its disk in `linkwatch doctor`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from linkwatch.models.records import ScheduleStatus
from linkwatch.services.doctor import DoctorResult, Problem, examine_database, examine_stored_times
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.runs import finish_run, insert_run
from linkwatch.store.schedules import save_schedule
from linkwatch.store.schema import open_database


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path}/linkwatch.db") as opened:
        yield opened


def results(database: Database) -> dict[str, DoctorResult]:
    settings = Settings(database_url=str(database.engine.url))
    return {line.subject: line for line in examine_database(settings, database)}


@pytest.mark.parametrize(("free", "works"), [(50_000_000, False), (500_000_000, True)])
def test_a_nearly_full_disk_is_a_problem(
    database: Database, monkeypatch: pytest.MonkeyPatch, free: int, works: bool
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**12, 10**12 - free, free))
    line = results(database)["space"]
    assert line.works is works
    assert f"{free // 1_000_000} MB free" in line.message
    assert ("Free some space" in line.remedy) is not works
    assert line.problem is (None if works else Problem.INCOMPLETE)


def test_the_size_is_that_of_the_file_and_its_log(database: Database, tmp_path: Path) -> None:
    file, log = tmp_path / "linkwatch.db", tmp_path / "linkwatch.db-wal"
    assert (
        f"{file.stat().st_size:,} bytes and {log.stat().st_size:,} in its log" in results(database)["database"].message
    )
    database.close()
    assert not log.exists()
    with open_database(str(database.engine.url)) as again:
        assert "version" in results(again)["database"].message


def test_the_file_system_is_named_where_the_machine_tells_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mountinfo"
    monkeypatch.setattr("linkwatch.store.filesystem.MOUNTS", table)
    assert ", on " not in results(database)["database"].message
    table.write_text(f"1 1 0:1 / {tmp_path} rw - btrfs /dev/sda rw\n")
    assert results(database)["database"].message.endswith(", on btrfs")


def test_times_ahead_of_now_are_counted_and_the_latest_is_named(database: Database) -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert list(examine_stored_times(database, now)) == []
    with database.write() as connection:
        for began in (now, now + timedelta(minutes=4), datetime(2031, 5, 6, 7, 8, tzinfo=UTC)):
            insert_run(connection, scope="a.md", source="keyless", now=began)
        planned = ScheduleStatus("courses", (), "auto", now, now + timedelta(days=7), now + timedelta(days=7))
        save_schedule(connection, planned)
    (line,) = examine_stored_times(database, now)
    assert (line.subject, line.message) == ("clock", "1 stored time lies ahead of now (latest 2031-05-06 07:08 UTC)")
    assert line.remedy == "Set the clock if it is wrong; they count as never."
    assert line.works


def test_a_last_check_ahead_of_now_is_none(database: Database) -> None:
    with database.write() as connection:
        began = datetime(9998, 1, 1, tzinfo=UTC)
        run_id = insert_run(connection, scope="a.md", source="keyless", now=began)
        finish_run(connection, run_id, now=began, units=0, incomplete_reason=None, held=False, note=None)
    assert results(database)["checks"].message == "none yet"
    assert "latest 9998-01-01" in results(database)["clock"].message
