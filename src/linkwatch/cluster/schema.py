"""The tables of Procrastinate, in the same database: made and upgraded in a transaction of ours."""

from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, insert, inspect, select, update

from linkwatch.errors import StoreError
from linkwatch.store.database import Database
from linkwatch.store.tables import engines

NAME = "procrastinate"


def bring_up_to_date(database: Database) -> None:
    """Make or upgrade the tables where needed; of several workers that start at once, one does.

    Raises:
        StoreError: The database is not PostgreSQL, its Procrastinate is newer than this one, or is somebody else's.
    """
    if database.engine.dialect.name != "postgresql":
        raise StoreError(
            "workers meet in PostgreSQL",
            remedy="Set LINKWATCH_DATABASE_URL=postgresql://user@host/name; `linkwatch db copy` moves what is known.",
        )
    with database.read() as connection:
        if _version(connection) == _newest():
            return
    with database.write() as connection:
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    before = _version(connection)
    if before is None:
        if inspect(connection).has_table("procrastinate_jobs"):
            raise StoreError(
                "Procrastinate's tables in this database were made by somebody else", remedy="Name another database."
            )
        _run(connection, SchemaManager.get_schema())
        connection.execute(insert(engines).values(name=NAME, version=_newest()))
    elif before > _newest():
        raise StoreError(
            f"this database has Procrastinate's tables of version {before}, newer than the one installed here",
            remedy="Upgrade it: pip install --upgrade 'linkwatch[cluster]'",
        )
    else:
        for file in _migrations():
            if file.stem > before:
                _run(connection, file.read_text("utf-8"))
        connection.execute(update(engines).where(engines.c.name == NAME).values(version=_newest()))


def _version(connection: Connection) -> str | None:
    """The last migration that was applied; None: none was."""
    return connection.execute(select(engines.c.version).where(engines.c.name == NAME)).scalar()


def _newest() -> str:
    return _migrations()[-1].stem


def _migrations() -> list[Path]:
    """In the order in which they are applied: their names begin with the version."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _run(connection: Connection, script: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(script)  # several statements, and signs of per cent that are no parameters
