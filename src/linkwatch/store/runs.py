"""The runs: when each check began and ended, of which lists, and whether it is complete."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, case, func, insert, select, update

from linkwatch.models.records import Coverage, PastRun, Run
from linkwatch.models.times import CLOCK_TOLERANCE, to_millis, to_time
from linkwatch.store.tables import runs

INTERRUPTED = "interrupted"
"""The reason of a check that was stopped: it saved what it had learned, and reported nothing."""

_HAS_ENDED = runs.c.finished_at.is_not(None)
_READ_ALL = runs.c.asked.not_in((Coverage.DOUBTFUL, Coverage.CHANGED))


# Each check or report executes them: they are built once.
_INSERT = insert(runs).returning(runs.c.id)
_UPDATE = update(runs).where(runs.c.id == bindparam("run"))
_LAST = select(runs).where(_HAS_ENDED, runs.c.started_at <= bindparam("until")).order_by(runs.c.id.desc()).limit(1)
_LAST_OF_LISTS = _LAST.where(runs.c.scope == bindparam("lists"))
_FIRST_START = select(
    func.coalesce(
        func.min(case((runs.c.asked != Coverage.CHANGED, runs.c.started_at))),
        func.max(runs.c.started_at),
    )
)
_HOLDS = (
    select(runs.c.started_at, runs.c.held)
    .where(runs.c.scope == bindparam("lists"), _HAS_ENDED)
    .order_by(runs.c.id.desc())
)


def run_scope(files: Iterable[str]) -> str:
    """The scope of these lists: runs with the same one are compared with each other."""
    return "\n".join(sorted(set(files)))


def _files_of(scope: str) -> tuple[str, ...]:
    return tuple(scope.split("\n"))


def insert_run(
    connection: Connection, *, scope: str, source: str, now: datetime, coverage: Coverage = Coverage.ALL
) -> int:
    """Insert a run that begins now; returns its id."""
    values = {"scope": scope, "source": source, "asked": coverage, "started_at": to_millis(now)}
    return int(connection.execute(_INSERT, values).scalar_one())


def finish_run(
    connection: Connection,
    run_id: int,
    *,
    now: datetime,
    units: int,
    incomplete_reason: str | None,
    held: bool,
    note: str | None,
) -> None:
    """Save how a run ended.

    Args:
        connection: A transaction that writes.
        run_id: The run.
        now: When it ended.
        units: The quota units that it booked.
        incomplete_reason: None: everything was asked.
        held: The safety limit stopped it.
        note: A remark for people.
    """
    values = {
        "finished_at": to_millis(now),
        "quota_units": units,
        "complete": incomplete_reason is None,
        "incomplete_reason": incomplete_reason,
        "held": held,
        "note": note,
    }
    connection.execute(_UPDATE, {"run": run_id, **values})


def load_run(connection: Connection, run_id: int) -> Run:
    """The run of this id."""
    return _run(connection.execute(select(runs).where(runs.c.id == run_id)).one())


def load_last_run(connection: Connection, now: datetime, scope: str | None = None) -> Run | None:
    """The last run of these lists that has ended; of any lists when `scope` is None.

    A run that began ahead of now, while the clock was wrong, does not count.
    """
    until = to_millis(now + CLOCK_TOLERANCE)
    query, lists = (_LAST, {}) if scope is None else (_LAST_OF_LISTS, {"lists": scope})
    row = connection.execute(query, {"until": until, **lists}).first()
    return None if row is None else _run(row)


def _began_by(now: datetime) -> ColumnElement[bool]:
    return runs.c.started_at <= to_millis(now + CLOCK_TOLERANCE)


def load_runs(connection: Connection, limit: int, before: int = 0) -> list[PastRun]:
    """The last runs of all lists, newest first; those that have not ended, too.

    Args:
        connection: A transaction that reads.
        limit: How many at most.
        before: How many newer ones are passed over.
    """
    query = select(runs).order_by(runs.c.id.desc()).limit(limit).offset(before)
    return [PastRun(_run(row), _files_of(row.scope), row.held) for row in connection.execute(query)]


def count_runs(connection: Connection) -> int:
    """How many runs are stored."""
    return int(connection.execute(select(func.count()).select_from(runs)).scalar_one())


def unfinished_run_start(connection: Connection) -> datetime | None:
    """When the last run began, if it has not ended: it still runs, or was killed; None when it has."""
    row = connection.execute(select(runs.c.started_at, runs.c.finished_at).order_by(runs.c.id.desc()).limit(1)).first()
    return None if row is None or row.finished_at is not None else to_time(row.started_at)


def first_run_start(connection: Connection) -> datetime | None:
    """When the first run of all began, of changed lines alone the last one; None when there is none."""
    return to_time(connection.execute(_FIRST_START).scalar())


def first_run_starts(connection: Connection) -> dict[str, datetime]:
    """When the first run of each list began, by file."""
    query = select(runs.c.scope, func.min(runs.c.started_at)).group_by(runs.c.scope)
    first: dict[str, int] = {}
    for scope, started_at in connection.execute(query):
        for file in _files_of(scope):
            first[file] = min(started_at, first.get(file, started_at))
    return {file: to_time(started_at) for file, started_at in first.items()}


def last_run_starts(connection: Connection, scope: str, now: datetime, limit: int) -> list[datetime]:
    """When the last runs of exactly these lists began, oldest first.

    Runs that have not ended, those of suspects or changed lines alone, and those that began ahead of now are left out.

    Args:
        connection: A transaction that reads.
        scope: The lists.
        now: The present time.
        limit: How many at most.
    """
    query = (
        select(runs.c.started_at)
        .where(runs.c.scope == scope, _HAS_ENDED, _READ_ALL, _began_by(now))
        .order_by(runs.c.id.desc())
        .limit(limit)
    )
    return [to_time(started_at) for started_at in connection.execute(query).scalars()][::-1]


def run_starts_reading(connection: Connection, files: Collection[str], until: datetime, limit: int) -> list[datetime]:
    """When the last runs began that read one of these lists, perhaps among others; oldest first.

    Runs that have not ended, and those of suspects or changed lines alone, are left out.

    Args:
        connection: A transaction that reads.
        files: The lists; none: any.
        until: Later runs are left out.
        limit: How many at most.
    """
    query = (
        select(runs.c.started_at, runs.c.scope)
        .where(_HAS_ENDED, runs.c.started_at <= to_millis(until), _READ_ALL)
        .order_by(runs.c.id.desc())
    )
    times: list[datetime] = []
    for started_at, scope in connection.execute(query):
        if len(times) == limit:
            break
        if not files or not set(files).isdisjoint(_files_of(scope)):
            times.append(to_time(started_at))
    return sorted(times)


def previous_run_start(connection: Connection, run: Run) -> datetime:
    """When the last run of the same lists began that had ended, with a report, before this one began.

    What was found since then is new to the readers of these lists, whichever run found it: a run that was killed or
    interrupted reported nothing, and a run of other lists, or of changed lines alone, reported to others.

    Returns:
        The beginning of 1970 when there is none.
    """
    return to_time(connection.execute(_previous_start(), {"run": run.id}).scalar() or 0)


@cache
def _previous_start() -> Select[Any]:
    this = runs.alias()
    return (
        select(func.max(runs.c.started_at))
        .join(this, (this.c.scope == runs.c.scope) & (runs.c.finished_at <= this.c.started_at))
        .where(
            *(this.c.id == bindparam("run"), runs.c.id != bindparam("run"), runs.c.asked != Coverage.CHANGED),
            runs.c.incomplete_reason.is_distinct_from(INTERRUPTED),
        )
    )


def consecutive_holds(connection: Connection, scope: str) -> list[datetime]:
    """When the runs of these lists began that the safety limit stopped, up to the last run without a gap.

    Oldest first; empty when the last run was not stopped.
    """
    times = []
    for started_at, held in connection.execute(_HOLDS, {"lists": scope}):
        if not held:
            break
        times.append(to_time(started_at))
    return times[::-1]


def _run(row: Row[tuple[object, ...]]) -> Run:
    return Run(
        id=row.id,
        source=row.source,
        coverage=Coverage(row.asked),
        started_at=to_time(row.started_at),
        finished_at=to_time(row.finished_at),
        quota_units=row.quota_units,
        complete=row.complete,
        incomplete_reason=row.incomplete_reason,
        note=row.note,
    )
