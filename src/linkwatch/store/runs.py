"""The runs: when a check was made, over which lists, and whether it is complete."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update

from linkwatch.models.records import Coverage, PastRun, Run
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.tables import runs

INTERRUPTED = "interrupted"
"""The reason of a check that was stopped: it kept what it had learned, and told nobody."""


def run_scope(files: Iterable[str]) -> str:
    """The name of a set of lists: the runs over one scope are compared with each other."""
    return "\n".join(sorted(set(files)))


def insert_run(
    connection: Connection, *, scope: str, source: str, now: datetime, asked: Coverage = Coverage.ALL
) -> int:
    """Note that a check has begun; returns its id."""
    values = {"scope": scope, "source": source, "asked": asked, "started_at": to_millis(now)}
    row = insert(runs).values(values).returning(runs.c.id)
    return int(connection.execute(row).scalar_one())


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
    """Note how a check ended; `incomplete_reason` is None when everything was asked."""
    connection.execute(
        update(runs)
        .where(runs.c.id == run_id)
        .values(
            finished_at=to_millis(now),
            quota_units=units,
            complete=incomplete_reason is None,
            incomplete_reason=incomplete_reason,
            held=held,
            note=note,
        )
    )


def load_last_run(connection: Connection, scope: str | None = None) -> Run | None:
    """The last finished run over these lists; over any when `scope` is None."""
    query = select(runs).where(runs.c.finished_at.is_not(None)).order_by(runs.c.id.desc()).limit(1)
    row = connection.execute(query if scope is None else query.where(runs.c.scope == scope)).first()
    return None if row is None else _run(row)


def unfinished_run_start(connection: Connection) -> datetime | None:
    """When the last run began, if it has not ended: it goes on, or was killed; None when it has."""
    row = connection.execute(select(runs.c.started_at, runs.c.finished_at).order_by(runs.c.id.desc()).limit(1)).first()
    return None if row is None or row.finished_at is not None else to_time(row.started_at)


def last_run_starts(connection: Connection, scope: str, limit: int) -> list[datetime]:
    """When the last checks of these lists began that came to an end, oldest first; those of suspects alone aside."""
    query = (
        select(runs.c.started_at)
        .where(runs.c.scope == scope, runs.c.finished_at.is_not(None), runs.c.asked != Coverage.DOUBTFUL)
        .order_by(runs.c.id.desc())
        .limit(limit)
    )
    return [to_time(started_at) for started_at in connection.execute(query).scalars()][::-1]


def load_run(connection: Connection, run_id: int) -> Run:
    """The run of this id."""
    return _run(connection.execute(select(runs).where(runs.c.id == run_id)).one())


def load_runs(connection: Connection, limit: int, before: int = 0) -> list[PastRun]:
    """The last runs of all lists, newest first; those that have not ended too.

    Args:
        connection: A transaction that reads.
        limit: How many at most.
        before: How many newer ones are passed over.
    """
    query = select(runs).order_by(runs.c.id.desc()).limit(limit).offset(before)
    return [PastRun(_run(row), tuple(row.scope.split("\n")), row.held) for row in connection.execute(query)]


def count_runs(connection: Connection) -> int:
    """How many runs there were."""
    return int(connection.execute(select(func.count()).select_from(runs)).scalar_one())


def previous_run_start(connection: Connection, run: Run) -> datetime:
    """When the last check over the same lists began that had ended, with a report, before this one began.

    What was found since then is news to the readers of these lists, whoever found it: a check that was killed or
    interrupted told nobody, and a check of other lists told others.

    Returns:
        The beginning of 1970 when there was none.
    """
    this = runs.alias()
    query = (
        select(func.max(runs.c.started_at))
        .join(this, (this.c.scope == runs.c.scope) & (runs.c.finished_at <= this.c.started_at))
        .where(this.c.id == run.id, runs.c.id != run.id, runs.c.incomplete_reason.is_distinct_from(INTERRUPTED))
    )
    return to_time(connection.execute(query).scalar() or 0)


def consecutive_holds(connection: Connection, scope: str) -> list[datetime]:
    """When the last runs over these lists were held by the brake, up to the last run; oldest first, mostly empty."""
    query = (
        select(runs.c.started_at, runs.c.held)
        .where(runs.c.scope == scope, runs.c.finished_at.is_not(None))
        .order_by(runs.c.id.desc())
    )
    times = []
    for started_at, held in connection.execute(query):
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
