"""One clock for all workers: the database's. That of a host may be wrong, and would confirm deaths too soon."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select

from linkwatch.store.database import Database


def database_clock(database: Database) -> Callable[[], datetime]:
    """The present time by the server, aware UTC; each call asks it, and raises StoreError when it does not answer."""

    def now() -> datetime:
        with database.read() as connection:
            told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return told.astimezone(UTC)

    return now
