"""The calls of a check that is distributed to workers; the outcome of each is saved once."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, func, select, text, update

from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_time
from linkwatch.planner.calls import Call, CheckPlan, Method
from linkwatch.store.database import insert_many
from linkwatch.store.tables import calls, engines, runs

_ALIVE = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'")


def count_live_workers(connection: Connection) -> int:
    """How many workers have a recent heartbeat; 0 where there never was one."""
    if not connection.execute(select(func.count()).select_from(engines)).scalar_one():
        return 0
    return int(connection.execute(_ALIVE).scalar_one())


_KINDS = {Method.PLAYLISTS: Kind.PLAYLIST, Method.VIDEOS: Kind.VIDEO}
"""The kind of the resources that a method asks about; of the others: channels."""

_ALL_KINDS = (*_KINDS.items(), (Method.CHANNELS, Kind.CHANNEL))

LIFETIME = timedelta(days=2)
"""How long a run may be resumed: everything that it finds has the time of its start."""

_OPEN = calls.c.outcome.is_(None) & ~calls.c.waits


class ResumableRun(NamedTuple):
    """A run that was distributed, and has not ended."""

    run_id: int
    started_at: datetime


def insert_calls(connection: Connection, run_id: int, plan: CheckPlan) -> int:
    """Insert the calls of a run, numbered from 0 on; those that exceed the quota come last, and are not made.

    Returns:
        How many are to be made.
    """
    scope = select(runs.c.scope).where(runs.c.id == run_id).scalar_subquery()
    earlier = select(runs.c.id).where(runs.c.scope == scope, runs.c.id < run_id)
    connection.execute(delete(calls).where(calls.c.run_id.in_(earlier)))  # of runs that were killed
    postponed = [Call(method, some) for method, kind in _ALL_KINDS if (some := _of_kind(plan.postponed, kind))]
    rows = (
        (run_id, number, call.method, "\n".join(resource.id for resource in call.resources), number >= len(plan.calls))
        for number, call in enumerate([*plan.calls, *postponed])
    )
    insert_many(connection, calls, ("run_id", "number", "method", "ids", "waits"), rows)
    return len(plan.calls)


def load_resumable_run(connection: Connection, scope: str, now: datetime) -> ResumableRun | None:
    """The last run of these lists, if it was distributed, and has neither ended nor expired; else None."""
    query = select(runs.c.id, runs.c.started_at, runs.c.finished_at).where(runs.c.scope == scope)
    row = connection.execute(query.order_by(runs.c.id.desc()).limit(1)).first()
    if row is None or row.finished_at is not None or is_expired(to_time(row.started_at), now):
        return None
    its_calls = select(calls.c.run_id).where(calls.c.run_id == row.id).limit(1)
    return None if connection.execute(its_calls).first() is None else ResumableRun(row.id, to_time(row.started_at))


def is_expired(started_at: datetime, now: datetime) -> bool:
    """Whether a run that started then is too old to be resumed."""
    return now - started_at > LIFETIME


def load_plan(connection: Connection, run_id: int) -> CheckPlan:
    """The plan of a run, as it was distributed."""
    rows = connection.execute(select(calls).where(calls.c.run_id == run_id).order_by(calls.c.number)).all()
    postponed = [resource for row in rows if row.waits for resource in _call(row).resources]
    return CheckPlan(calls=tuple(_call(row) for row in rows if not row.waits), postponed=tuple(postponed))


def load_open_call(connection: Connection, run_id: int, number: int) -> Call | None:
    """A call without an outcome; None when it has one, or the run has ended."""
    query = select(calls).where(calls.c.run_id == run_id, calls.c.number == number, _OPEN)
    row = connection.execute(query).first()
    return None if row is None else _call(row)


def save_outcome(connection: Connection, run_id: int, number: int, outcome: str) -> None:
    """Save the outcome of an open call, in the transaction that loaded it."""
    this = update(calls).where(calls.c.run_id == run_id, calls.c.number == number)
    connection.execute(this.values(outcome=outcome))


def open_call_numbers(connection: Connection, run_id: int) -> list[int]:
    """The numbers of the calls without an outcome."""
    query = select(calls.c.number).where(calls.c.run_id == run_id, _OPEN)
    return list(connection.execute(query.order_by(calls.c.number)).scalars())


def count_open_calls(connection: Connection, run_id: int) -> int:
    """How many calls have no outcome yet."""
    query = select(func.count()).select_from(calls).where(calls.c.run_id == run_id, _OPEN)
    return int(connection.execute(query).scalar_one())


def load_outcomes(connection: Connection, run_id: int) -> Iterator[tuple[Call, str]]:
    """The calls that have an outcome, in their order."""
    query = select(calls).where(calls.c.run_id == run_id, calls.c.outcome.is_not(None))
    for row in connection.execute(query.order_by(calls.c.number)):
        yield _call(row), row.outcome


_DELETE = delete(calls).where(calls.c.run_id == bindparam("run"))


def delete_calls(connection: Connection, run_id: int) -> None:
    """Delete the calls of a run that ends: a later outcome is discarded."""
    connection.execute(_DELETE, {"run": run_id})


def _call(row: Row[Any]) -> Call:
    method = Method(row.method)
    kind = _KINDS.get(method, Kind.CHANNEL)
    return Call(method, tuple(Resource(kind, id_) for id_ in row.ids.split("\n")))


def _of_kind(resources: Iterable[Resource], kind: Kind) -> tuple[Resource, ...]:
    return tuple(resource for resource in resources if resource.kind is kind)
