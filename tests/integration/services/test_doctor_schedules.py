"""The daemon, the workers and the schedules in `linkwatch doctor`."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from databases import change, url_of
from integration.check.harness import MORNING
from integration.store.checks import DAY, NOW

from linkwatch.models.records import ScheduleStatus
from linkwatch.services.doctor import examine_schedules
from linkwatch.store.database import Database
from linkwatch.store.leases import DAEMON, TERM, acquire_lease, release_lease
from linkwatch.store.schedules import load_schedules, save_pause, save_schedule
from linkwatch.store.schema import open_database
from linkwatch.workers.schema import upgrade_queue_schema


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(url_of(tmp_path / "linkwatch.db")) as opened:
        yield opened


def results(database: Database, *, after: timedelta = timedelta()) -> list[tuple[bool, str]]:
    lines = [(line.works, line.message) for line in examine_schedules(database, NOW + after)]
    assert all(line.remedy for line in examine_schedules(database, NOW + after) if not line.works)
    database.close()
    return lines


def started(database: Database, *, name: str = "courses", failures: int = 0) -> None:
    standing = ScheduleStatus(name, ("a.md",), "auto", NOW, MORNING, MORNING, failures)
    with database.write() as connection:
        acquire_lease(connection, DAEMON, "host:1", NOW)
        save_schedule(connection, standing)


def test_where_no_daemon_was_ever_started_nothing_is_results(database: Database) -> None:
    assert results(database) == []


def test_a_running_daemon_is_shown_with_its_next_check(database: Database) -> None:
    started(database)
    assert results(database) == [(True, f"runs 1 schedule, next check {MORNING:%Y-%m-%d %H:%M} UTC")]


def test_a_daemon_without_a_heartbeat_is_a_problem(database: Database) -> None:
    started(database)
    assert results(database, after=TERM) == [(False, f"its last heartbeat was {NOW:%Y-%m-%d %H:%M} UTC")]


def test_a_daemon_that_was_stopped_is_no_problem(database: Database) -> None:
    with database.write() as connection:
        lease = acquire_lease(connection, DAEMON, "host:1", NOW)
        assert lease is not None
        release_lease(connection, lease, NOW)
    assert results(database, after=TERM) == [(True, f"was stopped {NOW:%Y-%m-%d %H:%M} UTC; none runs now")]


@pytest.mark.parametrize(("stored", "name"), [("courses", "courses"), ("lists", "a.md")])
def test_a_schedule_is_a_problem_after_three_incomplete_checks(database: Database, stored: str, name: str) -> None:
    started(database, name=stored, failures=3)
    ((works, message),) = results(database)
    assert not works
    assert message.startswith(f"{name}: 3 checks in a row left resources unanswered")


@pytest.mark.postgresql("workers meet on PostgreSQL")
def test_workers_are_counted(database: Database, tmp_path: Path) -> None:
    upgrade_queue_schema(database)
    change(
        tmp_path / "linkwatch.db",
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now()), (now() - interval '1 hour')",
    )
    with database.write() as connection:
        save_schedule(connection, ScheduleStatus("courses", ("a.md",), "auto", NOW, MORNING, MORNING, 0))
    assert results(database) == [(True, f"2 workers, 1 schedule, next check {MORNING:%Y-%m-%d %H:%M} UTC")]


def test_a_paused_schedule_has_no_next_check(database: Database) -> None:
    started(database)
    with database.write() as connection:
        save_schedule(connection, ScheduleStatus("talks", ("b.md",), "auto", NOW, MORNING, NOW + DAY))
        save_pause(connection, "courses", NOW)
    (line,) = results(database)
    assert line == (True, f"runs 2 schedules, 1 of them paused, next check {NOW + DAY:%Y-%m-%d %H:%M} UTC")


def test_a_status_that_is_saved_again_stays_paused(database: Database) -> None:
    started(database)
    with database.write() as connection:
        save_pause(connection, "courses", NOW)
    started(database, failures=1)
    with database.read() as connection:
        assert load_schedules(connection)["courses"].paused_at == NOW
    with database.write() as connection:
        save_pause(connection, "courses", None)
    with database.read() as connection:
        assert load_schedules(connection)["courses"].paused_at is None
