"""The jobs: how they are named, and how they are put into the queue."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache

from procrastinate import App, SyncPsycopgConnector
from procrastinate.types import JSONDict
from sqlalchemy import Connection, func, select

from linkwatch.store.database import Database, parse_database_url
from linkwatch.store.dialects import LIBPQ


def database_clock(database: Database) -> Callable[[], datetime]:
    """The present time by the server, aware UTC; each call asks it, and raises StoreError when it does not answer."""

    def now() -> datetime:
        with database.read() as connection:
            told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return told.astimezone(UTC)

    return now


CALL_TASK = "ask"
"""The task that makes one call; its arguments are the run and the number of the call in it."""

CALLS_QUEUE = "asking"
"""The queue of the calls: every worker takes from it."""

PLANS_QUEUE = "planning"
"""The queue of the plans: those take from it who have the lists."""


def conninfo_of(url: str) -> str:
    """The address of a PostgreSQL database as libpq takes it, with what it is told beside."""
    parsed = parse_database_url(url).set(drivername="postgresql")
    return parsed.set(query=LIBPQ | dict(parsed.query)).render_as_string(hide_password=False)


def enqueue_calls(connection: Connection, run_id: int, numbers: Iterable[int]) -> None:
    """Put calls of a run into the queue, in a transaction of ours: they are there when it commits, or not at all."""
    driver = connection.connection.driver_connection
    jobs: list[JSONDict] = [{"run_id": run_id, "number": number} for number in numbers]
    if jobs:
        _app().configure_task(CALL_TASK, queue=CALLS_QUEUE, connection=driver).batch_defer(*jobs)


@cache
def _app() -> App:
    """It is never opened: what is put into the queue goes through a connection of ours."""
    return App(connector=SyncPsycopgConnector())
