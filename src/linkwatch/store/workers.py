"""The workers, as their engine keeps them beside our tables."""

from sqlalchemy import Connection, func, select, text

from linkwatch.store.tables import engines

_ALIVE = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'")


def live_workers(connection: Connection) -> int:
    """How many give signs of life; 0 where there never was one."""
    if not connection.execute(select(func.count()).select_from(engines)).scalar_one():
        return 0
    return int(connection.execute(_ALIVE).scalar_one())
