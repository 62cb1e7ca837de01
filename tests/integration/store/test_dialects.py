"""Nothing but the pragmas is SQLite's alone: what the store asks of SQLite, PostgreSQL would understand as well."""

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from integration.store.checks import CHANNEL, DAY, HANDLE, NOW, PLAYLIST, VIDEO, check, gone, missed, seen
from sqlalchemy import ClauseElement, Connection, event, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind, Resource
from linkwatch.store.channels import load_aliases, save_alias
from linkwatch.store.database import Database
from linkwatch.store.dialects import one_of
from linkwatch.store.events import last_events, load_events, load_spans
from linkwatch.store.lists import ListingTimes, load_links_to, save_lists
from linkwatch.store.quota import StoredQuotaAccount
from linkwatch.store.resources import insert_missing, iter_last_checks
from linkwatch.store.retention import purge
from linkwatch.store.runs import consecutive_holds, load_last_run
from linkwatch.store.tables import metadata, resources

LINK = Link("https://www.youtube.com/playlist?list=" + PLAYLIST.id, "a.csv", 1, 1)


def use_all_of(database: Database) -> None:
    """Every statement of the store, at least once."""
    check(database, NOW, seen(), missed(HANDLE), seen(CHANNEL), seen(VIDEO))
    check(database, NOW + DAY, seen(title="New"), gone(CHANNEL), seen(VIDEO))
    ledger = StoredQuotaAccount(database, 10, "a-key", lambda: NOW)
    ledger.book()
    ledger.book()
    ledger.exhaust()
    with database.write() as connection:
        insert_missing(connection, [PLAYLIST], NOW)
        save_alias(connection, HANDLE, CHANNEL, NOW)
        for links in ([LINK], [LINK, LINK]):
            save_lists(connection, ["a.csv"], catalogue_links(links).links, NOW)
        purge(connection, now=NOW, retention=timedelta(days=30))
        list(iter_last_checks(connection, [PLAYLIST]))
        (
            load_aliases(connection),
            load_last_run(connection, NOW),
            load_last_run(connection, NOW, "list.csv"),
        )
        consecutive_holds(connection, "list.csv"), last_events(connection), load_events(connection, PLAYLIST)
        load_spans(connection, PLAYLIST), load_links_to(connection, PLAYLIST), ListingTimes(connection).first_seen(LINK)


def test_every_statement_is_postgresqls_too(database: Database) -> None:
    statements: list[tuple[ClauseElement, list[str] | None]] = []

    @event.listens_for(database.engine, "before_execute")
    def note(_c: Connection, statement: Any, many: Any, one: Any, _options: Any) -> None:
        parameters = (many[0] if many else one) or None
        statements.append((statement, None if parameters is None else list(parameters)))

    use_all_of(database)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    compiled = [str(statement.compile(dialect=dialect, column_keys=keys)) for statement, keys in statements]
    assert {text.split()[0] for text in compiled} == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert len(set(compiled)) > 25
    assert not [text for text in compiled if "sqlite" in text.lower() or "pragma" in text.lower()]


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_is_postgresqls_too(table: Any) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
    for index in table.indexes:
        assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=dialect))


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_one_of_finds_the_rows_with_one_of_these_values(database: Database, count: int) -> None:
    listed = [Resource(Kind.PLAYLIST, f'PL"{number:014}') for number in range(1200)]
    with database.write() as connection:
        insert_missing(connection, listed, NOW)
        wanted = {each.id for each in listed[100 : 100 + count]}
        rows = connection.execute(
            select(resources.c.id, resources.c.youtube_id).where(one_of(resources.c.youtube_id, wanted))
        ).all()
        assert {row.youtube_id for row in rows} == wanted
        ids = {row.id for row in rows}
        assert set(connection.execute(select(resources.c.id).where(one_of(resources.c.id, ids))).scalars()) == ids


@pytest.mark.sqlite("how SQLite would run a query")
def test_one_of_uses_the_index(database: Database) -> None:
    query = select(resources.c.id).where(
        resources.c.kind == Kind.PLAYLIST, one_of(resources.c.youtube_id, [PLAYLIST.id])
    )
    statement = str(query.compile(database.engine))
    with database.read() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("playlist", "[]")).all()
    assert "youtube_id=?" in steps[0].detail


def test_what_psycopg_warns_of_is_not_written_beside_our_messages() -> None:
    program = (
        "import logging; from sqlalchemy import make_url; from linkwatch.store.dialects import make_engine;"
        "make_engine(make_url('postgresql+psycopg://nobody@localhost/nothing'));"
        "logging.getLogger('psycopg').warning('error ignored terminating a pipeline')"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert (ran.stdout, ran.stderr) == (b"", b"")
