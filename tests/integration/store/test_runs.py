from datetime import timedelta

import pytest
from integration.store.checks import DAY, NOW

from linkwatch.models.records import Coverage, PastRun, Run
from linkwatch.store.database import Database
from linkwatch.store.revision import load_revision
from linkwatch.store.runs import (
    consecutive_holds,
    count_runs,
    finish_run,
    first_run_start,
    first_run_starts,
    insert_run,
    last_run_starts,
    load_last_run,
    load_run,
    load_runs,
    previous_run_start,
    run_scope,
    run_starts_reading,
)

LATER = NOW + 100 * DAY


def run(
    database: Database,
    day: int,
    scope: str = "a",
    *,
    held: bool = False,
    reason: str | None = None,
    finish: bool = True,
    coverage: Coverage = Coverage.ALL,
) -> int:
    with database.write() as connection:
        run_id = insert_run(connection, scope=scope, source="data-api", now=NOW + day * DAY, coverage=coverage)
        if finish:
            finish_run(
                connection,
                run_id,
                now=NOW + day * DAY + timedelta(minutes=1),
                units=day,
                incomplete_reason=reason,
                held=held,
                note="a note",
            )
    return run_id


@pytest.mark.parametrize("reason", [None, "the network"])
def test_how_a_run_ended(database: Database, reason: str | None) -> None:
    run_id = run(database, 3, reason=reason)
    with database.read() as connection:
        assert load_last_run(connection, LATER) == Run(
            id=run_id,
            source="data-api",
            started_at=NOW + 3 * DAY,
            finished_at=NOW + 3 * DAY + timedelta(minutes=1),
            quota_units=3,
            complete=reason is None,
            incomplete_reason=reason,
            note="a note",
        )


def test_the_scope_is_the_set_of_the_lists() -> None:
    assert run_scope(["b", "a", "b"]) == run_scope(["a", "b"]) != run_scope(["a"])
    assert run_scope([]) == ""


def test_the_last_run_is_the_last_one_over_the_same_lists(database: Database) -> None:
    first, second = run(database, 0, "a"), run(database, 1, "b")
    with database.read() as connection:
        found = [load_last_run(connection, LATER, scope) for scope in ("a", "b", "c", None)]
    assert [each and each.id for each in found] == [first, second, None, second]


def test_a_run_of_changed_lines_alone_is_no_run_of_the_lists(database: Database) -> None:
    """But a check of pull requests alone knows nothing older than itself."""
    run(database, 0, coverage=Coverage.CHANGED)
    run(database, 1, coverage=Coverage.CHANGED)
    with database.read() as connection:
        assert first_run_start(connection) == NOW + DAY
    run(database, 2)
    run(database, 3, coverage=Coverage.CHANGED)
    last = run(database, 4)
    with database.read() as connection:
        assert first_run_start(connection) == NOW + 2 * DAY
        assert previous_run_start(connection, load_run(connection, last)) == NOW + 2 * DAY
        assert last_run_starts(connection, "a", LATER, 9) == [NOW + 2 * DAY, NOW + 4 * DAY]
        assert run_starts_reading(connection, ["a"], NOW + 9 * DAY, 9) == [NOW + 2 * DAY, NOW + 4 * DAY]


def test_a_run_that_was_killed_was_never_the_last(database: Database) -> None:
    first = run(database, 0)
    run(database, 1, finish=False)
    with database.read() as connection:
        found = load_last_run(connection, LATER, "a")
    assert found is not None
    assert found.id == first


def test_without_a_run_there_is_none(database: Database) -> None:
    run(database, 0, finish=False)
    with database.read() as connection:
        assert load_last_run(connection, LATER) is None
        assert consecutive_holds(connection, "a") == []


@pytest.mark.parametrize(
    ("runs", "days"),
    [
        pytest.param("", [], id="no run"),
        pytest.param("n", [], id="never held"),
        pytest.param("h", [0], id="held once"),
        pytest.param("nhhh", [1, 2, 3], id="three in a row, oldest first"),
        pytest.param("hhn", [], id="let go"),
        pytest.param("hnh", [2], id="only the last row counts"),
        pytest.param("hkh", [0, 2], id="a killed run says nothing"),
        pytest.param("hoh", [0, 2], id="other lists say nothing"),
    ],
)
def test_when_the_brake_held_up_to_the_last_run(database: Database, runs: str, days: list[int]) -> None:
    for day, kind in enumerate(runs):
        run(database, day, "other" if kind == "o" else "a", held=kind == "h", finish=kind != "k")
    with database.read() as connection:
        assert consecutive_holds(connection, "a") == [NOW + day * DAY for day in days]


def test_all_runs_are_reported_newest_first_with_what_they_were_of(database: Database) -> None:
    first = run(database, 1, "a\nb", held=True, reason="held")
    second = run(database, 2, "c", finish=False)
    with database.read() as connection:
        newest, oldest = load_runs(connection, 10)
        assert newest == PastRun(load_run(connection, second), ("c",), stopped_by_brake=False)
        assert oldest == PastRun(load_run(connection, first), ("a", "b"), stopped_by_brake=True)
        assert (newest.run.finished_at, oldest.run.incomplete_reason) == (None, "held")
        assert count_runs(connection) == 2
        assert load_runs(connection, 1, before=1) == [oldest]


def test_the_runs_reading_a_list_include_those_of_several_lists(database: Database) -> None:
    run(database, 0, run_scope(["a.md"]))
    run(database, 1, run_scope(["a.md", "b.md"]))
    run(database, 2, run_scope(["b.md"]))
    run(database, 3, run_scope(["a.md"]), finish=False)
    run(database, 4, run_scope(["a.md"]))

    def days(files: set[str], until: int = 9, limit: int = 9) -> list[int]:
        with database.read() as connection:
            return [(time - NOW).days for time in run_starts_reading(connection, files, NOW + until * DAY, limit)]

    assert days({"a.md"}) == [0, 1, 4]
    assert days({"b.md"}) == [1, 2]
    assert days({"a.md", "b.md"}, limit=2) == [2, 4]
    assert days({"a.md"}, until=1) == [0, 1]
    assert days(set()) == [0, 1, 2, 4]
    assert days({"c.md"}) == []


def test_the_first_run_of_a_list_counts_even_if_it_was_killed(database: Database) -> None:
    run(database, 2, run_scope(["b.md"]))
    run(database, 1, run_scope(["a.md", "b.md"]), finish=False)
    run(database, 3, run_scope(["b.md"]))
    with database.read() as connection:
        assert first_run_starts(connection) == {"a.md": NOW + DAY, "b.md": NOW + DAY}


def test_a_run_ahead_of_now_is_no_last_run(database: Database) -> None:
    first = run(database, 0)
    run(database, 2000)
    with database.read() as connection:
        last = load_last_run(connection, NOW + DAY, "a")
        assert last_run_starts(connection, "a", NOW + DAY, 10) == [NOW]
    assert last is not None
    assert last.id == first
    again = run(database, 3)
    with database.read() as connection:
        latest = load_last_run(connection, NOW + 3 * DAY)
        assert latest is not None
        assert latest.id == again
        assert previous_run_start(connection, latest) == NOW, "what has changed since then is new"


def test_the_end_of_a_run_is_another_revision_after_a_run_ahead_of_now(database: Database) -> None:
    run(database, 2000)
    run_id = run(database, 0, finish=False)
    with database.read() as connection:
        before = load_revision(connection)
    with database.write() as connection:
        finish_run(connection, run_id, now=NOW, units=0, incomplete_reason=None, held=False, note=None)
        assert load_revision(connection) != before
