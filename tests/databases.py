"""Where tests keep their databases: in SQLite files, or on the PostgreSQL server that LINKWATCH_TEST_POSTGRES names.

A test always names a file. Every new database is a copy of a template that was migrated once: running the migrations
takes 35 ms on SQLite, a copy 2. On PostgreSQL a database of its own stands in for each file.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url, text

from linkwatch.store.database import connect
from linkwatch.store.migrations import upgrade as migrate
from linkwatch.store.schema import load_version, open_database

SERVER = os.environ.get("LINKWATCH_TEST_POSTGRES", "")
"""The URL of a superuser; empty: the tests run on SQLite. Read once, before a fixture takes such variables away."""

_TEMPLATE = "linkwatch_template"
"""The template on PostgreSQL."""

_MADE: dict[Path, str] = {}
"""The databases of this process, by the files that they stand in for."""


class _Compiled(dict[Any, Any]):
    """Compiled statements of every database of a process: hundreds of tests would each compile the same ones anew.

    SQLAlchemy's keys begin with the dialect, of which each engine has its own; here its class stands in for it.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), value)


_COMPILED = _Compiled()


@event.listens_for(Engine, "engine_connect")
def _share_compiled(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_COMPILED)


def url_of(file: Path, *, empty: bool = False) -> str:
    """The URL of the database in this file, or of the one that stands in for it.

    Args:
        file: Made from the template when it is not there; below the `tmp_path` of a test, it goes with it.
        empty: Make no file; on PostgreSQL, a database without tables.
    """
    if not SERVER:
        if not empty and not file.exists() and file.parent.is_dir():
            file.write_bytes(_sqlite_template())
        return f"sqlite:///{file}"
    if file not in _MADE:
        name = _name(file)
        _run(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else _TEMPLATE}")
        _MADE[file] = name
    return _url(_MADE[file])


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    """What stands in a database, read without linkwatch."""
    if not SERVER:
        with closing(sqlite3.connect(file)) as raw:
            return raw.execute(query).fetchall()
    with _connected(file) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def change(file: Path, *statements: str) -> None:
    """Change a database without linkwatch, in one transaction."""
    if not SERVER:
        with closing(sqlite3.connect(file)) as raw, raw:
            for statement in statements:
                raw.execute(statement)
        return
    with _connected(file) as connection:
        for statement in statements:
            connection.execute(text(statement))


def copy(file: Path, target: Path) -> None:
    """Copy a database that nobody has open."""
    if not SERVER:
        target.write_bytes(file.read_bytes())
        return
    name = _name(target)
    _run(f"CREATE DATABASE {name} TEMPLATE {_MADE[file]}")
    _MADE[target] = name


def contents(file: Path) -> object:
    """All that a database holds, to be compared with what it holds later: the file's bytes, or every row."""
    if not SERVER:
        return file.read_bytes()
    tables = rows(file, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1")
    return {table: sorted(rows(file, f'SELECT * FROM "{table}"'), key=repr) for (table,) in tables}  # noqa: S608 - our own names


def times_of(file: Path) -> list[tuple[str, str]]:
    """Table and column of everything that is a time."""
    columns = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    if SERVER:
        columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    return [(table, column) for table, column in rows(file, columns) if column == "at" or column.endswith("_at")]


def drop_those_in(folder: Path) -> None:
    """Let go of the databases that stand in for files in a folder, whoever is still connected."""
    for file in [file for file in _MADE if file.is_relative_to(folder)]:
        _run(f"DROP DATABASE IF EXISTS {_MADE.pop(file)} WITH (FORCE)")


@cache
def _sqlite_template() -> bytes:
    """A migrated SQLite database; made once a process."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "template.db"
        with connect(f"sqlite:///{file}") as database, database.write() as connection:
            migrate(connection)
        return file.read_bytes()


@cache
def _sqlite_statements() -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "template.db"
        file.write_bytes(_sqlite_template())
        with closing(sqlite3.connect(file)) as template:
            return tuple(template.iterdump())[1:-1]  # without its transaction


def upgrade(connection: Connection) -> None:
    """Stands in for the migrations of a command: a new SQLite database gets the template's tables, without Alembic."""
    if connection.dialect.name != "sqlite" or load_version(connection) is not None:
        migrate(connection)
        return
    for statement in _sqlite_statements():
        connection.exec_driver_sql(statement)


def make_template() -> None:
    """Make the PostgreSQL database that all others are copies of; once, before the tests of several processes."""
    _run(f"DROP DATABASE IF EXISTS {_TEMPLATE}", f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
    open_database(_url(_TEMPLATE)).close()


@contextmanager
def _connected(file: Path) -> Iterator[Connection]:
    engine = create_engine(url_of(file), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def _run(*statements: str) -> None:
    with _server().connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@cache
def _server() -> Engine:
    return create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def _name(file: Path) -> str:
    return f"t_{blake2b(bytes(file), digest_size=12).hexdigest()}"


def _url(name: str) -> str:
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)
