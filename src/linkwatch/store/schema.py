"""The version of the tables: an older database is upgraded, a newer one refused."""

from hashlib import blake2b

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, text

from linkwatch.errors import StoreError
from linkwatch.store.database import Database, connect, sqlite_file
from linkwatch.store.tables import metadata

HEAD = "0019"
"""The newest migration; written here so that a database that is up to date is opened without loading Alembic."""

_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, as Alembic makes it."""

_HALF_COPY = "copy:"


def load_version(connection: Connection) -> str | None:
    """The version of the tables; None for an empty database.

    Raises:
        StoreError: There are tables, but they are not linkwatch's.
    """
    names = set(inspect(connection).get_table_names())
    # Other programs use Alembic, too, and may number their versions as we do.
    if "alembic_version" in names and names & set(metadata.tables):
        version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if version is not None:
            return version
    if names - {"alembic_version"}:
        raise StoreError("this database holds tables that are not linkwatch's", remedy="Name another database.")
    return None


def half_copy_version(source: str) -> str:
    """The version that marks a database into which another one is being copied: no linkwatch opens it.

    Args:
        source: Identifies the source of the copy; of any length, and without secrets.
    """
    return _HALF_COPY + blake2b(source.encode(), digest_size=12).hexdigest()


def is_half_copy(version: str | None) -> bool:
    """Whether this version marks a database into which another one is being copied."""
    return version is not None and version.startswith(_HALF_COPY)


def refuse_other_version(version: str) -> None:
    """Make sure that a database is whole, and of this version or one that can be upgraded.

    Raises:
        StoreError: It holds half a copy, or was made by a newer linkwatch.
    """
    # Imported here: Alembic takes longer to load than a report to write, and is needed once a version.
    from linkwatch.store.migrations import known_versions  # noqa: PLC0415

    if is_half_copy(version):
        raise StoreError(
            "this database holds half a copy of another one",
            remedy="Run the same linkwatch db copy again to resume it, or name another database.",
        )
    if version not in known_versions():
        raise StoreError(
            f"this database has version {version}, which is newer than this linkwatch ({HEAD})",
            remedy="Upgrade linkwatch.",
        )


def open_database(url: str, *, create: bool = True) -> Database:
    """Open a database, create it when it does not exist, and upgrade it to this version.

    Args:
        url: An SQLAlchemy URL.
        create: False: a missing SQLite file is not created; an empty database in memory takes its place.

    Raises:
        StoreError: It can't be opened, is not linkwatch's, holds half a copy, or was made by a newer linkwatch.
    """
    database = connect(url, create=create)
    try:
        upgrade_database(database)
    except BaseException:
        database.close()
        raise
    return database


def open_for_reading(url: str) -> Database:
    """Open a database to read it; an empty one in memory takes the place of a missing SQLite file.

    An SQLite file that is up to date is opened read-only, as its folder may be. One of an older version is upgraded.

    Raises:
        StoreError: As by `open_database`.
    """
    file = sqlite_file(url)
    if file is None or not file.is_file() or not file.stat().st_size:
        return open_database(url, create=False)
    database = connect(url, read_only=True)
    try:
        with database.read() as connection:
            version = load_version(connection)
        if version == HEAD:
            return database
    except BaseException:
        database.close()
        raise
    database.close()
    return open_database(url)


def upgrade_database(database: Database) -> str | None:
    """Upgrade the tables where needed.

    Returns:
        The version before; None when the database was empty.

    Raises:
        StoreError: The database holds half a copy, or was made by a newer linkwatch.
    """
    with database.read() as connection:
        before = load_version(connection)
    if before == HEAD:
        return before
    if before is not None:
        refuse_other_version(before)
    with database.write() as connection:
        # Read again now that no other process can write: of two that start at once, one upgrades.
        if load_version(connection) != HEAD:
            _create_or_upgrade(connection)
    return before


def _create_or_upgrade(connection: Connection) -> None:
    if inspect(connection).get_table_names():
        from linkwatch.store.migrations import upgrade  # noqa: PLC0415 - as above

        upgrade(connection)
        return
    # There is nothing to migrate. Measured: 20 ms; Alembic and its migrations take 150.
    for tables in (_VERSION.metadata, metadata):
        tables.create_all(connection, checkfirst=False)
    connection.execute(insert(_VERSION).values(version_num=HEAD))
