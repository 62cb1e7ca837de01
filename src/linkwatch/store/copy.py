"""Copying all rows into another database, and comparing them.

The source is locked for writers meanwhile, so the copy is of one state, the last one. Rows are copied table by table,
in the order of their keys, some thousands a transaction; until all of them are compared, the version of the target
marks it as half a copy. A copy that was interrupted is resumed after the last row that has arrived.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, collate, delete, exists, func, or_, select, text
from sqlalchemy.engine import URL

from linkwatch.errors import StoreError
from linkwatch.store.database import BATCH, Database, insert_many, redacted_url, sqlite_file
from linkwatch.store.dialects import make_engine
from linkwatch.store.leases import DAEMON, load_lease
from linkwatch.store.migrations import upgrade
from linkwatch.store.runs import unfinished_run_start
from linkwatch.store.schema import HEAD, half_copy_version, is_half_copy, load_version, refuse_other_version
from linkwatch.store.tables import engines, metadata

Row = tuple[Any, ...]
"""Values in the order of the table's columns, of the same types from both databases."""


@contextmanager
def rows_in_key_order(connection: Connection, table: Table) -> Iterator[Iterator[Row]]:
    """Every row of a table in the order of its primary key, which is the same on both databases.

    The cursor is closed when the block ends, also when not every row was read: later its connection is closed.

    Args:
        connection: A transaction that reads.
        table: Any of `tables`.
    """
    keys: list[ColumnElement[Any]] = list(table.primary_key)
    if connection.dialect.name == "postgresql":
        # By code points, as SQLite sorts; PostgreSQL's own order may be that of a language.
        keys = [collate(key, "C") if isinstance(key.type, Text) else key for key in keys]
    query = select(table).order_by(*keys).execution_options(yield_per=BATCH)
    with connection.execute(query) as rows:
        yield map(tuple, rows)


def count_common(source: Iterator[Row], arrived: Iterable[Row]) -> int | None:
    """How many rows have arrived; None when they are not the first ones of the source."""
    count = 0
    for row in arrived:
        if next(source, None) != row:
            return None
        count += 1
    return count


def first_difference(table: Table, one: Iterable[Row], other: Iterable[Row]) -> str | None:
    """The key of the first row that differs or that only one of both has, as text; None when they are equal."""
    for mine, theirs in zip_longest(one, other):
        if mine != theirs:
            return min(_key(table, row) for row in (mine, theirs) if row is not None)[1]
    return None


def _key(table: Table, row: Sequence[Any]) -> tuple[tuple[Any, ...], str]:
    names = table.columns.keys()
    key = {column.name: row[names.index(column.name)] for column in table.primary_key}
    return tuple(key.values()), ", ".join(f"{name} {value!r}" for name, value in key.items())


CHUNK = 10 * BATCH
"""Rows a transaction: what a copy that is killed has to repeat."""

TABLES = [table for table in metadata.sorted_tables if table is not engines]
"""Each table after those that it refers to. Those of other software are not copied."""

Progress = Callable[[int, int], None]

_SET_VERSION = text("UPDATE alembic_version SET version_num = :version")


@dataclass(frozen=True, slots=True)
class CopyResult:
    """A complete copy."""

    rows: Mapping[str, int]
    """By table, in the order in which they were copied."""

    arrived: int
    """Of these, the rows that an earlier attempt had copied."""

    restarted: bool
    """The source had changed since an earlier attempt, and everything was copied again."""

    rows_with_nul: int
    """Rows with a text in which each NUL, which PostgreSQL can't store, was replaced."""

    unfinished_since: datetime | None
    """When the last check began, if it has not ended: it was killed, or what it finds from now on is not copied."""


def copy_database(source: Database, target: Database, *, now: datetime, progress: Progress) -> CopyResult:
    """Copy every row that is missing, and compare all.

    Args:
        source: Of this version; it is not changed, and other writers wait.
        target: Empty, or with the rows of an earlier attempt with the same source.
        now: The present time.
        progress: Called with the rows done and the total; each row is copied and compared, so it counts twice.

    Raises:
        StoreError: The source is of another version or used by a daemon, the target has rows of its own, a row differs,
            or a database failed; what has arrived stays.
    """
    if _place(source.engine.url) == _place(target.engine.url):
        raise StoreError("--from and --to name the same database", remedy="Name another one with --to.")
    _require_current(source)
    source.idle_seconds = 0  # no limit: a copy may take long
    # The first locks out other writers, the second sees one state: that of when the first had begun.
    with source.write(), source.read() as snapshot:
        _require_idle(snapshot, now)
        _claim(target, half_copy_version(f"{HEAD} {_place(source.engine.url)}"))
        counts = _count(snapshot)
        without_nul = source.engine.dialect.name == "sqlite" and target.engine.dialect.name == "postgresql"
        copying = _Copying(snapshot, target, without_nul)
        arrived, restarted = copying.copy_rows(sum(counts.values()), progress)
        copying.compare(counts, progress)
        _finish(target)
        return CopyResult(
            rows=counts,
            arrived=arrived,
            restarted=restarted,
            rows_with_nul=_count_nul(snapshot) if without_nul else 0,
            unfinished_since=unfinished_run_start(snapshot),
        )


def _place(url: URL) -> str:
    """The location of a database, without secrets."""
    if url.get_backend_name() == "sqlite":
        return str(Path(str(url.database)).resolve())
    host, port = (url.query.get(name) for name in ("host", "port"))
    return f"{url.host or host}:{url.port or port or 5432}/{url.database}"


def _require_current(source: Database) -> None:
    with source.read() as connection:
        version = load_version(connection)
    name = redacted_url(source.engine.url)
    if version is None:
        raise StoreError(f"{name}: there is nothing to copy", remedy="Name the database of your checks with --from.")
    if version != HEAD:
        refuse_other_version(version)
        raise StoreError(
            f"{name} has version {version}, and this linkwatch copies {HEAD}",
            remedy=f"Upgrade it first: linkwatch db upgrade --database {name}",
        )


def _require_idle(source: Connection, now: datetime) -> None:
    held = load_lease(source, DAEMON)
    if held is not None and held.is_held(now):
        raise StoreError(
            f"a daemon uses {redacted_url(source.engine.url)}",
            remedy="Stop it first: what it saves during the copy would be missing.",
        )


def _create_marked(target: Database, mark: str) -> None:
    """Create a missing SQLite file with the mark in it: one that is killed leaves no file that looks whole."""
    file = sqlite_file(target.engine.url)
    if file is None or (file.exists() and file.stat().st_size):
        return
    temporary = file.with_name(f".linkwatch-{secrets.token_hex(8)}.tmp")
    try:
        engine = make_engine(target.engine.url.set(database=str(temporary)))
        with Database(engine) as new, new.write() as connection:
            upgrade(connection)
            connection.execute(_SET_VERSION, {"version": mark})
        temporary.replace(file)
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror or error}", remedy="Name another database with --to.") from None
    finally:
        for end in ("", "-wal", "-shm"):
            temporary.with_name(f"{temporary.name}{end}").unlink(missing_ok=True)


def _claim(target: Database, mark: str) -> None:
    """Create the tables where there are none, and mark the database as half a copy."""
    _create_marked(target, mark)
    name = redacted_url(target.engine.url)
    with target.write() as connection:
        version = load_version(connection)
        if version == mark:
            return
        if is_half_copy(version):
            raise StoreError(
                f"{name} holds half a copy of another database, or of one that has been upgraded",
                remedy="Empty it, and start again.",
            )
        if version is None:
            upgrade(connection)
        elif version != HEAD or any(connection.execute(select(exists(select(table)))).scalar_one() for table in TABLES):
            raise StoreError(f"{name} is not empty", remedy="Name an empty database with --to.")
        connection.execute(_SET_VERSION, {"version": mark})


@dataclass(frozen=True, slots=True)
class _Copying:
    source: Connection
    target: Database
    without_nul: bool
    """The target can't store NUL."""

    def copy_rows(self, total: int, progress: Progress) -> tuple[int, bool]:
        """Copy what is missing; returns how many rows had arrived, and whether others had to be deleted."""
        arrived = self._arrived()
        restarted = arrived is None
        if arrived is None:
            self._empty()
            arrived = dict.fromkeys(TABLES, 0)
        done = sum(arrived.values())
        for table in TABLES:
            with self._rows(table) as rows:
                missing = islice(rows, arrived[table], None)
                while chunk := list(islice(missing, CHUNK)):
                    with self.target.write() as connection:
                        insert_many(connection, table, table.columns.keys(), chunk)
                    done += len(chunk)
                    progress(done, 2 * total)
        return sum(arrived.values()), restarted

    def compare(self, counts: Mapping[str, int], progress: Progress) -> None:
        """Compare all rows.

        Raises:
            StoreError: A row differs.
        """
        done = total = sum(counts.values())
        with self.target.read() as connection:
            for table in TABLES:
                with self._rows(table) as rows, rows_in_key_order(connection, table) as theirs:
                    ours = _reporting(rows, done, lambda read: progress(read, 2 * total))
                    difference = first_difference(table, ours, theirs)
                if difference is not None:
                    raise StoreError(
                        f"the copy differs from the source: {table.name}, {difference}",
                        remedy="Make sure that nothing else writes into it, and run the same command again.",
                    )
                done += counts[table.name]
                progress(done, 2 * total)

    def _arrived(self) -> dict[Table, int] | None:
        arrived = {}
        with self.target.read() as connection:
            for table in TABLES:
                with self._rows(table) as rows, rows_in_key_order(connection, table) as theirs:
                    count = count_common(rows, theirs)
                if count is None:
                    return None
                arrived[table] = count
        return arrived

    def _empty(self) -> None:
        with self.target.write() as connection:
            for table in reversed(TABLES):
                connection.execute(delete(table))

    @contextmanager
    def _rows(self, table: Table) -> Iterator[Iterator[Row]]:
        with rows_in_key_order(self.source, table) as rows:
            yield map(_without_nul, rows) if self.without_nul else rows


def _reporting(rows: Iterator[Row], done: int, report: Callable[[int], None]) -> Iterator[Row]:
    """The same rows; reports now and then how many there were, in addition to those done before."""
    for number, row in enumerate(rows, start=done + 1):
        yield row
        if number % CHUNK == 0:
            report(number)


def _without_nul(row: Row) -> Row:
    return tuple(value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row)


def _count(source: Connection) -> dict[str, int]:
    return {table.name: source.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES}


def _count_nul(source: Connection) -> int:
    counted = 0
    for table in TABLES:
        texts = [func.instr(column, "\0") > 0 for column in table.columns if isinstance(column.type, Text)]
        if texts:
            counted += source.execute(select(func.count()).select_from(table).where(or_(*texts))).scalar_one()
    return counted


def _finish(target: Database) -> None:
    """Continue the numbering of rows after the last one, and mark the database as whole."""
    with target.write() as connection:
        if connection.dialect.name == "postgresql":
            for table in TABLES:
                if (column := table.autoincrement_column) is not None:
                    numbers = func.pg_get_serial_sequence(table.name, column.name)
                    connection.execute(select(func.setval(numbers, select(func.max(column)).scalar_subquery())))
            connection.execute(text("ANALYZE"))
        connection.execute(_SET_VERSION, {"version": HEAD})
