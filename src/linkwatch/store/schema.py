"""The version of the tables: an older database is upgraded, a newer one refused."""

from sqlalchemy import Connection, inspect, text

from linkwatch.errors import StoreError
from linkwatch.store.database import Database, connect
from linkwatch.store.tables import metadata

HEAD = "0007"
"""The newest migration; said here so that a database that is up to date is opened without loading Alembic."""


def version_of(connection: Connection) -> str | None:
    """The version of the tables; None for an empty database.

    Raises:
        StoreError: There are tables, but they are not linkwatch's.
    """
    names = set(inspect(connection).get_table_names())
    # Others use Alembic too, and number their versions as we do.
    if "alembic_version" in names and names & set(metadata.tables):
        version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if version is not None:
            return version
    if names - {"alembic_version"}:
        raise StoreError("this database holds tables that are not linkwatch's", remedy="Name another database.")
    return None


def open_database(url: str, *, create: bool = True) -> Database:
    """Open a database, make it when it is not there, and bring it to the present version.

    Args:
        url: An SQLAlchemy URL.
        create: False: a missing SQLite file is not made; an empty database in memory stands in for it.

    Raises:
        StoreError: It can't be opened, is no database of linkwatch, or was made by a newer linkwatch.
    """
    database = connect(url, create=create)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def bring_up_to_date(database: Database) -> str | None:
    """Upgrade the tables where needed.

    Returns:
        The version before; None when the database was empty.

    Raises:
        StoreError: The database was made by a newer linkwatch.
    """
    with database.read() as connection:
        before = version_of(connection)
    if before == HEAD:
        return before
    # Here and not above: Alembic takes longer to load than a report to write, and is needed once a version.
    from linkwatch.store.migrations import known_versions, upgrade  # noqa: PLC0415

    if before is not None and before not in known_versions():
        raise StoreError(
            f"this database is of version {before}, newer than this linkwatch knows ({HEAD})",
            remedy="Upgrade linkwatch.",
        )
    with database.write() as connection:
        # Looked at again now that nobody else can write: of two processes that start at once, one upgrades.
        if version_of(connection) != HEAD:
            upgrade(connection)
    return before
