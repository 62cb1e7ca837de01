"""The database and its disk in `linkwatch doctor`."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from linkwatch.services.doctor import DoctorResult, Problem, examine_database
from linkwatch.settings import Settings
from linkwatch.store.database import Database
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
