"""The calls of a check that is handed out: each is answered for once, by whoever comes first."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, select, text, update

from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_time
from linkwatch.planner.calls import Call, CheckPlan, Method
from linkwatch.store.database import insert_many
from linkwatch.store.tables import calls, engines, runs

_ALIVE = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'")


def count_live_workers(connection: Connection) -> int:
    """How many give signs of life; 0 where there never was one."""
    if not connection.execute(select(func.count()).select_from(engines)).scalar_one():
        return 0
    return int(connection.execute(_ALIVE).scalar_one())


_KINDS = {Method.PLAYLISTS: Kind.PLAYLIST, Method.VIDEOS: Kind.VIDEO}
"""What a method asks about; the others: channels."""

_ALL_KINDS = (*_KINDS.items(), (Method.CHANNELS, Kind.CHANNEL))

LIFETIME = timedelta(days=2)
"""How long a run is gone on with whose planner is gone: whatever is judged in it has the time of its begin."""

_OPEN = calls.c.outcome.is_(None) & ~calls.c.waits


class ResumableRun(NamedTuple):
    """A run whose calls were handed out, and that has not ended."""

    run_id: int
    started_at: datetime
    """The time of the run."""


def insert_calls(connection: Connection, run_id: int, plan: CheckPlan) -> int:
    """Write down the calls of a run; those that it makes are numbered from 0 on.

    Returns:
        How many it makes.
    """
    scope = select(runs.c.scope).where(runs.c.id == run_id).scalar_subquery()
    earlier = select(runs.c.id).where(runs.c.scope == scope, runs.c.id < run_id)
    connection.execute(delete(calls).where(calls.c.run_id.in_(earlier)))  # left behind: they are planned anew
    waiting = [Call(method, found) for method, kind in _ALL_KINDS if (found := _of_kind(plan.postponed, kind))]
    rows = (
        (run_id, number, call.method, "\n".join(resource.id for resource in call.resources), number >= len(plan.calls))
        for number, call in enumerate([*plan.calls, *waiting])
    )
    insert_many(connection, calls, ("run_id", "number", "method", "ids", "waits"), rows)
    return len(plan.calls)


def load_resumable_run(connection: Connection, scope: str, now: datetime) -> ResumableRun | None:
    """The last run over these lists, if its calls were handed out, and it has neither ended nor become too old."""
    query = select(runs.c.id, runs.c.started_at, runs.c.finished_at).where(runs.c.scope == scope)
    row = connection.execute(query.order_by(runs.c.id.desc()).limit(1)).first()
    if row is None or row.finished_at is not None or is_expired(to_time(row.started_at), now):
        return None
    mine = select(calls.c.run_id).where(calls.c.run_id == row.id).limit(1)
    return None if connection.execute(mine).first() is None else ResumableRun(row.id, to_time(row.started_at))


def is_expired(began: datetime, now: datetime) -> bool:
    """Whether what is learned now must not be dated by a run that began then."""
    return now - began > LIFETIME


def load_plan(connection: Connection, run_id: int) -> CheckPlan:
    """What a run asks, as it was handed out."""
    rows = connection.execute(select(calls).where(calls.c.run_id == run_id).order_by(calls.c.number)).all()
    left = [resource for row in rows if row.waits for resource in _call(row).resources]
    return CheckPlan(calls=tuple(_call(row) for row in rows if not row.waits), postponed=tuple(left))


def load_open_call(connection: Connection, run_id: int, number: int) -> Call | None:
    """A call that nobody has answered for yet; None when somebody has, or the run has ended."""
    query = select(calls).where(calls.c.run_id == run_id, calls.c.number == number, _OPEN)
    row = connection.execute(query).first()
    return None if row is None else _call(row)


def save_outcome(connection: Connection, run_id: int, number: int, outcome: str) -> None:
    """Write down what came of a call that is open, in the transaction that saw that it is."""
    this = update(calls).where(calls.c.run_id == run_id, calls.c.number == number)
    connection.execute(this.values(outcome=outcome))


def open_call_numbers(connection: Connection, run_id: int) -> list[int]:
    """The calls that nobody has answered for yet."""
    query = select(calls.c.number).where(calls.c.run_id == run_id, _OPEN)
    return list(connection.execute(query.order_by(calls.c.number)).scalars())


def count_open_calls(connection: Connection, run_id: int) -> int:
    """How many calls nobody has answered for yet."""
    query = select(func.count()).select_from(calls).where(calls.c.run_id == run_id, _OPEN)
    return int(connection.execute(query).scalar_one())


def load_outcomes(connection: Connection, run_id: int) -> Iterator[tuple[Call, str]]:
    """What came of the calls that were answered for, in their order."""
    query = select(calls).where(calls.c.run_id == run_id, calls.c.outcome.is_not(None))
    for row in connection.execute(query.order_by(calls.c.number)):
        yield _call(row), row.outcome


def delete_calls(connection: Connection, run_id: int) -> None:
    """Forget the calls of a run that ends: whoever is still at one of them comes too late."""
    connection.execute(delete(calls).where(calls.c.run_id == run_id))


def _call(row: Row[Any]) -> Call:
    method = Method(row.method)
    kind = _KINDS.get(method, Kind.CHANNEL)
    return Call(method, tuple(Resource(kind, id_) for id_ in row.ids.split("\n")))


def _of_kind(resources: Iterable[Resource], kind: Kind) -> tuple[Resource, ...]:
    return tuple(resource for resource in resources if resource.kind is kind)
