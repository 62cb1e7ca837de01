"""The connection: pragmas, transactions that are meant to write, and faults in words."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Executable, Table, bindparam, create_engine, event, insert, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from linkwatch.errors import StoreError
from linkwatch.store.filesystem import refuse_network

BATCH = 1000
"""Rows a statement: large enough to be fast, small enough for every database's limit on parameters."""

BUSY_SECONDS = 60
"""How long a writer waits for another one; each holds the database for a batch of rows only."""


class Database:
    """Read and write transactions on one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.guard: Callable[[Connection], None] | None = None
        """Called at the begin of every transaction that writes; it raises when its caller must not write any more."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: one state of the database from its first query to its last."""
        with _in_words(self.engine), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; on SQLite it is the only one from its begin on, so what it reads stays true."""
        with _in_words(self.engine), self.engine.connect() as connection:
            writer = connection.execution_options(linkwatch_writes=True)
            with writer.begin():
                if self.guard is not None:
                    self.guard(writer)
                yield writer

    def close(self) -> None:
        """Close the connections: the last one of a process moves SQLite's write-ahead log into the file."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(url: str, *, create: bool = True) -> Database:
    """Connect to a database, and make the file when it is not there; its tables are `schema.open_database`'s.

    Args:
        url: An SQLAlchemy URL.
        create: False: a missing SQLite file is not made; an empty database in memory stands in for it.

    Raises:
        StoreError: It can't be opened, or is an SQLite file on a network file system.
    """
    target = sqlite_file(url)
    if target is None and parsed_url(url).get_backend_name() == "sqlite":
        raise StoreError(
            "an SQLite database in memory forgets everything at once", remedy="Name a file: sqlite:///linkwatch.db"
        )
    if target is not None and not target.exists():
        if not create:
            url = "sqlite://"
        elif not target.parent.is_dir():
            raise StoreError(
                f"{target}: there is no folder {target.parent}", remedy="Create it, or name another database."
            )
    if target is not None:
        refuse_network(target)
    return Database(_engine(url))


def sqlite_file(url: str) -> Path | None:
    """The file behind an SQLite URL; None for a database in memory or of another kind."""
    parsed = parsed_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


def parsed_url(url: str) -> URL:
    """Parse a database URL.

    Raises:
        StoreError: It is none.
    """
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError, which quotes the URL's part
        raise StoreError(
            "the database's address is no SQLAlchemy URL", remedy="For example: sqlite:///linkwatch.db"
        ) from None


def shown_url(url: str) -> str:
    """A database URL without its password, and without parts that may hold one.

    Raises:
        StoreError: It is none.
    """
    return parsed_url(url).set(query={}).render_as_string()


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(parsed_url(url))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"no driver for this kind of database: {error}", remedy="Install the driver, or use sqlite:///…."
        ) from None
    except ArgumentError:
        raise StoreError(
            "the database's address has parts that this kind of database does not take",
            remedy="An SQLite file is named with three slashes: sqlite:///linkwatch.db",
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions are begun by `_begin_sqlite`; the driver's own begin comes too late to lock.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is purged is overwritten: free space would keep it
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that begins as a reader can't wait for another writer: SQLite tells it "locked" at once.
    writes = connection.get_execution_options().get("linkwatch_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _in_words(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"{engine.url.render_as_string()}: {_reason(error)}", remedy=_remedy(error)) from error


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip() or type(error.orig).__name__


def _remedy(error: DBAPIError) -> str:
    reason = _reason(error)
    remedies = {
        "full": "Free some space; what was committed is safe.",
        "disk I/O": "See whether the disk is full or broken; what was committed is safe.",
        "readonly": "Make the file and its folder writable, or name another database.",
        "unable to open": "Make the file and its folder readable and writable, or name another database.",
        "not a database": "The file is something else; name another database.",
        "malformed": "The file is damaged; restore a backup.",
        "locked": "Another program holds the database; try again when it has finished.",
    }
    return next((remedy for word, remedy in remedies.items() if word in reason), "")


def many(connection: Connection, statement: Executable, rows: list[dict[str, Any]]) -> None:
    """Execute one statement for many rows; nothing for none."""
    if rows:
        connection.execute(statement, rows)


def insert_many(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows, a thousand at a time.

    The statement is Core's; only its parameters go to the driver as they are, where Core would look at each of them:
    measured on SQLite, half the time a row.

    Args:
        connection: A transaction that writes.
        table: Where to.
        columns: Names of the columns that the rows hold.
        rows: Values in that order.
    """
    parameters: dict[str, Any] = {name: bindparam(name) for name in columns}
    statement = insert(table).values(parameters).compile(dialect=connection.dialect)
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        if statement.positiontup is None:
            connection.exec_driver_sql(str(statement), [dict(zip(columns, row, strict=True)) for row in batch])
        else:
            # The compiler puts the columns in the table's order.
            places = [columns.index(name) for name in statement.positiontup]
            in_order = itemgetter(*places) if len(places) > 1 else tuple
            connection.exec_driver_sql(str(statement), [in_order(row) for row in batch])
