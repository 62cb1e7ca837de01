"""How fast rows are inserted into both databases, by each way there is: `python -m bench.postgres`.

First `linkwatch db copy`, there and back, once. Then new resources, as the first check of a list writes them: a
thousand a transaction, into an empty table; for each way the median, the smallest and the largest of the rounds: rows
a second, and microseconds of CPU a row in this process, without the server's.

PostgreSQL is a server of its own on loopback, which never waits for a disk (tests/with_postgres.py).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, text

from bench.processes import cost
from bench.serving import LINKWATCH, ROOT
from linkwatch.store.database import BATCH, Database, insert_many
from linkwatch.store.schema import open_database
from linkwatch.store.tables import resources

SERVER = "LINKWATCH_TEST_POSTGRES"
"""The variable in which tests/with_postgres.py gives the server's URL."""

COLUMNS = {
    "kind": "text",
    "youtube_id": "text",
    "state": "text",
    "state_since_at": "bigint",
    "first_seen_at": "bigint",
    "last_checked_at": "bigint",
    "title": "text",
    "owner_id": "text",
    "owner_title": "text",
    "item_count": "integer",
}
"""The columns that a first check fills, with their types on PostgreSQL."""

Row = Sequence[Any]


class Way(NamedTuple):
    """A way to insert a batch of rows."""

    name: str
    insert: Callable[[Connection, Sequence[Row]], None]


class Speed(NamedTuple):
    """Of one way in one round."""

    rows_a_second: float
    cpu_a_row: float
    """Microseconds."""


def rows(count: int) -> Iterable[Row]:
    """This number of resources."""
    at = 1_700_000_000_000
    for n in range(count):
        yield "playlist", f"PL{n:032d}", "available", at, at, at, f"Lecture course {n}", f"UC{n:022d}", f"Owner {n}", 12


def by_insert_many(connection: Connection, batch: Sequence[Row]) -> None:
    """What linkwatch does: one JSON document on PostgreSQL, the driver's `executemany` on SQLite."""
    insert_many(connection, resources, list(COLUMNS), batch)


def by_copy(connection: Connection, batch: Sequence[Row]) -> None:
    """COPY, which a stopped process holds open for ever."""
    driver: Any = connection.connection.driver_connection
    statement = f"COPY resources ({', '.join(COLUMNS)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in batch:
            copy.write_row(row)


def by_core(connection: Connection, batch: Sequence[Row]) -> None:
    """SQLAlchemy's Core, which hands the rows to the driver's `executemany`."""
    connection.execute(insert(resources), [dict(zip(COLUMNS, row, strict=True)) for row in batch])


def by_returning(connection: Connection, batch: Sequence[Row]) -> None:
    """Core, which gets the new ids back: long lists of VALUES."""
    statement = insert(resources).returning(resources.c.id)
    connection.execute(statement, [dict(zip(COLUMNS, row, strict=True)) for row in batch]).all()


def by_executemany(connection: Connection, batch: Sequence[Row]) -> None:
    """Psycopg's own `executemany`."""
    statement = f"INSERT INTO resources ({', '.join(COLUMNS)}) VALUES ({', '.join('%s' for _ in COLUMNS)})"  # noqa: S608 - our own names
    connection.exec_driver_sql(statement, [tuple(row) for row in batch])


def by_unnest(connection: Connection, batch: Sequence[Row]) -> None:
    """One statement, with an array a column."""
    arrays = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
    statement = f"INSERT INTO resources ({', '.join(COLUMNS)}) SELECT * FROM unnest({arrays})"  # noqa: S608 - our own names
    connection.exec_driver_sql(statement, tuple(map(list, zip(*batch, strict=True))))


ON_SQLITE = (
    Way("executemany of the driver (insert_many)", by_insert_many),
    Way("executemany through Core", by_core),
    Way("VALUES … RETURNING through Core", by_returning),
)
ON_POSTGRESQL = (
    Way("a JSON document (insert_many)", by_insert_many),
    Way("COPY", by_copy),
    Way("unnest of arrays", by_unnest),
    Way("executemany of the driver", by_executemany),
    Way("executemany through Core", by_core),
    Way("VALUES … RETURNING through Core", by_returning),
)


def measured(database: Database, way: Way, count: int) -> Speed:
    """Empty the table and insert this number of rows."""
    with database.write() as connection:
        postgresql = connection.dialect.name == "postgresql"
        connection.execute(text("TRUNCATE resources CASCADE") if postgresql else delete(resources))
    source = iter(list(rows(count)))
    began, cpu = time.perf_counter(), time.process_time()
    while batch := list(islice(source, BATCH)):
        with database.write() as connection:
            way.insert(connection, batch)
    return Speed(count / (time.perf_counter() - began), (time.process_time() - cpu) / count * 1e6)


def inserting(name: str, database: Database, ways: Sequence[Way], rounds: int, count: int) -> None:
    """Measure the ways in turn, and print a line for each."""
    measurements: dict[str, list[Speed]] = {way.name: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            measurements[way.name].append(measured(database, way, count))
    for way_name, speeds in measurements.items():
        fast, cpu = ([speed[place] for speed in speeds] for place in (0, 1))
        print(  # noqa: T201  # a bench prints
            f"{name:<11}{way_name:<42}{median(fast):>9,.0f} ({min(fast):,.0f} – {max(fast):,.0f}) rows/s"
            f"{median(cpu):>8.1f} ({min(cpu):.1f} – {max(cpu):.1f}) µs of CPU a row",
            flush=True,
        )


def copying(sqlite: str, postgresql: str, count: int) -> None:
    """`linkwatch db copy` of one table, there and back; every row is compared too."""
    with open_database(sqlite) as database, database.write() as connection:
        connection.execute(delete(resources))
        insert_many(connection, resources, list(COLUMNS), rows(count))
    with open_database(postgresql) as database, database.write() as connection:
        connection.execute(text("TRUNCATE resources CASCADE"))
    back = sqlite.replace(".db", "-back.db")
    for name, source, target in (("to PostgreSQL", sqlite, postgresql), ("to SQLite", postgresql, back)):
        began = time.perf_counter()
        spent = cost([LINKWATCH, "db", "copy", "--from", source, "--to", target])
        seconds = time.perf_counter() - began
        print(  # noqa: T201  # a bench prints
            f"db copy {name:<16}{count / seconds:>9,.0f} rows/s, {spent.cpu / count * 1e6:.1f} µs of CPU a row,"
            f" peak {spent.memory:.0f} MB, {count:,} rows",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=50_000, help="of each way")
    parser.add_argument("--copied", type=int, default=500_000, help="rows that `linkwatch db copy` moves")
    arguments = parser.parse_args()
    if SERVER not in os.environ:
        again = [sys.executable, "tests/with_postgres.py", sys.executable, "-m", "bench.postgres", *sys.argv[1:]]
        sys.exit(subprocess.run(again, cwd=ROOT, check=False).returncode)  # noqa: S603  # this file, beside a server
    with tempfile.TemporaryDirectory() as folder:
        sqlite, postgresql = f"sqlite:///{folder}/bench.db", os.environ[SERVER]
        copying(sqlite, postgresql, arguments.copied)  # first: a child's peak memory begins with its parent's
        for name, url, ways in (("SQLite", sqlite, ON_SQLITE), ("PostgreSQL", postgresql, ON_POSTGRESQL)):
            with open_database(url) as database:
                inserting(name, database, ways, arguments.rounds, arguments.rows)


if __name__ == "__main__":
    main()
