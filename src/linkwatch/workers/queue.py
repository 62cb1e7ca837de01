"""The queues: their names, how calls are enqueued, and the clock that all workers share."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache

from procrastinate import App, SyncPsycopgConnector
from procrastinate.types import JSONDict
from sqlalchemy import Connection, func, select

from linkwatch.store.database import Database, parse_database_url
from linkwatch.store.dialects import LIBPQ, split_prepare_threshold


def database_clock(database: Database) -> Callable[[], datetime]:
    """A clock that asks the database server for the present time, aware UTC; it raises StoreError without an answer."""

    def now() -> datetime:
        with database.read() as connection:
            time: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return time.astimezone(UTC)

    return now


CALL_TASK = "ask"
"""The task that makes one call; its arguments are the run and the number of the call in it."""

CALLS_QUEUE = "asking"
"""The queue of the calls: every worker takes from it."""

PLANS_QUEUE = "planning"
"""The queue of the plans: the workers that have lists take from it."""


def libpq_conninfo(url: str) -> tuple[str, dict[str, int | None]]:
    """The URL of a PostgreSQL database in the form of libpq, with our connection parameters; and psycopg's own ones."""
    parsed, arguments = split_prepare_threshold(parse_database_url(url).set(drivername="postgresql"))
    return parsed.set(query=LIBPQ | dict(parsed.query)).render_as_string(hide_password=False), arguments


def enqueue_calls(connection: Connection, run_id: int, numbers: Iterable[int]) -> None:
    """Enqueue calls of a run in a transaction of the caller: they are there when it commits, or not at all."""
    driver = connection.connection.driver_connection
    jobs: list[JSONDict] = [{"run_id": run_id, "number": number} for number in numbers]
    if jobs:
        _app().configure_task(CALL_TASK, queue=CALLS_QUEUE, connection=driver).batch_defer(*jobs)


@cache
def _app() -> App:
    """Never opened: jobs are enqueued through the connection of the caller."""
    return App(connector=SyncPsycopgConnector())
