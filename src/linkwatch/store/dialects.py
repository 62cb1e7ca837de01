"""The two databases: how each is connected to, and how a transaction begins on it.

On both, a transaction that reads sees one state from its first query to its last; one that writes is the only one
from its begin on, so what it reads stays true. On PostgreSQL writers queue up for an advisory lock.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from sqlalchemy import ARRAY, Boolean, ColumnElement, Connection, Dialect, Engine, Text, create_engine, event
from sqlalchemy import bindparam as bind
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from linkwatch.errors import StoreError

BUSY_SECONDS = 60
"""How long a writer waits for another one; each holds the database for one batch of rows."""

_LOCK = int.from_bytes(b"linkwatc")
"""The number of the advisory lock: unlikely to be used by another program on the same database."""

IDLE_SECONDS = 600
"""How long a transaction that writes may be idle, by default: a process that was stopped or cut off must not block the
others for ever."""

LIBPQ = {
    "client_encoding": "utf8",
    "connect_timeout": "10",
    "fallback_application_name": "linkwatch",
    # A server that vanished is noticed within a minute, not after the hours that are most systems' default.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""libpq's parameters that the address does not set; times are in seconds, the last one in milliseconds."""


_UNHEARD = logging.NullHandler()
"""For what psycopg warns of while it tidies up a lost connection: shown with `-v`; the error itself always is."""


def make_engine(url: URL, *, read_only: bool = False) -> Engine:
    """Make an SQLAlchemy engine whose transactions begin as the execution options of their connection demand.

    The options are `linkwatch_writes`, `linkwatch_beside` for a writer that needs no other to wait, and
    `linkwatch_idle` for the seconds that a transaction may be idle, 0 for ever. Nothing is connected yet.

    Args:
        url: Of SQLite, or of PostgreSQL.
        read_only: Of an SQLite file nothing is written, nor beside it where its folder is read-only.

    Raises:
        StoreError: It is of another kind, its driver is not installed, or it has parts that its kind does not support.
    """
    kind = url.get_backend_name()
    try:
        if kind == "sqlite":
            return _read_only_sqlite(url) if read_only and url.database else _sqlite(url)
        if url.drivername == "postgresql+psycopg":
            return _postgresql(url)
    except NoSuchModuleError:
        pass
    except ImportError:
        raise StoreError(
            "PostgreSQL's driver is not installed", remedy="Install it: pip install 'linkwatch[postgres]'"
        ) from None
    except ArgumentError:
        raise StoreError(
            "the database's address has parts that this kind of database does not support",
            remedy="An SQLite file is named with three slashes: sqlite:///linkwatch.db",
        ) from None
    raise StoreError(
        f"linkwatch does not support {url.drivername}",
        remedy="Name an SQLite file, sqlite:///linkwatch.db, or a PostgreSQL database, postgresql://user@host/name.",
    )


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _read_only_sqlite(url: URL) -> Engine:
    path = Path(str(url.database)).absolute()
    engine = create_engine(url, creator=lambda: _connect_read_only(path))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Connect to a file that may lie in a folder in which nobody can write.

    The write-ahead log needs a file of shared memory. Where none can be created, nobody else writes either: without a
    log the file is read as one that does not change.
    """
    address = f"file:{quote(str(path))}?mode=ro"
    connection = _open_read_only(address)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
            raise
        connection = _open_read_only(f"{address}&immutable=1")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _open_read_only(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    return connection


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions are begun by `_begin_sqlite`; the driver begins them too late to lock.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    if not _may_be_ours(connection):
        return  # it is refused in a moment, and stays as it is
    _use_write_ahead_log(connection)
    for pragma in (
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is purged is overwritten: free space would keep it
    ):
        connection.execute(f"PRAGMA {pragma}")


_MIGRATIONS = Path(__file__).parent / "migrations" / "versions"


def _may_be_ours(connection: sqlite3.Connection) -> bool:
    """Whether a file is empty, or holds tables of ours that are not of a newer version."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        return True
    if not {"alembic_version", "runs"} <= names:
        return False
    version = str((connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",))[0])
    known = {file.name.partition("_")[0] for file in _MIGRATIONS.glob("[0-9]*.py")}
    return version in known or not version or version.startswith("copy:")  # half a copy, which is resumed


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; when two processes do so on a new file, SQLite refuses one of them at once."""
    for _ in range(BUSY_SECONDS * 20):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.05)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that begins as a reader can't wait for another writer: SQLite raises "locked" at once.
    writes = connection.get_execution_options().get("linkwatch_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def split_prepare_threshold(url: URL) -> tuple[URL, dict[str, int | None]]:
    """The address without psycopg's `prepare_threshold`, and that as an argument: an address holds only texts.

    Raises:
        StoreError: It is neither a number nor `None`.
    """
    if "prepare_threshold" not in url.query:
        return url, {}
    text = str(url.query["prepare_threshold"])
    if text.lower() != "none" and not text.isdecimal():
        raise StoreError(
            f"the database's address: prepare_threshold is {text!r}",
            remedy="Set it to None behind a pooler, as PgBouncer in transaction mode, or to a number.",
        )
    return url.difference_update_query(["prepare_threshold"]), {
        "prepare_threshold": None if text.lower() == "none" else int(text)
    }


def is_pooled(connection: Connection) -> bool:
    """Whether a pooler is between us and PostgreSQL: the process that it names is not the one that answers."""
    if connection.dialect.name != "postgresql":
        return False
    named: int = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    return bool(named != connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def _postgresql(url: URL) -> Engine:
    url, arguments = split_prepare_threshold(url)
    parameters = {name: value for name, value in LIBPQ.items() if name not in url.query} | arguments
    logging.getLogger("psycopg").addHandler(_UNHEARD)
    # A connection that died while it was idle, as by a restart of the server, is replaced.
    engine = create_engine(url, connect_args=parameters, pool_pre_ping=True)
    event.listen(engine, "connect", _require_utf8)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "do_executemany", _execute_each)
    return engine


def _execute_each(cursor: Any, statement: str, rows: Iterable[Any], _context: object) -> bool:
    """Execute a statement for each row; True: it is done.

    Not by psycopg's `executemany`, which opens a pipeline: PostgreSQL's limit on idle transactions is not valid in one,
    nor after it, so a process that is stopped there would hold the lock of the writers for ever.
    """
    for row in rows:
        cursor.execute(statement, row)
    return True


def _require_utf8(connection: Any, _record: object) -> None:
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        raise StoreError(
            f"the database's encoding is {encoding}, which can't hold every title",
            remedy="Create one that can: createdb --encoding=UTF8 --template=template0 NAME",
        )


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("linkwatch_writes", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    # Each statement then sees what was committed before it, the last writer's rows included. One statement, so one
    # round trip; the limits are set first, and are valid for this transaction alone.
    idle = options.get("linkwatch_idle", IDLE_SECONDS)
    limits = (
        f"SELECT set_config('lock_timeout', '{BUSY_SECONDS}s', true), "
        f"set_config('idle_in_transaction_session_timeout', '{idle}s', true)"
    )
    beside = options.get("linkwatch_beside", False)
    connection.exec_driver_sql(limits if beside else f"{limits}, pg_advisory_xact_lock({_LOCK})")


def one_of(column: ColumnElement[Any], values: Collection[str] | Collection[int]) -> ColumnElement[bool]:
    """A condition: the column has one of these values, of its own type.

    They are one parameter, so that the statement is the same however many there are. An `IN` of 1,000 parameters is
    written out anew by SQLAlchemy each time: measured, 7 ms, where this takes 1.
    """
    return _OneOf(column, bind(None, list(values), _ListOf(column.type)))


def one_of_bound(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """The same of a statement that is built once: it is executed with a list as the value of this parameter."""
    return _OneOf(column, bind(parameter, type_=_ListOf(column.type)))


class _OneOf(FunctionElement[bool]):
    name = "one_of"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> "_OneOf":  # the signature is SQLAlchemy's
        return self  # else `= 1` follows it on SQLite, which then reads all rows


@compiles(_OneOf, "sqlite")
def _one_of_json(element: _OneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, values = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # of SQLAlchemy's own texts


@compiles(_OneOf, "postgresql")
def _one_of_array(element: _OneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, values = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} = ANY ({values})"


class _ListOf(TypeDecorator[list[Any]]):
    """A list as one parameter: an array, or JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else msgspec.json.encode(value).decode()
