"""Create and upgrade the tables of Procrastinate in our database."""

from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, insert, inspect, select, update

from linkwatch.errors import StoreError
from linkwatch.store.database import Database
from linkwatch.store.tables import engines

NAME = "procrastinate"


def upgrade_queue_schema(database: Database) -> None:
    """Create or upgrade the tables if needed; of several workers that start at once, one does.

    Raises:
        StoreError: The database is not PostgreSQL, or has tables of Procrastinate that are newer or foreign.
    """
    if database.engine.dialect.name != "postgresql":
        raise StoreError(
            "workers need PostgreSQL",
            remedy="Set LINKWATCH_DATABASE_URL=postgresql://user@host/name; `linkwatch db copy` copies the data.",
        )
    with database.read() as connection:
        before = _version(connection)
    while before != _newest():
        # One migration a transaction: some use what the one before them has committed.
        with database.write() as connection:
            before = _upgrade(connection)


def _upgrade(connection: Connection) -> str:
    """Create the tables, or run the next migration, unless another worker did; returns the version afterwards."""
    before = _version(connection)
    if before is None:
        if inspect(connection).has_table("procrastinate_jobs"):
            raise StoreError(
                "Procrastinate's tables in this database were not created by linkwatch", remedy="Use another database."
            )
        _run(connection, SchemaManager.get_schema())
        connection.execute(insert(engines).values(name=NAME, version=_newest()))
        return _newest()
    if before > _newest():
        raise StoreError(
            f"this database has Procrastinate's tables of version {before}, newer than the one installed here",
            remedy="Upgrade it: pip install --upgrade 'linkwatch[cluster]'",
        )
    missing = [file for file in _migrations() if file.stem > before]
    if not missing:
        return before
    _run(connection, missing[0].read_text("utf-8"))
    connection.execute(update(engines).where(engines.c.name == NAME).values(version=missing[0].stem))
    return missing[0].stem


def _version(connection: Connection) -> str | None:
    """The last migration that was applied; None: there are no tables."""
    return connection.execute(select(engines.c.version).where(engines.c.name == NAME)).scalar()


def _newest() -> str:
    return _migrations()[-1].stem


def _migrations() -> list[Path]:
    """In the order in which they are applied: their names begin with the version."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _run(connection: Connection, script: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(script)  # several statements, with percent signs that are no parameters
