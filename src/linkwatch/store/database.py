"""The connection: transactions that read, transactions that write, and batches of rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
from sqlalchemy import Connection, Dialect, Engine, Executable, Table, bindparam, insert, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from linkwatch.errors import StoreError
from linkwatch.store.db_errors import translate_errors
from linkwatch.store.dialects import IDLE_SECONDS, make_engine
from linkwatch.store.filesystem import refuse_network_file_system
from linkwatch.text import is_host

BATCH = 1000
"""Rows a statement: large enough to be fast, small enough for every database's limit on parameters."""


T = TypeVar("T")


class Database:
    """Read and write transactions on one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.guard: Callable[[Connection], None] | None = None
        """Called at the begin of every transaction that writes; raises when this process must not write any more."""

        self.idle_seconds = IDLE_SECONDS
        """How long a transaction that writes may be idle before PostgreSQL ends it; 0: for ever."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that reads: it sees one state of the database from its first query to its last."""
        with translate_errors(self.engine), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, *, beside: bool = False) -> Iterator[Connection]:
        """A transaction that writes; it is the only one from its begin on, so what it reads stays true.

        Args:
            beside: What is written does not depend on other writers, so on PostgreSQL it does not wait for them, nor
                they for it; SQLite has one writer at a time.
        """
        with translate_errors(self.engine), self.engine.connect() as connection:
            writer = connection.execution_options(
                linkwatch_writes=True, linkwatch_beside=beside, linkwatch_idle=self.idle_seconds
            )
            with writer.begin():
                if self.guard is not None:
                    self.guard(writer)
                yield writer

    def close(self) -> None:
        """Close the connections: with the last one of a process SQLite moves its write-ahead log into the file."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(url: str, *, create: bool = True, read_only: bool = False) -> Database:
    """Connect to a database, and create the file when it does not exist; `schema.open_database` creates the tables.

    Args:
        url: An SQLAlchemy URL.
        create: False: a missing SQLite file is not created; an empty database in memory takes its place.
        read_only: Of an SQLite file nothing is written.

    Raises:
        StoreError: It can't be opened, or is an SQLite file on a network file system.
    """
    target = sqlite_file(url)
    if target is None and parse_database_url(url).get_backend_name() == "sqlite":
        raise StoreError(
            "an SQLite database in memory loses everything when the command ends",
            remedy="Name a file: sqlite:///linkwatch.db",
        )
    if target is not None and not target.exists():
        if not create:
            url = "sqlite://"
        elif not target.parent.is_dir():
            raise StoreError(
                f"{target}: there is no folder {target.parent}", remedy="Create it, or name another database."
            )
    if target is not None:
        refuse_network_file_system(target)
    return Database(make_engine(parse_database_url(url), read_only=read_only))


def sqlite_file(url: str | URL) -> Path | None:
    """The file behind an SQLite URL; None for a database in memory or of another kind."""
    parsed = parse_database_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


def parse_database_url(url: str | URL) -> URL:
    """Parse a database URL.

    Raises:
        StoreError: It is not an SQLAlchemy URL.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError, which quotes the URL's part
        raise StoreError(
            "the database's address is not an SQLAlchemy URL", remedy="For example: sqlite:///linkwatch.db"
        ) from None
    if parsed.get_backend_name() != "sqlite" and parsed.host and not is_host(parsed.host):
        raise StoreError("the database's address has a host that can't be one", remedy="Correct the host.")
    # As libpq and other programs write it.
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in {"postgres", "postgresql"} else parsed


def redacted_url(url: str | URL) -> str:
    """A database URL without its password, and without parts that may hold one.

    Raises:
        StoreError: It is not an SQLAlchemy URL.
    """
    return parse_database_url(url).set(query={}).render_as_string()


def execute_many(connection: Connection, statement: Executable, rows: list[dict[str, Any]]) -> None:
    """Execute one statement for many rows; nothing when there are none."""
    if rows:
        connection.execute(statement, rows)


def in_batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of `size` items, the last one shorter; `items` are iterated once."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def insert_many(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows, a thousand at a time.

    They are passed to the driver as they are, where Core would process each value: measured on SQLite, half the time a
    row; on PostgreSQL, which gets a batch as one JSON document, a tenth.

    Args:
        connection: A transaction that writes.
        table: The table.
        columns: Names of the columns that the rows hold.
        rows: Values in that order.
    """
    write = _execute_json if connection.dialect.name == "postgresql" else _execute
    for batch in in_batches(rows):
        write(connection, table, columns, batch)


def _execute(connection: Connection, table: Table, columns: Sequence[str], batch: Sequence[Sequence[Any]]) -> None:
    statement, in_order = _insert_statement(table, tuple(columns))
    connection.exec_driver_sql(statement, [in_order(row) for row in batch])


@lru_cache(maxsize=64)
def _insert_statement(table: Table, columns: tuple[str, ...]) -> tuple[str, Callable[[Sequence[Any]], tuple[Any, ...]]]:
    """SQLite's statement, compiled once, not for each batch; and what puts the values of a row in its order."""
    parameters: dict[str, Any] = {name: bindparam(name) for name in columns}
    statement = insert(table).values(parameters).compile(dialect=sqlite.dialect())
    # The compiler puts the columns in the table's order.
    places = [columns.index(name) for name in statement.positiontup or ()]
    return str(statement), itemgetter(*places) if len(places) > 1 else tuple


def _execute_json(connection: Connection, table: Table, columns: Sequence[str], batch: Sequence[Sequence[Any]]) -> None:
    # Not by COPY: a process that is stopped in the middle of one holds it open for ever, and with it the lock of the
    # writers, since PostgreSQL's limit on idle transactions is not valid there.
    statement = _json_statement(table, tuple(columns), connection.dialect)
    connection.exec_driver_sql(statement, (msgspec.json.encode(batch).decode(),))
    _analyze_new(connection, table)


@lru_cache(maxsize=64)
def _json_statement(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    """PostgreSQL's statement: a row for each array of an array."""
    quote = dialect.identifier_preparer.quote
    types = (table.columns[name].type.compile(dialect) for name in columns)
    values = ", ".join(f"(row->>{place})::{type_}" for place, type_ in enumerate(types))
    names = ", ".join(map(quote, columns))
    return f"INSERT INTO {quote(table.name)} ({names}) SELECT {values} FROM jsonb_array_elements(%s::jsonb) AS row"  # noqa: S608  # of our own names


def _analyze_new(connection: Connection, table: Table) -> None:
    """Analyze a table that PostgreSQL has no statistics of, before its autovacuum does, which runs once a minute.

    Without them it plans as if every value were rare, and finds a thousand ids by scanning all playlists: 100,000 new
    resources took a minute for that alone.
    """
    query = "SELECT reltuples FROM pg_class WHERE oid = %(name)s::regclass"
    if connection.exec_driver_sql(query, {"name": table.name}).scalar() == -1:
        connection.exec_driver_sql(f"ANALYZE {connection.dialect.identifier_preparer.quote(table.name)}")
