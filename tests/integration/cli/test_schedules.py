from datetime import timedelta
from pathlib import Path

import pytest
from databases import change, url_of
from integration.check.harness import MORNING
from integration.store.checking import NOW

from linkwatch.cli.doctor.schedules import examine_schedules
from linkwatch.store.database import Database
from linkwatch.store.leases import DAEMON, TERM, acquire_lease, release_lease
from linkwatch.store.schedules import ScheduleStatus, save_schedule
from linkwatch.store.schema import open_database
from linkwatch.workers.schema import upgrade_queue_schema


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(url_of(tmp_path / "linkwatch.db"))


def said(database: Database, *, after: timedelta = timedelta()) -> list[tuple[bool, str]]:
    lines = [(line.works, line.message) for line in examine_schedules(database, NOW + after)]
    assert all(line.remedy for line in examine_schedules(database, NOW + after) if not line.works)
    database.close()
    return lines


def started(database: Database, *, failures: int = 0) -> None:
    standing = ScheduleStatus("courses", ("a.md",), "auto", NOW, MORNING, MORNING, failures)
    with database.write() as connection:
        acquire_lease(connection, DAEMON, "host:1", NOW)
        save_schedule(connection, standing)


def test_where_no_daemon_was_ever_started_nothing_is_said(database: Database) -> None:
    assert said(database) == []


def test_a_daemon_at_work_is_said_with_its_next_check(database: Database) -> None:
    started(database)
    assert said(database) == [(True, f"works on 1 schedule, next check {MORNING:%Y-%m-%d %H:%M} UTC")]


def test_a_daemon_that_gives_no_sign_of_life_is_a_problem(database: Database) -> None:
    started(database)
    assert said(database, after=TERM) == [(False, f"gave its last sign of life {NOW:%Y-%m-%d %H:%M} UTC")]


def test_a_daemon_that_was_ended_is_none(database: Database) -> None:
    with database.write() as connection:
        lease = acquire_lease(connection, DAEMON, "host:1", NOW)
        assert lease is not None
        release_lease(connection, lease, NOW)
    assert said(database, after=TERM) == [(True, f"was ended {NOW:%Y-%m-%d %H:%M} UTC; none runs now")]


def test_checks_that_get_no_answers_are_a_problem_after_some(database: Database) -> None:
    started(database, failures=3)
    ((works, message),) = said(database)
    assert not works
    assert message.startswith("courses: 3 checks in a row left something unanswered")


@pytest.mark.postgresql("workers meet on PostgreSQL")
def test_workers_are_counted(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path / "linkwatch.db"))
    upgrade_queue_schema(database)
    change(
        tmp_path / "linkwatch.db",
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now()), (now() - interval '1 hour')",
    )
    with database.write() as connection:
        save_schedule(connection, ScheduleStatus("courses", ("a.md",), "auto", NOW, MORNING, MORNING, 0))
    assert said(database) == [(True, f"2 workers, 1 schedule, next check {MORNING:%Y-%m-%d %H:%M} UTC")]
